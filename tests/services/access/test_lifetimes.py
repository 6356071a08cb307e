"""Every link has an end, few live at once, and only use or staff ends one before its time."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import LinkNotValid
from consult.models import Expert, Invitation, LoginSession, Message, Stage
from consult.services import journal
from consult.services.access import invitations, lifetimes, purposes, sessions
from consult.services.mail import correspondence, inviting, outbox, reminding
from consult.services.running import stage_acts
from tests.services.conftest import BEFORE, MakeWorld, World

PURPOSES = (purposes.INVITATION, purposes.REMINDER, purposes.NEXT_ROUND, purposes.RECEIPT, purposes.NEW_LINK)


def is_live(world: World, token: str) -> bool:
    found = invitations.find(world.session, token)
    return found is not None and found.is_live


def is_open(world: World, session_token: str) -> bool:
    return sessions.visit_of(world.session, world.consultation.slug, session_token) is not None


def use(world: World, session_token: str) -> None:
    """What the guard does before a save."""
    visit = sessions.visit_of(world.session, world.consultation.slug, session_token)
    assert visit is not None
    if visit.new_link is not None:
        lifetimes.take_over(world.session, visit.expert, visit.new_link)


def living(world: World, expert: Expert) -> int:
    found = select(func.count()).where(
        Invitation.expert_id == expert.id, Invitation.revoked_at.is_(None), Invitation.expires_at > clock.utc_now()
    )
    return world.session.scalar(found) or 0


# Ends


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_lets_in_until_its_end_and_no_longer(world: World, purpose: str) -> None:
    with clock.set_to(BEFORE):
        token = invitations.create_invitation(world.session, world.experts[0], purpose)
        found = invitations.find(world.session, token)
    assert found is not None
    end = found.invitation.expires_at
    for moment, lets_in in ((end - timedelta(seconds=1), True), (end, False)):
        with clock.set_to(moment):
            assert is_live(world, token) == lets_in
            if not lets_in:
                with pytest.raises(LinkNotValid):
                    sessions.open_session(world.session, token, 60)


def test_a_link_about_a_stage_ends_with_it_others_with_the_last(world: World) -> None:
    first, last = world.stage("first-look"), world.stage("round-2")
    with clock.set_to(BEFORE):
        assert lifetimes.end_of(world.session, world.consultation.id, first) == (
            first.closes_at + lifetimes.AFTER_STAGE
        )
        assert lifetimes.end_of(world.session, world.consultation.id) == (last.closes_at + lifetimes.AFTER_ALL)
    late = last.closes_at + timedelta(days=400)
    with clock.set_to(late):
        for stage in (first, None):
            end = lifetimes.end_of(world.session, world.consultation.id, stage)
            assert end == late + lifetimes.AT_LEAST, "no link is over before it arrives"


def test_a_close_that_is_moved_takes_the_ends_of_links_with_it(world: World) -> None:
    stage = world.stage("round-2")
    with clock.set_to(BEFORE):
        tokens = {
            "whole": invitations.create_invitation(world.session, world.experts[0]),
            "stage": invitations.create_invitation(world.session, world.experts[0], purposes.REMINDER, stage),
            "other": invitations.create_invitation(
                world.session, world.experts[0], purposes.NEXT_ROUND, world.stage("first-look")
            ),
        }
        revoked = invitations.create_invitation(world.session, world.experts[1])
        lifetimes.revoke_all(world.session, world.experts[1])
        before = {key: _end(world, token) for key, token in tokens.items()}
        later = timedelta(days=90)
        stage_acts.extend_stage(
            world.session, world.consultation, stage, stage.closes_at + later, actor="anna", reason="A holiday."
        )
        moved = {key: _end(world, token) - before[key] for key, token in tokens.items()}
        assert moved == {"whole": later, "stage": later, "other": timedelta()}
        assert not is_live(world, revoked)
        stage_acts.extend_stage(
            world.session,
            world.consultation,
            stage,
            stage.closes_at - later,
            actor="anna",
            reason="No holiday after all.",
        )
        assert _end(world, tokens["whole"]) == before["whole"] + later, "none is shortened"


def _end(world: World, token: str) -> datetime:
    found = invitations.find(world.session, token)
    assert found is not None
    world.session.refresh(found.invitation)
    return found.invitation.expires_at


@pytest.mark.parametrize("seed", range(6))
def test_few_links_live_at_once_whatever_happens(world: World, config: Config, seed: int) -> None:
    """Reminders, receipts, news, requests by anybody, staff and use, in any order."""
    chance, expert = random.Random(seed), world.experts[0]
    about = (world.session, world.consultation, world.definition, config)
    opened: list[str] = []
    with clock.set_to(world.stage("round-1").opens_at):
        inviting.invite_all(*about, "anna")
        acts: list[Callable[[], object]] = [
            lambda: reminding.remind(*about, world.stage("round-1"), "anna"),
            lambda: correspondence.announce(*about, world.stage("round-1"), "anna"),
            lambda: correspondence.send_links_to(world.session, "person1@example.org", config),
            lambda: invitations.create_invitation(world.session, expert, purposes.RECEIPT, world.stage("round-1")),
            lambda: opened.append(invitations.renew(world.session, expert, "anna")),
        ]
        for _ in range(40):
            chance.choice(acts)()
            for message in world.session.scalars(select(Message)):
                message.state = outbox.SENT
            world.session.flush()
            assert living(world, expert) <= 6
            if opened and chance.random() < 0.2:
                token = opened.pop()
                if is_live(world, token):
                    use(world, sessions.open_session(world.session, token, 60))


def test_receipts_add_no_link_for_ever(world: World) -> None:
    stage, expert = world.stage("round-1"), world.experts[0]
    with clock.set_to(stage.opens_at):
        tokens = [invitations.create_invitation(world.session, expert, purposes.RECEIPT, stage) for _ in range(20)]
        assert [is_live(world, token) for token in tokens] == [False] * 19 + [True]
        opened = sessions.open_session(world.session, tokens[-1], 60)
        invitations.create_invitation(world.session, expert, purposes.RECEIPT, stage)
        assert is_open(world, opened), "who came in by the receipt before goes on"
    with clock.set_to(stage.closes_at + lifetimes.AFTER_STAGE):
        assert living(world, expert) == 0


# What asking and staff may end


def test_asking_never_ends_a_link_whoever_asks_how_often(world: World, config: Config) -> None:
    expert = world.experts[0]
    tokens = [invitations.create_invitation(world.session, expert, purpose) for purpose in PURPOSES]
    opened = [sessions.open_session(world.session, token, 60) for token in tokens]
    for _ in range(10):
        correspondence.send_links_to(world.session, "PERSON1@example.org", config)
        for message in world.session.scalars(select(Message)):
            message.state = outbox.SENT
        world.session.flush()
    assert all(is_live(world, token) for token in tokens)
    assert all(is_open(world, token) for token in opened)
    asked = select(func.count()).where(Message.purpose == purposes.NEW_LINK)
    assert world.session.scalar(asked) == 1, "one more than the unused one there was"


def test_after_two_weeks_one_can_ask_again(world: World, config: Config) -> None:
    def ask() -> int:
        correspondence.send_links_to(world.session, "person1@example.org", config)
        found = list(world.session.scalars(select(Message)))
        for message in found:
            message.state = outbox.SENT
        world.session.flush()
        return len(found)

    with clock.set_to(BEFORE):
        assert [ask() for _ in range(4)] == [1, 2, 2, 2]
    with clock.set_to(BEFORE + lifetimes.AT_LEAST):
        assert [ask() for _ in range(4)] == [3, 4, 4, 4]


def test_staff_can_always_make_a_new_link(world: World) -> None:
    tokens = [invitations.renew(world.session, world.experts[0], "anna") for _ in range(4)]
    assert [is_live(world, token) for token in tokens] == [False, False, True, True]


def test_a_new_link_in_use_lives_as_long_as_an_invitation(world: World) -> None:
    with clock.set_to(BEFORE):
        token = invitations.renew(world.session, world.experts[0], "anna")
        assert _end(world, token) == BEFORE + lifetimes.AT_LEAST
        use(world, sessions.open_session(world.session, token, 60))
        whole = lifetimes.end_of(world.session, world.consultation.id)
        assert _end(world, token) == whole > BEFORE + lifetimes.AT_LEAST


def test_taking_over_ends_what_is_older_of_one_expert_only(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    expert, other = one.experts[:2]
    old = invitations.create_invitation(one.session, expert)
    before = [sessions.open_session(one.session, old, 60) for _ in range(2)]
    unknown = sessions.open_session(one.session, old, 60)
    row = one.session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()
    assert row is not None
    row.invitation_id = None  # as sessions were before they knew their link
    elsewhere = [
        sessions.open_session(one.session, invitations.create_invitation(one.session, other), 60),
        sessions.open_session(two.session, invitations.create_invitation(two.session, two.experts[0]), 60),
    ]
    new = invitations.renew(one.session, expert, "anna")
    newer = invitations.create_invitation(one.session, expert, purposes.REMINDER)
    fresh = sessions.open_session(one.session, new, 60)
    later = sessions.open_session(one.session, newer, 60)
    use(one, fresh)
    assert [is_open(one, token) for token in (*before, unknown)] == [False] * 3
    assert is_open(one, fresh) and is_open(one, later) and is_open(one, elsewhere[0])
    assert is_open(two, elsewhere[1])
    assert [is_live(one, token) for token in (old, new, newer)] == [False, True, True]
    visit = sessions.visit_of(one.session, one.consultation.slug, fresh)
    assert visit is not None and visit.new_link is None, "once only"


def test_ending_all_links_ends_them_at_once_and_mails_with_links_go(world: World, config: Config) -> None:
    expert, other = world.experts[:2]
    about = (world.session, world.consultation, world.definition, config)
    rows = inviting.invite_all(*about, "anna")
    tokens = {row.email: row.link.rpartition("/")[2] for row in rows}
    opened = sessions.open_session(world.session, tokens["person1@example.org"], 60)
    lifetimes.end_links(world.session, expert, "anna")
    assert not is_live(world, tokens["person1@example.org"]) and not is_open(world, opened)
    assert is_live(world, tokens["person2@example.org"])
    waiting = {message.expert_id for message in world.session.scalars(select(Message))}
    assert waiting == {other.id, world.experts[2].id}
    entry = journal.entries(world.session, world.consultation.id)[-1]
    assert (entry.actor, entry.act, entry.facts) == ("anna", "end links", {"expert": expert.code})
    assert [row.email for row in inviting.invite_all(*about, "anna")] == ["person1@example.org"]


# Two at once


def _ends(world: World, other: Expert, how: str) -> Callable[..., None]:
    """An act that ends the links made so far of this expert, in a session of its own."""
    new = invitations.renew(world.session, other, "anna")
    opened = sessions.open_session(world.session, new, 60)
    world.session.commit()

    def act(session: Session) -> None:
        if how == "staff":
            lifetimes.end_links(session, session.get_one(Expert, other.id), "anna")
        else:
            visit = sessions.visit_of(session, world.consultation.slug, opened)
            assert visit is not None and visit.new_link is not None
            lifetimes.take_over(session, visit.expert, visit.new_link)

    return act


@pytest.mark.parametrize("how", ["staff", "use"])
def test_no_session_outlives_a_link_that_ends_at_the_same_moment(world: World, database: Database, how: str) -> None:
    """The opening transaction is not finished when the link ends: one waits for the other.

    On SQLite the second writer cannot even begin before the first has ended.
    """
    token = invitations.create_invitation(world.session, world.experts[0])
    end = _ends(world, world.experts[0], how)
    opened = sessions.open_session(world.session, f"{token}.", 60)
    if database.engine.dialect.name == "sqlite":
        world.session.commit()
        with database.writing() as other:
            end(other)
    else:
        with database.open_session(writes=True) as other:
            other.execute(text("SET lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                end(other)
            other.rollback()
            world.session.commit()
            end(other)
            other.commit()
    with database.reading() as session:
        assert sessions.visit_of(session, world.consultation.slug, opened) is None
        found = invitations.find(session, token)
        assert found is not None and not found.is_live


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_link_that_is_just_ending_opens_no_session(world: World, database: Database) -> None:
    """The other way round: who ends it came first and has not finished."""
    token = invitations.create_invitation(world.session, world.experts[0])
    world.session.commit()
    lifetimes.end_links(world.session, world.experts[0], "anna")
    with database.open_session(writes=True) as other:
        other.execute(text("SET lock_timeout = '200ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            sessions.open_session(other, token, 60)
        other.rollback()
        world.session.commit()
        with pytest.raises(LinkNotValid):
            sessions.open_session(other, token, 60)


# Where one is signed in


def test_a_consultation_without_stages_has_links_with_an_end(world: World) -> None:
    world.session.query(Stage).delete()
    with clock.set_to(BEFORE):
        end = lifetimes.end_of(world.session, world.consultation.id)
    assert end == BEFORE + lifetimes.AT_LEAST
