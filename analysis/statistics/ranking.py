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
    """Least distance, agreement score and every optimal order (indices); or why there is none.

    ``bound``: no order can have a smaller distance. ``complete``: all optima are in ``orders``.
    """

    distance: float | None
    agreement: float | None
    orders: list[tuple[int, ...]]
    reason: str | None = None
    bound: float | None = None
    complete: bool = True


def kemeny(table: Floats) -> Kemeny:
    """All orders with the least distance (Kemeny 1959), exact.

    Measures that a majority ranks before all others of a kind stand before them in every optimum
    (Truchon 1998), so each knot of cycles and ties is solved by itself, by dynamic programming
    over subsets. A knot of more than 15 is ``too_large``: then ``orders`` holds the best order a
    local search found, with its distance and the bound. Example: the cycle of 100 voters: 120,
    B C A.
    """
    n = table.shape[0]
    knots = _knots(table)
    upper = np.triu(np.minimum(table, table.T), 1)
    bound = float(upper.sum())
    if any(len(knot) > KEMENY_UP_TO for knot in knots):
        order = _local_search(table, [i for knot in knots for i in knot])
        distance = kemeny_distance(order, table)
        exact = abs(distance - bound) < 1e-9
        reason = None if exact else TOO_LARGE
        agreement = float(table.sum()) - distance
        return Kemeny(distance, agreement, [tuple(order)], reason, bound, False)
    orders: list[tuple[int, ...]] = [()]
    complete = True
    for knot in knots:
        own = _knot_orders(table[np.ix_(knot, knot)])
        complete = complete and len(orders) * len(own) <= _OPTIMA_SHOWN
        pairs = itertools.islice(itertools.product(orders, own), _OPTIMA_SHOWN)
        orders = [(*head, *(knot[i] for i in tail)) for head, tail in pairs]
        complete = complete and len(own) < _OPTIMA_SHOWN
    distance = kemeny_distance(orders[0], table) if n else 0.0
    agreement = float(table.sum()) - distance
    return Kemeny(distance, agreement, sorted(orders), None, bound, complete)


def _knots(table: Floats) -> list[list[int]]:
    """Measures in knots (cycles of majorities, and ties), each knot beating all later ones."""
    n = table.shape[0]
    reach = table >= table.T - 1e-9
    for i in range(n):
        reach = reach | (reach[:, [i]] & reach[[i], :])
    knots: dict[tuple[bool, ...], list[int]] = {}
    for i in range(n):
        knots.setdefault(tuple((reach[i] & reach[:, i]).tolist()), []).append(i)
    return sorted(knots.values(), key=lambda knot: -int(reach[knot[0]].sum()))


def _knot_orders(table: Floats) -> list[tuple[int, ...]]:
    n = table.shape[0]
    least = np.full(1 << n, np.inf)
    least[0] = 0.0
    cost = np.zeros((1 << n, n))  # cost[s, i]: contradiction of putting i after the set s
    for s in range(1, 1 << n):
        lowest = (s & -s).bit_length() - 1
        cost[s] = cost[s & (s - 1)] + table[:, lowest]
    for s in range(1, 1 << n):
        least[s] = min(least[s ^ (1 << i)] + cost[s ^ (1 << i), i] for i in range(n) if s >> i & 1)
    return _optima(least, cost, n)


def _local_search(table: Floats, order: list[int]) -> list[int]:
    """Move one measure at a time to its best place until none gains."""
    gained = True
    while gained:
        gained = False
        for measure in list(order):
            rest = [i for i in order if i != measure]
            before = np.concatenate(([0.0], np.cumsum(table[measure, rest])))
            after = np.concatenate((np.cumsum(table[rest, measure][::-1])[::-1], [0.0]))
            costs = before + after  # in front of place p: those behind it who prefer it lower
            best, now = int(costs.argmin()), order.index(measure)
            if costs[best] < costs[now] - 1e-9:
                rest.insert(best, measure)
                order, gained = rest, True
    return order


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


def bradley_terry(table: Floats) -> list[float] | None:
    """Strengths adding to 1 that make the preferences most likely (Bradley and Terry 1952).

    By Hunter's (2004) minorise-maximise steps; a tie is half a preference for each. None where
    the measures fall into two parts of which one never loses to the other: there is no maximum.
    Example: two measures, 3 of 4 prefer the first: 0.75, 0.25.
    """
    n = table.shape[0]
    if n == 0:
        return None
    reach = table > 0
    for i in range(n):
        reach = reach | (reach[:, [i]] & reach[[i], :])
    if n > 1 and not bool(reach[~np.eye(n, dtype=np.bool_)].all()):
        return None
    games, wins = table + table.T, table.sum(axis=1)
    strength = np.full(n, 1 / n)
    for _ in range(100_000):
        pairs = strength[:, None] + strength[None, :]
        rate = np.divide(games, pairs, out=np.zeros_like(games), where=games > 0).sum(axis=1)
        moved = wins / rate if n > 1 else strength
        moved = moved / moved.sum()
        if float(np.abs(moved - strength).max()) < 1e-14:
            break
        strength = moved
    return [float(each) for each in moved]


def mean_allocations(points: Floats) -> list[float | None]:
    """Mean share of the points each measure was given, of experts x measures allocations.

    Each expert's points are divided by their own sum first; NaN is not offered; who gave nothing
    is left out. None for a measure nobody was offered. (60, 40), (10, 30): 0.425, 0.575.
    """
    totals = np.nansum(points, axis=1)
    kept = points[totals > 0] / totals[totals > 0, None]
    held = ~np.isnan(kept)
    sums, sizes = np.where(held, kept, 0.0).sum(axis=0), held.sum(axis=0)
    return [float(total / n) if n else None for total, n in zip(sums, sizes, strict=True)]


def best_worst(
    best: Sequence[int], worst: Sequence[int], shown: Sequence[int]
) -> list[float | None]:
    """(times best - times worst) / times shown of each measure (Finn and Louviere 1992)."""
    trios = zip(best, worst, shown, strict=True)
    return [(b - w) / n if n else None for b, w, n in trios]
