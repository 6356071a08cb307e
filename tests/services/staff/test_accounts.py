"""Staff get in by password or by a link that works once; roles hold in one consultation."""

import pytest
from sqlalchemy.orm import Session

from consult.errors import NotFound, NotPossible
from consult.models import Account, Membership
from consult.services import journal
from consult.services.staff import accounts
from tests.services.conftest import MakeWorld, World


def test_a_name_that_hides_something_and_a_foreign_domain_are_refused(session: Session) -> None:
    with pytest.raises(NotPossible, match=r"name_hides.*U\+202E RIGHT-TO-LEFT OVERRIDE"):
        accounts.add(session, "bo@example.org", "Bo\u202e", None)
    with pytest.raises(NotPossible, match=r"address_is_foreign.*bo@xn--bcher-kva\.example"):
        accounts.add(session, "bo@b\u00fccher.example", "Bo", None)
    assert accounts.add(session, "bo@example.org", "Zoe\u0308\u00a0 Bo", None).name == "Zo\u00eb Bo"


def test_an_address_has_one_account(session: Session, anna: Account) -> None:
    with pytest.raises(NotPossible, match="account_exists"):
        accounts.add(session, "ANNA@EXAMPLE.ORG", "Other", None)
    with pytest.raises(NotPossible, match="no_address"):
        accounts.add(session, "anna", "Anna", None)
    assert accounts.find(session, "Anna@example.org") is anna
    with pytest.raises(NotFound):
        accounts.find(session, "nobody@example.org")


# Sessions


# Links


# Roles


def test_a_role_holds_in_one_consultation(make_world: MakeWorld, anna: Account) -> None:
    one, two = make_world(0, slug="one"), make_world(0, slug="two")
    make_world(0, slug="three")
    session = one.session
    accounts.grant(session, anna, one.consultation, "facilitator")
    accounts.grant(session, anna, one.consultation, "secretariat")
    accounts.grant(session, anna, two.consultation, "analyst")
    assert accounts.roles(session, anna.id, one.consultation.id) == {"facilitator", "secretariat"}
    assert accounts.roles(session, anna.id, two.consultation.id) == {"analyst"}
    assert accounts.roles(session, anna.id, 0) == set()
    assert accounts.roles(session, 0, one.consultation.id) == set()
    assert [item.slug for item in accounts.consultations_of(session, anna)] == ["one", "two"]


@pytest.mark.parametrize(("first", "second"), [("facilitator", "analyst"), ("analyst", "facilitator")])
def test_nobody_holds_names_and_rows(make_world: MakeWorld, anna: Account, first: str, second: str) -> None:
    one, two = make_world(0, slug="one"), make_world(0, slug="two")
    accounts.grant(one.session, anna, one.consultation, first)
    anna.is_active = False
    with pytest.raises(NotPossible, match="roles_apart"):
        accounts.grant(one.session, anna, one.consultation, second)
    anna.is_active = True
    accounts.grant(one.session, anna, one.consultation, "secretariat")
    accounts.grant(one.session, anna, two.consultation, second)
    assert accounts.roles(one.session, anna.id, one.consultation.id) == {first, "secretariat"}
    assert accounts.roles(one.session, anna.id, two.consultation.id) == {second}


def test_who_was_given_both_by_an_older_version_has_no_rows(world: World, anna: Account) -> None:
    for role in ("facilitator", "analyst", "secretariat"):
        world.session.add(Membership(account_id=anna.id, consultation_id=world.consultation.id, role=role))
    world.session.flush()
    held = accounts.roles(world.session, anna.id, world.consultation.id)
    assert held == {"facilitator", "secretariat"}


def test_granting_again_changes_nothing(world: World, anna: Account) -> None:
    for _ in range(2):
        accounts.grant(world.session, anna, world.consultation, "analyst", actor="root")
    granted = [entry for entry in journal.entries(world.session, world.consultation.id) if entry.act == "grant role"]
    assert [entry.facts for entry in granted] == [{"role": "analyst", "account": anna.email}]
    assert granted[0].actor == "root"


def test_an_unknown_role_is_refused(world: World, anna: Account) -> None:
    with pytest.raises(NotPossible, match=r"no_such_role.*facilitator"):
        accounts.grant(world.session, anna, world.consultation, "admin")


def test_an_account_switched_off_has_no_role(world: World, anna: Account) -> None:
    accounts.grant(world.session, anna, world.consultation, "analyst")
    anna.is_active = False
    world.session.flush()
    assert accounts.roles(world.session, anna.id, world.consultation.id) == set()
