"""A panel most of whose measures are clear after the first round, fed back by a short list."""

from collections.abc import Iterator
from itertools import cycle, repeat
from typing import Any

from consult import clock
from consult.definition.consultation import Definition
from consult.services.answering import short_list as listing
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.short_list import ShortEntry
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import Rate
from tests.services.rounds.holding import hold, opened, reword
from tests.services.samples import three_rounds

EXPERTS = 15
POINTS = {
    "L1.wish": "5" * 14 + "3",  # clear, but the last expert is in another band
    "L2.wish": "5" * 8 + "1" * 7,  # no verdict
    "L3.wish": "5" * 14 + "1",  # agreed, two ratings from failing
    "L4.wish": "5" * 15,
    "L5.wish": "5" * 14 + "-",  # clear; the last expert gave no rating
}
"""Ratings of the first round, expert by expert; every other measure is clear and high."""


def by_expert() -> Rate:
    points: dict[str, Iterator[str]] = {key: cycle(row) for key, row in POINTS.items()}

    def rate(key: str, chance: Any) -> str:
        point = next(points.get(key) or repeat("5"))
        return "no:dont_know" if point == "-" else point

    return rate


def ruled(form: str) -> Definition:
    protocol = three_rounds().protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    return reworked(three_rounds(), protocol={**protocol, "feedback": {**protocol["feedback"], "form": form}})


def make_near(make_world: MakeWorld) -> World:
    """Fifteen experts in the second of three rounds; one measure was reworded in between."""
    world = make_world(EXPERTS, definition=ruled("short_list"))
    hold(world, 1, by_expert())
    with clock.set_to(world.stage("round-1").closes_at):
        reword(world, "L7", is_substantive=False)
    opened(world, 2)
    return world


def at(world: World, expert: int = 0) -> Respondent:
    found = world.experts[expert]
    return find_respondent(world.session, world.consultation, world.definition, found, world.stage("round-2"))


def entries(world: World, expert: int = 0) -> dict[str, ShortEntry]:
    return {entry.measure.step.key: entry for entry in listing.short_list(world.session, at(world, expert))}
