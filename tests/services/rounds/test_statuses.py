"""What measures came to, before the end: provisional, by the last round that rated each."""

import pytest

from analysis.verdict.leaning import CLASS_READINGS
from consult.services.measures import measures, revising
from consult.services.rounds.statuses import provisional, statuses_of
from tests.services.conftest import MakeWorld, World
from tests.services.playing import play
from tests.services.samples import rating, three_rounds


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    return make_world(12, definition=three_rounds())


def hold(world: World, number: int, point: str) -> None:
    stage = world.stage(f"round-{number}")
    play(world.session, world.definition, world.consultation, world.experts, stage, rate=rating({}, point))


def codes(world: World) -> dict[str, tuple[str, str | None]]:
    found = statuses_of(world.session, world.consultation)
    assert found is not None and not found.is_final
    return {key: (status.code, status.stage) for key, status in found.measures.items()}


def test_nothing_is_said_before_a_round_is_frozen(panel: World) -> None:
    assert statuses_of(panel.session, panel.consultation) is None
    assert provisional(panel.session, panel.consultation) is None


def test_a_measure_stands_with_the_last_round_that_rated_it(panel: World) -> None:
    """All rate 5 twice: agreed and stable, hence settled and not asked in the third round."""
    hold(panel, 1, "5")
    assert set(codes(panel).values()) == {("stability_unknown", "round-1")}
    hold(panel, 2, "5")
    assert set(codes(panel).values()) == {("act_now", "round-2")}
    hold(panel, 3, "1")
    found = statuses_of(panel.session, panel.consultation)
    assert found is not None and found.after == 3
    assert set(codes(panel).values()) == {("act_now", "round-2")}


def test_a_decision_counts_at_once_and_keeps_where_it_was_rated(panel: World) -> None:
    hold(panel, 1, "5")
    hold(panel, 2, "1")
    wording = measures.find_measure(panel.session, panel.consultation.id, "L1")
    revising.drop_measure(panel.session, panel.consultation, wording, reason="Nobody wants it", actor="test")
    found = codes(panel)
    assert found["L1"] == ("dropped", "round-2")
    assert {code for key, (code, _) in found.items() if key != "L1"} <= set(CLASS_READINGS)
