"""Hartigan's dip: distance from the nearest unimodal distribution.

Only for 0 to 100 sliders: its p-value assumes a continuous variable, and ties alone make
unimodal 5-point ratings "significant". Never a decision statistic for ratings.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.statistics.value import NO_DATA, Value, undefined


class _Span(NamedTuple):
    """Touching points of minorant (descending) and majorant (ascending), and where they part."""

    gcm: list[int]
    lcm: list[int]
    ig: int
    ih: int
    gap: float


def _hull(x: Floats, convex: bool) -> list[int]:
    """Predecessor on the convex minorant, or successor on the concave majorant, of each point."""
    n = x.size
    last, step = (0, -1) if convex else (n - 1, 1)
    link = [last] * n
    for j in range(1, n) if convex else range(n - 2, -1, -1):
        link[j] = j + step
        while link[j] != last:
            a = link[j]
            b = link[a]
            if (x[j] - x[a]) * (a - b) < (x[a] - x[b]) * (j - a):
                break
            link[j] = b
    return link


def _chain(link: list[int], start: int, stop: int) -> list[int]:
    chain = [start]
    while chain[-1] != stop:
        chain.append(link[chain[-1]])
        if (start < stop) == (chain[-1] > stop):
            break
    return chain


def _widest(x: Floats, gcm: list[int], lcm: list[int]) -> _Span:
    """Largest distance between minorant and majorant, and the knots where it is taken."""
    ig, ih, ix, iv = len(gcm) - 1, len(lcm) - 1, len(gcm) - 2, 1
    gap = 0.0
    if len(gcm) == 2 and len(lcm) == 2:
        return _Span(gcm, lcm, ig, ih, 1.0)
    while True:
        g, v = gcm[ix], lcm[iv]
        if g > v:
            g1 = gcm[ix + 1]
            distance = (v - g1 + 1) - (x[v] - x[g1]) * (g - g1) / (x[g] - x[g1])
            iv += 1
            if distance >= gap:
                gap, ig, ih = float(distance), ix + 1, iv - 1
        else:
            v1 = lcm[iv - 1]
            distance = (x[g] - x[v1]) * (v - v1) / (x[v] - x[v1]) - (g - v1 - 1)
            ix -= 1
            if distance >= gap:
                gap, ig, ih = float(distance), ix + 1, iv
        ix, iv = max(ix, 0), min(iv, len(lcm) - 1)
        if gcm[ix] == lcm[iv]:
            return _Span(gcm, lcm, ig, ih, gap)


def _departure(x: Floats, knots: list[tuple[int, int]], convex: bool) -> float:
    """Largest distance of the empirical distribution from the hull between its knots."""
    most = 0.0
    for first, last in knots:
        worst = 1.0
        if last - first > 1 and x[last] != x[first]:
            steps = np.arange(last - first + 1)
            line = (x[first : last + 1] - x[first]) * (last - first) / (x[last] - x[first])
            away = steps + 1 - line if convex else line - steps + 1
            worst = max(worst, float(away.max()))
        most = max(most, worst)
    return most


def dip(values: npt.ArrayLike) -> Value:
    """Dip statistic (Hartigan and Hartigan 1985) of a list of values, at least 1/(2n).

    Undefined without values. Example: ten equal values: 0.05; half and half: 0.25.
    """
    x = np.sort(np.asarray(values, dtype=np.float64))
    n = x.size
    if n == 0:
        return undefined(NO_DATA)
    largest, low, high = 1.0, 0, n - 1
    if n < 2 or x[0] == x[-1]:
        return Value(largest / (2 * n))
    before, after = _hull(x, True), _hull(x, False)
    while True:
        span = _widest(x, _chain(before, high, low), _chain(after, low, high))
        if span.gap < largest:
            break
        left = [(span.gcm[j + 1], span.gcm[j]) for j in range(span.ig, len(span.gcm) - 1)]
        right = [(span.lcm[j], span.lcm[j + 1]) for j in range(span.ih, len(span.lcm) - 1)]
        largest = max(largest, _departure(x, left, True), _departure(x, right, False))
        if low == span.gcm[span.ig] and high == span.lcm[span.ih]:
            break
        low, high = span.gcm[span.ig], span.lcm[span.ih]
    return Value(largest / (2 * n))


def dip_of_counts(counts: npt.ArrayLike) -> Value:
    """Dip of a histogram on equally spaced points."""
    cells = np.asarray(counts)
    return dip(np.repeat(np.arange(cells.size), cells))


class _NullTable(NamedTuple):
    """Quantiles of sqrt(n) times the dip of n uniform values: one row per size.

    A million samples of each size, from our own simulation of `dip`; larger samples use the last
    row, which is close to the limit.
    """

    sizes: Floats
    probabilities: Floats
    quantiles: Floats


@cache
def _null_table() -> _NullTable:
    lines = files("analysis.statistics").joinpath("dip.csv").read_text("utf-8").splitlines()
    sizes = np.asarray(lines[0].split(",")[1:], dtype=np.float64)
    cells = np.asarray([line.split(",") for line in lines[1:]], dtype=np.float64)
    return _NullTable(sizes, cells[:, 0], cells[:, 1:].T)


def dip_p(statistic: float, n: int) -> float:
    """P(dip >= statistic) for n uniform values, interpolated in a simulated table.

    Between sizes linear in n, between probabilities linear in sqrt(n) dip. 1 below four values.
    """
    sizes, probabilities, quantiles = _null_table()
    if n < sizes[0]:
        return 1.0
    place = int(np.searchsorted(sizes, n, side="right")) - 1
    row = quantiles[place]
    if place + 1 < len(sizes):
        share = (n - sizes[place]) / (sizes[place + 1] - sizes[place])
        row = row + share * (quantiles[place + 1] - row)
    return float(1 - np.interp(np.sqrt(n) * statistic, row, probabilities))
