"""Links let in whom they were given to, until they are revoked; opening one changes nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.errors import LinkNotValid, NotFound, Withdrawn
from consult.models import Base, Consent, Contact, Expert, Invitation, LoginSession, Message
from consult.refusals.codes import Refusal
from consult.services import journal
from consult.services.access import consents, invitations, lifetimes, purposes, sessions
from consult.services.mail import correspondence, inviting
from consult.services.panel import importing
from consult.services.running import leaving
from tests.services.conftest import BEFORE, MakeWorld, World, panel_file, reworked


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


def open_for(world: World, expert: Expert, days: int = 60) -> str:
    token = invitations.create_invitation(world.session, expert)
    return sessions.open_session(world.session, token, days)


def test_a_session_leads_to_its_expert_by_slug_and_by_id(world: World) -> None:
    expert = world.experts[1]
    opened = open_for(world, expert)
    for asked in (world.consultation.slug, world.consultation.id):
        found = sessions.visit_of(world.session, asked, opened)
        assert found is not None
        assert found.expert.id == expert.id


def test_a_session_is_of_no_use_in_another_consultation(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    opened = open_for(one, one.experts[0])
    for asked in ("two", two.consultation.id, "three", 0):
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
            found = sessions.visit_of(world.session, world.consultation.id, opened)
            assert (found is not None) == is_live


def test_a_closed_session_stays_closed_and_others_live(world: World) -> None:
    first, second = (open_for(world, world.experts[0]) for _ in range(2))
    sessions.close_session(world.session, first)
    sessions.close_session(world.session, first)
    key = world.consultation.id
    assert sessions.visit_of(world.session, key, first) is None
    assert sessions.visit_of(world.session, key, second) is not None


def test_a_revoked_link_opens_no_session(world: World) -> None:
    token = invitations.create_invitation(world.session, world.experts[0])
    lifetimes.end_links(world.session, world.experts[0], "anna")
    with pytest.raises(LinkNotValid):
        sessions.open_session(world.session, token, 60)


def test_a_link_is_not_consumed_by_opening(world: World) -> None:
    token = invitations.create_invitation(world.session, world.experts[0])
    opened = {sessions.open_session(world.session, token, 60) for _ in range(3)}
    assert len(opened) == 3


# Consent


def test_the_newest_word_on_consent_counts(world: World) -> None:
    expert = world.experts[0]
    assert consents.consent_of(world.session, expert) is None
    for is_given in (True, False, True):
        consents.say_consent(world.session, expert, world.definition, "en", is_given)
        assert consents.consent_of(world.session, expert) is is_given
    assert world.session.scalar(select(func.count()).select_from(Consent)) == 3
    assert consents.consent_of(world.session, world.experts[1]) is None


def test_consent_says_which_text_it_was_given_to(world: World, definition: Definition) -> None:
    consent = consents.say_consent(world.session, world.experts[0], definition, "en", True)
    assert consent.version == definition.consent.version
    assert consent.text_hash == consents.consent_hash(definition, "en")
    privacy_text = {"version": "2", "text": {"en": "Other words."}}
    statement = {"version": "2", "statement": {"en": "I agree.", "ru": "Да."}, "uses": []}
    changed = [
        reworked(definition, privacy=privacy_text),
        reworked(definition, consent=statement, languages=["en", "ru"]),
    ]
    hashes = {consents.consent_hash(item, "en") for item in (definition, *changed)}
    assert len(hashes) == 3
    assert consents.consent_hash(changed[1], "ru") not in hashes


# Inviting


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
    told = repr([(e.actor, e.act, e.facts) for e in journal.entries(world.session, world.consultation.id)])
    for row in rows:
        assert row.link.rsplit("/", 1)[1] not in told
        assert row.email not in told


# Further mails


def queued(world: World, purpose: str) -> list[Message]:
    return list(world.session.scalars(select(Message).where(Message.purpose == purpose)))


def test_a_new_link_by_mail_ends_no_other(world: World, config: Config) -> None:
    expert = world.experts[0]
    old = invitations.create_invitation(world.session, expert)
    for _ in range(2):
        address = correspondence.send_new_link(world.session, expert, world.definition, config, "anna")
    assert invitations.expert_of_token(world.session, old).id == expert.id
    assert [mail.number for mail in queued(world, "new-link")] == [1, 2]
    token = address.rsplit("/", 1)[1]
    assert invitations.expert_of_token(world.session, token).id == expert.id
    with pytest.raises(NotFound):
        leaving.forget_panel(world.session, world.consultation, "anna")
        correspondence.send_new_link(world.session, expert, world.definition, config, "anna")


def test_an_expert_can_ask_for_a_new_link_by_address(world: World, config: Config) -> None:
    old = [invitations.create_invitation(world.session, expert) for expert in world.experts]
    leaving.withdraw(world.session, world.experts[2], "expert")

    def ask(email: str) -> list[Message]:
        correspondence.send_links_to(world.session, email, config, world.consultation)
        return queued(world, "new-link")

    assert ask("nobody@example.org") == []
    assert ask("person3@example.org") == []
    (mail,) = ask(" Person1@EXAMPLE.org ")
    assert mail.expert_id == world.experts[0].id
    assert invitations.expert_of_token(world.session, old[0]).id == world.experts[0].id
    assert invitations.expert_of_token(world.session, old[1]).id == world.experts[1].id
    found = re.search(r"/i/(\S+)", mail.body or "")
    assert found is not None
    assert ask("person1@example.org") == [mail]
    assert invitations.expert_of_token(world.session, found[1]).id == world.experts[0].id
    mail.state = "sent"
    world.session.flush()
    assert len(ask("person1@example.org")) == 2


def test_reminders_go_once_to_each_and_keep_earlier_links_alive(world: World, config: Config) -> None:
    declined = world.experts[2]
    consents.say_consent(world.session, declined, world.definition, "en", False)
    old = invitations.create_invitation(world.session, world.experts[0])
    stage = world.stage("first-look")

    def remind() -> int:
        return correspondence.remind(world.session, world.consultation, world.definition, config, stage, "anna")

    assert remind() == 2
    assert remind() == 0
    waiting = queued(world, "reminder")
    assert {mail.expert_id for mail in waiting} == {item.id for item in world.experts[:2]}
    for mail in waiting:
        found = re.search(r"/i/(\S+)", mail.body or "")
        assert found is not None
        assert invitations.expert_of_token(world.session, found[1]).id == mail.expert_id
        assert "First look" in (mail.body or "")
    assert invitations.expert_of_token(world.session, old).id == world.experts[0].id
    for mail in waiting:
        mail.state = "sent"
    world.session.flush()
    assert remind() == 2


def test_a_stage_is_announced_once(world: World, config: Config) -> None:
    def announce(stage: str) -> int:
        return correspondence.announce(
            world.session, world.consultation, world.definition, config, world.stage(stage), "clock"
        )

    assert [announce("round-1"), announce("round-1"), announce("round-2")] == [3, 0, 3]
    assert world.session.scalar(select(func.count()).select_from(Invitation)) == 6


def test_sessions_and_links_belong_to_the_experts_consultation(world: World) -> None:
    """The tables refuse a link that crosses consultations; see the foreign keys on the pair."""
    for table in (Invitation, LoginSession):
        keys = inspect(table).local_table.foreign_key_constraints
        assert any({"consultation_id", "expert_id"} == set(key.column_keys) for key in keys)
