"""Where well-known implementations go wrong: their value is stated, ours differs and is right."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    agreement,
    appropriateness,
    change,
    concordance,
    descriptive,
    dip,
    homogeneity,
    intraclass,
    mann_whitney,
    multinomial,
    opinions,
    polarisation,
    stability,
)
from tests.analysis.cases import Case, load, matches, traps
from tests.analysis.mapping import COMPUTE
from tests.analysis.shapes import value_of

CASES = load()
BY_NAME = {case.name: case for case in CASES}
# The names under which traps speak of a statistic, where they differ from the golden ones.
NAMES = {"ICC2k CI": "ICC2k_ci95", "sison-glaz": "sison_glaz95", "W": "W_tie_corrected"}
NAMED = {
    "type3 (closest_observation)",
    "skew/kurtosis(bias=False)",
    "IPRr",
    "side effect",
    "wilcoxon p",
    "wilcoxon all-zero differences",
    "fleiss",
    "AC1_observed_categories",
    "brennan_prediger_observed_categories",
}
STATED = [
    (case, told)
    for case in CASES
    for told in case.content.get("disagreements", [])
    if NAMES.get(told["stat"], told["stat"]) in COMPUTE
]


@pytest.mark.parametrize(("case", "told"), STATED, ids=[f"{c.name}:{t['peer'][:20]}:{t['stat']}" for c, t in STATED])
def test_peer_value_is_not_ours(case: Case, told: dict[str, Any]) -> None:
    statistic = NAMES.get(told["stat"], told["stat"])
    ours = value_of(COMPUTE[statistic](case))
    wrong = told["value"]
    golden = case.content["expected"].get(statistic)
    assert matches(ours, golden, case.tolerance(statistic))
    if isinstance(wrong, dict):  # irr's Stuart-Maxwell: a dropped category shows in df or value
        df = int(wrong["df"].removeprefix("Chisq(").rstrip(")"))
        test = homogeneity.stuart_maxwell(case.table)
        assert (test.statistic, test.df) != (wrong["stat"], df) or matches(test.p, wrong["p"], 1e-6)
    elif isinstance(wrong, list) and not isinstance(golden, list):
        assert not matches(ours, wrong[0], 1e-6)
    elif golden is not None and not _equal_by_chance(case, told):
        assert not matches(ours, wrong, 1e-9)


def _equal_by_chance(case: Case, told: dict[str, Any]) -> bool:
    """Without ties both Kendall forms agree; psych's and irr's intervals meet on some data."""
    golden = case.content["expected"].get(NAMES.get(told["stat"], told["stat"]))
    return bool(matches(told["value"], golden, 1e-9)) and told["stat"] in ("W", "ICC2k CI")


def test_every_trap_of_a_statistic_is_covered() -> None:
    told = {stat for trap in traps()["from_cases"] for stat in trap["stats"]}
    stated = {told["stat"] for _, told in STATED}
    assert told <= stated | NAMED


def test_numpy_1_type_3_rounds_to_the_wrong_neighbour() -> None:
    # numpy 1.26 "closest_observation" says 7 for the median of this histogram; R says 6
    case = BY_NAME["quant_rand_9pt_n25"]
    wrong = 7
    ours = value_of(COMPUTE["type3"](case))["p50"]
    assert ours == 6 != wrong


def test_scipy_falls_back_to_biased_skewness() -> None:
    wrong_skew, wrong_kurtosis = 0.0, -2.0  # scipy, bias=False, of two answers
    counts = [1, 0, 0, 0, 0, 0, 1]
    assert polarisation.skewness(counts).value is None
    assert polarisation.excess_kurtosis(counts).value is None
    assert polarisation.skewness(counts, corrected=False).value == wrong_skew
    assert polarisation.excess_kurtosis(counts, corrected=False).value == wrong_kurtosis


def test_iprr_is_235_hundredths() -> None:
    wrong = 2.5 + 2.5 * 1.5  # the constant the paper prints
    found = appropriateness.ipras([0, 0, 0, 1, 1, 1, 5, 5, 2])
    assert float(found.ipras or 0) == 6.1 != wrong


def test_opinion_tests_leave_their_inputs_alone() -> None:
    votes = np.asarray([[1.0, -1.0], [0.0, np.nan], [1.0, 1.0]])
    counts = opinions.votes_by_group(votes, np.asarray([0, 0, 1]))
    before = counts.sides.copy()
    opinions.representativeness_tests(counts)
    assert np.array_equal(counts.sides, before)  # red-dwarf adds 1 to its inputs in place


def test_wilcoxon_does_not_depend_on_a_library_default() -> None:
    case = BY_NAME["paired_pair_to_unanimity_n9"]
    told = next(t for t in case.content["disagreements"] if t["stat"] == "wilcoxon p")
    old, new = told["value"]  # the same call in scipy 1.12 and 1.17
    moves = change.table_moves(case.table)
    assert change.wilcoxon(moves).p == new != old
    assert change.wilcoxon(moves, exact=False).p == pytest.approx(old)


def test_nobody_moved_has_no_p_value() -> None:
    wrong = (1.0, 0.00195)  # scipy: auto, and pratt exact with ten pairs
    test = change.wilcoxon(change.table_moves(np.diag([5, 5])))
    assert test.p is None
    assert test.p not in wrong
    assert test.reason == "no_change"


def test_fleiss_keeps_measures_with_missing_ratings() -> None:
    case = BY_NAME["mra_rand_9pt_25x20_missing10"]
    listwise = value_of(COMPUTE["_irr_kappam_fleiss_listwise"](case))
    ours = agreement.fleiss(case.units).value
    assert ours is not None
    assert listwise is None or abs(ours - listwise) > 1e-3


def test_agreement_without_variation_is_undefined_not_one() -> None:
    wrong = 1.0  # irrCAC for Python, on the categories anybody used
    units = agreement.observed_categories(np.asarray([[0.0, 5.0, 0.0]] * 4))
    for coefficient in (agreement.gwet, agreement.fleiss, agreement.brennan_prediger):
        found = coefficient(units)
        assert found.value is None
        assert found.value != wrong
        assert found.reason == "no_variation"
    declared = np.asarray([[0.0, 5.0, 0.0]] * 4)
    assert agreement.gwet(declared).value == 1.0
    assert agreement.brennan_prediger(declared).value == 1.0
    assert agreement.fleiss(declared).value is None


def test_quadratic_weights_stand_on_the_declared_scale() -> None:
    case = BY_NAME["paired_pair_gap_category_n12"]
    used = np.flatnonzero(case.table.sum(axis=0) + case.table.sum(axis=1))
    wrong = stability.kappa(case.table[np.ix_(used, used)]).value
    assert wrong == pytest.approx(0.8)  # irr and scikit-learn close the gap in the scale
    assert stability.kappa(case.table).value == pytest.approx(case.content["expected"]["kappa_quadratic"])
    assert stability.kappa(case.table).value != pytest.approx(wrong)


def test_categories_with_equal_totals_stay_in_stuart_maxwell() -> None:
    table = np.asarray([[4, 3, 0], [1, 5, 2], [2, 0, 6]])
    assert table.sum(axis=0).tolist() == [7, 8, 8] == table.sum(axis=1).tolist()[:3]
    # irr would delete all three and have nothing left
    found = homogeneity.stuart_maxwell(table)
    assert (found.statistic, found.df) == (0.0, 2)


def test_two_sided_is_distance_from_the_expectation() -> None:
    first, second = [4, 0, 0, 1, 3], [0, 6, 1, 0, 0]
    p = mann_whitney.mann_whitney_exact(first, second).p
    u, n1, n2 = mann_whitney.mann_whitney_u(first, second), 8, 7
    lower = u > n1 * n2 / 2
    one_sided = _tail(first, second, upper=lower)
    assert p is not None
    assert p != pytest.approx(min(1.0, 2 * one_sided))  # exactRankTests doubles the smaller tail


def _tail(first: list[int], second: list[int], upper: bool) -> float:
    pooled = [c for c, n in enumerate(np.add(first, second).tolist()) for _ in range(n)]
    ranks = concordance.row_midranks(np.asarray([pooled], dtype=float))[0]
    n1 = sum(first)
    sums = np.asarray([ranks[list(chosen)].sum() for chosen in combinations(range(len(ranks)), n1)])
    u = mann_whitney.mann_whitney_u(first, second) + n1 * (n1 + 1) / 2
    return float((sums >= u - 1e-9).mean() if upper else (sums <= u + 1e-9).mean())


def test_sison_glaz_survives_one_crowded_cell() -> None:
    wrong = (0.0, 1.0)  # statsmodels, for every cell
    found = multinomial.sison_glaz([1, 0, 0, 0, 0, 0, 0, 0, 24])
    assert all((interval.low, interval.high) != wrong for interval in found)


def test_dip_has_a_floor() -> None:
    wrong = 0.0  # diptest for Python, of constant data
    assert dip.dip([3] * 10).value == 1 / 20 != wrong


def test_shrout_fleiss_and_mcgraw_wong_limits_have_names() -> None:
    case = BY_NAME["icc_irr_anxiety_3x20"]
    one = intraclass.intraclass(case.matrix, "ICC2k").interval
    other = intraclass.spearman_brown_limits(case.matrix)
    assert one.low != pytest.approx(other.low)


def test_order_statistic_never_leaves_the_scale() -> None:
    assert descriptive.order_statistic([2, 1], 99) == 1
