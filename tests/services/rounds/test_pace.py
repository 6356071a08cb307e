"""Minutes are counted without people, and told once the stage is closed and eight were counted."""

import pytest
from sqlalchemy import select

from consult.models import Pace
from consult.services.rounds import pace
from tests.services.answering.saved import close
from tests.services.conftest import MakeWorld, World
from tests.services.rounds.holding import opened
from tests.services.samples import three_rounds


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(2, definition=three_rounds())
    opened(made, 1)
    return made


def test_each_person_is_counted_under_whole_minutes(world: World) -> None:
    stage = world.stage("round-1")
    for seconds in (0.5, 60, 61, 119, 10**6):
        pace.count(world.session, stage, seconds)
    rows = world.session.execute(select(Pace.minutes, Pace.people).order_by(Pace.minutes)).all()
    assert [tuple(row) for row in rows] == [(1, 2), (2, 2), (120, 1)]


@pytest.mark.parametrize(
    ("minutes", "median"),
    [([3, 5, 8, 9, 12, 13, 20, 120], 9), ([4] * 8, 4), ([1, 1, 1, 1, 30, 30, 30, 30, 30], 30), ([5] * 7, None)],
)
def test_half_needed_at_most_the_median_and_of_seven_nothing_is_told(
    world: World, minutes: list[int], median: int | None
) -> None:
    stage = world.stage("round-1")
    for one in minutes:
        pace.count(world.session, stage, 60 * one)
    assert pace.median_minutes(world.session, world.consultation) == {}, "the stage is open"
    close(world)
    assert pace.median_minutes(world.session, world.consultation) == ({} if median is None else {stage.id: median})
