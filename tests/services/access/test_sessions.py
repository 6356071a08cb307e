"""Sessions: of one expert at one consultation, for their days, until closed."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from consult import clock
from consult.errors import LinkNotValid
from consult.models import Expert
from consult.services.access import consents, invitations, lifetimes, sessions
from tests.services.conftest import BEFORE, MakeWorld, World


def open_for(world: World, expert: Expert, days: int = 60) -> str:
    token = invitations.create_invitation(world.session, expert)
    return sessions.open_session(world.session, token, days)


def test_a_session_leads_to_its_expert_and_what_is_known_of_them(world: World) -> None:
    expert = world.experts[1]
    opened = open_for(world, expert)
    found = sessions.visit_of(world.session, world.consultation.slug, opened)
    assert found is not None
    assert (found.expert.id, found.consultation.id) == (expert.id, world.consultation.id)
    assert (found.name, found.agrees, found.new_link) == ("Person 2", None, None)
    for is_given in (True, False):
        consents.say_consent(world.session, expert, world.definition, "en", is_given)
        said = sessions.visit_of(world.session, world.consultation.slug, opened)
        assert said is not None and said.agrees is is_given


def test_a_session_is_of_no_use_in_another_consultation(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    opened = open_for(one, one.experts[0])
    for asked in ("two", "three", ""):
        assert sessions.visit_of(two.session, asked, opened) is None


def test_a_session_is_found_in_one_query(world: World) -> None:
    opened = open_for(world, world.experts[0])
    asked: list[str] = []
    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    slug = world.consultation.slug
    sessions.visit_of(world.session, slug, opened)
    assert len(asked) == 1


def test_a_session_ends_with_its_days(world: World) -> None:
    with clock.set_to(BEFORE):
        opened = open_for(world, world.experts[0], days=2)
    for days, is_live in ((1.99, True), (2, False), (3, False)):
        with clock.set_to(BEFORE + timedelta(days=days)):
            found = sessions.visit_of(world.session, world.consultation.slug, opened)
            assert (found is not None) == is_live


def test_a_closed_session_stays_closed_and_others_live(world: World) -> None:
    first, second = (open_for(world, world.experts[0]) for _ in range(2))
    sessions.close_session(world.session, first)
    sessions.close_session(world.session, first)
    key = world.consultation.slug
    assert sessions.visit_of(world.session, key, first) is None
    assert sessions.visit_of(world.session, key, second) is not None


def test_a_revoked_link_opens_no_session(world: World) -> None:
    token = invitations.create_invitation(world.session, world.experts[0])
    lifetimes.end_links(world.session, world.experts[0], "anna")
    with pytest.raises(LinkNotValid):
        sessions.open_session(world.session, token, 60)
