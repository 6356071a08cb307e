"""People are counted once for each thing they named, of submissions that count."""

from analysis.protocol.states import WhyChanged
from consult import clock
from consult.services.rounds.why import why_given
from consult.services.running import leaving
from tests.services.answering.test_change_notes import asking, rate, same, submitted
from tests.services.conftest import MakeWorld, World
from tests.services.rounds.holding import hold, opened


def panel(make_world: MakeWorld) -> World:
    world = make_world(3, definition=asking())
    hold(world, 1, same)
    opened(world, 2)
    return world


def test_twice_named_counts_once_and_a_newer_submission_replaces_the_older(make_world: MakeWorld) -> None:
    world = panel(make_world)
    rate(world, 0, "L1", "2", "reason_read", "slip")
    rate(world, 0, "L2", "2", "reason_read")
    submitted(world, 0)
    rate(world, 0, "L1", "2", "reason_read")
    rate(world, 0, "L3", "4", "new_information")
    submitted(world, 0)
    found = why_given(world.session, world.stage("round-2"))
    assert found is not None
    assert (found.changed.people, found.stayed.people) == (1, 1)
    assert found.changed.named is not None and found.stayed.named is not None
    assert {code for code, number in found.changed.named.items() if number} == {WhyChanged.REASON_READ}
    assert found.stayed.named[WhyChanged.NEW_INFORMATION] == 1


def test_who_left_before_the_freeze_does_not_count(make_world: MakeWorld) -> None:
    world = panel(make_world)
    rate(world, 0, "L1", "2", "slip")
    submitted(world, 0)
    with clock.set_to(world.stage("round-2").opens_at):
        leaving.withdraw(world.session, world.experts[0], "expert")
    assert why_given(world.session, world.stage("round-2")) is None
