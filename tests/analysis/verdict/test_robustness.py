"""Robustness: against judging each panel that it speaks of."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from analysis.model.criterion import LeaveOneOut, ThresholdRun
from analysis.protocol.protocol import (
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    RoundClauses,
    ShareClause,
    presets,
)
from analysis.protocol.states import Verdict
from analysis.tables.histograms import Histogram
from analysis.verdict.chance import posterior
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import judge
from analysis.verdict.robustness import (
    by_quantile_type,
    doubt_result,
    group_verdicts,
    leave_one_out,
    robustness_result,
    threshold_sweep,
    with_threshold,
)
from tests.analysis.consultation import NINE, histogram

TYPES = Quantiles()


@pytest.mark.parametrize("name", sorted(presets()))
def test_leaving_one_out_is_judging_the_rest(name: str) -> None:
    rule = presets()[name]
    generator = np.random.default_rng(7)
    for _ in range(20):
        points = generator.integers(1, 10, generator.integers(rule.minimum_n, 22)).tolist()
        table = histogram(*points)
        n = len(points)
        stands = judge(rule, NINE, TYPES, table, n, None).verdict
        needed = judge(rule, NINE, TYPES, table, n, None).numbers.needed
        without = [judge(rule, NINE, TYPES, histogram(*points[:i], *points[i + 1 :]), n - 1, None) for i in range(n)]
        found = leave_one_out(rule, ClauseContext(NINE, TYPES, 0), table.counts, needed, None)
        assert found.flips == sum(other.verdict != stands for other in without)
        assert found.verdicts == Counter(other.verdict for other in without)


def test_threshold_sweep_finds_the_share() -> None:
    counts = histogram(*[8] * 15, *[5] * 5).counts  # three quarters
    bench = ClauseContext(NINE, TYPES, 0)
    found = threshold_sweep(ConsensusRule(), bench, counts, None)
    assert found == (
        ThresholdRun(start=60, end=75, verdict=Verdict.IN),
        ThresholdRun(start=76, end=90, verdict=Verdict.NONE),
    )
    assert threshold_sweep(presets()["rand-ucla"], bench, counts, None) is None
    own = ConsensusRule(rounds=(RoundClauses(2, *with_threshold_sides()),))
    assert threshold_sweep(own, bench, counts, 2) == found


def with_threshold_sides() -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    rule = with_threshold(ConsensusRule(), Fraction(9, 10))
    return rule.into, rule.out


def test_quantile_types_that_matter_are_told() -> None:
    """1,2,3,6,6,6,7,8,8: disagreement by types 2 and 6, none by type 7 (statistics, section 3)."""
    table = histogram(1, 2, 3, 6, 6, 6, 7, 8, 8)
    rule = ConsensusRule((DisagreementClause(False),), (ShareClause("low", ">=", 1, 1),), minimum_n=5)
    found = robustness_result(rule, NINE, TYPES, table, 5, None)
    assert found is not None
    types = found.quantile_types
    assert (types.matters, types.flips) == (True, True)
    assert (types.disagreement[1], types.disagreement[5], types.disagreement[6]) == (True, True, False)
    default = robustness_result(ConsensusRule(), NINE, TYPES, table, 5, None)
    assert default is not None and default.quantile_types.matters is False


def test_nothing_rated_is_not_robust() -> None:
    assert robustness_result(ConsensusRule(), NINE, TYPES, histogram(), 10, 2) is None
    assert doubt_result(ConsensusRule(), NINE, TYPES, histogram(dont_know=3), 2) is None


def test_every_group_must_agree() -> None:
    groups = {"a": histogram(*[8] * 12), "b": histogram(*[8] * 12)}

    def judged(table: Histogram) -> Verdict:
        return judge(ConsensusRule(), NINE, TYPES, table, table.n, None).verdict

    assert group_verdicts(groups, judged).all_groups == "in"
    split = groups | {"b": histogram(*[2] * 12)}
    assert group_verdicts(split, judged) == ({"a": "in", "b": "out"}, "none")
    assert group_verdicts(groups | {"c": histogram(8)}, judged).all_groups == "not_judged"
    assert group_verdicts({}, judged).all_groups == "not_judged"


def test_who_leaves_takes_the_verdict_with_them() -> None:
    """15 of 20 are three quarters: without one high they are 14 of 19, without a middle one 15 of 19."""
    bench, counts = ClauseContext(NINE, TYPES, 0), histogram(*[8] * 15, *[5] * 5).counts
    before = counts.tolist()
    judged = LeaveOneOut(verdicts={Verdict.IN: 5, Verdict.NONE: 15}, flips=15)
    assert leave_one_out(ConsensusRule(), bench, counts, 19, None) == judged
    too_few = LeaveOneOut(verdicts={Verdict.NOT_JUDGED: 20}, flips=20)
    assert leave_one_out(ConsensusRule(), bench, counts, 20, None) == too_few
    assert counts.tolist() == before


METHODS = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)
"""numpy's names of the nine types of Hyndman and Fan (1996), in their order."""


