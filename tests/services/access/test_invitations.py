"""Links let in whom they were given to, until they are revoked; opening one changes nothing."""

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import LinkNotValid, Withdrawn
from consult.models import Base, Invitation, LoginSession
from consult.refusals.codes import Refusal
from consult.services.access import consents, invitations, lifetimes, purposes, sessions
from consult.services.running import leaving
from tests.services.conftest import BEFORE, World


def everything(session: Session) -> dict[str, list[object]]:
    """All rows of all tables."""
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
    }


def refusal(session: Session, token: str) -> tuple[type[Exception], Refusal]:
    with pytest.raises(LinkNotValid) as refused:
        invitations.expert_of_token(session, token)
    return type(refused.value), refused.value.refusal


# Links


def test_a_link_leads_to_its_expert(world: World) -> None:
    one, two, _ = world.experts
    tokens = [invitations.create_invitation(world.session, expert) for expert in (one, one, two)]
    found = [invitations.expert_of_token(world.session, token).id for token in tokens]
    assert found == [one.id, one.id, two.id]
    assert len(set(tokens)) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_the_token_itself_is_nowhere_in_the_database(world: World) -> None:
    token = invitations.create_invitation(world.session, world.experts[0])
    opened = sessions.open_session(world.session, token, 60)
    rows = repr(everything(world.session))
    assert token not in rows
    assert opened not in rows


def test_looking_at_a_link_changes_nothing(world: World, database: Database) -> None:
    """Also a session that refuses to write can do it, as often as a scanner likes."""
    token = invitations.create_invitation(world.session, world.experts[0])
    world.session.commit()
    before = everything(world.session)
    world.session.rollback()
    with database.reading() as reading:
        for _ in range(3):
            assert invitations.expert_of_token(reading, token).id == world.experts[0].id
        assert everything(reading) == before


def test_every_refused_link_looks_the_same(world: World) -> None:
    gone, left = world.experts[:2]
    revoked = invitations.create_invitation(world.session, gone)
    lifetimes.end_links(world.session, gone, "anna")
    with clock.set_to(BEFORE.replace(year=2020)):
        expired = invitations.create_invitation(world.session, gone, purposes.NEW_LINK)
    withdrawn = invitations.create_invitation(world.session, left)
    leaving.withdraw(world.session, left, "expert")
    refusals = {
        repr(refusal(world.session, token))
        for token in ("", "x", "nonsense" * 500, "\ud800", "ü\x00", revoked, expired, withdrawn)
    }
    assert len(refusals) == 1


def test_withdrawal_alone_shuts_the_link(world: World) -> None:
    expert = world.experts[0]
    token = invitations.create_invitation(world.session, expert)
    opened = sessions.open_session(world.session, token, 60)
    expert.withdrawn_at = clock.utc_now()
    world.session.flush()
    refusal(world.session, token)
    slug = world.consultation.slug
    assert sessions.visit_of(world.session, slug, opened) is None


def test_who_left_gets_no_link_and_says_no_consent(world: World) -> None:
    expert = world.experts[0]
    leaving.withdraw(world.session, expert, "expert")
    with pytest.raises(Withdrawn):
        invitations.create_invitation(world.session, expert)
    with pytest.raises(Withdrawn):
        invitations.renew(world.session, expert, "anna")
    with pytest.raises(Withdrawn):
        consents.say_consent(world.session, expert, world.definition, "en", True)


def test_a_link_is_built_from_the_configured_address() -> None:
    config = Config(public_url="https://consult.example.org/", secret_key="k" * 32)
    assert invitations.link(config, "abc") == "https://consult.example.org/i/abc"


# Sessions


def test_a_link_is_not_consumed_by_opening(world: World) -> None:
    token = invitations.create_invitation(world.session, world.experts[0])
    opened = {sessions.open_session(world.session, token, 60) for _ in range(3)}
    assert len(opened) == 3


# Consent


# Inviting


# Further mails


def test_sessions_and_links_belong_to_the_experts_consultation(world: World) -> None:
    """The tables refuse a link that crosses consultations; see the foreign keys on the pair."""
    for table in (Invitation, LoginSession):
        keys = inspect(table).local_table.foreign_key_constraints
        assert any({"consultation_id", "expert_id"} == set(key.column_keys) for key in keys)
