"""Verdict, margin, stability, outcome and class by the registered rule."""

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model.criterion import CountedIn, VerdictResult
from analysis.model.writer import written
from analysis.protocol.protocol import (
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    RoundClauses,
    ShareClause,
    StabilityRule,
    presets,
)
from analysis.protocol.states import Verdict
from analysis.result.judging import stability_result
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import band_count, judge, raw_verdict
from tests.analysis.consultation import NINE, histogram, pair_table

QUANTILES = Quantiles()


def verdict(counts: Any, rule: ConsensusRule | None = None, respondents: int = 20) -> VerdictResult:
    return judge(rule or ConsensusRule(), NINE, QUANTILES, counts, respondents, 2)


@pytest.mark.parametrize(
    ("low", "middle", "high", "expected"),
    [
        (0, 5, 15, "in"),  # exactly 75 %
        (0, 6, 14, "none"),
        (3, 2, 15, "none"),  # exactly 15 % low
        (2, 3, 15, "in"),
        (15, 3, 2, "out"),
        (5, 0, 15, "none"),
    ],
)
def test_default_rule_on_twenty_votes(low: int, middle: int, high: int, expected: str) -> None:
    found = verdict(histogram(*[1] * low, *[5] * middle, *[8] * high))
    assert found.verdict == expected
    if (low, high) == (5, 15):
        assert found.code == "in_blocked"


@pytest.mark.parametrize(
    ("n", "respondents", "code"),
    [(9, 9, "too_few_ratings"), (13, 20, "too_few_of_respondents"), (14, 20, "in"), (10, 15, "in")],
)
def test_too_few_to_judge(n: int, respondents: int, code: str) -> None:
    found = verdict(histogram(*[8] * n), respondents=respondents)
    assert found.code == code
    assert (found.verdict == "not_judged") == code.startswith("too_few")


def test_margin_counts_votes() -> None:
    assert verdict(histogram(*[5] * 5, *[8] * 15)).margin == 1
    assert verdict(histogram(*[8] * 20)).margin == 3  # the third low vote is 15 %
    none = verdict(histogram(*[5] * 6, *[8] * 14))
    assert (none.margin, none.numbers.towards) == (1, "in")


def _all_panels(n: int) -> Any:
    for ratings in combinations_with_replacement((1, 5, 9), n):
        yield histogram(*ratings)


@pytest.mark.parametrize("name", sorted(presets()))
def test_margin_is_the_least_change_of_any_kind(name: str) -> None:
    """Against every panel of three bands: no smaller change of votes gives another verdict."""
    rule, n = presets()[name], 12
    bench = ClauseContext(NINE, QUANTILES, 0)
    panels = [table.counts for table in _all_panels(n)]
    verdicts = [raw_verdict(rule, counts, bench, None) for counts in panels]
    assert set(verdicts) == {"in", "out", "none"}
    for counts, found in zip(panels, verdicts, strict=True):
        margin = judge(rule, NINE, QUANTILES, histogram(*_points(counts)), n, None).margin
        least = min(
            (
                int(np.abs(counts - other).sum()) // 2
                for other, there in zip(panels, verdicts, strict=True)
                if there != found
            ),
            default=None,
        )
        assert margin == least, (counts, found)


def _points(counts: Any) -> list[int]:
    return [c + 1 for c, n in enumerate(counts) for _ in range(n)]


def test_large_panels_have_a_margin_at_once() -> None:
    table = histogram(*[1] * 0, *[9] * 10)
    big = type(table)(table.counts * 200_000, table.no_answer)
    assert verdict(big, respondents=2_000_000).margin == 300_000


def test_rules_that_are_not_monotone_have_a_margin_in_large_panels_too() -> None:
    clauses = (IqrClause("<=", 2), DisagreementClause())
    rule = ConsensusRule(into=clauses, out=(MedianClause("<=", 6), *clauses))
    small = verdict(histogram(*[8] * 20), rule)
    # five leave Q1 at 6.25, an IQR of 1.75
    assert (small.verdict, small.margin) == ("in", 6)
    table = histogram(*[8] * 20)
    big = verdict(type(table)(table.counts * 1000, table.no_answer), rule, 20_000)
    assert big.margin == 5_001  # Q1 is a quarter of the 5,000th and the rest of the 5,001st


def test_a_round_may_have_clauses_of_its_own() -> None:
    own = RoundClauses(2, (ShareClause("high", ">=", 1, 2),), (ShareClause("low", ">=", 1, 2),))
    rule = ConsensusRule(rounds=(own,))
    table = histogram(*[5] * 10, *[8] * 10)
    assert verdict(table, rule).verdict == "in"
    assert judge(rule, NINE, QUANTILES, table, 20, 1).verdict == "none"


def test_denominator_answered_counts_withheld_opinions() -> None:
    table = histogram(*[5] * 4, *[8] * 12, dont_know=4)
    assert verdict(table).with_no_opinions == CountedIn(verdict=Verdict.NONE, flips=True)
    assert verdict(table, ConsensusRule(denominator="answered")).verdict == "none"


