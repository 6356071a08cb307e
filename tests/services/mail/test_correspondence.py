"""Mails around a stage: deadlines, receipts, and the wish for no more reminders."""

import random
import re

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.config import Config
from consult.errors import NotFound
from consult.models import Expert, Invitation, Message, Stage, Submission
from consult.services.access import invitations, purposes
from consult.services.mail import correspondence, inviting, reminders, reminding
from consult.services.running import leaving, stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, MakeWorld, World
from tests.services.mail.test_mails import abroad

HALIFAX = "16 October 2026, 20:00 (Halifax, UTC\u22123)"
RIGA = "17 October 2026, 02:00 (Riga, UTC+3)"


def queued(world: World, purpose: str) -> list[Message]:
    return list(world.session.scalars(select(Message).where(Message.purpose == purpose).order_by(Message.id)))


def remind(world: World, config: Config, stage: Stage) -> int:
    return reminding.remind(world.session, world.consultation, world.definition, config, stage, "anna")


def opened(world: World, key: str) -> Stage:
    stage = world.stage(key)
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="anna")
    return stage


def submitted(world: World, expert: Expert, stage: Stage) -> Submission:
    playing.agree(world.session, world.definition, expert)
    playing.answer(
        world.session,
        world.definition,
        world.consultation,
        expert,
        stage,
        rate=playing.any_point,
        text=playing.TEXT,
        chance=random.Random(1),
    )
    return world.session.scalars(select(Submission).order_by(Submission.id.desc())).first()  # type: ignore[return-value]


# Deadlines


def test_every_mail_names_the_deadline_on_both_clocks(make_world: MakeWorld, config: Config) -> None:
    world = make_world(2, definition=abroad(make_world(0, slug="plain").definition))
    stage = opened(world, "round-1")
    expert = world.experts[0]
    about = (world.session, world.consultation, world.definition, config)
    with clock.set_to(stage.opens_at):
        world.stage("first-look").closed_at = BEFORE
        inviting.invite_all(*about, "anna")
        correspondence.announce(*about, stage, "anna")
        reminding.remind(*about, stage, "anna")
        correspondence.send_new_link(world.session, expert, world.definition, config, "anna")
        correspondence.send_receipt(
            world.session, expert, world.definition, config, stage, submitted(world, expert, stage)
        )
    found = list(world.session.scalars(select(Message).where(Message.expert_id == expert.id)))
    assert {message.purpose for message in found} == {
        purposes.INVITATION,
        purposes.NEXT_ROUND,
        purposes.REMINDER,
        purposes.NEW_LINK,
        purposes.RECEIPT,
    }
    for message in found:
        assert f"{HALIFAX}; on your clock: {RIGA}." in (message.body or ""), message.purpose
        assert len(re.findall("://", message.body or "")) == 1


def test_the_invitation_names_the_first_stage_that_can_still_be_answered(world: World, config: Config) -> None:
    def invite() -> str:
        for table in (Message, Invitation):
            world.session.query(table).delete()
        inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
        return queued(world, purposes.INVITATION)[0].body or ""

    with clock.set_to(BEFORE):
        assert "answer by 18 September 2026, 20:00 (Halifax" in invite()
    with clock.set_to(world.stage("first-look").closes_at):
        assert "answer by 16 October 2026" in invite()
    world.stage("round-1").closed_at = BEFORE
    with clock.set_to(BEFORE.replace(month=10)):
        assert "answer by 13 November 2026" in invite()
    with clock.set_to(BEFORE.replace(month=12)):
        assert "answer by" not in invite()


def test_a_new_link_names_a_deadline_only_while_something_is_open(world: World, config: Config) -> None:
    def renewed() -> str:
        correspondence.send_new_link(world.session, world.experts[0], world.definition, config, "anna")
        return queued(world, purposes.NEW_LINK)[-1].body or ""

    with clock.set_to(BEFORE):
        assert "open until" not in renewed()
    stage = opened(world, "round-1")
    with clock.set_to(stage.opens_at):
        assert "“Round 1” is open until 16 October 2026, 20:00 (Halifax" in renewed()


# Receipts


def test_a_receipt_leads_back_and_is_sent_once_for_each_submission(world: World, config: Config) -> None:
    expert, stage = world.experts[0], opened(world, "round-1")
    with clock.set_to(stage.opens_at):
        submission = submitted(world, expert, stage)
        for _ in range(2):
            correspondence.send_receipt(world.session, expert, world.definition, config, stage, submission)
    (message,) = queued(world, purposes.RECEIPT)
    body = message.body or ""
    assert submission.receipt in body and HALIFAX in body
    found = re.search(r"^http://127\.0\.0\.1:8000/i/(\S+)$", body, re.MULTILINE)
    assert found is not None
    with clock.set_to(stage.closes_at):
        assert invitations.expert_of_token(world.session, found[1]).id == expert.id
    assert world.session.scalar(select(func.count()).select_from(Invitation)) == 1
    assert playing.TEXT not in body


def test_a_receipt_in_the_grace_after_the_close_promises_no_change(world: World, config: Config) -> None:
    expert, stage = world.experts[0], opened(world, "round-1")
    with clock.set_to(stage.closes_at.replace(second=1)):
        correspondence.send_receipt(
            world.session, expert, world.definition, config, stage, submitted(world, expert, stage)
        )
    assert "You can change" not in (queued(world, purposes.RECEIPT)[0].body or "")


def test_who_is_not_known_any_more_gets_no_receipt_and_no_link(world: World, config: Config) -> None:
    expert, stage = world.experts[0], opened(world, "round-1")
    with clock.set_to(stage.opens_at):
        submission = submitted(world, expert, stage)
        leaving.forget_panel(world.session, world.consultation, "anna")
        with pytest.raises(NotFound):
            correspondence.send_receipt(world.session, expert, world.definition, config, stage, submission)
    assert world.session.scalar(select(func.count()).select_from(Invitation)) == 0


# No more reminders


def token(world: World, config: Config, expert: Expert) -> str:
    address = reminders.stop_address(config, world.consultation, expert)
    start = f"{config.public_url}/c/{world.consultation.slug}/no-reminders/"
    assert address.startswith(start)
    return address.removeprefix(start)


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


def test_a_stage_is_announced_once(world: World, config: Config) -> None:
    def announce(stage: str) -> int:
        return correspondence.announce(
            world.session, world.consultation, world.definition, config, world.stage(stage), "clock"
        )

    assert [announce("round-1"), announce("round-1"), announce("round-2")] == [3, 0, 3]
    assert world.session.scalar(select(func.count()).select_from(Invitation)) == 6
