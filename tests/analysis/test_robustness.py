"""Chance, doubt, and robustness: against the rule itself and against arithmetic."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb

import numpy as np
import pytest

from analysis.model.criterion import ThresholdRun
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
from analysis.statistics.uncertainty import share_at_least
from analysis.tables.histograms import Histogram
from analysis.verdict import chance
from analysis.verdict.chance import by_chance, posterior
from analysis.verdict.clauses import Bench
from analysis.verdict.consensus import judge, raw_verdict
from analysis.verdict.many_panels import panels
from analysis.verdict.robustness import doubt_result, group_verdicts, robustness_result, threshold_sweep, with_threshold
from tests.analysis.consultation import NINE, histogram

TYPES = Quantiles()
CLAUSES: list[Clause] = [
    ShareClause("high", ">=", 3, 4),
    ShareClause("low", "<", 3, 20),
    MedianClause(">=", 13),
    MedianClause("<=", 9),
    IqrClause("<=", 3),
    IqrClause(">=", 7, 2),
    DisagreementClause(True),
    DisagreementClause(False),
]


def test_panels_are_all_of_them_once() -> None:
    found = {tuple(row) for row in panels(6, 4).tolist()}
    assert len(found) == comb(9, 3) == len(panels(6, 4))
    assert all(sum(row) == 6 for row in found)


def test_chance_of_a_share_is_the_binomial_tail() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 3, 4),))
    for n in (4, 10, 21):
        least = -(-3 * n // 4)
        tail = sum(comb(n, x) * 2 ** (n - x) for x in range(least, n + 1)) / 3**n
        found = by_chance(rule, NINE, TYPES, n, None)
        assert found is not None and found.draws is None
        assert (found.into, found.out) == pytest.approx((tail, tail))
        assert (found.into or 0) + (found.out or 0) + (found.none or 0) == pytest.approx(1)


def test_chance_of_any_rule_by_counting_every_panel() -> None:
    """Five raters on nine points: all 59,049 sequences."""
    rule = replace(presets()["rand-ucla"], minimum_n=1)
    bench = Bench(NINE, TYPES, 0)
    said = {"in": 0, "out": 0, "none": 0}
    ways: dict[tuple[int, ...], str] = {}
    for ratings in combinations_with_replacement(range(9), 5):
        ways[ratings] = raw_verdict(rule, np.bincount(ratings, minlength=9), bench, None)
    for ratings in product(range(9), repeat=5):
        said[ways[tuple(sorted(ratings))]] += 1
    found = by_chance(rule, NINE, TYPES, 5, None)
    assert found is not None
    for verdict, count in said.items():
        assert {"in": found.into, "out": found.out, "none": found.none}[verdict] == pytest.approx(count / 9**5)


def test_drawn_chance_is_near_the_exact_one_and_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = presets()["rand-ucla"]
    exact = by_chance(rule, NINE, TYPES, 11, None)
    assert exact is not None and exact.draws is None
    monkeypatch.setattr(chance, "_EXACT_PANELS", 10)
    uncached = chance._by_chance.__wrapped__
    drawn, draws = uncached(rule, NINE, TYPES, 11, None, True)
    assert draws == 20_000
    # three standard errors of 20,000 draws
    assert drawn[Verdict.IN] == pytest.approx(exact.into, abs=0.006)
    assert uncached(rule, NINE, TYPES, 11, None, True) == (drawn, draws)
    assert uncached(rule, NINE, TYPES, 11, None, False) is None
    assert by_chance(rule, NINE, TYPES, 0, None) is None


def test_posterior_of_a_share_is_the_beta_tail() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 1, 1),))
    counts = histogram(*[8] * 16, *[5] * 4).counts
    found = posterior(rule, Bench(NINE, TYPES, 0), counts, None, Verdict.IN)
    # Dirichlet(1/9 each) on three points of nine is Beta(16 + 1/3, 4 + 2/3) on their share.
    from scipy.stats import beta

    exact = float(beta.sf(0.75, 16 + 1 / 3, 4 + 2 / 3))
    assert found.population[Verdict.IN] == pytest.approx(exact, abs=0.02)
    uniform = share_at_least(16, 20, 0.75).value
    assert uniform is not None and abs(exact - uniform) < 0.1
    assert found.flips == pytest.approx(1 - found.another_panel[Verdict.IN])
    assert found == posterior(rule, Bench(NINE, TYPES, 0), counts, None, Verdict.IN)


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
        found = robustness_result(rule, NINE, TYPES, table, needed, None)
        assert found is not None
        flips = sum(other.verdict != stands for other in without)
        assert found.leave_one_out.flips == flips


def test_threshold_sweep_finds_the_share() -> None:
    counts = histogram(*[8] * 15, *[5] * 5).counts  # three quarters
    bench = Bench(NINE, TYPES, 0)
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
