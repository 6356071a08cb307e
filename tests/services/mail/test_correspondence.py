"""Mails around a stage: deadlines, receipts, and the wish for no more reminders."""

import hmac
import random
import re
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import LinkNotValid, NotFound
from consult.models import Contact, Expert, Invitation, Message, Stage, Submission
from consult.services.access import consents, invitations, purposes
from consult.services.mail import correspondence, delivering, inviting, reminders
from consult.services.running import leaving, own_data, stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, MakeWorld, World
from tests.services.mail.test_mails import abroad

HALIFAX = "16 October 2026, 20:00 (Halifax, UTC\u22123)"
RIGA = "17 October 2026, 02:00 (Riga, UTC+3)"


def queued(world: World, purpose: str) -> list[Message]:
    return list(world.session.scalars(select(Message).where(Message.purpose == purpose).order_by(Message.id)))


def remind(world: World, config: Config, stage: Stage) -> int:
    return correspondence.remind(world.session, world.consultation, world.definition, config, stage, "anna")


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
        correspondence.remind(*about, stage, "anna")
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


def test_who_wants_no_more_reminders_gets_none_and_all_other_mails(world: World, config: Config) -> None:
    first, second, third = world.experts
    stage = opened(world, "round-1")
    with clock.set_to(stage.opens_at):
        assert remind(world, config, stage) == 3
        reminders.stop(world.session, first)
        assert {item.expert_id for item in queued(world, purposes.REMINDER)} == {second.id, third.id}
        for message in queued(world, purposes.REMINDER):
            message.state = "sent"
        world.session.flush()
        assert remind(world, config, stage) == 2
        about = (world.session, world.consultation, world.definition, config)
        assert correspondence.announce(*about, stage, "anna") == 3
        correspondence.send_new_link(world.session, first, world.definition, config, "anna")
    assert first.withdrawn_at is None
    assert consents.consent_of(world.session, first) is None
    assert reminders.stopped(world.session, world.consultation) == {first.id}


def test_a_reminder_that_may_have_arrived_stays_in_the_record(world: World, config: Config) -> None:
    stage = opened(world, "round-1")
    with clock.set_to(stage.opens_at):
        remind(world, config, stage)
    own = next(item for item in queued(world, purposes.REMINDER) if item.expert_id == world.experts[0].id)
    own.state = "uncertain"
    world.session.flush()
    reminders.stop(world.session, world.experts[0])
    assert own in queued(world, purposes.REMINDER)


def test_stopping_twice_keeps_the_first_moment(world: World) -> None:
    expert = world.experts[0]
    for month in (9, 10):
        with clock.set_to(BEFORE.replace(month=month)):
            reminders.stop(world.session, expert)
    moments = world.session.execute(select(Contact.reminders_stopped_at).order_by(Contact.expert_id)).scalars()
    assert sorted(moments, key=str) == sorted([BEFORE, None, None], key=str)
    own = own_data.own_data(world.session, expert)["contact"]
    assert own[0]["reminders_stopped_at"] == BEFORE.isoformat()


def test_the_address_tells_whose_reminders_end(make_world: MakeWorld, config: Config) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    tokens = [token(world, config, expert) for world in (one, two) for expert in world.experts]
    assert len(set(tokens)) == 6
    for expert, given in zip(one.experts, tokens, strict=False):
        found = reminders.expert_of_token(one.session, one.consultation, config, given)
        assert found.id == expert.id
        with pytest.raises(LinkNotValid):
            invitations.expert_of_token(one.session, given)
        with pytest.raises(LinkNotValid):
            reminders.expert_of_token(two.session, two.consultation, config, given)
        with pytest.raises(LinkNotValid):
            other = replace(config, secret_key="another key")
            reminders.expert_of_token(one.session, one.consultation, other, given)


def old_token(config: Config, expert: Expert) -> str:
    """As mails carried it when an address began with the number of a row."""
    told = f"no more reminders\n{expert.consultation_id}\n{expert.id}\n{expert.pseudonym}"
    mac = hmac.new(config.secret_key.encode(), told.encode(), "sha256").digest()
    return f"{expert.id}-{urlsafe_b64encode(mac[:24]).decode()}"


def test_an_address_mailed_before_there_were_handles_still_works(world: World, config: Config) -> None:
    for expert in world.experts:
        old = old_token(config, expert)
        assert old != token(world, config, expert)
        found = reminders.expert_of_token(world.session, world.consultation, config, old)
        assert found is expert
        for forged in ("0" + old, old[:-1], old.replace("-", "-A", 1), f"9{old}"):
            with pytest.raises(LinkNotValid):
                reminders.expert_of_token(world.session, world.consultation, config, forged)


@pytest.mark.parametrize(
    "change",
    [
        lambda good: "",
        lambda good: "-",
        lambda good: good[:-1],
        lambda good: good + "A",
        lambda good: good.partition("-")[0] + "-",
        lambda good: "999999-" + good.partition("-")[2],
        lambda good: "9" * 40 + "-" + good.partition("-")[2],
        lambda good: "²" + good[1:],
        lambda good: good + "\udcff",
        lambda good: "0" + good,
    ],
)
def test_a_forged_address_ends_nothing(world: World, config: Config, change: object) -> None:
    good = token(world, config, world.experts[0])
    with pytest.raises(LinkNotValid):
        reminders.expert_of_token(world.session, world.consultation, config, change(good))  # type: ignore[operator]


def test_an_erased_experts_address_is_dead(world: World, config: Config) -> None:
    expert = world.experts[0]
    good = token(world, config, expert)
    leaving.withdraw(world.session, expert, "expert")
    assert reminders.expert_of_token(world.session, world.consultation, config, good) is expert
    leaving.erase(world.session, expert, "anna")
    with pytest.raises(LinkNotValid):
        reminders.expert_of_token(world.session, world.consultation, config, good)


def test_delivering_follows_the_wish(world: World, database: Database, config: Config) -> None:
    stage = opened(world, "round-1")
    with clock.set_to(stage.opens_at):
        remind(world, config, stage)
        reminders.stop(world.session, world.experts[0])
        world.session.commit()
        assert delivering.deliver(database, config) == {"sent": 2}
