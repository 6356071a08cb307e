"""Redundant clauses: against every small panel, and what the search costs on a fine scale."""

import tracemalloc
from collections.abc import Iterator
from itertools import combinations
from math import comb, gcd
from time import process_time
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
    RoundClauses,
    Scale,
    ShareClause,
    presets,
)
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import ClauseContext, all_hold, condition, holds, opposite
from analysis.verdict.many_panels import panels
from analysis.verdict.redundant import redundant_clauses, sizes
from tests.analysis.consultation import NINE
from tests.analysis.panels import every, random_bench, random_clauses

TYPES, CALM = Quantiles(), DisagreementClause(False)


def fine(k: int) -> Scale:
    """A scale of k points in three bands, the outer ones a third each."""
    low, high = k // 3, k - k // 3 + 1
    bands = Band("low", 1, low), Band("middle", low + 1, high - 1), Band("high", high, k)
    return Scale("fine", 1, k, bands)


def older_draft(k: int, *more: Clause) -> ConsensusRule:
    """75 % in an end band, a median there, and no disagreement."""
    third = k // 3
    return ConsensusRule(
        (ShareClause("high", ">=", 3, 4), MedianClause(">=", 2 * (k - third + 1)), CALM, *more),
        (ShareClause("low", ">=", 3, 4), MedianClause("<=", 2 * third), CALM, *more),
    )


def tried_all(clauses: tuple[Clause, ...], context: ClauseContext, raters: range) -> set[int | None]:
    """Clauses that no panel fails alone, None where none meets all: by looking at every panel."""
    together, failed = False, set()
    for n in raters:
        tables = every(n, context.scale.k)
        together |= bool(all_hold(clauses, tables, context).any())
        for at, clause in enumerate(clauses):
            left = tables[all_hold(clauses[:at] + clauses[at + 1 :], tables, context)]
            if not holds(clause, left, context).all():
                failed.add(at)
    if not together:
        return {None}
    return set(range(len(clauses))) - failed if len(clauses) > 1 else set()


def test_what_is_redundant_is_what_no_panel_fails() -> None:
    chance = np.random.default_rng(10)
    said: list[int] = []
    for _ in range(800):
        k = int(chance.integers(2, 6))
        first = int(chance.integers(1, 7))
        raters = range(first, int(chance.integers(first, 7)) + 1)
        bench = random_bench(chance, k)
        bench = ClauseContext(bench.scale, bench.quantiles, 0)
        sides = random_clauses(chance, bench, 4), random_clauses(chance, bench, 4)
        rule = ConsensusRule(*sides, minimum_n=first)
        found = redundant_clauses(rule, bench.scale, bench.quantiles, raters)
        for name, clauses in zip(("in", "out"), sides, strict=True):
            here = {one.at for one in found if one.side == name}
            assert here == tried_all(clauses, bench, raters), (bench, clauses, raters)
            said.append(len(here))
    assert said.count(0) > 300 and sum(said) > 300


def test_the_older_draft_rule_is_redundant_and_the_presets_are_not() -> None:
    """75 % high makes a median of 7 and no disagreement certain; below 15 % low is a clause."""
    found = {(one.side, one.at, one.kind) for one in redundant_clauses(older_draft(9), NINE, TYPES)}
    assert found == {("in", 1, "median"), ("in", 2, "disagreement"), ("out", 1, "median"), ("out", 2, "disagreement")}
    for rule in presets().values():
        assert redundant_clauses(rule, NINE, TYPES) == ()


def test_no_disagreement_decides_nothing_beside_three_quarters() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4), CALM), (ShareClause("low", ">=", 3, 4),))
    assert [(one.side, one.at) for one in redundant_clauses(rule, NINE, TYPES)] == [("in", 1)]


def test_a_rule_that_nobody_can_meet_is_told() -> None:
    both = (ShareClause("high", ">=", 3, 4), ShareClause("low", ">=", 1, 2))
    rule = ConsensusRule(rounds=(RoundClauses(3, both, (MedianClause("<=", 6),)),))
    found = redundant_clauses(rule, NINE, TYPES)
    assert [(one.side, one.round, one.at) for one in found] == [("in", 3, None)]


def test_a_rule_for_large_panels_is_looked_at_for_its_smallest() -> None:
    assert sizes(ConsensusRule()) == range(10, 26)
    rule = ConsensusRule(older_draft(9).into, older_draft(9).out, minimum_n=100_000)
    assert sizes(rule) == range(100_000, 100_001)
    assert len(redundant_clauses(rule, NINE, TYPES)) == 4


@pytest.mark.parametrize("k", [5, 9, 21, 51, 101])
@pytest.mark.parametrize("with_spread", [False, True])
def test_a_search_costs_no_more_than_the_stated_polynomial(k: int, with_spread: bool) -> None:
    """Per size and question: points x ranks² x the sums of all lines but the last."""
    into = older_draft(k, *[IqrClause("<=", k // 4)] * with_spread).into
    rule, bench = ConsensusRule(into, (ShareClause("low", ">=", 3, 4),)), ClauseContext(fine(k), TYPES, 0)
    found = redundant_clauses(rule, bench.scale, TYPES)
    assert found
    for one in found:
        bound = 0
        for n in sizes(rule):
            asked = [condition(clause, n, bench) for clause in into]
            if one.at is not None:
                asked[one.at] = opposite(asked[one.at], n)
            bound += _bound(asked, k)
        assert one.panels <= bound


def _bound(asked: list[Any], k: int) -> int:
    found = [line for one in asked for line in getattr(one, "lines", ())]
    alternatives = 2 ** sum(getattr(one, "any_of", False) for one in asked)
    ranks = len({rank for line in found for rank, _ in line.terms})
    sums = 1
    for line in found[:-1]:
        weights = [abs(weight) for _, weight in line.terms]
        sums *= sum(weights) // gcd(*weights) * (k - 1) + 2
    return alternatives * k * (ranks + 1) ** 2 * sums


def test_a_fine_scale_costs_little() -> None:
    """101 points: under 50 MB, and 30 times the time that trying panels took on 9 points."""
    rule = older_draft(101, IqrClause("<=", 25))
    begun = process_time()
    found = redundant_clauses(rule, fine(101), TYPES)
    ours = process_time() - begun
    assert {(one.side, one.at) for one in found} >= {("in", 1), ("in", 2), ("out", 1), ("out", 2)}
    begun = process_time()
    before = older_draft(9, IqrClause("<=", 2))
    for clauses in (before.into, before.out):
        for tables in _tried_before(9, 10, 25):
            all_hold(clauses, tables, ClauseContext(NINE, TYPES, 0))
            for at, clause in enumerate(clauses):
                others = clauses[:at] + clauses[at + 1 :]
                left = tables[all_hold(others, tables, ClauseContext(NINE, TYPES, 0))]
                holds(clause, left, ClauseContext(NINE, TYPES, 0))
    assert ours <= 30 * (process_time() - begun)
    tracemalloc.start()
    redundant_clauses(rule, fine(101), TYPES, range(25, 26))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most <= 50_000_000


def _tried_before(k: int, smallest: int, largest: int) -> Iterator[Counts]:
    """The panels that used to be tried: every small one, else all of three points."""
    for n in range(smallest, largest + 1):
        if comb(n + k - 1, k - 1) <= 60_000:
            yield panels(n, k)
        else:
            inner = panels(n, 3)
            for chosen in combinations(range(k), 3):
                tables = np.zeros((len(inner), k), np.int64)
                tables[:, chosen] = inner
                yield tables
