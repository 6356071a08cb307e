"""Do groups of the panel rate differently? From one histogram per group, same scale."""

import math
from collections.abc import Sequence

import numpy as np

from analysis.statistics.descriptive import CountsLike, mean, size, variance
from analysis.statistics.homogeneity import chi_square_p
from analysis.statistics.mann_whitney import mann_whitney, tie_factor
from analysis.statistics.value import ALL_TIED, N_BELOW_MINIMUM, NO_DATA, NO_VARIATION, Significance, Value, undefined


def kruskal_wallis(groups: Sequence[CountsLike]) -> Significance:
    """H with tie correction (Kruskal and Wallis 1952) on g - 1 df.

    Undefined with fewer than two non-empty groups or if all ratings are tied.
    """
    cells = np.asarray([group for group in groups if size(group)], dtype=np.float64)
    if len(cells) < 2:
        return Significance(None, reason=NO_DATA)
    pooled = cells.sum(axis=0)
    n, factor = float(pooled.sum()), tie_factor(pooled)
    if factor <= 0:
        return Significance(None, reason=ALL_TIED)
    ranks = np.cumsum(pooled) - pooled + (pooled + 1) / 2
    sums = cells @ ranks
    h = 12 / (n * (n + 1)) * float((sums**2 / cells.sum(axis=1)).sum()) - 3 * (n + 1)
    return Significance(h / factor, len(cells) - 1, chi_square_p(h / factor, len(cells) - 1), "chi2")


def epsilon_squared(h: float, n: float) -> Value:
    """Rank epsilon squared H / (N - 1) (Tomczak and Tomczak 2014)."""
    return Value(h / (n - 1)) if n > 1 else undefined(N_BELOW_MINIMUM)


def eta_squared(h: float, groups: int, n: float) -> Value:
    """Eta squared of H, (H - g + 1)/(N - g); can be below 0."""
    return Value((h - groups + 1) / (n - groups)) if n > groups else undefined(N_BELOW_MINIMUM)


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
    correction = math.exp(math.lgamma(df / 2) - math.log(math.sqrt(df / 2)) - math.lgamma((df - 1) / 2))
    return Value(correction * (means[0] - means[1]) / math.sqrt(pooled))


def pairwise_p(groups: Sequence[CountsLike]) -> list[float | None]:
    """Mann-Whitney normal p of every two groups, (2,1), (3,1), ... (3,2), ...; then adjust."""
    return [mann_whitney(groups[i], groups[j]).p for j in range(len(groups)) for i in range(j + 1, len(groups))]
