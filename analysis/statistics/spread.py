"""Whether groups spread alike: Levene, Fligner and Killeen."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analysis.statistics.descriptive import CountsLike, mean, quantile, size
from analysis.statistics.homogeneity import chi_square_p
from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, NO_VARIATION, Significance


def _centre(counts: CountsLike, kind: str) -> float:
    if kind == "mean":
        return mean(counts).value or 0.0
    return float(quantile(counts, Fraction(1, 2), 2) or 0)


def levene(groups: Sequence[CountsLike], centre: str = "median") -> Significance:
    """Equal spread: one-way F of distances from the group's centre.

    ``mean``: Levene (1960); ``median``: Brown and Forsythe (1974). Independent groups only.
    """
    from scipy.special import fdtrc

    cells = [np.asarray(group, dtype=np.float64) for group in groups if size(group)]
    n, g = float(sum(c.sum() for c in cells)), len(cells)
    if g < 2 or n <= g:
        return Significance(None, reason=N_BELOW_MINIMUM)
    away = [np.abs(np.arange(c.size) - _centre(c, centre)) for c in cells]
    means = [float(c @ z) / float(c.sum()) for c, z in zip(cells, away, strict=True)]
    grand = sum(float(c @ z) for c, z in zip(cells, away, strict=True)) / n
    between = sum(float(c.sum()) * (m - grand) ** 2 for c, m in zip(cells, means, strict=True))
    within = sum(float(c @ (z - m) ** 2) for c, z, m in zip(cells, away, means, strict=True))
    if within <= 1e-12:
        return Significance(None, g - 1, None, "F", NO_VARIATION)
    f = between / (g - 1) / (within / (n - g))
    return Significance(f, g - 1, float(fdtrc(g - 1, n - g, f)), "F")


def fligner_killeen(groups: Sequence[CountsLike]) -> Significance:
    """Equal spread by normal scores of distances from the median (Fligner and Killeen 1976)."""
    from scipy.special import ndtri

    cells = [np.asarray(group, dtype=np.float64) for group in groups if size(group)]
    if len(cells) < 2:
        return Significance(None, reason=NO_DATA)
    away = [np.abs(np.arange(c.size) - _centre(c, "median")) for c in cells]
    values, place = np.unique(np.round(np.concatenate(away) * 2), return_inverse=True)
    table = np.zeros((len(cells), values.size))
    rows = np.repeat(np.arange(len(cells)), [c.size for c in cells])
    np.add.at(table, (rows, place), np.concatenate(cells))
    pooled = table.sum(axis=0)
    n = float(pooled.sum())
    ranks = np.cumsum(pooled) - pooled + (pooled + 1) / 2
    scores = ndtri(0.5 + ranks / (2 * (n + 1)))
    grand = float(pooled @ scores) / n
    spread = float(pooled @ (scores - grand) ** 2) / (n - 1) if n > 1 else 0.0
    if spread <= 1e-15:
        return Significance(None, len(cells) - 1, None, "chi2", NO_VARIATION)
    sizes = table.sum(axis=1)
    statistic = float((sizes * (table @ scores / sizes - grand) ** 2).sum()) / spread
    return Significance(statistic, len(cells) - 1, chi_square_p(statistic, len(cells) - 1), "chi2")
