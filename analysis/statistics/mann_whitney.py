"""Two groups of ratings: Mann and Whitney, exact and by the normal curve, and Cliff."""

import math

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.change import two_sided_normal
from analysis.statistics.descriptive import CountsLike, size
from analysis.statistics.value import ALL_TIED, NO_DATA, TOO_LARGE, Significance, Value, undefined

_EXACT_PRODUCT = 2_500  # n1 n2 up to which the exact distribution is built


def mann_whitney_u(first: CountsLike, second: CountsLike) -> float:
    """U of the first group: pairs in which it rates higher, ties one half."""
    one, other = np.asarray(first, np.float64), np.asarray(second, np.float64)
    below = np.concatenate(([0.0], np.cumsum(other)[:-1]))
    return float(one @ (below + other / 2))


def cliff_delta(first: CountsLike, second: CountsLike) -> Value:
    """Cliff's (1993) delta: pairs in which the first rates higher minus lower, over all pairs.

    2U/(n1 n2) - 1, from -1 to 1. Undefined if a group is empty. (0,1) and (1,0): 1.
    """
    pairs = size(first) * size(second)
    if pairs == 0:
        return undefined(NO_DATA)
    return Value(2 * mann_whitney_u(first, second) / pairs - 1)


def tie_factor(pooled: Floats) -> float:
    n = float(pooled.sum())
    return 1 - float((pooled**3 - pooled).sum()) / (n**3 - n) if n > 1 else 0.0


def mann_whitney(first: CountsLike, second: CountsLike, corrected: bool = False) -> Significance:
    """Mann-Whitney (1947) test, normal with tie variance, two-sided; ``corrected`` for continuity.

    Undefined if a group is empty or all ratings are tied.
    """
    n1, n2 = size(first), size(second)
    if n1 == 0 or n2 == 0:
        return Significance(None, reason=NO_DATA)
    u = mann_whitney_u(first, second)
    factor = tie_factor(np.asarray(first, np.float64) + np.asarray(second, np.float64))
    if factor <= 0:
        return Significance(u, reason=ALL_TIED)
    away = abs(u - n1 * n2 / 2) - (0.5 if corrected else 0.0)
    z = max(0.0, away) / math.sqrt(n1 * n2 * (n1 + n2 + 1) / 12 * factor)
    return Significance(u, None, two_sided_normal(z), "normal")


def mann_whitney_exact(first: CountsLike, second: CountsLike) -> Significance:
    """Exact conditional test with ties, P(|U - E| >= |u - E|); small groups only (``too_large``).

    Other definitions of two-sided differ on asymmetric tied distributions.
    """
    n1, n2 = int(size(first)), int(size(second))
    if n1 == 0 or n2 == 0:
        return Significance(None, reason=NO_DATA)
    u = mann_whitney_u(first, second)
    if n1 * n2 > _EXACT_PRODUCT:
        return Significance(u, reason=TOO_LARGE)
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    before = 0
    for t in (int(a + b) for a, b in zip(first, second, strict=True)):
        step: dict[tuple[int, int], int] = {}
        for (chosen, twice_sum), count in ways.items():
            for j in range(min(t, n1 - chosen) + 1):
                key = (chosen + j, twice_sum + j * (2 * before + t + 1))
                step[key] = step.get(key, 0) + count * math.comb(t, j)
        ways, before = step, before + t
    least = round(2 * abs(2 * u - n1 * n2))  # four times |u - E|, as doubled rank sums count
    centre = n1 * (n1 + n2 + 1)
    extreme = sum(count for (chosen, s), count in ways.items() if chosen == n1 and 2 * abs(s - centre) >= least)
    return Significance(u, None, extreme / math.comb(n1 + n2, n1), "exact")
