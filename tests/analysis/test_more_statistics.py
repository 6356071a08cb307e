"""Statistics beyond the golden cases, against published values, scipy, and brute force."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.protocol.scales import Band
from analysis.statistics import (
    conger,
    content_validity,
    descriptive,
    friedman_tests,
    kemeny,
    ordinal,
    ranking,
    stability,
    top,
    uncertainty,
)
from analysis.tables.panels import CrossProducts
from tests.analysis.ballots import Ballot, preferences

BALLOT = st.integers(1, 5).flatmap(
    lambda n: st.lists(
        st.lists(st.one_of(st.integers(1, n), st.none()), min_size=n, max_size=n), min_size=1, max_size=6
    )
)


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17:873-890, Table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_difference_of_shares(x1: int, n1: int, x2: int, n2: int, low: float, high: float) -> None:
    found = uncertainty.newcombe_difference(x1, n1, x2, n2)
    assert found[:2] == pytest.approx((low, high), abs=6e-5)


def test_difference_of_shares_of_nobody() -> None:
    assert uncertainty.newcombe_difference(1, 2, 0, 0).reason == "no_data"


@pytest.mark.parametrize(
    ("n", "critical"), [(5, 1.0), (8, 0.75), (10, 0.8), (15, 0.6), (20, 0.5), (30, 0.333), (40, 0.3)]
)
def test_critical_content_validity_ratio(n: int, critical: float) -> None:
    """Ayre and Scally (2014), Table 2."""
    assert content_validity.critical_ratio(n).value == pytest.approx(critical, abs=5e-4)


@pytest.mark.parametrize(
    ("relevant", "n", "kappa"),
    [
        (3, 3, 1.0),
        (2, 3, 0.47),
        (4, 4, 1.0),
        (3, 4, 0.67),
        (4, 5, 0.76),
        (5, 6, 0.816),
        (6, 7, 0.849),
        (6, 8, 0.719),
        (7, 9, 0.761),
    ],
)
def test_modified_kappa(relevant: int, n: int, kappa: float) -> None:
    """Polit, Beck and Owen (2007), Table 2."""
    found = content_validity.modified_kappa(relevant, n).value
    assert found == pytest.approx(kappa, abs=6e-3)


def test_content_validity_of_items_and_scales() -> None:
    assert content_validity.item_validity(5, 6).value == pytest.approx(0.8333, abs=1e-4)
    assert content_validity.scale_validity([(5, 6), (6, 6)]).value == pytest.approx(11 / 12)
    assert content_validity.universal_validity([(5, 6), (6, 6)]).value == 0.5
    assert content_validity.content_ratio(9, 10).value == pytest.approx(0.8)
    assert content_validity.aiken_v([0, 0, 0, 2, 8]).value == pytest.approx(0.95)
    assert content_validity.aiken_v([0, 0]).reason == "no_data"
    assert content_validity.aiken_v([3]).reason == "scale_too_short"
    assert content_validity.critical_ratio(4).reason == "scale_too_short"
    for undefined in (
        content_validity.item_validity(0, 0),
        content_validity.scale_validity([]),
        content_validity.universal_validity([]),
        content_validity.modified_kappa(0, 0),
        content_validity.content_ratio(0, 0),
        content_validity.critical_ratio(0),
    ):
        assert undefined == (None, "no_data")


def test_light_is_the_mean_of_cohens_kappas() -> None:
    generator = np.random.default_rng(8)
    matrix = generator.integers(1, 5, (4, 15)).astype(float)
    matrix[0, 3] = matrix[2, 7] = np.nan
    kappas = []
    for one, two in itertools.combinations(matrix, 2):
        both = ~np.isnan(one) & ~np.isnan(two)
        table = np.zeros((4, 4), np.int64)
        np.add.at(table, ((one[both] - 1).astype(int), (two[both] - 1).astype(int)), 1)
        kappas.append(stability.kappa(table, "unweighted").value)
    assert conger.light(matrix, 1, 4).value == pytest.approx(np.mean(kappas))
    assert conger.light(np.ones((3, 4)), 1, 4).reason == "no_pairs"


def test_share_near_the_median() -> None:
    """Everybody by hand: median 3 of 1, 3, 3, 4."""
    assert descriptive.share_near_median([1, 0, 2, 1]).value == 0.75
    assert descriptive.share_near_median([1, 0, 2, 1], 2).value == 1.0
    # median 2.5: one half point away is within one, one and a half is not
    assert descriptive.share_near_median([1, 1, 1, 1], 1).value == 0.5
    assert descriptive.share_near_median([0, 0]).reason == "no_data"
    assert descriptive.net_agreement(15, 3, 20).value == pytest.approx(0.6)
    assert descriptive.net_agreement(0, 0, 0).reason == "no_data"


def test_moves_towards_what_was_shown() -> None:
    both = np.zeros((9, 9), np.int64)
    both[1, 4] = 3  # 2 to 5, shown 6: nearer
    both[8, 6] = 2  # 9 to 7: nearer
    both[5, 3] = 1  # 6 to 4: away
    both[4, 6] = 4  # 5 to 7: as far as before
    both[2, 2] = 9
    assert stability.conformity(both, 6, 1).value == pytest.approx(0.5)
    assert stability.conformity(np.diag([3, 4]), 1, 1).reason == "no_pairs"


def test_variance_ratio_of_resampled_pairs() -> None:
    """Against scipy, which draws the pairs themselves."""
    generator = np.random.default_rng(9)
    earlier = generator.integers(1, 10, 60)
    later = np.clip(np.rint(5 + (earlier - 5) * 0.5 + generator.normal(0, 1, 60)), 1, 9)
    table = np.zeros((9, 9), np.int64)
    np.add.at(table, (earlier - 1, later.astype(int) - 1), 1)
    known = stats.bootstrap(
        (earlier, later),
        lambda x, y, axis: y.var(axis=axis) / x.var(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=5000,
        rng=np.random.default_rng(0),
    ).confidence_interval
    found = stability.variance_ratio_interval(table)
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=0.05)
    assert stability.variance_ratio_interval(np.diag([1, 0])).reason == "no_pairs"
    assert stability.variance_ratio_interval(np.asarray([[3, 3], [0, 0]])).reason == "no_variation"


def test_w_by_drawn_permutations_is_near_the_exact_one() -> None:
    generator = np.random.default_rng(10)
    matrix = (np.arange(4) + generator.normal(0, 2, (4, 4))).argsort(axis=1).astype(float)
    exact = friedman_tests.exact_permutation_p(matrix).value
    drawn = friedman_tests.permutation_p(matrix, 4_999).value
    assert exact is not None and drawn == pytest.approx(exact, abs=0.02)
    assert drawn == friedman_tests.permutation_p(matrix[::-1], 4_999).value
    assert friedman_tests.permutation_p(matrix[:1]).reason == "n_below_minimum"


def _every_optimum(table: Any) -> tuple[float, list[tuple[int, ...]]]:
    orders = list(itertools.permutations(range(len(table))))
    distances = [kemeny.kemeny_distance(order, table) for order in orders]
    least = min(distances)
    near = zip(orders, distances, strict=True)
    return least, [order for order, distance in near if abs(distance - least) < 1e-9]


@given(BALLOT)
def test_kemeny_finds_every_optimum(rows: list[list[int | None]]) -> None:
    """Ties and incomplete ballots too: against trying all orders."""
    ranks = [tuple(float("nan") if r is None else float(r) for r in row) for row in rows]
    table = preferences([Ballot(1, row) for row in ranks], len(rows[0]))
    found = kemeny.kemeny(table)
    distance, orders = _every_optimum(table)
    assert (found.distance, found.orders, found.complete) == (distance, sorted(orders), True)
    assert found.bound is not None and found.bound <= distance


def test_kemeny_of_many_measures() -> None:
    generator = np.random.default_rng(11)
    truth = np.arange(30)
    ballots = [Ballot(1, tuple((truth + generator.normal(0, 3, 30)).argsort().argsort() + 1.0)) for _ in range(21)]
    table = preferences(ballots, 30)
    found = kemeny.kemeny(table)
    assert found.reason is None and found.distance == kemeny.kemeny_distance(found.orders[0], table)
    for order in found.orders:  # no swap of neighbours may gain
        for at in range(29):
            swapped = [*order[:at], order[at + 1], order[at], *order[at + 2 :]]
            assert kemeny.kemeny_distance(swapped, table) >= found.distance
    chaos = [Ballot(1, tuple(generator.permutation(20) + 1.0)) for _ in range(3)]
    knot = kemeny.kemeny(preferences(chaos, 20))
    assert knot.reason == "too_large" and not knot.complete
    assert knot.bound is not None and knot.distance is not None and knot.bound < knot.distance


def test_bradley_terry_maximises_the_likelihood() -> None:
    """No strengths nearby do better."""
    table = np.asarray([[0, 7, 9, 7], [6, 0, 7, 5], [4, 6, 0, 7], [6, 8, 6, 0]], dtype=float)
    strength = ranking.bradley_terry(table)
    assert strength is not None and sum(strength) == pytest.approx(1)

    def likelihood(s: Any) -> float:
        return float((table * np.log(s[:, None] / (s[:, None] + s[None, :]))).sum())

    best = likelihood(np.asarray(strength))
    for at, step in itertools.product(range(4), (0.99, 1.01)):
        moved = np.asarray(strength)
        moved[at] *= step
        assert likelihood(moved) < best
    assert ranking.bradley_terry(np.asarray([[0.0, 3], [1, 0]])) == pytest.approx([0.75, 0.25])
    assert ranking.bradley_terry(np.asarray([[0.0, 3], [0, 0]])) is None
    assert ranking.bradley_terry(np.empty((0, 0))) is None


def test_top_of_large_panels_is_that_of_resampling() -> None:
    generator = np.random.default_rng(12)
    codes = np.clip(np.rint(generator.normal([[4.0], [4.2], [4.3], [5.0]], 2, (4, 400))), 0, 8)
    sums = CrossProducts.from_codes(codes.astype(np.int8), 9)
    normal = top.top_of_sums(sums, 2)
    assert normal == pytest.approx(top.top_probabilities(codes.T, 2), abs=0.02)
    assert sum(normal) == pytest.approx(2)
    assert top.top_of_sums(CrossProducts.empty(3), 1) == []


def test_places_and_higher_means_under_resampling() -> None:
    """Two experts, two measures: the four resamples can be written down."""
    matrix = np.asarray([[5.0, 3.0], [3.0, 4.0]])
    # first twice: 10 to 6; one each (two ways): 8 to 7; second twice: 6 to 8
    assert np.asarray(top.higher_probabilities(matrix)) == pytest.approx(np.asarray([[0.5, 0.75], [0.25, 0.5]]))
    assert top.mean_rank_intervals(matrix) == [(1, 2, None), (1, 2, None)]
    assert top.mean_rank_intervals(matrix, 0.4) == [(1, 1, None), (2, 2, None)]
    assert top.higher_probabilities(np.empty((0, 2))) == []
    assert top.mean_rank_intervals(np.empty((0, 2))) == []


def test_quadrants_are_products_of_beta_tails() -> None:
    one, two = [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]
    found = uncertainty.quadrants(one, two, (3, 3))
    high = stats.beta.cdf(0.5, 6 + 3 / 5, 9 + 2 / 5)
    low = stats.beta.cdf(0.5, 12 + 3 / 5, 3 + 2 / 5)
    assert found["high_low"] == pytest.approx(high * (1 - low))
    assert sum(found.values()) == pytest.approx(1)


@given(st.lists(st.integers(0, 6), min_size=9, max_size=9))
def test_bands_are_counted_as_if_their_points_were_one(counts: list[int]) -> None:
    """Birko et al. (2015): the clustered indices are those of the experts' clusters."""
    bands = (Band("low", 1, 3), Band("middle", 4, 6), Band("high", 7, 9))
    placed = [band for point, count in enumerate(counts) for band in [point // 3] * count]
    pairs = list(itertools.combinations(placed, 2))
    mode = ordinal.clustered_mode(counts, bands)
    alike = ordinal.clustered_pairwise_agreement(counts, bands)
    if not placed:
        assert mode.reason == alike.reason == "no_data"
        return
    assert mode.value == pytest.approx(max(placed.count(b) for b in range(3)) / len(placed))
    if not pairs:
        assert alike.reason == "n_below_minimum"
        return
    assert alike.value == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
