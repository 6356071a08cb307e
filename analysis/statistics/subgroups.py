"""Do groups of the panel rate differently? From one histogram per group, same scale."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.statistics.change import two_sided_normal
from analysis.statistics.descriptive import CountsLike, mean, quantile, size, variance
from analysis.statistics.homogeneity import chi_square_p
from analysis.statistics.value import (
    ALL_TIED,
    N_BELOW_MINIMUM,
    NO_DATA,
    NO_VARIATION,
    TOO_LARGE,
    Significance,
    Value,
    undefined,
)

Floats = npt.NDArray[np.float64]
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


def _tie_factor(pooled: Floats) -> float:
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
    factor = _tie_factor(np.asarray(first, np.float64) + np.asarray(second, np.float64))
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
    extreme = sum(
        count
        for (chosen, s), count in ways.items()
        if chosen == n1 and 2 * abs(s - centre) >= least
    )
    return Significance(u, None, extreme / math.comb(n1 + n2, n1), "exact")


def kruskal_wallis(groups: Sequence[CountsLike]) -> Significance:
    """H with tie correction (Kruskal and Wallis 1952) on g - 1 df.

    Undefined with fewer than two non-empty groups or if all ratings are tied.
    """
    cells = np.asarray([group for group in groups if size(group)], dtype=np.float64)
    if len(cells) < 2:
        return Significance(None, reason=NO_DATA)
    pooled = cells.sum(axis=0)
    n, factor = float(pooled.sum()), _tie_factor(pooled)
    if factor <= 0:
        return Significance(None, reason=ALL_TIED)
    ranks = np.cumsum(pooled) - pooled + (pooled + 1) / 2
    sums = cells @ ranks
    h = 12 / (n * (n + 1)) * float((sums**2 / cells.sum(axis=1)).sum()) - 3 * (n + 1)
    return Significance(
        h / factor, len(cells) - 1, chi_square_p(h / factor, len(cells) - 1), "chi2"
    )


def epsilon_squared(h: float, n: float) -> Value:
    """Rank epsilon squared H / (N - 1) (Tomczak and Tomczak 2014)."""
    return Value(h / (n - 1)) if n > 1 else undefined(N_BELOW_MINIMUM)


def eta_squared(h: float, groups: int, n: float) -> Value:
    """Eta squared of H, (H - g + 1)/(N - g); can be below 0."""
    return Value((h - groups + 1) / (n - groups)) if n > groups else undefined(N_BELOW_MINIMUM)


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


def hedges_g(first: CountsLike, second: CountsLike) -> Value:
    """Standardised mean difference, small-sample corrected by the exact gamma ratio (Hedges 1981).

    Treats points as equally spaced. Undefined for n1 + n2 < 4 or without variation.
    """
    n1, n2 = size(first), size(second)
    one, two = variance(first), variance(second)
    means = mean(first).value, mean(second).value
    if one.value is None or two.value is None or means[0] is None or means[1] is None:
        return undefined(N_BELOW_MINIMUM)
    df = n1 + n2 - 2
    pooled = ((n1 - 1) * one.value + (n2 - 1) * two.value) / df
    if pooled == 0:
        return undefined(NO_VARIATION)
    correction = math.exp(
        math.lgamma(df / 2) - math.log(math.sqrt(df / 2)) - math.lgamma((df - 1) / 2)
    )
    return Value(correction * (means[0] - means[1]) / math.sqrt(pooled))


def pairwise_p(groups: Sequence[CountsLike]) -> list[float | None]:
    """Mann-Whitney normal p of every two groups, (2,1), (3,1), ... (3,2), ...; then adjust."""
    return [
        mann_whitney(groups[i], groups[j]).p
        for j in range(len(groups))
        for i in range(j + 1, len(groups))
    ]
