"""Bootstrap intervals against scipy's, which resamples the rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import bootstrap, krippendorff
from analysis.statistics.uncertainty import median_at_least

COUNTS = np.asarray([1, 0, 2, 3, 2, 5, 7, 6, 4])
DRAWS = 20_000


def high(rows: Any, axis: int) -> Any:
    return (rows >= 7).mean(axis=axis)


@pytest.mark.parametrize("method", ["percentile", "bca"])
@pytest.mark.parametrize(
    ("ours", "theirs"), [(bootstrap.means(1), np.mean), (bootstrap.shares(6, 8), high)], ids=["mean", "share"]
)
def test_interval_is_that_of_resampled_rows(method: str, ours: bootstrap.Statistic, theirs: Callable[..., Any]) -> None:
    rows = np.repeat(np.arange(1, 10), COUNTS)
    known = stats.bootstrap(
        (rows,), theirs, method="BCa" if method == "bca" else method, n_resamples=DRAWS, rng=np.random.default_rng(1)
    ).confidence_interval
    found = bootstrap.bootstrap_interval(COUNTS, ours, method=method, replicates=DRAWS)
    # One vote of thirty is 0.033; the two sets of draws may differ by half of it.
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=0.02)


def test_acceleration_of_the_mean_is_a_sixth_of_the_skewness() -> None:
    """Efron and Tibshirani (1993, 14.3): for a mean a = sum d^3 / (6 (sum d^2)^1.5)."""
    rows = np.repeat(np.arange(9), COUNTS).astype(float)
    away = rows - rows.mean()
    a = (away**3).sum() / (6 * (away**2).sum() ** 1.5)
    statistic = bootstrap.means()
    drawn = statistic(bootstrap.resampled(COUNTS, DRAWS))
    below = ((drawn < rows.mean()).mean() + (drawn <= rows.mean()).mean()) / 2
    bias = stats.norm.ppf(below)
    z = bias + stats.norm.ppf([0.025, 0.975])
    found = bootstrap.bootstrap_interval(COUNTS, statistic, method="bca", replicates=DRAWS)
    assert (found.low, found.high) == pytest.approx(np.quantile(drawn, stats.norm.cdf(bias + z / (1 - a * z))))


def test_medians_of_tables_are_those_of_rows() -> None:
    generator = np.random.default_rng(3)
    tables = generator.multinomial(11, np.full(5, 0.2), size=40)
    tables = np.vstack((tables, [[1, 0, 0, 0, 10], [5, 0, 0, 0, 6]]))
    rows = [float(np.median(np.repeat(np.arange(1, 6), table))) for table in tables]
    assert bootstrap.medians(1)(tables).tolist() == rows


def test_the_same_table_gives_the_same_interval_whatever_the_method_says() -> None:
    one = bootstrap.bootstrap_interval(COUNTS, bootstrap.means())
    assert one == bootstrap.bootstrap_interval(COUNTS.copy(), bootstrap.means())
    with pytest.raises(ValueError, match="jackknife"):
        bootstrap.bootstrap_interval(COUNTS, bootstrap.means(), method="jackknife")


@pytest.mark.parametrize(("counts", "reason"), [([0, 0, 0], "no_data"), ([0, 9, 0], "no_variation")])
def test_undefined_intervals(counts: list[int], reason: str) -> None:
    for method in ("percentile", "bca"):
        found = bootstrap.bootstrap_interval(counts, bootstrap.means(), method=method)
        assert found == (None, None, reason)


def test_intervals_do_not_grow_with_the_panel_but_shrink() -> None:
    small, large = (bootstrap.bootstrap_interval(COUNTS * times, bootstrap.means()) for times in (1, 10_000))
    assert small.low is not None and small.high is not None
    assert large.low is not None and large.high is not None
    assert large.high - large.low == pytest.approx((small.high - small.low) / 100, rel=0.1)


def test_alpha_over_measures_and_over_experts() -> None:
    generator = np.random.default_rng(2)
    level = generator.integers(2, 8, 20)
    matrix = np.clip(level + generator.integers(-1, 2, (15, 20)), 1, 9).astype(float)
    units = np.asarray([np.bincount(col.astype(int) - 1, minlength=9) for col in matrix.T], float)

    def alpha(units: Any) -> float | None:
        return krippendorff.alpha(units, "ordinal").value

    def of_rows(rows: Any) -> float | None:
        counted = [np.bincount(col.astype(int) - 1, minlength=9) for col in rows.T]
        return alpha(np.asarray(counted, float))

    value = alpha(units)
    assert value is not None
    for interval in (
        bootstrap.over_units(units, alpha, replicates=200),
        bootstrap.over_experts(matrix, of_rows, replicates=200),
    ):
        assert interval.low is not None and interval.high is not None
        assert interval.low < value + 0.1 and interval.high > value - 0.1
        assert interval.low < interval.high
    shuffled = generator.permutation(matrix)
    assert bootstrap.over_experts(shuffled, of_rows, replicates=50) == bootstrap.over_experts(
        matrix, of_rows, replicates=50
    )
    assert bootstrap.over_units(units[:1], alpha).reason == "no_data"


def test_bootstrap_and_posterior_say_the_same_of_a_large_panel() -> None:
    """Two roads to P(median >= 6): draws of the panel, and the exact beta tail."""
    counts = COUNTS * 3
    drawn = bootstrap.medians()(bootstrap.resampled(counts, DRAWS))
    exact = median_at_least(counts, 6, 1 / 9).value
    assert exact is not None
    assert float((drawn >= 6).mean()) == pytest.approx(exact, abs=0.12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=9))
def test_any_histogram_has_an_interval_or_a_reason(counts: list[int]) -> None:
    for statistic in (bootstrap.means(), bootstrap.medians(), bootstrap.shares(0, 0)):
        for method in ("percentile", "bca"):
            found = bootstrap.bootstrap_interval(counts, statistic, method=method, replicates=100)
            assert (found.low is None) == (found.reason is not None)
            if found.low is not None and found.high is not None:
                assert found.low <= found.high
