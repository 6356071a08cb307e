"""Rows without names: 1 where a rating is high or a measure was picked, and no row without either."""

import numpy as np
import pytest

from analysis.result.first_places import LARGEST_PANEL, FirstInput
from analysis.result.stage_input import MeasureInput
from analysis.tables.histograms import Histogram
from consult.services.rounds.scoring import first_input
from tests.services.conftest import World
from tests.services.rounds.holding import hold
from tests.services.samples import rating

RATED = tuple(MeasureInput(key, {"wish": Histogram.empty(5)}) for key in ("L1", "L2", "L3"))


def scores(world: World, rated: tuple[MeasureInput, ...] = RATED, submitted: int = 9) -> FirstInput | None:
    return first_input(world.session, world.stage("round-1"), rated, None, submitted)


def test_high_is_in_the_highest_band(panel: World) -> None:
    """Four and five of five are wanted, three is in between."""
    hold(panel, 1, rating({"L1": "4", "L2": "3", "L3": "5"}))
    found = scores(panel)
    assert found is not None and found.high is not None and found.picked is None
    assert found.high.measures == ("L1", "L2", "L3")
    assert found.high.values.tolist() == [[1, 0, 1]] * 9


def test_no_opinion_is_no_score_and_a_row_of_none_is_left_out(panel: World) -> None:
    def rate(key: str, chance: object) -> str:
        return {"L1": "5", "L2": "no:dont_know"}.get(key.partition(".")[0], "1")

    hold(panel, 1, rate, slice(0, 4))
    found = scores(panel)
    assert found is not None and found.high is not None
    np.testing.assert_array_equal(found.high.values, [[1, np.nan, 0]] * 4)
    nobody = scores(panel, RATED[1:2])
    assert nobody is not None and nobody.high is not None and nobody.high.values.shape == (0, 1)


def test_picks_stand_beside_the_ratings(panel: World) -> None:
    for number in (1, 2, 3):
        hold(panel, number)
    picked = {f"L{number}": f"picks.L{number}" for number in range(1, 8)}
    found = first_input(panel.session, panel.stage("round-3"), RATED[2:], picked, 9)
    assert found is not None and found.picked is not None
    assert found.picked.measures == tuple(picked)
    assert found.picked.values.shape == (9, 7) and set(found.picked.values.ravel()) == {0.0, 1.0}
    assert found.picked.values.sum(axis=1).tolist() == [2] * 9, "each picks two"


@pytest.mark.parametrize(("submitted", "are_scored"), [(LARGEST_PANEL, True), (LARGEST_PANEL + 1, False)])
def test_a_panel_too_large_for_draws_has_none(panel: World, submitted: int, are_scored: bool) -> None:
    assert (scores(panel, submitted=submitted) is not None) is are_scored
    assert scores(panel, ()) is None, "nothing was rated"
