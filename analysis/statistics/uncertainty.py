"""How sure a share or a median is, from one histogram.

Where the panel is the whole population the interval is about an imagined larger panel.
"""

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analysis.statistics.descriptive import CountsLike
from analysis.statistics.value import NO_DATA, Interval, Value


def normal_quantile(level: float) -> float:
    """Two-sided normal quantile: 1.96 for level 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(x: float, n: float, level: float = 0.95) -> Interval:
    """Wilson (1927) interval of a proportion. Example: 15 of 148 gives 0.0624 to 0.1605."""
    if n == 0:
        return Interval(None, None, NO_DATA)
    z = normal_quantile(level)
    centre, width = x + z * z / 2, z * math.sqrt(x * (n - x) / n + z * z / 4)
    low, high = (centre - width) / (n + z * z), (centre + width) / (n + z * z)
    return Interval(0.0 if x == 0 else low, 1.0 if x == n else high)


def wilson_corrected(x: float, n: float, level: float = 0.95) -> Interval:
    """Wilson interval with continuity correction (Newcombe 1998, method 4)."""
    if n == 0:
        return Interval(None, None, NO_DATA)
    z, p = normal_quantile(level), x / n

    def root(sign: int) -> float:
        return math.sqrt(z * z - sign * 2 - 1 / n + 4 * p * (n * (1 - p) + sign))

    low = (2 * n * p + z * z - 1 - z * root(1)) / (2 * (n + z * z)) if x else 0.0
    high = (2 * n * p + z * z + 1 + z * root(-1)) / (2 * (n + z * z)) if x < n else 1.0
    return Interval(max(0.0, low), min(1.0, high))


def clopper_pearson(x: float, n: float, level: float = 0.95) -> Interval:
    """Exact binomial interval (Clopper and Pearson 1934); covers at least ``level``."""
    from scipy.special import betaincinv

    if n == 0:
        return Interval(None, None, NO_DATA)
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Interval(low, high)


def jeffreys(x: float, n: float, level: float = 0.95) -> Interval:
    """Equal-tailed posterior interval under Jeffreys' prior Beta(1/2, 1/2)."""
    from scipy.special import betaincinv

    if n == 0:
        return Interval(None, None, NO_DATA)
    tail = (1 - level) / 2
    low, high = betaincinv(x + 0.5, n - x + 0.5, [tail, 1 - tail])
    return Interval(float(low), float(high))


def share_at_least(x: float, n: float, t: float, prior: float = 1.0) -> Value:
    """Posterior probability that the true share is at least ``t``, prior Beta(prior, prior).

    Example: 0 of 0, t 0.7, uniform prior: 0.3. Defined without answers (the prior alone).
    """
    from scipy.special import betainc

    return Value(float(1 - betainc(x + prior, n - x + prior, t)))


def posterior_shares(counts: CountsLike, prior: float) -> npt.NDArray[np.float64]:
    """Posterior mean share of each point under Dirichlet(``prior`` each)."""
    weights = np.asarray(counts, dtype=np.float64) + prior
    return np.asarray(weights / weights.sum())


def posterior_mean(counts: CountsLike, lo: int, prior: float) -> Value:
    """Posterior mean of the mean point under Dirichlet(``prior`` each)."""
    shares = posterior_shares(counts, prior)
    return Value(lo + float(shares @ np.arange(shares.size)))


def median_at_least(counts: CountsLike, category: int, prior: float = 1.0) -> Value:
    """P(median >= category, 0-based) = I_.5(a, b), a below plus prior, b at or above.

    Exact under Dirichlet(``prior`` each). 1 for the lowest category. With few answers prefer
    prior 1/k, so that the prior weighs one answer.
    """
    from scipy.special import betainc

    weights = np.asarray(counts, dtype=np.float64) + prior
    below, above = float(weights[:category].sum()), float(weights[category:].sum())
    if below == 0 or above == 0:
        return Value(float(below == 0))
    return Value(float(betainc(below, above, 0.5)))


def newcombe_difference(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Interval:
    """Interval of x1/n1 - x2/n2 from two Wilson intervals (Newcombe 1998, method 10).

    Example: 56 of 70 against 48 of 80: 0.0524 to 0.3339.
    """
    one, two = wilson(x1, n1, level), wilson(x2, n2, level)
    if one.low is None or one.high is None or two.low is None or two.high is None:
        return Interval(None, None, NO_DATA)
    p1, p2 = x1 / n1, x2 / n2
    below = math.hypot(p1 - one.low, two.high - p2)
    above = math.hypot(one.high - p1, p2 - two.low)
    return Interval(p1 - p2 - below, p1 - p2 + above)


def quadrants(
    first: CountsLike, second: CountsLike, cuts: tuple[int, int], prior: float | None = None
) -> dict[str, float]:
    """P of the four quadrants of two medians, each at least its cut (0-based category) or below.

    Independent Dirichlet posteriors, ``prior`` each (default 1/k): the two criteria are taken as
    unrelated, which needs rows to test. Keys ``high_high``, ``high_low``, ``low_high``,
    ``low_low``: first, then second.
    """
    sides = []
    for counts, cut in zip((first, second), cuts, strict=True):
        own = 1 / np.asarray(counts).size if prior is None else prior
        sides.append(median_at_least(counts, cut, own).value or 0.0)
    one, two = sides
    return {
        "high_high": one * two,
        "high_low": one * (1 - two),
        "low_high": (1 - one) * two,
        "low_low": (1 - one) * (1 - two),
    }
