"""The traps of literature and tools, one test each: the wrong value stated, ours asserted."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import analysis
from analysis.model.criterion import CountedIn
from analysis.protocol.protocol import Band, ConsensusRule, DissentRule, Quantiles, Scale, ShareClause
from analysis.protocol.states import Verdict
from analysis.statistics import (
    appropriateness,
    change,
    concordance,
    descriptive,
    dip,
    homogeneity,
    intraclass,
    krippendorff,
    ordinal,
    panel_rule,
    polarisation,
    stability,
)
from analysis.tables.histograms import Histogram
from analysis.verdict.consensus import judge
from analysis.verdict.outcome import is_dissent
from tests.analysis import test_traps_told
from tests.analysis.cases import load, traps

BY_NAME = {case.name: case for case in load()}
NINE = Scale("S", 1, 9, (Band("low", 1, 3), Band("middle", 4, 6), Band("high", 7, 9)))
SHROUT_FLEISS = np.asarray(
    [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], dtype=float
)


def test_every_told_trap_has_a_test() -> None:
    told = {trap["id"].lower() for trap in traps()["manual"]}
    tests = {name.split("_")[1] for name in vars(test_traps_told) if re.match(r"test_m\d+_", name)}
    assert told <= tests


def test_m1_iprr_is_not_2_5() -> None:
    wrong = Fraction("2.5") + Fraction("3.75")
    found = appropriateness.ipras([0, 0, 0, 1, 1, 1, 5, 5, 2]).ipras
    assert found == Fraction("6.1") != wrong


def test_m2_percentiles_are_the_30th_and_70th() -> None:
    counts = [0, 0, 0, 1, 1, 1, 5, 5, 2]
    low, high = (descriptive.quantile(counts, Fraction(p, 10), 2, 1) for p in (1, 9))
    assert low is not None
    assert high is not None
    wrong = high - low
    assert appropriateness.ipras(counts).ipr == 1 != wrong == 4


@pytest.mark.parametrize(("n", "wrong", "right"), [(10, 4, 3), (13, 5, 4), (16, 6, 5)])
def test_m3_panel_rule_is_not_a_third(n: int, wrong: int, right: int) -> None:
    assert -(-n // 3) == wrong
    assert panel_rule.panel_rule(n).disagreement_at_least == right


def test_m4_half_medians_are_not_rounded() -> None:
    counts = [0, 0, 0, 0, 0, 4, 4, 0, 0]
    assert descriptive.median(counts, 1).value == 6.5
    assert appropriateness.classify(counts, False) == "uncertain"
    assert appropriateness.classify(counts, False, "up") == "appropriate"


def test_m5_quantile_type_can_flip_an_iqr_rule() -> None:
    counts = [1, 1, 3, 5]
    wrong, ours = (descriptive.interquartile_range(counts, kind) for kind in (6, 7))
    assert wrong == Fraction(5, 4)
    assert ours == 1
    assert wrong > 1 >= ours


def test_m6_denominator_decides_and_is_named() -> None:
    rule = ConsensusRule(minimum_n=10)
    table = Histogram.of([0, 0, 0, 0, 0, 4, 6, 6, 0], {"dont_know": 1})
    found = judge(rule, NINE, Quantiles(), table, 17, 1)
    assert found.numbers.denominator == "rated"
    assert found.verdict == "in"  # 12 of 16
    assert found.with_no_opinions == CountedIn(verdict=Verdict.NONE, flips=True)  # 12 of 17


def test_m7_intervals_are_not_rounded() -> None:
    interval = intraclass.intraclass(SHROUT_FLEISS, "ICC2k").interval
    assert interval.low is not None
    wrong = round(interval.low, 2)
    assert interval.low != wrong


def test_m8_df_is_the_rank_of_the_covariance() -> None:
    table = np.asarray([[5, 2, 0], [1, 6, 0], [0, 0, 4]])
    wrong = table.shape[0] - 1
    assert homogeneity.stuart_maxwell(table).df == 1 != wrong


def test_m9_constant_ratings_have_no_intraclass_correlation() -> None:
    constant = np.full((3, 5), 4.0)
    raters = np.repeat([[1.0], [3.0], [5.0]], 5, axis=1)  # psych: -5.7e30
    for form in ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"):
        assert intraclass.intraclass(constant, form).value is None
        assert intraclass.intraclass(raters, form).reason == "no_variation"


def test_m10_bimodality_is_of_ratings_with_the_sample_term() -> None:
    case = BY_NAME["polar_rand_9pt_n9"]
    wrong = polarisation.population_bimodality(case.counts).value
    ours = polarisation.bimodality(case.counts).value
    of_frequencies = polarisation.bimodality(np.bincount(case.counts)).value
    assert ours == pytest.approx(case.content["expected"]["bimodality_coefficient"])
    assert ours != pytest.approx(wrong)
    assert ours != pytest.approx(of_frequencies)


def test_m11_no_half_is_added_to_empty_cells() -> None:
    table = BY_NAME["paired_pair_9pt_n25_shift"].table
    used = np.flatnonzero(table.sum(axis=0) + table.sum(axis=1))
    square = table[np.ix_(used, used)].astype(float)
    square[square == 0] = 0.5
    wrong = homogeneity.stuart_maxwell(square).statistic
    assert wrong == pytest.approx(1.1059596472908548, rel=1e-6)
    assert homogeneity.stuart_maxwell(table).statistic == pytest.approx(9.70212765957447)


def test_m12_weights_use_the_declared_scale() -> None:
    table = np.zeros((9, 9), np.int64)
    table[0, 0] = table[0, 1] = table[1, 8] = table[8, 8] = 3
    used = [0, 1, 8]
    wrong = stability.kappa(table[np.ix_(used, used)]).value
    ours = stability.kappa(table).value
    assert wrong == pytest.approx(9 / 13)
    assert ours == pytest.approx(27 / 47)


def test_m13_w_uses_the_mean_rank_sum() -> None:
    matrix = BY_NAME["kendall_exact_perm_no_ties_4x5"].matrix
    wrong = 0.73
    w = concordance.kendall_w(concordance.rank_sums(matrix)).value
    assert w == pytest.approx(0.7625)
    assert w != pytest.approx(wrong)


def test_m14_attrition_is_not_credited_to_a_paper_on_feedback() -> None:
    root = Path(analysis.__file__).parent
    wrong = "Barrios"
    for path in (root / "result" / "criterion.py", root / "statistics" / "attrition.py"):
        text = path.read_text(encoding="utf-8")
        assert wrong not in text
    assert "COMET" in (root / "statistics" / "attrition.py").read_text(encoding="utf-8")


def test_m15_weights_and_huge_counts_are_welcome() -> None:
    weighted = [1.6, 2.6, 8.2, 21.0, 29.3, 27.0, 10.3]
    assert ordinal.consensus(weighted).value is not None  # agrmt refuses
    assert ordinal.agreement(weighted).value == pytest.approx(0.482333333333333)
    assert ordinal.agreement([3, 4]).reason == "scale_too_short"
    assert ordinal.consensus([10**12, 0, 10**12]).value == pytest.approx(0.0)  # agrmt: O(n) memory


def test_m16_m20_ties_alone_make_the_dip_significant() -> None:
    unimodal = [0, 2, 6, 13, 4]
    found = dip.dip_of_counts(unimodal).value
    assert found is not None
    wrong = dip.dip_p(found, 25)
    assert wrong == pytest.approx(0.0027, abs=0.002)  # "not unimodal", which is false
    a = ordinal.agreement(unimodal).value
    assert a is not None
    assert a > 0
    root = Path(analysis.__file__).parent
    for name in ("verdict/consensus.py", "result/criterion.py", "result/stage.py"):
        assert "statistics.dip" not in (root / name).read_text(encoding="utf-8")


def test_m20_dip_of_a_uniform_histogram() -> None:
    found = dip.dip_of_counts([5] * 5).value
    assert found is not None
    assert dip.dip_p(found, 25) < 0.05  # significant by ties alone


def test_m17_bowker_counts_informative_pairs() -> None:
    wrong, right = homogeneity.chi_square_p(11, 28), homogeneity.chi_square_p(11, 6)
    assert wrong == pytest.approx(0.998, abs=5e-4)
    assert right == pytest.approx(0.088, abs=5e-4)
    table = BY_NAME["paired_pair_9pt_n25_shift"].table
    found = homogeneity.bowker(table)
    assert found.df == 9 != homogeneity.bowker_pairs(table)
    assert found.p != pytest.approx(homogeneity.chi_square_p(11, 21))


def test_m18_percentile_type_decides_a_panel_of_nine() -> None:
    counts = [1, 1, 1, 0, 0, 3, 1, 2, 0]
    wrong = appropriateness.ipras(counts, kind=7)
    ours = appropriateness.ipras(counts)
    assert float(wrong.disagreement_index or 0) == pytest.approx(0.81, abs=0.005)
    assert float(ours.disagreement_index or 0) == pytest.approx(1.70, abs=0.005)
    assert (wrong.disagreement, ours.disagreement) == (False, True)
    assert panel_rule.disagrees_by_panel_rule(counts) is True


def test_m19_one_dissenter_is_not_two_camps() -> None:
    dissenter, split = [1, 0, 0, 0, 0, 0, 0, 0, 24], [12, 0, 0, 0, 0, 0, 0, 0, 12]
    one, two = (polarisation.bimodality(counts).value for counts in (dissenter, split))
    assert one == pytest.approx(0.915, abs=5e-4)  # "bimodal", above 5/9 and above the split
    assert two == pytest.approx(0.803, abs=5e-4)
    rule = DissentRule()
    assert not is_dissent(rule, NINE, Quantiles(), np.asarray(dissenter))
    assert is_dissent(rule, NINE, Quantiles(), np.asarray(split))


def test_m21_alpha_of_complete_data_and_exact_wilcoxon() -> None:
    units = BY_NAME["mra_rand_5pt_25x12_noisy"]
    ours = krippendorff.alpha(units.units, "ordinal", units.lo).value
    told = {t["stat"]: t["value"] for t in units.content["disagreements"]}
    assert ours == pytest.approx(units.content["expected"]["kripp_alpha_ordinal"])
    assert ours != pytest.approx(told["kripp_alpha_ordinal"], abs=1e-6)
    moves = change.table_moves(BY_NAME["paired_pair_9pt_n25_shift"].table)
    assert change.wilcoxon(moves, pratt=True).p == pytest.approx(0.0087890625)  # not 0.3123


def test_exact_thresholds_are_integers() -> None:
    seventy = (ShareClause("high", ">=", 7, 10), ShareClause("low", "<", 3, 20))
    rule = ConsensusRule(into=seventy, minimum_n=1)
    assert 0.7 * 100 != 70.0 or 70 / 100 >= 0.7
    for high, verdict in ((70, "in"), (69, "none")):
        table = Histogram.of([0, 0, 0, 0, 100 - high, 0, 0, high, 0])
        assert judge(rule, NINE, Quantiles(), table, 100, 1).verdict == verdict


@pytest.mark.parametrize("form", ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"])
def test_perfect_agreement_is_an_intraclass_correlation_of_one(form: str) -> None:
    """No error and different items: F is infinite, not undefined for want of variation."""
    same = np.tile(np.asarray([2.0, 4.0, 6.0, 8.0]), (12, 1))
    found = intraclass.intraclass(same, form)
    assert (found.value, found.f, found.reason) == (1, None, None)
    assert found.interval == (1, 1, None)
    assert intraclass.intraclass(np.full((12, 4), 5.0), form).reason == "no_variation"


def test_experts_a_constant_apart_are_consistent_and_do_not_agree() -> None:
    half_higher = np.tile(np.asarray([2.0, 4.0, 6.0, 8.0]), (12, 1))
    half_higher[6:] += 1
    three = intraclass.intraclass(half_higher, "ICC3")
    assert (three.value, three.interval) == (1, (1, 1, None))
    # By hand: BMS 80, JMS 12/11, WMS 3/11, EMS 0 (Shrout and Fleiss 1979).
    wanted = {"ICC1": 877 / 913, "ICC2": 880 / 916, "ICC2k": 880 / 883}
    for form, value in wanted.items():
        assert intraclass.intraclass(half_higher, form).value == pytest.approx(value)
    # McGraw and Wong 1996: 11 degrees of freedom are left, F(.975; 3, 11) is 4.63 and
    # F(.975; 11, 3) 14.37 in the tables.
    low, high, _ = intraclass.intraclass(half_higher, "ICC2").interval
    jms = 12 * 12 / 11
    assert low == pytest.approx(320 / (4.63 * jms + 320), abs=1e-4)
    assert high == pytest.approx(320 * 14.37 / (jms + 320 * 14.37), abs=1e-4)


def test_one_expert_has_nobody_to_agree_with() -> None:
    alone = concordance.kendall_w(concordance.rank_sums(np.asarray([[1.0, 2.0, 3.0]])))
    assert (alone.value, alone.reason) == (None, "n_below_minimum")
