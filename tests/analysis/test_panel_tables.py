"""Tables of a panel: sums of their parts, whatever the parts; and the same figures as the rows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import concordance, intraclass
from analysis.tables.histograms import STATES, Histogram, UnknownCode
from analysis.tables.panels import CrossProducts, Preferences, UnitTable
from analysis.tables.ranks import RankSums
from tests.analysis.ballots import Ballot, preferences

K = 5
CODES = st.tuples(st.integers(1, 6), st.integers(0, 12)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, K + STATES - 1), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    ).map(lambda rows: np.asarray(rows, dtype=np.int8).reshape(shape))
)
MAKERS = [UnitTable.from_codes, RankSums.from_codes, CrossProducts.from_codes]
MAKERS += [Preferences.from_codes]


def plain(table: Any) -> list[Any]:
    return [np.asarray(part).tolist() for part in vars(table).values()]


def rows_of(codes: Any) -> Any:
    """Experts x measures in points from 1, NaN missing."""
    return np.where(codes < K, codes + 1.0, np.nan).T


@given(CODES, st.data())
def test_tables_of_parts_add_up_to_the_table_of_the_whole(codes: Any, data: Any) -> None:
    cut = data.draw(st.integers(0, codes.shape[1]))
    order = data.draw(st.permutations(range(codes.shape[1])))
    for make in MAKERS:
        whole: Any = make(codes, K)
        parts: Any = make(codes[:, :cut], K) + make(codes[:, cut:], K)  # type: ignore[operator]
        assert plain(parts) == plain(whole) == plain(make(codes[:, order], K))
    empty = [kind.empty(codes.shape[0]) for kind in (RankSums, CrossProducts, Preferences)]
    for none, make in zip(empty, MAKERS[1:], strict=True):
        assert plain(none + make(codes, K)) == plain(make(codes, K))  # type: ignore[operator]


@given(CODES)
def test_units_are_histograms_by_measure(codes: Any) -> None:
    table = UnitTable.from_codes(codes, K)
    tables = [Histogram.from_codes(row, K) for row in codes]
    assert plain(table) == plain(UnitTable.from_histograms(tables, K))
    assert [table.histogram(place) for place in range(len(codes))] == tables
    rows = [(measure, code, 1) for measure, own in enumerate(codes.tolist()) for code in own]  # as SQL gives them
    assert plain(UnitTable.from_rows(rows, len(codes), K)) == plain(table)


@given(CODES)
@example(np.array([[0, 5, 0], [0, 5, 1]], dtype=np.int8))
def test_sums_give_what_rows_give(codes: Any) -> None:
    rows = concordance.complete(rows_of(codes), "drop_experts")
    sums = RankSums.from_codes(codes, K)
    assert plain(sums) == plain(concordance.rank_sums(rows))
    products = CrossProducts.from_codes(codes, K)
    for form in ("ICC1", "ICC2", "ICC3k"):
        ours = intraclass.intraclass(products, form)
        theirs = intraclass.intraclass(rows, form)
        assert ours.reason == theirs.reason
        if ours.value is not None:
            assert ours.value == pytest.approx(theirs.value, abs=1e-9)
    if len(rows) > 1:
        found = np.atleast_2d(np.cov(rows.T))
        assert products.covariance == pytest.approx(found, abs=1e-9)


def test_the_mean_of_experts_has_no_reliability_where_its_variance_is_estimated_as_nothing() -> None:
    """Two experts, three measures: BMS 1/6, JMS 0, EMS 1/2, and BMS + (JMS - EMS) / n = 0."""
    rows = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    squares = intraclass.squares(rows)
    assert squares is not None
    assert (squares.between, squares.experts, squares.error) == pytest.approx((1 / 6, 0, 1 / 2))
    found = intraclass.intraclass(rows, "ICC2k")
    assert (found.value, found.reason) == (None, "out_of_range")
    assert intraclass.intraclass(rows, "ICC2").value == pytest.approx((1 / 6 - 1 / 2) / (1 / 3))


def test_an_interval_without_degrees_of_freedom_is_undefined() -> None:
    """BMS 1/6, JMS 0, EMS 1/3: both terms of McGraw and Wong's degrees of freedom are 0."""
    rows = np.array([[1.0, 1.0, 1.0, 2.0], [1.0, 1.0, 2.0, 1.0]])
    found = intraclass.intraclass(rows, "ICC2k")
    assert found.value == pytest.approx(-2)
    assert found.interval == (None, None, "out_of_range")


@given(CODES)
def test_preferences_are_those_of_the_ballots(codes: Any) -> None:
    """Against the ballots counted one by one; a higher rating is a better rank."""
    rows = rows_of(codes)
    counted = preferences([Ballot(1, tuple(-row)) for row in rows], len(codes))
    assert Preferences.from_codes(codes, K).table.tolist() == counted.tolist()


def test_w_and_friedman_with_missing_ratings_are_scipys_of_the_complete_experts() -> None:
    generator = np.random.default_rng(4)
    codes = generator.integers(0, 9, (12, 300)).astype(np.int8)
    codes[generator.random(codes.shape) < 0.05] = 9 + 2
    complete = (codes < 9).all(axis=0)
    assert 50 < complete.sum() < 290
    known = stats.friedmanchisquare(*codes[:, complete])
    found = concordance.friedman(RankSums.from_codes(codes, 9))
    assert (found.statistic, found.p) == pytest.approx((known.statistic, known.pvalue))


def test_counting_two_at_a_time_is_counting() -> None:
    """Long runs take another way through memory."""
    generator = np.random.default_rng(6)
    codes = generator.integers(0, 16, (3, 250_001)).astype(np.int8)
    table = UnitTable.from_codes(codes, 9)
    assert table.cells.tolist() == [np.bincount(row, minlength=16).tolist() for row in codes]
    for foreign in (-1, 16, 127):
        wrong = codes.copy()
        wrong[1, -1] = foreign
        with pytest.raises(UnknownCode):
            UnitTable.from_codes(wrong, 9)
        wrong = codes[:, :10].copy()
        wrong[1, 3] = foreign
        for make in MAKERS:
            with pytest.raises(UnknownCode):
                make(wrong, 9)


@settings(max_examples=30)
@given(st.integers(8_000, 9_000))
def test_blocks_have_no_seam(experts: int) -> None:
    generator = np.random.default_rng(experts)
    codes = generator.integers(0, 3, (2, experts)).astype(np.int8)
    ranks = stats.rankdata(codes.T, axis=1)
    sums = RankSums.from_codes(codes, 3)
    assert sums.doubled.tolist() == (2 * ranks.sum(axis=0)).tolist()
    assert sums.experts == experts
