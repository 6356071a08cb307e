"""Reminders: once to each, and to nobody who wants none."""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from sqlalchemy import select

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import LinkNotValid
from consult.models import Contact, Expert, Message, Stage
from consult.services.access import consents, invitations, purposes
from consult.services.mail import correspondence, delivering, reminders, reminding
from consult.services.running import leaving, own_data, stage_acts
from tests.services.conftest import BEFORE, MakeWorld, World


def queued(world: World, purpose: str) -> list[Message]:
    return list(world.session.scalars(select(Message).where(Message.purpose == purpose)))


def test_reminders_go_once_to_each_and_keep_earlier_links_alive(world: World, config: Config) -> None:
    declined = world.experts[2]
    consents.say_consent(world.session, declined, world.definition, "en", False)
    old = invitations.create_invitation(world.session, world.experts[0])
    stage = world.stage("first-look")

    def remind() -> int:
        return reminding.remind(world.session, world.consultation, world.definition, config, stage, "anna")

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


def remind(world: World, config: Config, stage: Stage) -> int:
    return reminding.remind(world.session, world.consultation, world.definition, config, stage, "anna")


def opened(world: World, key: str) -> Stage:
    stage = world.stage(key)
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="anna")
    return stage


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
    assert len(world.experts) == 3
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
