"""Verdicts of many panels of one size at once: what chance, doubt and enumeration need.

Each row of ``tables`` is one panel's counts by point, int64[panels x k], every row with the same
sum. Exact: quantiles of equally many answers share one fraction, so they compare as integers.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import (
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    ShareClause,
)
from analysis.statistics.appropriateness import ASYMMETRY, IPRR
from analysis.statistics.descriptive import quantile_place
from analysis.tables.histograms import Counts
from analysis.verdict.consensus import Bench

Truth = npt.NDArray[np.bool_]
VERDICTS = ("out", "none", "in")  # what the codes -1, 0 and 1 of ``verdict_codes`` say


def order_statistics(running: Counts, rank: int) -> Counts:
    """Category (0-based) of the rank-th smallest answer of each panel, from cumulative counts."""
    n = int(running[0, -1])
    return np.asarray((running < min(max(rank, 1), n)).sum(axis=1))


def scaled_quantiles(tables: Counts, p: Fraction, kind: int) -> tuple[Counts, int]:
    """Quantiles (0-based categories) of each panel times a common denominator, and that."""
    running = np.cumsum(tables, axis=1)
    j, share = quantile_place(int(running[0, -1]), p, kind)
    weight, den = share.numerator, share.denominator
    below, above = order_statistics(running, j), order_statistics(running, j + 1)
    return (den - weight) * below + weight * above, den


def _iqr_holds(clause: IqrClause, tables: Counts, kind: int) -> Truth:
    first, one = scaled_quantiles(tables, Fraction(1, 4), kind)
    third, other = scaled_quantiles(tables, Fraction(3, 4), kind)
    spread = clause.den * (third * one - first * other)
    limit = clause.num * one * other
    return np.asarray(spread <= limit if clause.op == "<=" else spread >= limit)


def disagreement(tables: Counts, kind: int) -> Truth:
    """IPRAS disagreement of each panel (``appropriateness.ipras``), on the scale's own width."""
    steps = tables.shape[1] - 1
    low, one = scaled_quantiles(tables, Fraction(3, 10), kind)
    high, other = scaled_quantiles(tables, Fraction(7, 10), kind)
    base = math.lcm(one, other)
    low, high = low * (base // one), high * (base // other)
    constant = IPRR * Fraction(steps, 8) * base
    # times 2: the asymmetry is half of |steps - (low + high)|
    scale = 2 * constant.denominator * ASYMMETRY.denominator
    limit = int(constant * scale) + int(ASYMMETRY * scale) // 2 * np.abs(steps * base - low - high)
    return np.asarray(scale * (high - low) > limit)


def holds(clause: Clause, tables: Counts, bench: Bench) -> Truth:
    """Whether the clause holds for each panel; all False without ratings."""
    n = int(tables[0].sum()) if len(tables) else 0
    if n == 0:
        return np.zeros(len(tables), dtype=np.bool_)
    scale = bench.scale
    if isinstance(clause, ShareClause):
        band = scale.named_band(clause.band)
        held = tables[:, band.lo - scale.lo : band.hi - scale.lo + 1].sum(axis=1)
        limit = clause.num * (n + bench.withheld)
        return np.asarray(
            clause.den * held >= limit if clause.op == ">=" else clause.den * held < limit
        )
    if isinstance(clause, MedianClause):
        running = np.cumsum(tables, axis=1)
        middle = order_statistics(running, (n + 1) // 2) + order_statistics(running, n // 2 + 1)
        twice = 2 * scale.lo + middle
        return np.asarray(twice >= clause.twice if clause.op == ">=" else twice <= clause.twice)
    if isinstance(clause, IqrClause):
        return _iqr_holds(clause, tables, bench.quantiles.quartile_type)
    assert isinstance(clause, DisagreementClause)
    return np.asarray(disagreement(tables, bench.quantiles.ipras_type) == clause.present)


def all_hold(clauses: tuple[Clause, ...], tables: Counts, bench: Bench) -> Truth:
    """Whether every clause holds, looking at a clause only where the ones before it hold."""
    left = np.arange(len(tables))
    for clause in clauses:
        left = left[holds(clause, tables[left], bench)]
    found = np.zeros(len(tables), dtype=np.bool_)
    found[left] = True
    return found


def verdict_codes(
    rule: ConsensusRule, tables: Counts, bench: Bench, round_number: int | None
) -> npt.NDArray[np.int8]:
    """1 ``in``, -1 ``out``, 0 ``none`` for each panel, without asking whether enough rated."""
    into, out = rule.clauses(round_number)
    codes = np.zeros(len(tables), dtype=np.int8)
    codes[all_hold(out, tables, bench)] = -1
    codes[all_hold(into, tables, bench)] = 1
    return codes


def shares_of(
    codes: npt.NDArray[np.int8], weights: npt.NDArray[np.float64] | None = None
) -> dict[str, float]:
    """Share of each verdict; ``weights`` (adding to 1) where panels are not equally likely."""
    found = {}
    for place, name in enumerate(VERDICTS):
        here = codes == place - 1
        held = float(here.mean()) if weights is None else math.fsum(weights[here].tolist())
        found[name] = min(1.0, held)
    return found


def panels(n: int, places: int) -> Counts:
    """Every way in which n raters fall into so many places, int64[C(n + places - 1, n) x places].

    Raters have no order.
    """
    rows = np.zeros((1, places), np.int64)
    left = np.full(1, n, np.int64)
    for place in range(places - 1):
        times = left + 1
        rows, left = np.repeat(rows, times, axis=0), np.repeat(left, times)
        starts = np.repeat(np.cumsum(times) - times, times)
        taken = np.arange(left.size) - starts
        rows[:, place] = taken
        left = left - taken
    rows[:, -1] = left
    return rows


def few_point_panels(n: int, k: int, among: Sequence[int], points: int) -> Iterator[Counts]:
    """Every panel of n raters who use at most so many of these points of k, in tables."""
    inner = panels(n, points)
    for chosen in combinations(among, points):
        tables = np.zeros((len(inner), k), np.int64)
        tables[:, chosen] = inner
        yield tables