def test_each_quantile_type_is_judged_by_itself() -> None:
    """Against numpy's quantiles; the rule asks for an interquartile range of two."""
    chance = np.random.default_rng(5)
    rule = ConsensusRule((IqrClause("<=", 2),), (ShareClause("low", ">=", 1, 1),))
    flips = 0
    for _ in range(30):
        ratings = chance.integers(1, 10, chance.integers(5, 14))
        found = by_quantile_type(rule, ClauseContext(NINE, TYPES, 0), histogram(*ratings).counts, None)
        spreads = [float(np.subtract(*np.quantile(ratings, [0.75, 0.25], method=one))) for one in METHODS]
        assert found.iqr == pytest.approx(spreads)
        assert found.verdicts == tuple("in" if spread <= 2 else "none" for spread in spreads)
        assert found.flips is (len(set(found.verdicts)) == 2)
        assert found.matters is True
        flips += found.flips
    assert 0 < flips < 30


def test_no_type_matters_to_shares_and_medians() -> None:
    rule = ConsensusRule((MedianClause(">=", 14),), (ShareClause("low", ">=", 1, 2),))
    found = by_quantile_type(rule, ClauseContext(NINE, TYPES, 0), histogram(2, 8, 8).counts, None)
    assert (found.verdicts, found.flips, found.matters) == (("in",) * 9, False, False)
    empty = by_quantile_type(rule, ClauseContext(NINE, TYPES, 0), histogram().counts, None)
    assert (empty.iqr, empty.disagreement, empty.verdicts) == ((None,) * 9, (None,) * 9, ("none",) * 9)


def test_only_at_least_this_share_is_moved() -> None:
    own = RoundClauses(2, (ShareClause("high", ">=", 1, 2),), (ShareClause("low", ">=", 1, 2), MedianClause("<=", 6)))
    rule = replace(ConsensusRule(), rounds=(own,))
    found = with_threshold(rule, Fraction(4, 5))
    assert found.into == (ShareClause("high", ">=", 4, 5), ShareClause("low", "<", 3, 20))
    assert found.out == (ShareClause("low", ">=", 4, 5), ShareClause("high", "<", 3, 20))
    moved = (ShareClause("low", ">=", 4, 5), MedianClause("<=", 6))
    assert found.rounds == (RoundClauses(2, (ShareClause("high", ">=", 4, 5),), moved),)
    assert (found.minimum_n, found.minimum_share) == (rule.minimum_n, rule.minimum_share)


def test_without_a_threshold_there_is_none_to_move() -> None:
    below = ConsensusRule((ShareClause("low", "<", 1, 4),), (MedianClause("<=", 6),))
    table, bench = histogram(*[8] * 20), ClauseContext(NINE, TYPES, 0)
    assert threshold_sweep(below, bench, table.counts, None) is None
    found = robustness_result(below, NINE, TYPES, table, 10, None)
    assert found is not None
    assert (found.thresholds, found.reasons["thresholds"]) == (None, "no_threshold")
    swept = robustness_result(ConsensusRule(), NINE, TYPES, table, 10, None)
    assert swept is not None and "thresholds" not in swept.reasons
    assert swept.thresholds == (ThresholdRun(start=60, end=90, verdict=Verdict.IN),)


def test_chance_is_left_out_where_it_would_have_to_be_drawn() -> None:
    """What is frozen is not drawn at random; beside it, doubt may be."""
    rule, table = presets()["rand-ucla"], histogram(*[8] * 13)
    frozen, drawn = robustness_result(rule, NINE, TYPES, table, 10, None), doubt_result(rule, NINE, TYPES, table, None)
    assert frozen is not None and drawn is not None
    assert (frozen.chance, frozen.reasons["chance"]) == (None, "too_large")
    assert drawn.chance is not None
    assert (drawn.chance.draws, drawn.posterior.draws) == (20_000, 4_000)
    assert drawn.posterior.flips == pytest.approx(1 - drawn.posterior.another_panel[Verdict.IN])
    small = robustness_result(rule, NINE, TYPES, histogram(*[8] * 12), 10, None)
    assert small is not None and small.chance is not None
    assert small.chance.draws is None and "chance" not in small.reasons


def test_no_opinions_count_where_the_rule_says_so() -> None:
    """15 of 20 rated high and two had no opinion: 15 of 22 are no three quarters."""
    table = histogram(*[8] * 15, *[5] * 5, dont_know=2)
    rated, answered = ConsensusRule(), ConsensusRule(denominator="answered")
    for rule, until in ((rated, 75), (answered, 68)):
        found = robustness_result(rule, NINE, TYPES, table, 10, None)
        assert found is not None and found.thresholds is not None
        assert found.thresholds[0] == ThresholdRun(start=60, end=until, verdict=Verdict.IN)
    doubt = doubt_result(answered, NINE, TYPES, table, None)
    other = posterior(answered, ClauseContext(NINE, TYPES, 2), table.counts, None, Verdict.NONE)
    assert doubt is not None and doubt.posterior == other
