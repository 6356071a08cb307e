"""Reasons of those whose pages went on by themselves are counted beside those of all others, from eight people each."""

import pytest

from analysis.model.stage import ReasonsGiven, ReasonsOf
from consult import clock
from consult.services.answering.draft_marks import is_marked, mark
from consult.services.answering.submitting import submit
from consult.services.rounds import results
from consult.services.rounds.by_itself import GOES_BY_ITSELF, reasons_given
from tests.services.answering.saved import MEASURES, at, close, rate
from tests.services.conftest import MakeWorld, World
from tests.services.rounds.holding import opened
from tests.services.samples import three_rounds


def held(make_world: MakeWorld, by_itself: int, others: int) -> World:
    """The first so many go on by themselves and give reasons to two measures, the others to all seven."""
    world = make_world(by_itself + others, definition=three_rounds())
    opened(world, 1)
    with clock.set_to(world.stage("round-1").opens_at):
        for expert in range(by_itself + others):
            rate(world, expert, MEASURES[: 2 if expert < by_itself else 7])
            if expert < by_itself:
                mark(world.session, at(world, expert), GOES_BY_ITSELF, is_said=True)
                assert is_marked(at(world, expert), GOES_BY_ITSELF)
            submit(world.session, at(world, expert), idempotency_key=f"{expert}")
    close(world)
    return world


def test_people_and_reasons_of_both(make_world: MakeWorld) -> None:
    world = held(make_world, 8, 9)
    expected = ReasonsGiven(by_itself=ReasonsOf(people=8, written=16), others=ReasonsOf(people=9, written=63))
    assert reasons_given(world.session, world.stage("round-1")) == expected
    shown = results.released_numbers(world.session, world.stage("round-1"))
    assert shown is not None and shown.reasons_given == expected


@pytest.mark.parametrize(("by_itself", "others"), [(7, 9), (9, 7)])
def test_of_seven_nothing_is_released(make_world: MakeWorld, by_itself: int, others: int) -> None:
    world = held(make_world, by_itself, others)
    shown = results.released_numbers(world.session, world.stage("round-1"))
    assert reasons_given(world.session, world.stage("round-1")) is not None
    assert shown is not None and shown.reasons_given is None


def test_where_nobody_did_there_is_nothing_to_compare(make_world: MakeWorld) -> None:
    world = held(make_world, 0, 2)
    assert reasons_given(world.session, world.stage("round-1")) is None
