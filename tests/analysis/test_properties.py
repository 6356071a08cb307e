"""What must hold for any ratings: tables add, people have no order, nothing valid raises."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.floors import release
from analysis.model.writer import stored
from analysis.result.stage import stage_result
from analysis.statistics import (
    agreement,
    appropriateness,
    association,
    attrition,
    change,
    concordance,
    conger,
    descriptive,
    dip,
    friedman_tests,
    homogeneity,
    intraclass,
    kemeny,
    krippendorff,
    mann_whitney,
    multinomial,
    ordinal,
    ordinal_variation,
    panel_rule,
    polarisation,
    rwg,
    spread,
    stability,
    subgroups,
    top,
    uncertainty,
)
from analysis.tables.histograms import STATES, Histogram, total
from analysis.tables.pairs import PairTable
from tests.analysis.consultation import PROTOCOL, measure, reask, stage, variable

K = 9
CODES = st.lists(st.integers(0, K + STATES - 1), max_size=40)
COUNTS = st.lists(st.integers(0, 6), min_size=1, max_size=K)
TABLES = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 4), min_size=k, max_size=k), min_size=k, max_size=k).map(
        lambda rows: np.asarray(rows, dtype=np.int64)
    )
)
MATRICES = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(1, 5), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    ).map(lambda rows: np.asarray(rows, dtype=np.float64))
)

OF_COUNTS: list[Callable[[Any], Any]] = [
    descriptive.median,
    descriptive.mean,
    descriptive.variance,
    descriptive.deviation,
    lambda counts: descriptive.variation(counts, 1),
    descriptive.modes,
    descriptive.median_deviation,
    descriptive.mean_deviation,
    descriptive.extremes,
    descriptive.hinges,
    *[lambda counts, kind=kind: descriptive.quartiles(counts, kind) for kind in range(1, 10)],
    ordinal.agreement,
    ordinal.polarisation,
    ordinal.consensus,
    ordinal.leik,
    ordinal_variation.concentration_root,
    ordinal_variation.ordinal_variation,
    ordinal_variation.kvalseth,
    ordinal_variation.reardon,
    ordinal_variation.entropy,
    ordinal.nominal_polarisation,
    ordinal.pairwise_agreement,
    lambda counts: ordinal.agreement_with(counts, 0),
    lambda counts: appropriateness.ipras(counts, 1, len(counts)),
    panel_rule.thirds,
    panel_rule.outside_median_region,
    panel_rule.agrees_by_panel_rule,
    panel_rule.disagrees_by_panel_rule,
    polarisation.skewness,
    polarisation.excess_kurtosis,
    polarisation.bimodality,
    polarisation.population_bimodality,
    polarisation.dajani_level,
    lambda counts: rwg.r_wg(counts, rwg.uniform_variance(len(counts))),
    lambda counts: rwg.a_wg(counts, 1),
    rwg.mean_distance,
    multinomial.goodman,
    multinomial.sison_glaz,
    lambda counts: uncertainty.median_at_least(counts, 1),
    dip.dip_of_counts,
]
OF_TABLES: list[Callable[[Any], Any]] = [
    stability.share_unchanged,
    stability.share_within,
    stability.mean_shift,
    stability.net_change,
    stability.kappa,
    stability.kappa_error,
    lambda table: stability.variation_change(table, 1),
    lambda table: change.wilcoxon(change.table_moves(table)),
    lambda table: change.wilcoxon(change.table_moves(table), pratt=True, exact=False),
    lambda table: change.sign_test(change.table_moves(table)),
    homogeneity.stuart_maxwell,
    homogeneity.bhapkar,
    homogeneity.bowker,
    homogeneity.bowker_pairs,
    homogeneity.ordinal_shift,
    homogeneity.individual_stability,
    homogeneity.group_stability,
    *[
        lambda table, method=method: homogeneity.mcnemar(table[:2, :2], method)
        for method in ("chi2", "corrected", "exact", "mid")
    ],
    lambda table: association.pearson(association.joint(table)),
    lambda table: association.spearman(association.joint(table)),
    lambda table: association.kendall_tau_b(association.joint(table)),
    lambda table: association.goodman_kruskal_gamma(association.joint(table)),
    lambda table: association.predictability(association.joint(table)),
    lambda table: association.variance_ratio(association.joint(table)),
    lambda table: association.pitman_morgan(association.joint(table)),
    lambda table: mann_whitney.mann_whitney(table[0], table[1]),
    lambda table: mann_whitney.mann_whitney_exact(table[0], table[1]),
    subgroups.kruskal_wallis,
    spread.levene,
    spread.fligner_killeen,
    lambda table: subgroups.hedges_g(table[0], table[1]),
    lambda table: krippendorff.alpha(table.astype(float)),
    lambda table: agreement.gwet(table.astype(float)),
    lambda table: agreement.fleiss(table.astype(float)),
    lambda table: agreement.brennan_prediger(table.astype(float)),
    lambda table: kemeny.kemeny(table.astype(float)),
    lambda table: attrition.leaving(PairTable.of(table), 1),
]
OF_MATRICES: list[Callable[[Any], Any]] = [
    lambda matrix: concordance.kendall_w(concordance.rank_sums(matrix)).value,
    lambda matrix: friedman_tests.w_f_test(concordance.rank_sums(matrix)).statistic,
    lambda matrix: concordance.friedman(concordance.rank_sums(matrix)).p,
    lambda matrix: friedman_tests.mean_spearman(matrix).value,
    lambda matrix: intraclass.intraclass(matrix, "ICC2k").value,
    lambda matrix: intraclass.intraclass(matrix, "ICC1").value,
    lambda matrix: conger.conger(matrix, 1, 5, "quadratic").value,
    lambda matrix: krippendorff.alpha(agreement.units_of(matrix, 1, 5)).value,
]


def _finite(found: Any) -> bool:
    if isinstance(found, tuple | list):
        return all(_finite(part) for part in found)
    return not isinstance(found, float) or bool(np.isfinite(found))


@given(CODES, st.data())
def test_tables_of_any_split_add_to_the_whole(codes: list[int], data: st.DataObject) -> None:
    array = np.asarray(codes, dtype=np.int8)
    part = np.asarray(data.draw(st.lists(st.integers(0, 2), min_size=len(codes), max_size=len(codes))))
    parts = [array[part == p] if codes else array for p in range(3)]
    whole = Histogram.from_codes(array, K)
    if codes:
        assert total([Histogram.from_codes(p, K) for p in parts]) == whole
    rows = [(int(code), 1) for code in codes]
    assert Histogram.from_rows(rows, K) == whole
    later = array[::-1]
    pairs = PairTable.from_codes(array, later, K)
    pieces = PairTable.empty(K)
    for p in range(3):
        if codes:
            pieces = pieces + PairTable.from_codes(array[part == p], later[part == p], K)
    assert pieces == pairs
    assert pairs.earlier == whole == pairs.later


@settings(deadline=None)
@given(COUNTS)
def test_no_histogram_raises_or_gives_nan(counts: list[int]) -> None:
    for statistic in OF_COUNTS:
        assert _finite(statistic(counts)), statistic


@settings(deadline=None)
@given(TABLES)
def test_no_pair_table_raises_or_gives_nan(table: Any) -> None:
    for statistic in OF_TABLES:
        assert _finite(statistic(table)), statistic


@settings(deadline=None)
@given(MATRICES, st.randoms(use_true_random=False))
def test_experts_have_no_order(matrix: Any, random: Any) -> None:
    order = list(range(matrix.shape[0]))
    random.shuffle(order)
    for statistic in OF_MATRICES:
        one, other = statistic(matrix), statistic(matrix[order])
        assert _finite(one)
        if one is None or other is None:
            assert one is other
        else:
            assert one == pytest.approx(other, rel=1e-8, abs=1e-8)


@settings(deadline=None, max_examples=25)
@given(MATRICES, st.randoms(use_true_random=False))
def test_top_probabilities_have_no_order_and_fill_k_places(matrix: Any, random: Any) -> None:
    order = list(range(matrix.shape[0]))
    random.shuffle(order)
    k = min(2, matrix.shape[1])
    found = top.top_probabilities(matrix, k)
    assert sum(found) == pytest.approx(k)
    assert found == pytest.approx(top.top_probabilities(matrix[order], k))


def test_top_probabilities_of_a_large_panel_are_seeded_from_its_ratings() -> None:
    matrix = np.random.default_rng(7).integers(1, 10, (30, 4)).astype(float)
    again = top.top_probabilities(matrix[::-1], 2)
    assert top.top_probabilities(matrix, 2) == again
    assert sum(again) == pytest.approx(2)


@given(st.lists(st.integers(0, 50), min_size=3, max_size=K), st.integers(1, 1000))
def test_indices_depend_on_shares_only(counts: list[int], times: int) -> None:
    more = [times * count for count in counts]
    for index in (ordinal.agreement, ordinal.consensus, ordinal.leik, ordinal_variation.reardon):
        one, other = index(counts).value, index(more).value
        assert one == pytest.approx(other, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=25), st.integers(0, 5))
def test_any_round_has_a_result_without_order(pairs: list[tuple[int, int]], more: int) -> None:
    def result(people: list[tuple[int, int]]) -> str:
        rated = measure("M01", [b for _, b in people], [a for a, _ in people])
        given_stage = stage(
            rated,
            submitted=len(people) + more,
            variables=(variable("PRE-20.x", *[a for a, _ in people]),),
            pairs=(reask(people),),
            picks=(("M01", len(people)),),
        )
        frozen = stage_result(PROTOCOL, given_stage)
        stored(release(frozen, PROTOCOL.disclosure))
        return stored(frozen)

    assert result(pairs) == result(sorted(pairs, reverse=True))
