"""Margins: the fewest ratings moved anywhere, against every panel there is."""

from typing import Any

import numpy as np

from analysis.protocol.protocol import ConsensusRule, IqrClause, MedianClause, Quantiles, ShareClause
from analysis.protocol.states import Towards, Verdict
from analysis.tables.histograms import Counts, Histogram
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import judge
from analysis.verdict.many_panels import verdict_codes
from analysis.verdict.margins import Margin, margin
from tests.analysis.consultation import NINE
from tests.analysis.panels import every, random_bench, random_panel, random_rule
from tests.sizes import size


def tried_all(rule: ConsensusRule, counts: Counts, context: ClauseContext) -> tuple[Verdict, Margin]:
    """The verdict and its margin by looking at every panel of as many ratings."""
    everyone = every(int(counts.sum()), counts.size)
    codes = verdict_codes(rule, everyone, context, None)
    here = int(verdict_codes(rule, counts[np.newaxis], context, None)[0])
    away = np.abs(everyone - counts).sum(axis=1) // 2

    def least(wanted: Any) -> int | None:
        return int(away[wanted].min()) if wanted.any() else None

    verdict, fewest = (Verdict.NONE, Verdict.IN, Verdict.OUT)[here], least(codes != here)
    if here != 0:
        return verdict, Margin(fewest)
    to_in, to_out, towards = least(codes == 1), least(codes == -1), None
    if fewest is not None:
        is_in, is_out = to_in == fewest, to_out == fewest
        towards = Towards.EITHER if is_in and is_out else Towards.IN if is_in else Towards.OUT
    return verdict, Margin(fewest, towards, to_in, to_out)


def test_margins_are_least_for_every_rule_and_panel() -> None:
    chance = np.random.default_rng(16)
    seen: dict[str, int] = {}
    for _ in range(size("MARGINS")):
        k, n = int(chance.integers(2, 6)), int(chance.integers(1, 9))
        bench = random_bench(chance, k)
        rule, counts = random_rule(chance, bench), random_panel(chance, n, k)
        verdict, wanted = tried_all(rule, counts, bench)
        assert margin(verdict, rule.clauses(None), counts, bench) == wanted, (bench, rule, counts)
        seen[verdict] = seen.get(verdict, 0) + (wanted.least is not None)
    assert min(seen.values()) > 50 and len(seen) == 3


def test_margins_of_larger_panels_with_more_bands() -> None:
    chance = np.random.default_rng(17)
    for _ in range(150):
        k, n = int(chance.integers(4, 7)), int(chance.integers(9, 15))
        bench = random_bench(chance, k)
        rule, counts = random_rule(chance, bench), random_panel(chance, n, k)
        verdict, wanted = tried_all(rule, counts, bench)
        assert margin(verdict, rule.clauses(None), counts, bench) == wanted, (bench, rule, counts)


def test_five_ratings_break_an_interquartile_range() -> None:
    """Median 7 or more and IQR 3 or less: two 8s and three 9s at 1 make the IQR 3.5."""
    rule = ConsensusRule((MedianClause(">=", 14), IqrClause("<=", 3)), (MedianClause("<=", 6),))
    table = Histogram.of([0, 0, 0, 0, 1, 4, 4, 4, 9], {})
    found = judge(rule, NINE, Quantiles(), table, 22, None)
    assert (found.verdict, found.margin) == ("in", 5)


def test_a_verdict_that_no_panel_changes_is_out_of_reach() -> None:
    always = ShareClause("high", ">=", 0, 1)
    rule = ConsensusRule((always,), (ShareClause("low", ">=", 1, 1),))
    found = judge(rule, NINE, Quantiles(), Histogram.of([20, *[0] * 8], {}), 20, None)
    assert (found.verdict, found.margin) == ("in", None)
    assert found.reasons["margin"] == "out_of_reach"
