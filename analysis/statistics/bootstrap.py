"""How sure a statistic is, by drawing panels again from what was counted.

Resampling the experts behind one histogram is a multinomial draw on its counts, exactly, whatever
their number: cost does not grow with the panel. Draws are seeded from the counts, so the same
table gives the same interval. Below ten answers prefer the posterior (``uncertainty``).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.canonical import digest
from analysis.statistics.agreement import Units
from analysis.statistics.descriptive import CountsLike
from analysis.statistics.value import NO_DATA, NO_VARIATION, OUT_OF_RANGE, Interval

Tables = npt.NDArray[np.int64]
Statistic = Callable[[Tables], Floats]
REPLICATES = 2_000


def means(lo: int = 0) -> Statistic:
    """Mean point of each row of counts."""
    return lambda tables: lo + tables @ np.arange(tables.shape[1]) / tables.sum(axis=1)


def medians(lo: int = 0) -> Statistic:
    """Median of each row of counts; half points where the middle falls between two."""

    def statistic(tables: Tables) -> Floats:
        running = np.cumsum(tables, axis=1)
        n = running[:, -1:]
        lower = (running < (n + 1) // 2).sum(axis=1)
        return np.asarray(lo + (lower + (running < n // 2 + 1).sum(axis=1)) / 2)

    return statistic


def shares(first: int, last: int) -> Statistic:
    """Share of codes ``first`` to ``last`` (inclusive) of each row of counts."""
    return lambda tables: tables[:, first : last + 1].sum(axis=1) / tables.sum(axis=1)


def resampled(counts: CountsLike, replicates: int = REPLICATES) -> Tables:
    """Panels of the same size drawn with replacement from this one, int64[replicates x k]."""
    held = np.asarray(counts, dtype=np.int64)
    n = int(held.sum())
    generator = np.random.default_rng(int(digest(["bootstrap", held.tolist()])[:16], 16))
    return np.asarray(generator.multinomial(n, held / n, size=replicates), dtype=np.int64)


def _jackknife(counts: Tables, statistic: Statistic) -> tuple[Floats, Floats]:
    """The statistic without one expert on each point used, and how many experts stand there."""
    used = np.flatnonzero(counts)
    left = np.repeat(counts[None, :], used.size, axis=0)
    left[np.arange(used.size), used] -= 1
    return statistic(left), counts[used].astype(np.float64)


def _accelerated(counts: Tables, statistic: Statistic, drawn: Floats, tails: Floats) -> Floats | None:
    """The tail probabilities of BCa (Efron 1987), or None where its bias is without bound."""
    from scipy.special import ndtr, ndtri

    seen = float(statistic(counts[None, :])[0])
    below = ((drawn < seen).mean() + (drawn <= seen).mean()) / 2
    if not 0 < below < 1:
        return None
    bias = float(ndtri(below))
    values, experts = _jackknife(counts, statistic)
    away = float(experts @ values) / float(experts.sum()) - values
    spread = float(experts @ away**2)
    if spread == 0:
        return None
    acceleration = float(experts @ away**3) / (6 * spread**1.5)
    z = bias + ndtri(tails)
    return np.asarray(ndtr(bias + z / (1 - acceleration * z)))


def bootstrap_interval(
    counts: CountsLike, statistic: Statistic, level: float = 0.95, method: str = "bca", replicates: int = REPLICATES
) -> Interval:
    """Interval of a statistic of one histogram: ``percentile`` or ``bca`` (Efron 1987).

    Undefined without answers (``no_data``), when all draws are equal (``no_variation``: one point
    only, or one expert), and for BCa where the estimate lies outside all draws or does not move
    when one expert leaves (``out_of_range``).
    Raises ValueError on another method.
    """
    if method not in ("percentile", "bca"):
        raise ValueError(f"method {method!r}")
    held = np.asarray(counts, dtype=np.int64)
    if held.sum() == 0:
        return Interval(None, None, NO_DATA)
    drawn = statistic(resampled(held, replicates))
    if float(drawn.max()) == float(drawn.min()):
        return Interval(None, None, NO_VARIATION)
    tails: Floats | None = np.asarray([(1 - level) / 2, (1 + level) / 2])
    if method == "bca":
        tails = _accelerated(held, statistic, drawn, np.asarray(tails))
    if tails is None:
        return Interval(None, None, OUT_OF_RANGE)
    low, high = np.quantile(drawn, tails)
    return Interval(float(low), float(high))


def over_units(
    units: Units, coefficient: Callable[[Units], float | None], level: float = 0.95, replicates: int = 1_000
) -> Interval:
    """Percentile interval of an agreement coefficient by drawing measures again (Gwet 2014).

    ``coefficient`` may be None (no variation) in a draw; those are left out. With fewer than some
    40 measures it covers too little (Klar et al. 2002). Undefined without two measures.
    """
    n = units.shape[0]
    if n < 2:
        return Interval(None, None, NO_DATA)
    order = units[np.lexsort(units.T[::-1])]
    generator = np.random.default_rng(int(digest(["units", order.tolist()])[:16], 16))
    drawn = (coefficient(order[generator.integers(0, n, n)]) for _ in range(replicates))
    return _percentiles([value for value in drawn if value is not None], level)


def over_experts(
    matrix: Floats, coefficient: Callable[[Floats], float | None], level: float = 0.95, replicates: int = 1_000
) -> Interval:
    """Percentile interval of any figure of experts x measures rows by drawing experts again.

    Rows are sorted first: the order of people does not matter. Undefined without two experts.
    """
    n = matrix.shape[0]
    if n < 2:
        return Interval(None, None, NO_DATA)
    filled = np.where(np.isnan(matrix), -1e9, matrix)
    order = matrix[np.lexsort(filled.T[::-1])]
    ordered = [[None if np.isnan(x) else float(x) for x in row] for row in order]
    generator = np.random.default_rng(int(digest(["experts", ordered])[:16], 16))
    drawn = (coefficient(order[generator.integers(0, n, n)]) for _ in range(replicates))
    return _percentiles([value for value in drawn if value is not None], level)


def _percentiles(drawn: list[float], level: float) -> Interval:
    if not drawn or min(drawn) == max(drawn):
        return Interval(None, None, NO_VARIATION)
    low, high = np.quantile(np.asarray(drawn), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))
