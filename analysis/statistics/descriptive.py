"""Centre and spread of one histogram. Missing answers are not in ``counts``."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, NO_VARIATION, Value, undefined

CountsLike = Sequence[int] | Sequence[float] | npt.NDArray[np.int64] | npt.NDArray[np.float64]
_NORMAL = 1.4826  # makes the MAD of normal data estimate its SD (R's constant)
_OFFSETS = {  # Hyndman and Fan's m = a + b p for the continuous types
    4: (Fraction(0), Fraction(0)),
    5: (Fraction(1, 2), Fraction(0)),
    6: (Fraction(0), Fraction(1)),
    7: (Fraction(1), Fraction(-1)),
    8: (Fraction(1, 3), Fraction(1, 3)),
    9: (Fraction(3, 8), Fraction(1, 4)),
}


def size(counts: CountsLike) -> float:
    """Sum of the counts (weights may make it fractional)."""
    return float(np.sum(np.asarray(counts)))


def order_statistic(counts: CountsLike, rank: int) -> int:
    """Category (0-based) of the ``rank``-th smallest answer, 1-based; clamped to the ends."""
    running = np.cumsum(np.asarray(counts))
    wanted = min(max(rank, 1), int(running[-1]))
    return int(np.searchsorted(running, wanted))


def quantile(counts: CountsLike, p: Fraction, kind: int = 7, lo: int = 0) -> Fraction | None:
    """Quantile of Hyndman and Fan's (1996) type ``kind``, 1 to 9, as an exact fraction.

    Needs cumulative counts only: the i-th order statistic is the first category whose cumulative
    count reaches i. Types: 7 R and numpy; 6 SPSS; 2 SAS, Stata; 1 always an observed point.
    Undefined (None) without answers. Example: counts (3,0,1,3,2,3,6,3,4) on 1 to 9, p = 1/10:
    1 by type 2, 9/5 by type 7.
    """
    n = int(np.sum(np.asarray(counts)))
    if n == 0:
        return None
    j, share = quantile_place(n, p, kind)
    below, above = order_statistic(counts, j), order_statistic(counts, j + 1)
    return lo + (1 - share) * below + share * above


def quantile_place(n: int, p: Fraction, kind: int) -> tuple[int, Fraction]:
    """Rank ``j`` and ``share``: the quantile is (1 - share) x_j + share x_(j+1), x sorted.

    Depends on n alone, so many panels of one size share it. j may fall outside 1..n: clamp.
    """
    if kind > 3:
        a, b = _OFFSETS[kind]
        place = n * p + a + b * p
        return math.floor(place), place - math.floor(place)
    place = n * p - (Fraction(1, 2) if kind == 3 else 0)
    j, exact = math.floor(place), place.denominator == 1
    if kind == 2 and exact:
        return j, Fraction(1, 2)
    return j, Fraction(0 if exact and (kind == 1 or j % 2 == 0) else 1)


def twice_median(counts: CountsLike, lo: int = 0) -> int | None:
    """Twice the median, an integer: the two middle answers added. None without answers."""
    n = int(np.sum(np.asarray(counts)))
    if n == 0:
        return None
    return 2 * lo + order_statistic(counts, (n + 1) // 2) + order_statistic(counts, n // 2 + 1)


def median(counts: CountsLike, lo: int = 0) -> Value:
    """Middle answer, or half-way between the two middle ones; never rounded.

    Example: one answer on 1 and one on 7 give 4, which nobody chose.
    """
    twice = twice_median(counts, lo)
    return undefined(NO_DATA) if twice is None else Value(twice / 2)


def mean(counts: CountsLike, lo: int = 0) -> Value:
    """Arithmetic mean; treats points as equally spaced. Example: (1,0,1) from 1: 2."""
    weights = np.asarray(counts, dtype=np.float64)
    if weights.sum() == 0:
        return undefined(NO_DATA)
    return Value(lo + float(weights @ np.arange(weights.size)) / float(weights.sum()))


def central_moment(counts: CountsLike, power: int) -> float:
    """Mean of ``(x - mean) ** power``; 0 without answers."""
    weights = np.asarray(counts, dtype=np.float64)
    n = weights.sum()
    if n == 0:
        return 0.0
    points = np.arange(weights.size) - float(weights @ np.arange(weights.size)) / n
    return float(weights @ points**power) / float(n)


def variance(counts: CountsLike, ddof: int = 1) -> Value:
    """Sum of squared deviations over ``n - ddof``. Undefined for n <= ddof. (1,0,1): 2."""
    n = size(counts)
    if n <= ddof:
        return undefined(NO_DATA if n == 0 else N_BELOW_MINIMUM)
    return Value(central_moment(counts, 2) * n / (n - ddof))


def deviation(counts: CountsLike, ddof: int = 1) -> Value:
    """Standard deviation, the root of ``variance``. Undefined for n <= ddof."""
    squared = variance(counts, ddof)
    return squared if squared.value is None else Value(math.sqrt(squared.value))


def variation(counts: CountsLike, lo: int) -> Value:
    """Coefficient of variation, SD over mean (English and Keran 1976).

    Depends on where the scale starts: only for change between rounds. Undefined at mean 0.
    Example: (1,0,1) from 1: 0.7071.
    """
    spread, centre = deviation(counts), mean(counts, lo)
    if spread.value is None or centre.value is None:
        return spread
    return undefined(NO_VARIATION) if centre.value == 0 else Value(spread.value / centre.value)


def modes(counts: CountsLike, lo: int = 0) -> list[int]:
    """Every point with the largest count; empty without answers. (2,2,1) from 1: [1, 2]."""
    weights = np.asarray(counts)
    if weights.sum() == 0:
        return []
    return [lo + int(c) for c in np.flatnonzero(weights == weights.max())]


def absolute_deviations(counts: CountsLike) -> dict[int, int]:
    """Counts of ``|2x - 2 median|``, in half points, by distance; empty without answers."""
    twice = twice_median(counts)
    if twice is None:
        return {}
    distances: dict[int, int] = {}
    for c, n in enumerate(np.asarray(counts).tolist()):
        if n:
            distances[abs(2 * c - twice)] = distances.get(abs(2 * c - twice), 0) + n
    return distances


def median_deviation(counts: CountsLike, constant: float = 1.0) -> Value:
    """Median absolute deviation from the median, times ``constant``.

    ``constant`` 1 is the raw MAD; ``normal_median_deviation`` uses R's 1.4826.
    Example: (1,0,1) from 1: 1.
    """
    distances = absolute_deviations(counts)
    if not distances:
        return undefined(NO_DATA)
    by_half = [distances.get(d, 0) for d in range(max(distances) + 1)]
    twice = twice_median(by_half)
    return undefined(NO_DATA) if twice is None else Value(constant * twice / 4)


def normal_median_deviation(counts: CountsLike) -> Value:
    """MAD scaled to estimate the SD of normal data."""
    return median_deviation(counts, _NORMAL)


def mean_deviation(counts: CountsLike) -> Value:
    """Mean absolute deviation from the median (MAD-M of the RAM literature). (1,0,1): 1."""
    distances = absolute_deviations(counts)
    if not distances:
        return undefined(NO_DATA)
    return Value(sum(d * n for d, n in distances.items()) / (2 * sum(distances.values())))


def extremes(counts: CountsLike, lo: int = 0) -> tuple[int, int] | None:
    """Smallest and largest point chosen; None without answers."""
    chosen = np.flatnonzero(np.asarray(counts))
    return None if chosen.size == 0 else (lo + int(chosen[0]), lo + int(chosen[-1]))


def quartiles(counts: CountsLike, kind: int = 7, lo: int = 0) -> tuple[Fraction, Fraction] | None:
    """First and third quartile of that quantile type; None without answers."""
    first = quantile(counts, Fraction(1, 4), kind, lo)
    third = quantile(counts, Fraction(3, 4), kind, lo)
    return None if first is None or third is None else (first, third)


def interquartile_range(counts: CountsLike, kind: int = 7) -> Fraction | None:
    """Third minus first quartile of that type; store the type with it. None without answers."""
    pair = quartiles(counts, kind)
    return None if pair is None else pair[1] - pair[0]


def hinges(counts: CountsLike, lo: int = 0) -> tuple[float, float, float, float, float] | None:
    """Tukey's (1977) five numbers: minimum, lower hinge, median, upper hinge, maximum.

    Hinges are the medians of the two halves, the middle answer belonging to both.
    """
    n = int(size(counts))
    if n == 0:
        return None
    half = (n + 3) // 2  # twice the depth of the hinge

    def at(twice_rank: int) -> float:
        low = order_statistic(counts, twice_rank // 2)
        high = order_statistic(counts, (twice_rank + 1) // 2)
        return lo + (low + high) / 2

    return at(2), at(half), at(n + 1), at(2 * n + 2 - half), at(2 * n)


def share_near_median(counts: CountsLike, points: int = 1) -> Value:
    """Share of those who rated within so many points of the median. (1,0,2,1), 1 point: 0.75."""
    distances = absolute_deviations(counts)
    if not distances:
        return undefined(NO_DATA)
    near = sum(n for away, n in distances.items() if away <= 2 * points)
    return Value(near / sum(distances.values()))


def net_agreement(high: int, low: int, n: int) -> Value:
    """Share of a high band minus share of a low band, -1 to 1. 15, 3 of 20: 0.6."""
    return Value((high - low) / n) if n else undefined(NO_DATA)
