"""Inviting: everybody once, and nobody's link in the journal."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select, update

from consult import clock
from consult.config import Config
from consult.models import Contact, Invitation, Message
from consult.services import journal
from consult.services.access import invitations
from consult.services.mail import inviting
from consult.services.panel import importing
from consult.services.running import leaving
from tests.services.conftest import MakeWorld, World, panel_file


def test_inviting_gives_everybody_one_working_link(world: World, config: Config) -> None:
    rows = inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
    assert {row.email for row in rows} == {f"person{n}@example.org" for n in (1, 2, 3)}
    for row in rows:
        assert row.link.startswith("http://127.0.0.1:8000/i/")
        expert = invitations.expert_of_token(world.session, row.link.rsplit("/", 1)[1])
        mail = world.session.scalars(select(Message).where(Message.expert_id == expert.id)).one()
        assert row.link in (mail.body or "")
        assert row.name in (mail.body or "")
        email = select(Contact.email).where(Contact.expert_id == expert.id)
        assert world.session.scalar(email) == row.email


def test_inviting_again_invites_only_who_came_since(world: World, config: Config) -> None:
    def invite() -> set[str]:
        rows = inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
        return {row.email for row in rows}

    leaving.withdraw(world.session, world.experts[2], "expert")
    assert invite() == {"person1@example.org", "person2@example.org"}
    assert invite() == set()
    data = panel_file(1, start=10)
    importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert invite() == {"person10@example.org"}
    counted = world.session.scalar(select(func.count()).select_from(Invitation))
    assert counted == 3


def test_the_journal_holds_no_link(world: World, config: Config) -> None:
    rows = inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
    assert rows
    told = repr([(e.actor, e.act, e.facts) for e in journal.entries(world.session, world.consultation.id)])
    for row in rows:
        assert row.link.rsplit("/", 1)[1] not in told
        assert row.email not in told


def test_whoever_was_invited_before_gets_a_further_mail_when_the_link_is_over(world: World, config: Config) -> None:
    first = inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
    world.session.execute(update(Invitation).values(revoked_at=clock.utc_now()))
    again = inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
    assert {row.email for row in first} == {row.email for row in again}
    numbers = world.session.scalars(select(Message.number).order_by(Message.number)).all()
    assert numbers == [1, 1, 1, 2, 2, 2]


def _note(asked: list[str]) -> Callable[..., None]:
    return lambda *given: asked.append(given[2])


def test_a_panel_of_any_size_takes_as_many_statements_as_there_are_thousands(
    make_world: MakeWorld, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "AT_ONCE", 10)
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    needed = []
    for number, size in enumerate((20, 40)):
        world = make_world(0, slug=f"panel-{number}")
        asked: list[str] = []
        engine = world.session.get_bind()
        event.listen(engine, "before_cursor_execute", _note(asked))
        importing.import_panel(world.session, world.consultation, world.definition, panel_file(size), "test")
        invited = inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
        assert len(invited) == size
        needed.append(len(asked))
    assert needed[1] - needed[0] <= 2 * 6, "of ten more: experts, their ids, contacts; the end of links, links, mails"
