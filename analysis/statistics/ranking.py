"""Which measures come first? Positional and pairwise aggregation of rankings."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.statistics.value import TOO_LARGE

Floats = npt.NDArray[np.float64]
KEMENY_UP_TO = 15  # measures; the table of subsets has 2^n entries
_OPTIMA_SHOWN = 1000


class Ballot(NamedTuple):
    """``experts`` with the same ``ranks``: 1 is best, ties share a rank, NaN is unranked."""

    experts: int
    ranks: tuple[float, ...]


def preferences(ballots: Sequence[Ballot], measures: int) -> Floats:
    """K[i, j]: experts who put i before j; a tie counts one half each (Fagin et al. 2004).

    Only pairs ranked by the same expert count. Additive over experts.
    """
    table = np.zeros((measures, measures))
    for ballot in ballots:
        ranks = np.asarray(ballot.ranks)
        both = ~np.isnan(ranks)[:, None] & ~np.isnan(ranks)[None, :]
        table += ballot.experts * ((ranks[:, None] < ranks[None, :]) & both)
        table += ballot.experts * 0.5 * ((ranks[:, None] == ranks[None, :]) & both)
    np.fill_diagonal(table, 0)
    return table


def borda(table: Floats) -> list[float]:
    """Borda (1781) scores: times preferred to another measure, ties one half.

    For complete rankings sum of (n - rank). Tennessee: 126, 194, 173, 107.
    """
    return [float(score) for score in table.sum(axis=1)]


def mean_ranks(ballots: Sequence[Ballot], measures: int) -> list[float | None]:
    """Mean rank over those who ranked the measure; None if nobody did."""
    ranks = np.asarray([b.ranks for b in ballots], dtype=np.float64).reshape(-1, measures)
    counts = np.asarray([b.experts for b in ballots], dtype=np.float64)
    held = ~np.isnan(ranks)
    sums = counts @ np.where(held, ranks, 0.0)
    sizes = counts @ held
    return [float(s / n) if n else None for s, n in zip(sums, sizes, strict=True)]


def copeland(table: Floats) -> list[float]:
    """Measures beaten minus measures lost to, pairwise (Copeland 1951)."""
    return [float(score) for score in np.sign(table - table.T).sum(axis=1)]


def kemeny_distance(order: Sequence[int], table: Floats) -> float:
    """Pairs of expert and measures that the order contradicts (Kemeny 1959)."""
    return float(sum(table[j, i] for i, j in itertools.combinations(order, 2)))


class Kemeny(NamedTuple):
    """Least distance, agreement score and every optimal order (indices); or why there is none."""

    distance: float | None
    agreement: float | None
    orders: list[tuple[int, ...]]
    reason: str | None = None


def kemeny(table: Floats) -> Kemeny:
    """All orders with the least distance, by dynamic programming over subsets (Kemeny 1959).

    Exact up to 15 measures, else ``too_large``. Example: the cycle of 100 voters: 120, B C A.
    """
    n = table.shape[0]
    if n > KEMENY_UP_TO:
        return Kemeny(None, None, [], TOO_LARGE)
    least = np.full(1 << n, np.inf)
    least[0] = 0.0
    cost = np.zeros((1 << n, n))  # cost[s, i]: contradiction of putting i after the set s
    for s in range(1, 1 << n):
        lowest = (s & -s).bit_length() - 1
        cost[s] = cost[s & (s - 1)] + table[:, lowest]
    for s in range(1, 1 << n):
        least[s] = min(least[s ^ (1 << i)] + cost[s ^ (1 << i), i] for i in range(n) if s >> i & 1)
    distance = float(least[-1])
    return Kemeny(distance, float(table.sum()) - distance, _optima(least, cost, n))


def _optima(least: Floats, cost: Floats, n: int) -> list[tuple[int, ...]]:
    orders: list[tuple[int, ...]] = []
    stack: list[tuple[int, tuple[int, ...]]] = [((1 << n) - 1, ())]
    while stack and len(orders) < _OPTIMA_SHOWN:
        s, tail = stack.pop()
        if s == 0:
            orders.append(tail)
            continue
        for i in range(n):
            rest = s ^ (1 << i)
            if s >> i & 1 and abs(least[rest] + cost[rest, i] - least[s]) < 1e-9:
                stack.append((rest, (i, *tail)))
    return sorted(orders)