def test_stability_rule_reads_codes() -> None:
    rule = StabilityRule()

    def state(pairs: list[tuple[int, int]]) -> tuple[str, str]:
        found = stability_result(rule, NINE, pair_table(pairs), 2)
        return found.state, found.code

    assert state([(5, 5)] * 9) == ("not_assessed", "too_few_pairs")
    assert state([(5, 6)] * 15 + [(5, 5)] * 5) == ("stable", "stable")
    assert state([(4, 6)] * 6 + [(5, 5)] * 14) == ("moving", "share_within")
    assert state([(4, 6)] * 5 + [(5, 5)] * 15) == ("stable", "stable")  # exactly 75 % within one
    assert state([(6, 7)] * 3 + [(5, 5)] * 17) == ("moving", "net_change")  # exactly 15 %
    assert state([(6, 7)] * 2 + [(5, 5)] * 18) == ("stable", "stable")
    assert stability_result(rule, NINE, None, 1).code == "rated_once"
    assert stability_result(rule, NINE, None, 2).code == "not_pairable"


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), max_size=6), st.lists(st.integers(7, 9), min_size=10, max_size=25))
def test_high_share_makes_median_and_ipras_idle(others: list[int], high: list[int]) -> None:
    """With 75 % in one band, median and IPRAS clauses can never fail: they are reported only."""
    ratings = others[: len(high) // 3] + high
    table = histogram(*ratings)
    rand = judge(presets()["rand-ucla"], NINE, QUANTILES, table, len(ratings), 1)
    assert 4 * sum(table.counts[6:]) >= 3 * table.n
    assert rand.verdict == "in"


def test_a_verdict_says_how_each_clause_stood() -> None:
    """16 high, 1 low, 3 without an opinion of 20, under a rule with a clause of each kind."""
    into = (ShareClause("high", ">=", 3, 4), ShareClause("low", "<", 3, 20), MedianClause(">=", 13))
    rule = ConsensusRule((*into, IqrClause("<=", 3, 2)), (ShareClause("low", ">=", 3, 4), DisagreementClause(True)))
    found = verdict(histogram(*[8] * 16, 2, dont_know=3), rule)
    numbers = written(found.numbers)
    assert numbers["clauses"] == {
        "in": [
            {"kind": "share", "holds": True, "band": "high", "op": ">=", "limit": [3, 4], "count": 16, "of": 17},
            {"kind": "share", "holds": True, "band": "low", "op": "<", "limit": [3, 20], "count": 1, "of": 17},
            {"kind": "median", "holds": True, "op": ">=", "limit": [13, 2]},
            {"kind": "iqr", "holds": True, "op": "<=", "limit": [3, 2]},
        ],
        "out": [
            {"kind": "share", "holds": False, "band": "low", "op": ">=", "limit": [3, 4], "count": 1, "of": 17},
            {"kind": "disagreement", "holds": False, "present": True, "method": "ipras"},
        ],
    }
    others = {name: value for name, value in numbers.items() if name != "clauses"}
    assert others == {"n": 17, "respondents": 20, "needed": 14, "withheld": 3, "denominator": "rated", "towards": None}
    answered = verdict(histogram(*[8] * 16, 2, dont_know=3), ConsensusRule(denominator="answered"))
    sides = answered.numbers.clauses
    assert sides is not None
    assert [clause.of for side in (sides.into, sides.out) for clause in side] == [20] * 4


@pytest.mark.parametrize(
    ("low", "middle", "high", "code"),
    [
        (0, 5, 15, "in"),
        (15, 5, 0, "out"),
        (5, 0, 15, "in_blocked"),
        (15, 0, 5, "out_blocked"),
        (5, 10, 5, "no_majority"),
    ],
)
def test_a_verdict_has_a_code(low: int, middle: int, high: int, code: str) -> None:
    assert verdict(histogram(*[2] * low, *[5] * middle, *[8] * high)).code == code


@pytest.mark.parametrize(("respondents", "needed"), [(0, 10), (15, 10), (16, 11), (18, 12), (19, 13)])
def test_two_thirds_of_the_respondents_are_rounded_up(respondents: int, needed: int) -> None:
    assert verdict(histogram(*[8] * 40), respondents=respondents).numbers.needed == needed


def test_what_is_not_judged_has_no_margin_and_says_why() -> None:
    found = verdict(histogram(*[8] * 9, dont_know=2), respondents=9)
    assert {name: value for name, value in written(found).items() if name != "numbers"} == {
        "verdict": "not_judged",
        "margin": None,
        "margin_reason": "too_few_ratings",
        "code": "too_few_ratings",
        "with_no_opinions": {"verdict": "not_judged", "flips": False},
    }
    assert (found.numbers.n, found.numbers.withheld) == (9, 2)


def test_no_opinions_that_change_nothing_flip_nothing() -> None:
    found = verdict(histogram(*[8] * 18, dont_know=2))
    assert found.with_no_opinions == CountedIn(verdict=Verdict.IN, flips=False)
    assert "margin" not in found.reasons


def test_a_band_holds_its_ends() -> None:
    counts = histogram(1, 3, 4, 6, 6, 7, 9).counts
    assert [band_count(counts, NINE, key) for key in ("low", "middle", "high")] == [2, 3, 2]
    with pytest.raises(KeyError):
        band_count(counts, NINE, "top")
