"""Stages: their state follows the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import clock
from consult.errors import NotFound
from consult.models import Stage
from consult.services.rounds import stages
from consult.services.rounds.stages import StageState
from consult.services.running import stage_acts
from tests.services.conftest import BEFORE, MakeWorld

OPENS, CLOSES = datetime(2026, 9, 7, 11, tzinfo=UTC), datetime(2026, 9, 18, 23, tzinfo=UTC)
GRACE = 300


SECOND = timedelta(seconds=1)


def a_stage(opened: datetime | None = None, closed: datetime | None = None) -> Stage:
    return Stage(key="x", kind="survey", opens_at=OPENS, closes_at=CLOSES, opened_at=opened, closed_at=closed)


@pytest.mark.parametrize(
    ("opened", "closed", "now", "expected"),
    [
        (None, None, OPENS - SECOND, StageState.PLANNED),
        (None, None, OPENS, StageState.DUE),
        (None, None, CLOSES - SECOND, StageState.DUE),
        (None, None, CLOSES, StageState.MISSED),
        (OPENS, None, OPENS, StageState.OPEN),
        (OPENS, None, CLOSES, StageState.OPEN),
        (OPENS, None, CLOSES + SECOND, StageState.GRACE),
        (OPENS, None, CLOSES + SECOND * GRACE, StageState.GRACE),
        (OPENS, None, CLOSES + SECOND * (GRACE + 1), StageState.ENDED),
        (OPENS, CLOSES, OPENS, StageState.CLOSED),
    ],
)
def test_the_state_follows_the_clock(
    opened: datetime | None, closed: datetime | None, now: datetime, expected: StageState
) -> None:
    stage = a_stage(opened, closed)
    assert stages.state(stage, GRACE, now) is expected
    with clock.set_to(now):
        takes = stages.takes_answers(stage, GRACE)
    assert takes is (expected in (StageState.OPEN, StageState.GRACE))


@given(st.booleans(), st.integers(-60, 60 * 24 * 20), st.integers(1, 60 * 24))
def test_time_never_runs_a_stage_backwards(is_opened: bool, minutes: int, more: int) -> None:
    stage = a_stage(OPENS if is_opened else None)
    order = list(StageState)
    now = OPENS + timedelta(minutes=minutes)
    first, later = (order.index(stages.state(stage, GRACE, moment)) for moment in (now, now + timedelta(minutes=more)))
    assert first <= later


def test_a_stage_is_found_by_its_key_in_its_consultation(make_world: MakeWorld) -> None:
    one, other = make_world(0), make_world(0, slug="another")
    for world in (one, other):
        found = stages.find_stage(world.session, world.consultation.id, "round-1")
        assert (found.key, found.consultation_id) == ("round-1", world.consultation.id)
    with pytest.raises(NotFound):
        stages.find_stage(one.session, one.consultation.id, "round-9")


def test_stages_come_in_the_order_of_their_opening(make_world: MakeWorld) -> None:
    """And of the folder, where two open at once."""
    world = make_world(0)
    make_world(0, slug="another")
    keys = ["first-look", "round-1", "round-2"]
    assert [stage.key for stage in stages.stages_of(world.session, world.consultation.id)] == keys
    last, first = world.stage("round-2"), world.stage("first-look")
    last.opens_at = first.opens_at - SECOND
    world.session.flush()
    assert [s.key for s in stages.stages_of(world.session, world.consultation.id)] == [keys[2], *keys[:2]]
    last.opens_at = first.opens_at
    world.session.flush()
    assert [s.key for s in stages.stages_of(world.session, world.consultation.id)] == [keys[0], keys[2], keys[1]]


def test_departures_come_the_oldest_first_and_only_ones_own(make_world: MakeWorld) -> None:
    one, other = make_world(0), make_world(0, slug="another")
    with clock.set_to(BEFORE):
        for world, key, reason in ((one, "first-look", "A"), (other, "first-look", "B"), (one, "round-1", "C")):
            stage = world.stage(key)
            stage_acts.open_stage(world.session, world.consultation, stage, actor="test", reason=reason)
    assert [noted.reason for noted in stages.deviations(one.session, one.consultation)] == ["A", "C"]


def test_answers_are_taken_now_without_saying_when() -> None:
    with clock.set_to(OPENS):
        assert stages.state(a_stage(OPENS), GRACE) is StageState.OPEN
    with clock.set_to(CLOSES + SECOND * (GRACE + 1)):
        assert stages.state(a_stage(OPENS), GRACE) is StageState.ENDED
