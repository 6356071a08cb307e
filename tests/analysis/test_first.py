"""How sure the first places are: exact where all draws can be gone through, else brute force."""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.floors import release
from analysis.result.first_places import LARGEST_PANEL, FirstInput, Scores, first_result
from analysis.result.stage import stage_result
from analysis.statistics.top import top_probabilities, top_share_probabilities
from tests.analysis.consultation import PROTOCOL, measure, stage

NA = float("nan")
ROWS = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from((0.0, 1.0, NA)), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


def by_every_draw(rows: list[list[float]], k: int) -> list[float]:
    """All n^n draws with replacement; ties at the last place share it."""
    total = [0.0] * len(rows[0])
    for drawn in itertools.product(rows, repeat=len(rows)):
        shares = []
        for column in zip(*drawn, strict=True):
            held = [value for value in column if value == value]
            shares.append(sum(held) / len(held) if held else -1.0)
        cut = sorted(shares, reverse=True)[min(k, len(shares)) - 1]
        above = sum(share > cut + 1e-9 for share in shares)
        tied = sum(abs(share - cut) <= 1e-9 for share in shares)
        for place, share in enumerate(shares):
            if share > cut + 1e-9:
                total[place] += 1
            elif abs(share - cut) <= 1e-9:
                total[place] += min(1.0, (k - above) / tied)
    return [one / len(rows) ** len(rows) for one in total]


@given(ROWS, st.integers(1, 2), st.randoms())
@settings(deadline=None, max_examples=60)
def test_every_draw_of_a_small_panel_is_counted(rows: Any, k: int, random: Any) -> None:
    found = top_share_probabilities(np.asarray(rows), k)
    assert found == pytest.approx(by_every_draw(rows, k))
    random.shuffle(rows)
    assert top_share_probabilities(np.asarray(rows), k) == found


def test_without_missing_ratings_it_is_that_of_means() -> None:
    rows = np.random.default_rng(5).integers(0, 2, (25, 8)).astype(float)
    assert top_share_probabilities(rows, 3) == pytest.approx(top_probabilities(rows, 3))
    assert sum(top_share_probabilities(rows, 3)) == pytest.approx(3)
    assert top_share_probabilities(np.empty((0, 3)), 2) == []


def _given(experts: int = 20) -> FirstInput:
    generator = np.random.default_rng(7)
    high = Scores(("M01", "M02"), generator.integers(0, 2, (experts, 2)).astype(float))
    return FirstInput(high, high)


def test_a_result_holds_it_and_a_release_shows_it_where_all_figures_are_shown() -> None:
    points = [7] * 12 + [3] * 8
    held = stage(measure("M01", points), measure("M02", points), first=_given())
    one = replace(PROTOCOL, priorities=replace(PROTOCOL.priorities, pick=1))  # type: ignore[type-var]
    result = stage_result(one, held)
    assert result.first is not None and result.first.pick == 1
    assert sum((result.first.by_share or {}).values()) == pytest.approx(1)
    shown = release(result, one.disclosure).first
    assert shown is not None and shown.by_share == result.first.by_share
    assert shown.by_picks is None, "nobody was asked for priorities in this round"
    few = stage_result(one, stage(measure("M01", points[:6]), measure("M02", points), first=_given()))
    hidden = release(few, one.disclosure).first
    assert hidden is not None and hidden.suppressed == "distribution_below_floor"
    assert hidden.by_share is None


def test_nothing_to_rank_is_nothing() -> None:
    assert first_result(PROTOCOL, None) is None
    assert first_result(PROTOCOL, FirstInput()) is None
    alone = Scores(("M01",), np.ones((5, 1)))
    large = Scores(("M01", "M02"), np.ones((LARGEST_PANEL + 1, 2)))
    assert first_result(PROTOCOL, FirstInput(alone, large)) is None
