"""Who is reminded: everyone who has not submitted when a person asks, who has begun on the last day."""

from datetime import timedelta

import pytest

from consult import clock
from consult.config import Config
from consult.models import Deviation, Message
from consult.services.access import purposes
from consult.services.answering import saved_answers
from consult.services.mail import inviting, outbox, reminders, reminding
from consult.services.running import stage_acts
from tests.services.answering.saved import MEASURES, agreed, at, counting, rate
from tests.services.conftest import MakeWorld, World
from tests.services.mail.telling import begin, submit, tick, told


def open_with_beginners(world: World, config: Config) -> None:
    """The third has submitted, the fourth begun, the fifth done nothing."""
    stage = world.stage("first-look")
    with clock.set_to(stage.opens_at):
        tick(world, config)
        submit(world, world.experts[2], stage)
        begin(world, world.experts[3], stage)


def test_on_the_last_day_who_has_begun_is_reminded_once(invited: World, config: Config) -> None:
    open_with_beginners(invited, config)
    stage = invited.stage("first-look")
    with clock.set_to(stage.closes_at - timedelta(days=1, minutes=1)):
        assert tick(invited, config) == [] and told(invited, purposes.LAST_DAY) == {}
    with clock.set_to(stage.closes_at - timedelta(hours=23)):
        assert tick(invited, config) == ["reminded 1 of first-look"]
        assert tick(invited, config) == []
    found = told(invited, purposes.LAST_DAY)
    assert found.keys() == {invited.experts[3].id}
    assert "only what is submitted counts" in found[invited.experts[3].id]


def test_who_submits_before_gets_none(invited: World, config: Config) -> None:
    open_with_beginners(invited, config)
    stage = invited.stage("first-look")
    with clock.set_to(stage.closes_at - timedelta(hours=23)):
        submit(invited, invited.experts[3], stage)
        assert tick(invited, config) == []


def test_who_wants_no_more_reminders_gets_none_and_a_waiting_one_goes(invited: World, config: Config) -> None:
    open_with_beginners(invited, config)
    stage = invited.stage("first-look")
    with clock.set_to(stage.closes_at - timedelta(hours=23)):
        tick(invited, config)
        reminders.stop(invited.session, invited.experts[3])
        assert told(invited, purposes.LAST_DAY) == {}
        assert tick(invited, config) == []


def test_nobody_is_reminded_twice_in_a_breath(invited: World, config: Config) -> None:
    """While a reminder that a person asked for still waits to be sent, none of the last day is added."""
    open_with_beginners(invited, config)
    stage = invited.stage("first-look")
    with clock.set_to(stage.closes_at - timedelta(hours=23)):
        reminding.remind(invited.session, invited.consultation, invited.definition, config, stage, "anna")
        assert outbox.is_waiting(invited.session, invited.experts[3], purposes.REMINDER, stage.key)
        assert tick(invited, config) == []


@pytest.mark.parametrize("days", [1, 2])
def test_a_short_stage_has_no_last_day(invited: World, config: Config, days: int) -> None:
    stage = invited.stage("first-look")
    stage.closes_at = stage.opens_at + timedelta(days=days)
    open_with_beginners(invited, config)
    with clock.set_to(stage.closes_at - timedelta(hours=1)):
        assert tick(invited, config) == []


def test_a_later_close_has_a_last_day_of_its_own_only_where_none_was_told(invited: World, config: Config) -> None:
    open_with_beginners(invited, config)
    stage = invited.stage("first-look")
    later = stage.closes_at + timedelta(days=3)
    with clock.set_to(stage.opens_at + timedelta(days=1)):
        stage_acts.extend_stage(invited.session, invited.consultation, stage, later, actor="anna", reason="A holiday.")
    assert invited.session.query(Deviation).count() == 1
    with clock.set_to(later - timedelta(days=2)):
        assert tick(invited, config) == []
    with clock.set_to(later - timedelta(hours=23)):
        assert tick(invited, config) == ["reminded 1 of first-look"]
    assert invited.session.query(Message).filter_by(purpose=purposes.LAST_DAY).count() == 1


def test_where_saved_answers_count_it_says_so_and_how_to_stop_it(make_world: MakeWorld, config: Config) -> None:
    """The first lets them count, the second does not; after the close the first learns that they did."""
    world = make_world(2, definition=counting())
    agreed(world)
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
        tick(world, config)
        for expert in (0, 1):
            rate(world, expert, MEASURES)
        saved_answers.choose(world.session, at(world, 1), counts=False)
    with clock.set_to(stage.closes_at - timedelta(hours=23)):
        assert tick(world, config) == ["reminded 2 of round-1"]
    found = told(world, purposes.LAST_DAY)
    first, second = (found[expert.id] for expert in world.experts)
    assert "press “Do not count these” on any page" in first and "only what is submitted" not in first
    assert "only what is submitted counts" in second
    with clock.set_to(stage.closes_at + timedelta(hours=1)):
        tick(world, config)
    first, second = (told(world, purposes.CLOSED)[expert.id] for expert in world.experts)
    assert "You did not submit it: the pages you went on from count" in first
    assert "what you typed does not count" in second
