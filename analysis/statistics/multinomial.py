"""Simultaneous intervals of all shares of one histogram."""

import math

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.descriptive import CountsLike
from analysis.statistics.value import NO_DATA, Interval


def goodman(counts: CountsLike, level: float = 0.95) -> list[Interval]:
    """Simultaneous intervals of multinomial shares (Goodman 1965).

    Example: 91, 49, 37, 43: the first share from 0.3342 to 0.4978.
    """
    from scipy.stats import chi2

    cells = np.asarray(counts, dtype=np.float64)
    n = float(cells.sum())
    if n == 0:
        return [Interval(None, None, NO_DATA)] * cells.size
    b = float(chi2.ppf(1 - (1 - level) / cells.size, 1))
    width = np.sqrt(b * (b + 4 * cells * (n - cells) / n))
    lows, highs = (b + 2 * cells - width) / (2 * (n + b)), (b + 2 * cells + width) / (2 * (n + b))
    return [Interval(max(0.0, float(low)), min(1.0, float(high))) for low, high in zip(lows, highs, strict=True)]


def _truncated_moments(mean: float, c: int) -> tuple[float, float, float, float, float]:
    """Mean, variance, third and fourth central moments of Poisson(mean) within mean +- c.

    And its probability. From the raw factorial moments (Sison and Glaz 1995).
    """
    from scipy.special import pdtr

    def below(x: float) -> float:
        return float(pdtr(x, mean)) if x >= 0 else 0.0

    low, high = mean - c, mean + c
    held = below(high) - below(low - 1) if mean > 0 else 1.0
    factorial = []
    for r in range(1, 5):
        head = below(high) - below(high - r)
        tail = below(low - 1) - below(low - r - 1)
        factorial.append(mean**r * (1 + (tail - head) / held))
    f1, f2, f3, f4 = factorial
    second = f2 + f1 - f1**2
    third = f3 + f2 * (3 - 3 * f1) + (f1 - 3 * f1**2 + 2 * f1**3)
    fourth = f4 + f3 * (6 - 4 * f1) + f2 * (7 - 12 * f1 + 6 * f1**2)
    fourth += f1 - 4 * f1**2 + 6 * f1**3 - 3 * f1**4
    return f1, second, third, fourth, held


def _coverage(cells: Floats, c: int) -> float:
    """Edgeworth approximation of P(every count within c of its expectation)."""
    from scipy.special import gammaln

    n = float(cells.sum())
    parts = np.asarray([_truncated_moments(float(cell), c) for cell in cells])
    centre, second = float(parts[:, 0].sum()), float(parts[:, 1].sum())
    third = float(parts[:, 2].sum())
    excess = float((parts[:, 3] - 3 * parts[:, 1] ** 2).sum())
    z = (n - centre) / math.sqrt(second)
    skew, kurtosis = third / second**1.5, excess / second**2
    polynomial = (
        1
        + skew * (z**3 - 3 * z) / 6
        + kurtosis * (z**4 - 6 * z**2 + 3) / 24
        + skew**2 * (z**6 - 15 * z**4 + 45 * z**2 - 15) / 72
    )
    density = polynomial * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / math.sqrt(second)
    total = math.exp(float(gammaln(n + 1)) - n * math.log(n) + n)
    return float(total * float(np.prod(parts[:, 4])) * density)


def sison_glaz(counts: CountsLike, level: float = 0.95) -> list[Interval]:
    """Simultaneous intervals share - c/n to share + c/n + 2 delta (Sison and Glaz 1995).

    c is the largest half-width whose coverage, approximated by truncated Poisson counts, stays
    below ``level``; delta interpolates to the next. Stays sensible when one cell holds nearly all.
    Undefined without answers.
    """
    cells = np.asarray(counts, dtype=np.float64)
    n = int(cells.sum())
    if n == 0:
        return [Interval(None, None, NO_DATA)] * cells.size
    before, c = 0.0, 0
    for c in range(1, n + 1):
        covered = _coverage(cells, c)
        if covered > level > before:
            break
        before = covered
    width = c - 1
    delta = (level - before) / (covered - before) if covered != before else 0.0
    return [Interval(max(0.0, float(p - width / n)), min(1.0, float(p + (width + 2 * delta) / n))) for p in cells / n]
