"""Clauses that decide nothing beside the others, found by trying every small panel.

The older draft of many a rule (75 % high, a median of at least 7, no disagreement) reads as three
conditions and is one: where three quarters rate high, the others cannot fail.
"""

from collections.abc import Iterator
from math import comb
from typing import Any, NamedTuple

import numpy as np

from analysis.protocol.protocol import Clause, ConsensusRule, MedianClause, Quantiles, Scale
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import Bench
from analysis.verdict.many_panels import all_hold, few_point_panels, holds, panels

LARGEST = 25  # raters in the largest panels tried
_WHOLE = 60_000  # panels of one size tried without exception; larger ones by three points
_POINTS = 3
_TRIED = 12  # points of a fine scale that panels are made of: the cost must not grow with it


class Hollow(NamedTuple):
    """A clause that never failed where the others held, or (``at`` None) a side never met.

    ``side``: ``in`` or ``out``; ``round``: of a round's own clauses, else None; ``panels``: how
    many met the other clauses (or were tried at all).
    """

    side: str
    round: int | None
    at: int | None
    kind: str | None
    panels: int


def points_tried(rule: ConsensusRule, scale: Scale, most: int = _TRIED) -> tuple[int, ...]:
    """Points (0-based) panels are made of: all, or on a fine scale those where a clause may turn.

    Both sides of every edge of a band and of every median in a clause, the ends, and the rest
    spread evenly: so many at most, however fine the scale.
    """
    if scale.k <= most:
        return tuple(range(scale.k))
    sides = [rule.into, rule.out, *(side for own in rule.rounds for side in (own.into, own.out))]
    medians = {c.twice // 2 for side in sides for c in side if isinstance(c, MedianClause)}
    edges = {0, scale.k - 1}
    edges |= {end - scale.lo for band in scale.bands for end in (band.lo, band.hi)}
    edges |= {at - scale.lo + beside for at in medians for beside in (0, 1)}
    chosen = sorted(at for at in edges if 0 <= at < scale.k)
    if len(chosen) > most:
        return tuple(chosen[place * (len(chosen) - 1) // (most - 1)] for place in range(most))
    even = [place * (scale.k - 1) // (most - 1) for place in range(most)]
    spare = [at for at in even if at not in edges][: most - len(chosen)]
    return tuple(sorted({*chosen, *spare}))


def _tried(k: int, points: tuple[int, ...], smallest: int, largest: int) -> Iterator[Counts]:
    """Every panel where there are not too many, else all that use at most three of the points."""
    for n in range(smallest, largest + 1):
        if len(points) == k and (comb(n + k - 1, k - 1) <= _WHOLE or k <= _POINTS):
            yield panels(n, k)
        else:
            yield from few_point_panels(n, k, points, _POINTS)


def hollow_clauses(
    rule: ConsensusRule, scale: Scale, quantiles: Quantiles, largest: int = LARGEST
) -> list[Hollow]:
    """Clauses that can never fail where the others hold, and sides no panel can meet.

    Panels from the rule's ``minimum_n`` to ``largest`` raters. A clause that stands alone is never
    hollow.
    """
    bench = Bench(scale, quantiles, 0)
    sides: list[tuple[str, int | None, tuple[Clause, ...]]] = [
        ("in", None, rule.into),
        ("out", None, rule.out),
    ]
    for own in rule.rounds:
        sides += [("in", own.round, own.into), ("out", own.round, own.out)]
    points, most = points_tried(rule, scale), max(largest, rule.minimum_n)
    return [
        found
        for side, round_number, clauses in sides
        for found in _of_side(
            side, round_number, clauses, _tried(scale.k, points, rule.minimum_n, most), bench
        )
    ]


def _of_side(
    side: str,
    round_number: int | None,
    clauses: tuple[Clause, ...],
    tables: Iterator[Counts],
    bench: Bench,
) -> Iterator[Hollow]:
    met = np.zeros(len(clauses), np.int64)
    failed = np.zeros(len(clauses), np.bool_)
    together = tried = 0
    for some in tables:
        tried += len(some)
        together += int(all_hold(clauses, some, bench).sum())
        for at, clause in enumerate(clauses):
            others = clauses[:at] + clauses[at + 1 :]
            left = some[all_hold(others, some, bench)]
            met[at] += len(left)
            failed[at] |= len(left) > 0 and not bool(holds(clause, left, bench).all())
    if together == 0:
        yield Hollow(side, round_number, None, None, tried)
        return
    for at, clause in enumerate(clauses):
        if len(clauses) > 1 and not failed[at]:
            yield Hollow(side, round_number, at, clause.kind, int(met[at]))


def as_rows(found: list[Hollow]) -> list[dict[str, Any]]:
    """The findings as JSON-ready dicts."""
    return [one._asdict() for one in found]
