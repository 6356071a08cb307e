"""Within-group agreement: observed variance against that of no agreement (the r_wg family).

From one histogram on a declared scale; the forms for J measures take their mean variance.
"""

from collections.abc import Sequence

import numpy as np

from analysis.statistics.descriptive import CountsLike, mean, mean_deviation, size, variance
from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, OUT_OF_RANGE, Value, undefined

SLIGHT_SKEW_5 = 1.34  # variance of a slightly skewed null on 5 points (James et al. 1984)


def uniform_variance(k: int) -> float:
    """Variance of a uniform answer on k points, (k^2 - 1)/12. Five points: 2."""
    return (k * k - 1) / 12


def largest_variance(k: int) -> float:
    """Variance of half at each end, ((k - 1)/2)^2. Five points: 4."""
    return (k - 1) ** 2 / 4


def r_wg(counts: CountsLike, null: float, truncated: bool = True) -> Value:
    """1 - s^2 / null variance (James, Demaree and Wolf 1984), truncated to 0..1 if asked.

    With ``largest_variance`` and no truncation it is r*_wg (Lindell and Brandt 1997), which dips
    below 0 on a perfect split because s^2 divides by n - 1. Undefined for n < 2.
    """
    spread = variance(counts)
    if spread.value is None or null <= 0:
        return spread if spread.value is None else undefined(OUT_OF_RANGE)
    value = 1 - spread.value / null
    return Value(min(1.0, max(0.0, value)) if truncated else value)


def a_wg(counts: CountsLike, lo: int) -> Value:
    """a_wg = 1 - 2 s^2 / {[(hi + lo)M - M^2 - hi lo] n/(n-1)} (Brown and Hauenstein 2005).

    -1 to 1. Undefined for n < 2 and where the mean is too near an end for any agreement to be
    read; all on an end point itself is 1.
    """
    spread, centre, n = variance(counts), mean(counts, lo), size(counts)
    if spread.value is None or centre.value is None:
        return spread
    m, hi = centre.value, lo + np.asarray(counts).size - 1
    if spread.value == 0 and m in (lo, hi):
        return Value(1.0)
    if m < (lo * (n - 1) + hi) / n or m > (hi * (n - 1) + lo) / n:
        return undefined(OUT_OF_RANGE)
    most = ((hi + lo) * m - m * m - hi * lo) * n / (n - 1)
    return Value(1 - 2 * spread.value / most)


def mean_distance(counts: CountsLike) -> Value:
    """AD_M, mean distance from the mean (Burke, Finkelstein and Dusig 1999); cut-off k/6."""
    weights = np.asarray(counts, dtype=np.float64)
    centre = mean(counts).value
    if centre is None:
        return undefined(NO_DATA)
    return Value(float(weights @ np.abs(np.arange(weights.size) - centre)) / float(weights.sum()))


def median_distance(counts: CountsLike) -> Value:
    """AD_Md, mean distance from the median."""
    return mean_deviation(counts)


def _mean_variance(measures: Sequence[CountsLike]) -> float | None:
    spreads = [variance(counts).value for counts in measures]
    known = [spread for spread in spreads if spread is not None]
    return None if not known or len(known) < len(spreads) else sum(known) / len(known)


def r_wg_j(measures: Sequence[CountsLike], null: float) -> Value:
    """r_wg(J) = J r / (J r + 1 - r), r = 1 - mean s^2 / null (James et al. 1984).

    Complete rows only. Not below 0 (the formula leaves 0..1 when s^2 exceeds the null).
    """
    spread = _mean_variance(measures)
    if spread is None:
        return undefined(N_BELOW_MINIMUM)
    r, j = 1 - spread / null, len(measures)
    if r <= 0:
        return Value(0.0)
    return Value(j * r / (j * r + 1 - r))


def r_star_wg_j(measures: Sequence[CountsLike], null: float) -> Value:
    """r*_wg(J) = 1 - mean s^2 / null (Lindell, Brandt and Whitney 1999)."""
    spread = _mean_variance(measures)
    return undefined(N_BELOW_MINIMUM) if spread is None else Value(1 - spread / null)


def a_wg_j(measures: Sequence[CountsLike], lo: int) -> Value:
    """Mean of a_wg over the measures that have one (Brown and Hauenstein 2005)."""
    values = [a_wg(counts, lo).value for counts in measures]
    known = [value for value in values if value is not None]
    return Value(sum(known) / len(known)) if known else undefined(OUT_OF_RANGE)
