"""Who somebody is, by what is known of them."""

from sqlalchemy import delete

from consult.models import Contact
from consult.services.panel.people import account_like, expert_of_handle, name_of
from consult.services.staff import accounts
from tests.services.conftest import MakeWorld, World


def test_an_expert_has_a_name_until_the_link_is_destroyed(world: World) -> None:
    assert [name_of(world.session, expert) for expert in world.experts] == ["Person 1", "Person 2", "Person 3"]
    world.session.execute(delete(Contact).where(Contact.expert_id == world.experts[1].id))
    assert [name_of(world.session, expert) for expert in world.experts] == ["Person 1", "", "Person 3"]


def test_staff_have_the_names_of_their_accounts(world: World) -> None:
    anna = accounts.add(world.session, "anna@example.org", "Anna Berg", None)
    bert = accounts.add(world.session, "bert@example.org", "Bert Dal", None)
    assert name_of(world.session, anna) == "Anna Berg"
    assert account_like(world.session, lambda account: account.email.startswith("bert")) is bert
    assert account_like(world.session, lambda account: account.email.startswith("cara")) is None


def test_a_handle_leads_to_its_expert_in_its_consultation(make_world: MakeWorld) -> None:
    one, other = make_world(2), make_world(1, slug="other")
    first, second = one.experts
    assert first.handle != second.handle
    assert expert_of_handle(one.session, one.consultation.id, second.handle) is second
    assert expert_of_handle(one.session, other.consultation.id, second.handle) is None
    assert expert_of_handle(one.session, one.consultation.id, "nobody") is None
