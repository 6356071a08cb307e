"""Chance, doubt, robustness and hollow clauses: against the scalar rule and against arithmetic."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.protocol.protocol import (
    Band,
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    RoundClauses,
    Scale,
    ShareClause,
    presets,
)
from analysis.statistics.uncertainty import share_at_least
from analysis.verdict import chance, redundant
from analysis.verdict.chance import by_chance, posterior
from analysis.verdict.consensus import Bench, clause_holds, judge, raw_verdict
from analysis.verdict.many_panels import all_hold, few_point_panels, holds, panels, verdict_codes
from analysis.verdict.redundant import hollow_clauses
from analysis.verdict.robustness import (
    doubt_result,
    group_verdicts,
    robustness_result,
    threshold_sweep,
    with_threshold,
)
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


@settings(deadline=None)
@given(
    st.integers(1, 26).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 8), min_size=n, max_size=n), min_size=1, max_size=5
        )
    ),
    st.integers(1, 9),
    st.integers(0, 4),
)
def test_many_panels_at_once_are_judged_as_one_by_one(
    ratings: list[list[int]], kind: int, withheld: int
) -> None:
    tables = np.asarray([np.bincount(own, minlength=9) for own in ratings])
    bench = Bench(NINE, Quantiles(kind, kind), withheld)
    for clause in CLAUSES:
        one_by_one = [clause_holds(clause, table, bench) for table in tables]
        assert holds(clause, tables, bench).tolist() == one_by_one
    for rule in presets().values():
        codes = verdict_codes(rule, tables, bench, None)
        words = [raw_verdict(rule, table, bench, None) for table in tables]
        assert [("none", "in", "out")[code] for code in codes] == words


def test_panels_are_all_of_them_once() -> None:
    found = {tuple(row) for row in panels(6, 4).tolist()}
    assert len(found) == comb(9, 3) == len(panels(6, 4))
    assert all(sum(row) == 6 for row in found)
    few = {tuple(row) for some in few_point_panels(4, 5, range(5), 2) for row in some.tolist()}
    every = {tuple(row) for row in panels(4, 5).tolist()}
    assert few == {row for row in every if sum(count > 0 for count in row) <= 2}


def test_chance_of_a_share_is_the_binomial_tail() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 3, 4),))
    for n in (4, 10, 21):
        least = -(-3 * n // 4)
        tail = sum(comb(n, x) * 2 ** (n - x) for x in range(least, n + 1)) / 3**n
        found = by_chance(rule, NINE, TYPES, n, None)
        assert found is not None and found["draws"] is None
        assert (found["in"], found["out"]) == pytest.approx((tail, tail))
        assert found["in"] + found["out"] + found["none"] == pytest.approx(1)


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
        assert found[verdict] == pytest.approx(count / 9**5)


def test_drawn_chance_is_near_the_exact_one_and_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = presets()["rand-ucla"]
    exact = by_chance(rule, NINE, TYPES, 11, None)
    assert exact is not None and exact["draws"] is None
    monkeypatch.setattr(chance, "_EXACT_PANELS", 10)
    uncached = chance._by_chance.__wrapped__
    drawn, draws = uncached(rule, NINE, TYPES, 11, None, True)
    assert draws == 20_000
    # three standard errors of 20,000 draws
    assert dict(drawn)["in"] == pytest.approx(exact["in"], abs=0.006)
    assert uncached(rule, NINE, TYPES, 11, None, True) == (drawn, draws)
    assert uncached(rule, NINE, TYPES, 11, None, False) is None
    assert by_chance(rule, NINE, TYPES, 0, None) is None


def test_posterior_of_a_share_is_the_beta_tail() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 1, 1),))
    counts = histogram(*[8] * 16, *[5] * 4).counts
    found = posterior(rule, Bench(NINE, TYPES, 0), counts, None, "in")
    # Dirichlet(1/9 each) on three points of nine is Beta(16 + 1/3, 4 + 2/3) on their share.
    from scipy.stats import beta

    exact = float(beta.sf(0.75, 16 + 1 / 3, 4 + 2 / 3))
    assert found["population"]["in"] == pytest.approx(exact, abs=0.02)
    uniform = share_at_least(16, 20, 0.75).value
    assert uniform is not None and abs(exact - uniform) < 0.1
    assert found["flips"] == pytest.approx(1 - found["another_panel"]["in"])
    assert found == posterior(rule, Bench(NINE, TYPES, 0), counts, None, "in")


@pytest.mark.parametrize("name", sorted(presets()))
def test_leaving_one_out_is_judging_the_rest(name: str) -> None:
    rule = presets()[name]
    generator = np.random.default_rng(7)
    for _ in range(20):
        points = generator.integers(1, 10, generator.integers(rule.minimum_n, 22)).tolist()
        table = histogram(*points)
        n = len(points)
        stands = judge(rule, NINE, TYPES, table, n, None)["verdict"]
        needed = judge(rule, NINE, TYPES, table, n, None)["numbers"]["needed"]
        without = [
            judge(rule, NINE, TYPES, histogram(*points[:i], *points[i + 1 :]), n - 1, None)
            for i in range(n)
        ]
        found = robustness_result(rule, NINE, TYPES, table, needed, None)
        assert found is not None
        flips = sum(other["verdict"] != stands for other in without)
        assert found["leave_one_out"]["flips"] == flips


def test_threshold_sweep_finds_the_share() -> None:
    counts = histogram(*[8] * 15, *[5] * 5).counts  # three quarters
    bench = Bench(NINE, TYPES, 0)
    found = threshold_sweep(ConsensusRule(), bench, counts, None)
    assert found == [
        {"from": 60, "to": 75, "verdict": "in"},
        {"from": 76, "to": 90, "verdict": "none"},
    ]
    assert threshold_sweep(presets()["rand-ucla"], bench, counts, None) is None
    own = ConsensusRule(rounds=(RoundClauses(2, *with_threshold_sides()),))
    assert threshold_sweep(own, bench, counts, 2) == found


def with_threshold_sides() -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    rule = with_threshold(ConsensusRule(), Fraction(9, 10))
    return rule.into, rule.out


def test_quantile_types_that_matter_are_told() -> None:
    """1,2,3,6,6,6,7,8,8: disagreement by types 2 and 6, none by type 7 (statistics, section 3)."""
    table = histogram(1, 2, 3, 6, 6, 6, 7, 8, 8)
    rule = ConsensusRule(
        (DisagreementClause(False),), (ShareClause("low", ">=", 1, 1),), minimum_n=5
    )
    found = robustness_result(rule, NINE, TYPES, table, 5, None)
    assert found is not None
    types = found["quantile_types"]
    assert (types["matters"], types["flips"]) == (True, True)
    assert (types["disagreement"][1], types["disagreement"][5], types["disagreement"][6]) == (
        True,
        True,
        False,
    )
    default = robustness_result(ConsensusRule(), NINE, TYPES, table, 5, None)
    assert default is not None and default["quantile_types"]["matters"] is False


def test_nothing_rated_is_not_robust() -> None:
    assert robustness_result(ConsensusRule(), NINE, TYPES, histogram(), 10, 2) is None
    assert doubt_result(ConsensusRule(), NINE, TYPES, histogram(dont_know=3), 2) is None


def test_the_older_draft_rule_is_hollow_and_the_presets_are_not() -> None:
    """75 % high makes a median of 7 and no disagreement certain; below 15 % low is a clause."""
    calm = DisagreementClause(False)
    draft = ConsensusRule(
        (ShareClause("high", ">=", 3, 4), MedianClause(">=", 14), calm),
        (ShareClause("low", ">=", 3, 4), MedianClause("<=", 6), calm),
    )
    found = {(one.side, one.at, one.kind) for one in hollow_clauses(draft, NINE, TYPES, 14)}
    assert found == {
        ("in", 1, "median"), ("in", 2, "disagreement"),
        ("out", 1, "median"), ("out", 2, "disagreement"),
    }  # fmt: skip
    for rule in presets().values():
        assert hollow_clauses(rule, NINE, TYPES, 14) == []


def test_a_rule_that_nobody_can_meet_is_told() -> None:
    both = (ShareClause("high", ">=", 3, 4), ShareClause("low", ">=", 1, 2))
    rule = ConsensusRule(rounds=(RoundClauses(3, both, (MedianClause("<=", 6),)),))
    found = hollow_clauses(rule, NINE, TYPES, 11)
    assert [(one.side, one.round, one.at) for one in found] == [("in", 3, None)]


@pytest.mark.parametrize("k", [13, 31, 96, 101])
def test_looking_for_hollow_clauses_costs_no_more_on_a_fine_scale(
    k: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in panels looked at and in the most held at once, not in seconds."""
    draft = ConsensusRule(
        (ShareClause("high", ">=", 3, 4), MedianClause(">=", 2 * (k - k // 3))),
        (ShareClause("low", ">=", 3, 4), MedianClause("<=", 2 * (k // 3))),
    )

    def work(points: int) -> tuple[int, int, set[Any]]:
        third = points // 3
        bands = (Band("low", 1, third), Band("middle", third + 1, points - third - 1),
                 Band("high", points - third, points))  # fmt: skip
        sizes: list[int] = []

        def noted(*given: Any) -> Any:
            sizes.append(len(given[1]))
            return all_hold(*given)

        monkeypatch.setattr(redundant, "all_hold", noted)
        scale = Scale("fine", 1, points, bands)
        rule = draft if points == k else ConsensusRule()
        found = {(one.side, one.at) for one in hollow_clauses(rule, scale, TYPES, 14)}
        return sum(sizes), max(sizes), found

    most, held, _ = work(12)
    looked, at_once, found = work(k)
    assert looked <= most and at_once <= held
    assert found == {("in", 1), ("out", 1)}, "75 % high make a median in the highest band certain"


def test_every_group_must_agree() -> None:
    groups = {"a": histogram(*[8] * 12), "b": histogram(*[8] * 12)}

    def judged(table: Any) -> str:
        return str(judge(ConsensusRule(), NINE, TYPES, table, table.n, None)["verdict"])

    assert group_verdicts(groups, judged)["all_groups"] == "in"
    split = groups | {"b": histogram(*[2] * 12)}
    assert group_verdicts(split, judged) == {
        "verdicts": {"a": "in", "b": "out"}, "all_groups": "none"
    }  # fmt: skip
    assert group_verdicts(groups | {"c": histogram(8)}, judged)["all_groups"] == "not_judged"
    assert group_verdicts({}, judged)["all_groups"] == "not_judged"
