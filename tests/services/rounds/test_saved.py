"""Ratings counted at the close are told apart, and what is found without them is given in words."""

import pytest

from analysis.model.criterion import CountedAtClose
from analysis.protocol.states import Verdict, Without
from consult import clock
from consult.services.answering.submitting import submit
from consult.services.rounds import results, saved
from tests.services.answering.saved import MEASURES, agreed, at, close, counting, rate
from tests.services.conftest import MakeWorld, World
from tests.services.rounds.holding import opened

EXPERTS = 18


def held(make_world: MakeWorld, only_saved: int) -> World:
    """Eighteen experts; the last so many only saved, and rate L1 lowest where the others rate it highest."""
    world = make_world(EXPERTS, definition=counting())
    agreed(world)
    opened(world, 1)
    answer(world, "round-1", only_saved)
    return world


def answer(world: World, key: str, only_saved: int) -> None:
    for expert in range(EXPERTS):
        is_saved = expert >= EXPERTS - only_saved
        rate(world, expert, MEASURES[:1], "1" if is_saved else "5", key=key)
        rate(world, expert, MEASURES[1:], key=key)
        if not is_saved:
            with clock.set_to(world.stage(key).opens_at):
                submit(world.session, at(world, expert, key), idempotency_key=f"{expert}")
    close(world, key)


def of(world: World, measure: str, key: str = "round-1") -> CountedAtClose | None:
    content = results.frozen_content(world.session, world.stage(key))
    return content.measures[measure].criteria["wish"].counted_at_close


def test_the_verdict_without_them(make_world: MakeWorld) -> None:
    """Twelve of eighteen rate L1 highest, which is no verdict; without those who only saved, twelve of twelve."""
    world = held(make_world, 6)
    content = results.frozen_content(world.session, world.stage("round-1"))
    assert content.participation.submitted == EXPERTS and content.participation.counted_at_close == 6
    assert content.measures["L1"].criteria["wish"].verdict.verdict == Verdict.NONE
    assert of(world, "L1") == CountedAtClose(counted=6, verdict=Without.CHANGES, stability=None)
    assert of(world, "L2") == CountedAtClose(counted=6, verdict=Without.UNCHANGED, stability=None)


def test_in_a_later_round_stability_too(make_world: MakeWorld) -> None:
    world = held(make_world, 6)
    asked = opened(world, 2)
    assert "L1" in asked
    stage = world.stage("round-2")
    for expert in range(EXPERTS):
        rate(world, expert, ["L1"], "5", key="round-2")
        rate(world, expert, [key for key in asked if key != "L1"], key="round-2")
        if expert < EXPERTS - 6:
            with clock.set_to(stage.opens_at):
                submit(world.session, at(world, expert, "round-2"), idempotency_key=f"{expert}")
    close(world, "round-2")
    found = of(world, "L1", "round-2")
    assert found is not None and found.counted == 6
    assert found.stability == Without.CHANGES, (
        "those who only saved all moved; of the others nobody did, too few to tell"
    )


@pytest.mark.parametrize("only_saved", [4, 14])
def test_of_fewer_than_five_on_a_side_nothing_is_released(make_world: MakeWorld, only_saved: int) -> None:
    world = held(make_world, only_saved)
    shown = results.released_numbers(world.session, world.stage("round-1"))
    assert shown is not None and of(world, "L1") is not None
    assert shown.measures["L1"].criteria["wish"].counted_at_close is None


def test_nothing_is_said_where_nobody_only_saved(make_world: MakeWorld) -> None:
    world = held(make_world, 0)
    assert of(world, "L1") is None
    assert results.frozen_content(world.session, world.stage("round-1")).participation.counted_at_close == 0
    assert saved.saved_only(world.session, world.stage("round-1")) == set()
