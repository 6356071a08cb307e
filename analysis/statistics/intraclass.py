"""Intraclass correlations of a complete measures x experts table (Shrout and Fleiss 1979)."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.value import N_BELOW_MINIMUM, NO_VARIATION, OUT_OF_RANGE, Interval
from analysis.tables.panels import CrossProducts

LEAST_DF = 1e-6
"""Fewer degrees of freedom than this say nothing: F quantiles overflow."""


class Intraclass(NamedTuple):
    """One form: coefficient, its F test and confidence interval."""

    value: float | None
    f: float | None
    interval: Interval
    reason: str | None = None


class Squares(NamedTuple):
    """Mean squares: between measures, within, between experts, error; and n, k."""

    between: float
    within: float
    experts: float
    error: float
    n: int
    k: int


def squares(matrix: Floats) -> Squares | None:
    """Mean squares of an experts x measures matrix; None if smaller than 2 x 2 or incomplete."""
    k, n = matrix.shape
    if n < 2 or k < 2 or np.isnan(matrix).any():
        return None
    grand = matrix.mean()
    total = float(((matrix - grand) ** 2).sum())
    rows = k * float(((matrix.mean(axis=0) - grand) ** 2).sum())
    columns = n * float(((matrix.mean(axis=1) - grand) ** 2).sum())
    return _mean_squares(total, rows, columns, n, k)


def squares_of_sums(sums: CrossProducts) -> Squares | None:
    """The same from additive sums: one pass over experts, exact in whole numbers.

    Only experts who rated every measure are in them (policy ``drop_experts``). Only the diagonal
    of the products is used.
    """
    k, n = sums.experts, sums.measures
    if n < 2 or k < 2:
        return None
    all_squares = int(np.trace(sums.products))
    grand = int(sums.sums.sum()) ** 2  # over n k
    by_measure = sum(int(total) ** 2 for total in sums.sums)  # over k
    total = float(Fraction(all_squares * n * k - grand, n * k))
    rows = float(Fraction(by_measure * n - grand, n * k))
    columns = float(Fraction(sums.experts_squared * k - grand, n * k))
    return _mean_squares(total, rows, columns, n, k)


def _mean_squares(total: float, rows: float, columns: float, n: int, k: int) -> Squares:
    error = max(0.0, total - rows - columns) / ((n - 1) * (k - 1))
    return Squares(rows / (n - 1), (total - rows) / (n * (k - 1)), columns / (k - 1), error, n, k)


def _tiny(ms: Squares) -> float:
    """What rounding alone may leave of a mean square."""
    return 1e-12 * (ms.between + ms.within + ms.experts)


def _nothing(reason: str) -> Intraclass:
    return Intraclass(None, None, Interval(None, None, reason), reason)


def _f_limits(f: float, df1: float, df2: float, level: float) -> tuple[float, float]:
    from scipy.special import fdtri

    tail = 1 - (1 - level) / 2
    return f / float(fdtri(df1, df2, tail)), f * float(fdtri(df2, df1, tail))


def intraclass(matrix: Floats | CrossProducts, form: str, level: float = 0.95) -> Intraclass:
    """``ICC1``, ``ICC2``, ``ICC3`` or with ``k`` appended for the mean of k experts.

    1: experts differ by measure; 2: the same experts, taken at random (absolute agreement);
    3: these experts only (consistency; ICC3k is Cronbach's alpha). The interval of ICC2k is McGraw
    and Wong's (1996) F form; ``spearman_brown_limits`` gives Shrout and Fleiss's. Complete rows
    only: drop measures or experts first and say which. 1, with limits 1 and 1, where the measures
    differ and no error is left (F is infinite: None); ICC1 and ICC2 are below 1 if experts differ
    by a constant. Undefined where the measures do not differ, and ICC2k where the variance of a
    mean is estimated as nothing or less (``out_of_range``).
    From rows or from additive sums. Example: Shrout and Fleiss's table: .17 .29 .71 .44 .62 .91.
    """
    ms = squares_of_sums(matrix) if isinstance(matrix, CrossProducts) else squares(matrix)
    if ms is None:
        return _nothing(N_BELOW_MINIMUM)
    tiny = _tiny(ms)
    if ms.between + ms.within <= 0 or ms.between <= tiny:
        return _nothing(NO_VARIATION)
    noise = ms.within if form.startswith("ICC1") else ms.error
    f = ms.between / noise if noise > tiny else None
    if form.startswith("ICC2"):
        return _two_way(ms, f, form.endswith("k"), level)
    if f is None:
        return Intraclass(1.0, None, Interval(1.0, 1.0))
    df2 = ms.n * (ms.k - 1) if form.startswith("ICC1") else (ms.n - 1) * (ms.k - 1)
    low, high = _f_limits(f, ms.n - 1, df2, level)
    if form.endswith("k"):
        return Intraclass(1 - 1 / f, f, Interval(1 - 1 / low, 1 - 1 / high))
    one, two, three = ((x - 1) / (x + ms.k - 1) for x in (f, low, high))
    return Intraclass(one, f, Interval(two, three))


def _two_way(ms: Squares, f: float | None, average: bool, level: float) -> Intraclass:
    from scipy.special import fdtri

    n, k = ms.n, ms.k
    spread = (ms.experts - ms.error) / n
    whole = ms.between + (spread if average else (k - 1) * ms.error + k * spread)
    if whole <= _tiny(ms):
        return _nothing(OUT_OF_RANGE)  # the variance of a mean is estimated as nothing or less
    rho = (ms.between - ms.error) / whole
    if 1 - rho <= 1e-12:
        return Intraclass(1.0, f, Interval(1.0, 1.0))  # neither error nor differing experts
    # irr puts the coefficient at hand into both forms; psych always the single one
    c, d = k * rho / (n * (1 - rho)), 1 + k * rho * (n - 1) / (n * (1 - rho))
    by_experts, by_error = c * ms.experts, d * ms.error
    weight = by_experts**2 / (k - 1) + by_error**2 / ((n - 1) * (k - 1))
    v = (by_experts + by_error) ** 2 / weight if weight > 1e-12 * _tiny(ms) else 0.0
    if v < LEAST_DF:
        return Intraclass(rho, f, Interval(None, None, OUT_OF_RANGE))
    tail = 1 - (1 - level) / 2
    upper, lower = float(fdtri(n - 1, v, tail)), float(fdtri(v, n - 1, tail))
    rest = ms.experts - ms.error
    if not average:
        rest = k * ms.experts + (k * n - k - n) * ms.error
    below, above = upper * rest + n * ms.between, rest + n * lower * ms.between
    if min(below, above) <= _tiny(ms):
        return Intraclass(rho, f, Interval(None, None, OUT_OF_RANGE))
    low = n * (ms.between - upper * ms.error) / below
    high = n * (lower * ms.between - ms.error) / above
    return Intraclass(rho, f, Interval(low, high))


def spearman_brown_limits(matrix: Floats, level: float = 0.95) -> Interval:
    """Shrout and Fleiss's (1979) interval of ICC2k: Spearman-Brown of the ICC2 limits.

    Undefined where a limit is no more than -1/(k - 1): the formula has a pole there.
    """
    single = intraclass(matrix, "ICC2", level).interval
    if single.low is None or single.high is None:
        return single
    k = matrix.shape[0]
    if 1 + (k - 1) * single.low <= 1e-12:
        return Interval(None, None, OUT_OF_RANGE)
    low, high = (k * x / (1 + (k - 1) * x) for x in (single.low, single.high))
    return Interval(low, high)
