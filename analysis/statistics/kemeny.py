"""The ranking nearest to all ballots (Kemeny, 1959)."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.ranking import _OPTIMA_SHOWN, KEMENY_UP_TO
from analysis.statistics.value import TOO_LARGE


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
