"""Margins: the fewest ratings moved anywhere, against every panel there is."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from analysis.protocol.protocol import (
    Band,
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    Scale,
    ShareClause,
)
from analysis.protocol.states import Towards, Verdict
from analysis.tables.histograms import Counts, Histogram
from analysis.verdict import least_moves as moves
from analysis.verdict.clauses import Bench, condition
from analysis.verdict.consensus import judge
from analysis.verdict.least_moves import least_moves
from analysis.verdict.many_panels import verdict_codes
from analysis.verdict.margins import Margin, margin
from tests.analysis.consultation import NINE
from tests.analysis.panels import every, random_bench, random_clauses, random_panel, random_rule
from tests.sizes import size


def tried_all(rule: ConsensusRule, counts: Counts, bench: Bench) -> tuple[str, dict[str, Any]]:
    """The verdict and its margin by looking at every panel of as many ratings."""
    everyone = every(int(counts.sum()), counts.size)
    codes = verdict_codes(rule, everyone, bench, None)
    here = int(verdict_codes(rule, counts[np.newaxis], bench, None)[0])
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


@pytest.mark.parametrize(
    "clauses",
    [
        (IqrClause("<=", 3),),
        (DisagreementClause(True),),
        (MedianClause(">=", 14), IqrClause("<=", 2), DisagreementClause()),
        (ShareClause("middle", ">=", 1, 2), IqrClause("<=", 2)),
    ],
)
def test_a_panel_of_millions_costs_what_a_small_one_does(clauses: tuple[Clause, ...]) -> None:
    counts = np.asarray([3, 1, 2, 4, 1, 2, 5, 3, 4], np.int64)
    bench = Bench(NINE, Quantiles(1, 1), 0)  # type 1: no weights that depend on n
    small, large = (
        least_moves([condition(one, int(of.sum()), bench) for one in clauses], of)
        for of in (counts * 40, counts * 40_000)
    )
    assert large.tried <= 1.1 * small.tried
    assert small.moves is not None and large.moves is not None
    assert abs(large.moves - 1000 * small.moves) <= 2000, "a multiple, but for ratings at the edge"


@pytest.mark.parametrize("k", [9, 21, 51, 101])
def test_partial_panels_stay_below_the_stated_polynomial(k: int) -> None:
    """One line: points x sums of it x values of ``free``, of each number of ranks."""
    bench, n = Bench(Scale("fine", 1, k), Quantiles(), 0), 60
    asked = condition(IqrClause("<=", k // 8), n, bench)
    counts = random_panel(np.random.default_rng(k), n, k)
    line = asked.lines[0] if isinstance(asked, moves.Lines) else None
    assert line is not None
    ranks = len(line.terms)
    sums = sum(abs(weight) for _, weight in line.terms) * (k - 1) + 2
    assert k < least_moves([asked], counts).tried <= k * (ranks + 1) ** 2 * sums * 2 * (ranks + 1) * k


def test_every_number_of_ratings_before_a_band_gives_nothing_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands that touch no end of the scale: the numbers tried are enough, for many raters too."""
    chance = np.random.default_rng(18)
    cases = []
    while len(cases) < 250:
        k = int(chance.integers(7, 12))
        edges = np.sort(chance.choice(np.arange(1, k), chance.integers(2, 6), replace=False))
        pairs = enumerate(pairwise(edges.tolist()))
        bands = tuple(Band(f"b{at}", first, last - 1) for at, (first, last) in pairs)
        kinds = Quantiles(*chance.integers(1, 10, 2).tolist())
        bench, n = Bench(Scale("s", 0, k - 1, bands), kinds, 0), int(chance.integers(10, 50))
        clauses = random_clauses(chance, bench, 5)
        asked = [condition(one, n, bench) for one in clauses]
        if {type(one) for one in asked} == {moves.Between, moves.Lines}:
            cases.append((asked, random_panel(chance, n, k)))
    found = [least_moves(asked, counts).moves for asked, counts in cases]
    assert sum(one is not None and one > 0 for one in found) > 80
    monkeypatch.setattr(moves._Search, "starts", lambda search, band: np.arange(search.n + 1))
    assert [least_moves(asked, counts).moves for asked, counts in cases] == found


@pytest.mark.parametrize(
    ("counts", "band", "clauses", "fewest"),
    [
        # Two thirds of 17 at 3 to 7 are 12, there are 8; with four 0s at 3 the ninth is a 3.
        ([9, 0, 0, 0, 5, 1, 2, 0, 0, 0], Band("b", 3, 7), (ShareClause("b", ">=", 2, 3), MedianClause("<=", 7)), 4),
        # 80 % of 24 at 3 to 5 are 20, there are 6; the 14 that come make the median 3.
        ([0, 0, 18, 1, 5, 0, 0, 0], Band("b", 3, 5), (ShareClause("b", ">=", 4, 5), MedianClause(">=", 5)), 14),
        # 20 of 38 at 0 or 1, at most 7 of them at 1: 13 at 0, where nobody is.
        ([0, 9, 1, 0, 0, 1, 0, 18, 0, 9], Band("b", 1, 2), (ShareClause("b", "<", 1, 5), MedianClause("<=", 2)), 13),
    ],
)
def test_a_band_that_touches_no_end_beside_a_median(
    counts: list[int], band: Band, clauses: tuple[Clause, ...], fewest: int
) -> None:
    bench, n = Bench(Scale("s", 0, len(counts) - 1, (band,)), Quantiles(), 0), sum(counts)
    asked = [condition(one, n, bench) for one in clauses]
    assert least_moves(asked, np.asarray(counts, np.int64)).moves == fewest


def test_a_verdict_that_no_panel_changes_is_out_of_reach() -> None:
    always = ShareClause("high", ">=", 0, 1)
    rule = ConsensusRule((always,), (ShareClause("low", ">=", 1, 1),))
    found = judge(rule, NINE, Quantiles(), Histogram.of([20, *[0] * 8], {}), 20, None)
    assert (found.verdict, found.margin) == ("in", None)
    assert found.reasons["margin"] == "out_of_reach"
