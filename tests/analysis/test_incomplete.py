"""Ranks of experts who rated some of the measures: published designs, scipy, and enumeration."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.concordance import friedman
from analysis.statistics.incomplete import skillings_mack
from analysis.tables.histograms import STATES, UnknownCode
from analysis.tables.incomplete import BlockSums
from analysis.tables.ranks import RankSums
from tests.analysis.test_panel_tables import CODES, K, plain

NA = float("nan")


def sums_of(rows: Any) -> BlockSums:
    """Experts x measures, NaN missing; only the order within a row matters."""
    matrix = np.asarray(rows, dtype=np.float64)
    points = np.unique(matrix[~np.isnan(matrix)])
    codes = np.where(np.isnan(matrix), points.size, np.searchsorted(points, matrix))
    return BlockSums.from_codes(codes.T.astype(np.int8), int(points.size))


def test_assembly_times_of_skillings_and_mack() -> None:
    """Technometrics 23 (1981); the R package Skillings.Mack prints 15.493049 and 0.001440296302."""
    found = skillings_mack(
        sums_of(
            [
                (3.2, 4.1, 3.8, 4.2),
                (3.1, 3.9, 3.4, 4.0),
                (4.3, 3.5, 4.6, 4.8),
                (3.5, 3.6, 3.9, 4.0),
                (3.6, 4.2, 3.7, 3.9),
                (4.5, 4.7, 3.7, NA),
                (NA, 4.2, 3.4, NA),
                (4.3, 4.6, 4.4, 4.9),
                (3.5, NA, 3.7, 3.9),
            ]
        )
    )
    assert found.statistic == pytest.approx(15.493049, abs=5e-7)
    assert found.df == 3
    assert found.p == pytest.approx(0.001440296302, abs=5e-11)


def test_ice_cream_of_conover() -> None:
    """Practical Nonparametric Statistics (1999), p. 391: Durbin's T1 is 12 on 6 df."""
    varieties = (1, 2, 4, 2, 3, 5, 3, 4, 6, 4, 5, 7, 1, 5, 6, 2, 6, 7, 1, 3, 7)
    ranks = (2, 3, 1, 3, 1, 2, 2, 1, 3, 1, 2, 3, 3, 1, 2, 3, 1, 2, 3, 1, 2)
    matrix = np.full((7, 7), NA)
    for place, (variety, rank) in enumerate(zip(varieties, ranks, strict=True)):
        matrix[place // 3, variety - 1] = rank
    found = skillings_mack(sums_of(matrix))
    assert found.statistic == pytest.approx(12)
    assert (found.df, round(found.p or 0, 4)) == (6, 0.062)


@given(CODES)
def test_with_complete_ratings_it_is_friedmans(codes: Any) -> None:
    complete = np.minimum(codes, K - 1)
    ours = skillings_mack(BlockSums.from_codes(complete, K))
    theirs = friedman(RankSums.from_codes(complete, K))
    if theirs.statistic is None or complete.shape[0] < 2:
        assert ours.statistic is None
        return
    assert ours.statistic == pytest.approx(theirs.statistic)
    assert ours.df == theirs.df
    if complete.shape[0] > 2 and complete.shape[1] > 1:
        assert ours.statistic == pytest.approx(stats.friedmanchisquare(*complete).statistic)


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1, 2), (3, NA, 3), (2, 1, NA), (1, 5, 5)],
        [(1, 1, 2, NA), (NA, 2, 2, 1), (3, NA, NA, 1)],
        [(1, 2, NA, NA), (NA, NA, 1, 2), (NA, NA, 3, 1)],  # two islands: one df is lost
    ],
)
def test_mean_over_all_orders_is_the_degrees_of_freedom(rows: Any) -> None:
    """With the true variance E[a' V^- a] = rank V, ties or not: every order is gone through."""
    total, number, df = 0.0, 0, None
    per_row = []
    for row in rows:
        held = [place for place, value in enumerate(row) if value == value]
        ways = []
        for values in itertools.permutations(row[place] for place in held):
            own = [NA] * len(row)
            for place, value in zip(held, values, strict=True):
                own[place] = value
            ways.append(own)
        per_row.append(ways)
    for arranged in itertools.product(*per_row):
        found = skillings_mack(sums_of(arranged))
        assert found.statistic is not None
        total, number, df = total + found.statistic, number + 1, found.df
    assert total / number == pytest.approx(df)


@given(CODES, st.data())
@settings(max_examples=60)
def test_blocks_add_up_and_no_valid_code_raises(codes: Any, data: Any) -> None:
    cut = data.draw(st.integers(0, codes.shape[1]))
    order = data.draw(st.permutations(range(codes.shape[1])))
    whole = BlockSums.from_codes(codes, K)
    parts = BlockSums.from_codes(codes[:, :cut], K) + BlockSums.from_codes(codes[:, cut:], K)
    assert plain(parts) == plain(whole) == plain(BlockSums.from_codes(codes[:, order], K))
    assert plain(BlockSums.empty(codes.shape[0]) + whole) == plain(whole)
    found = skillings_mack(whole)
    assert found.statistic is None or found.statistic >= 0


def test_what_is_undefined_says_so() -> None:
    assert skillings_mack(BlockSums.empty(4)).reason == "no_data"
    assert skillings_mack(sums_of([(2, 2, NA), (1, 1, 1)])).reason == "all_tied"
    with pytest.raises(UnknownCode):
        BlockSums.from_codes(np.asarray([[K + STATES]], np.int8), K)
