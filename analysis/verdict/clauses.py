"""When a clause holds: one definition, for one panel or many, and for the search of other panels.

A clause asks one of two things of a panel of n ratings: that the count of a band lies between two
integers, or that weighted sums of order statistics are at most an integer. Everything that judges
clauses reads them in this form. Points are 0-based here: a point of the scale minus ``scale.lo``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import Clause, IqrClause, MedianClause, Quantiles, Scale, ShareClause
from analysis.statistics.appropriateness import ASYMMETRY, IPRR
from analysis.statistics.descriptive import quantile_place
from analysis.tables.histograms import Counts

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ClauseContext:
    """What a clause is judged on: the scale, the quantile types and votes that are no rating."""

    scale: Scale
    quantiles: Quantiles
    withheld: int  # no-opinions counted into the denominator of shares


class Between(NamedTuple):
    """At least ``least`` and at most ``most`` ratings from point ``first`` to ``last``."""

    first: int
    last: int
    least: int
    most: int


class Line(NamedTuple):
    """The sum of ``weight`` x the ``rank``-th smallest rating, over the terms, is <= ``limit``."""

    terms: tuple[tuple[int, int], ...]  # rank (1 to n) and weight
    limit: int


class Lines(NamedTuple):
    """All of the lines hold, or (``any_of``) one of them at least."""

    lines: tuple[Line, ...]
    any_of: bool = False


Condition = Between | Lines


@lru_cache(maxsize=4096)
def condition(clause: Clause, n: int, context: ClauseContext) -> Condition:
    """What the clause asks of a panel of ``n`` ratings, ``n`` at least 1.

    Raises KeyError if the scale has no band of that name.
    """
    scale = context.scale
    if isinstance(clause, ShareClause):
        band = scale.named_band(clause.band)
        limit = -(-clause.num * (n + context.withheld) // clause.den)
        least, most = (limit, n) if clause.op == ">=" else (0, limit - 1)
        return Between(band.lo - scale.lo, band.hi - scale.lo, least, most)
    if isinstance(clause, MedianClause):
        middle = _line({(n + 1) // 2: 1}, {n // 2 + 1: 1}, limit=clause.twice - 2 * scale.lo)
        return Lines((middle if clause.op == "<=" else _at_least(middle),))
    if isinstance(clause, IqrClause):
        spread = _spread(clause, n, context.quantiles.quartile_type)
        return Lines((spread if clause.op == "<=" else _at_least(spread),))
    calm = _calm(n, scale.k - 1, context.quantiles.ipras_type)
    return opposite(calm, n) if clause.present else calm


def opposite(asked: Condition, n: int) -> Condition:
    """What a panel of ``n`` ratings meets exactly where it does not meet ``asked``."""
    if isinstance(asked, Between):
        least, most = (asked.most + 1, n) if asked.least == 0 else (0, asked.least - 1)
        return Between(asked.first, asked.last, least, most)
    above = (_at_least(Line(line.terms, line.limit + 1)) for line in asked.lines)
    return Lines(tuple(above), not asked.any_of)


def _line(*parts: dict[int, int], limit: int) -> Line:
    """The sum of several weighted sums; weights by rank."""
    ranks = sorted({rank for part in parts for rank in part})
    weights = ((rank, sum(part.get(rank, 0) for part in parts)) for rank in ranks)
    return Line(tuple((rank, weight) for rank, weight in weights if weight), limit)


def _at_least(line: Line) -> Line:
    """The line turned round: the same sum is at least that limit."""
    return Line(tuple((rank, -weight) for rank, weight in line.terms), -line.limit)


def _times(quantile: dict[int, int], factor: int) -> dict[int, int]:
    return {rank: weight * factor for rank, weight in quantile.items()}


def _quantile(n: int, p: Fraction, kind: int) -> tuple[dict[int, int], int]:
    """Weights by rank of a quantile times a denominator, and that; ranks kept within 1 to n."""
    j, share = quantile_place(n, p, kind)
    weights: dict[int, int] = {}
    for rank, weight in ((j, share.denominator - share.numerator), (j + 1, share.numerator)):
        at = min(max(rank, 1), n)
        weights[at] = weights.get(at, 0) + weight
    return weights, share.denominator


def _pair(n: int, low: Fraction, high: Fraction, kind: int) -> tuple[dict[int, int], ...]:
    """Two quantiles times one denominator, and that as the weight of rank 0."""
    first, one = _quantile(n, low, kind)
    third, other = _quantile(n, high, kind)
    base = math.lcm(one, other)
    return _times(first, base // one), _times(third, base // other), {0: base}


def _spread(clause: IqrClause, n: int, kind: int) -> Line:
    first, third, base = _pair(n, Fraction(1, 4), Fraction(3, 4), kind)
    parts = _times(third, clause.den), _times(first, -clause.den)
    return _line(*parts, limit=clause.num * base[0])


def _calm(n: int, steps: int, kind: int) -> Lines:
    """No IPRAS disagreement (``appropriateness.ipras``), its constant on the scale's own width.

    The spread is at most the constant plus 3/2 of the distance of the centre from the middle of
    the scale: with the distance taken to one side or to the other.
    """
    low, high, base = _pair(n, Fraction(3, 10), Fraction(7, 10), kind)
    constant = IPRR * Fraction(steps, 8) * base[0]
    scale = 2 * constant.denominator * ASYMMETRY.denominator
    limit, slope = int(constant * scale), int(ASYMMETRY * scale) // 2
    spread = _times(high, scale), _times(low, -scale)
    return Lines(
        tuple(
            _line(*spread, _times(low, side), _times(high, side), limit=limit + side * steps * base[0])
            for side in (slope, -slope)
        ),
        any_of=True,
    )


def _below(line: Line, running: Counts) -> Truth:
    """Whether the line holds for each panel, from cumulative counts int64[panels x k]."""
    total = np.zeros(len(running), np.int64)
    for rank, weight in line.terms:
        total += weight * (running < rank).sum(axis=1)
    return np.asarray(total <= line.limit)


def holds(clause: Clause, tables: Counts, context: ClauseContext) -> Truth:
    """Whether the clause holds for each panel; all False without ratings.

    Each row of ``tables`` is one panel's counts by point, int64[panels x k], every row with the
    same sum. Exact, in integers.
    """
    n = int(tables[0].sum()) if len(tables) else 0
    if n == 0:
        return np.zeros(len(tables), dtype=np.bool_)
    asked = condition(clause, n, context)
    if isinstance(asked, Between):
        held = tables[:, asked.first : asked.last + 1].sum(axis=1)
        return np.asarray((asked.least <= held) & (held <= asked.most))
    running = np.cumsum(tables, axis=1)
    found = [_below(line, running) for line in asked.lines]
    return np.asarray(np.any(found, axis=0) if asked.any_of else np.all(found, axis=0))


def all_hold(clauses: Sequence[Clause], tables: Counts, context: ClauseContext) -> Truth:
    """Whether every clause holds, looking at a clause only where the ones before it hold."""
    left = np.arange(len(tables))
    for clause in clauses:
        left = left[holds(clause, tables[left], context)]
    found = np.zeros(len(tables), dtype=np.bool_)
    found[left] = True
    return found


def clause_holds(clause: Clause, counts: Counts, context: ClauseContext) -> bool:
    """Whether the clause holds for one panel, its counts by point; False without ratings."""
    return bool(holds(clause, counts[np.newaxis], context)[0])
