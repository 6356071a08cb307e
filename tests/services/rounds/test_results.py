"""Freezing: the same panel gives the same digest, and nothing in it points at a person."""

from collections.abc import Iterator
from typing import Any

import pytest

from consult.services.rounds import results
from tests.services.conftest import MakeWorld
from tests.services.playing import play
from tests.services.samples import rating, three_rounds


def walk(content: Any) -> Iterator[Any]:
    """Every key and every value within JSON."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from walk(value)
    elif isinstance(content, list):
        for value in content:
            yield from walk(value)
    else:
        yield content


def test_what_is_released_holds_nothing_hidden(make_world: MakeWorld) -> None:
    world = make_world(10, definition=three_rounds())
    for number in (1, 2):
        play(world.session, world.definition, world.consultation, world.experts, world.stage(f"round-{number}"))
    second = world.stage("round-2")
    assert results.frozen_content(world.session, second).hidden.transitions
    for stage in (world.stage("round-1"), second):
        shown = results.released_numbers(world.session, stage)
        assert shown is not None
        keys = {one for one in walk(shown) if isinstance(one, str)}
        assert not keys & {"hidden", "transitions", "by_group"}
    assert results.released_numbers(world.session, world.stage("round-3")) is None


@pytest.mark.parametrize("size", [4, 5, 7, 8])
def test_below_the_floors_numbers_are_suppressed_and_say_why(make_world: MakeWorld, size: int) -> None:
    world = make_world(size, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=rating({}))
    shown = results.released_numbers(world.session, world.stage("round-1"))
    assert shown is not None
    one = shown.measures["L1"].criteria["wish"]
    assert one.n == size
    assert (one.counts is not None) == (one.q1 is not None) == (size >= 8)
    assert (one.median is not None) == (size >= 5)
    assert one.suppressed == (None if size >= 8 else "distribution_below_floor" if size >= 5 else "median_below_floor")
