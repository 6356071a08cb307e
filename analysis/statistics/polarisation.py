"""Is the panel split? Shape of one histogram.

Primary flags are A below 0, a third of the panel in each extreme band, and RAM disagreement; the
figures here are for the annex. One dissenter among 25 has a bimodality coefficient of 0.915, a
perfect split 0.803: never read it alone.
"""

import math
from typing import NamedTuple

from analysis.statistics.descriptive import CountsLike, central_moment, size
from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, NO_VARIATION, Value, undefined


def _moments(counts: CountsLike, at_least: int) -> tuple[float, float] | Value:
    n, spread = size(counts), central_moment(counts, 2)
    if n == 0:
        return undefined(NO_DATA)
    if n < at_least:
        return undefined(N_BELOW_MINIMUM)
    return undefined(NO_VARIATION) if spread == 0 else (n, spread)


def skewness(counts: CountsLike, corrected: bool = True) -> Value:
    """G1, sample-corrected (n >= 3), or g1 = m3 / m2^1.5. Undefined without variation."""
    known = _moments(counts, 3 if corrected else 1)
    if isinstance(known, Value):
        return known
    n, spread = known
    g1 = central_moment(counts, 3) / spread**1.5
    return Value(g1 * math.sqrt(n * (n - 1)) / (n - 2) if corrected else g1)


def excess_kurtosis(counts: CountsLike, corrected: bool = True) -> Value:
    """G2, sample-corrected (n >= 4), or g2 = m4 / m2^2 - 3. Undefined without variation."""
    known = _moments(counts, 4 if corrected else 1)
    if isinstance(known, Value):
        return known
    n, spread = known
    g2 = central_moment(counts, 4) / spread**2 - 3
    return Value((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6) if corrected else g2)


def bimodality(counts: CountsLike) -> Value:
    """BC = (G1^2 + 1) / (G2 + 3 (n-1)^2 / ((n-2)(n-3))) (Pfister et al. 2013; SAS). n >= 4.

    5/9 is that of a uniform distribution. Of ratings, never of frequencies.
    """
    skew, kurtosis, n = skewness(counts), excess_kurtosis(counts), size(counts)
    if skew.value is None or kurtosis.value is None:
        return kurtosis
    return Value((skew.value**2 + 1) / (kurtosis.value + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))))


def population_bimodality(counts: CountsLike) -> Value:
    """(g1^2 + 1) / (g2 + 3), without the term for finite samples."""
    skew, kurtosis = skewness(counts, False), excess_kurtosis(counts, False)
    if skew.value is None or kurtosis.value is None:
        return kurtosis
    return Value((skew.value**2 + 1) / (kurtosis.value + 3))


class Camps(NamedTuple):
    """Shares of the two extreme bands, and whether each reaches the limit."""

    low: float
    high: float
    split: bool


def camps(low: int, high: int, n: int, each: tuple[int, int] = (1, 3)) -> Camps | None:
    """Two camps: at least ``each`` of the panel in both extreme bands; None without answers."""
    if n == 0:
        return None
    split = low * each[1] >= each[0] * n and high * each[1] >= each[0] * n
    return Camps(low / n, high / n, split)


def dajani_level(counts: CountsLike) -> str | None:
    """Level of agreement of a stable measure (Dajani, Sincoff and Talley 1979).

    ``consensus`` (unanimous), ``majority`` (over half), ``bipolarity`` (two equal largest camps
    that hold all), ``plurality`` (one largest camp), ``disagreement``. Test stability first.
    """
    held = sorted((int(c) for c in counts if c), reverse=True)
    if not held:
        return None
    n = sum(held)
    if len(held) == 1:
        return "consensus"
    if 2 * held[0] > n:
        return "majority"
    if len(held) == 2:
        return "bipolarity"
    return "plurality" if held[0] > held[1] else "disagreement"
