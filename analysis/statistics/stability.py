"""How little ratings change between rounds, from the k x k counts of complete pairs.

Always show how many kept their rating first; a group can look still while all swap places.
"""

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.protocol.protocol import Band
from analysis.statistics.bootstrap import resampled
from analysis.statistics.descriptive import twice_median, variation
from analysis.statistics.value import NO_PAIRS, NO_VARIATION, Interval, Value, undefined
from analysis.tables.histograms import Counts


def unchanged(both: Counts) -> int:
    """How many chose the same point twice."""
    return int(np.trace(both))


def within(both: Counts, points: int) -> int:
    """How many moved by at most ``points``."""
    return sum(int(np.trace(both, offset=d)) for d in range(-points, points + 1))


def share_unchanged(both: Counts) -> Value:
    """Share of the pairs on the same point. Undefined without pairs."""
    n = int(both.sum())
    return Value(unchanged(both) / n) if n else undefined(NO_PAIRS)


def share_within(both: Counts, points: int = 1) -> Value:
    """Share of the pairs that moved by at most ``points``. Undefined without pairs."""
    n = int(both.sum())
    return Value(within(both, points) / n) if n else undefined(NO_PAIRS)


def mean_shift(both: Counts) -> Value:
    """Mean of later minus earlier, in points."""
    n = int(both.sum())
    if n == 0:
        return undefined(NO_PAIRS)
    points = np.arange(both.shape[0])
    return Value(float((both.sum(axis=0) - both.sum(axis=1)) @ points) / n)


def twice_median_shift(both: Counts) -> int | None:
    """Twice (later median minus earlier median) of the same experts; None without pairs."""
    earlier, later = twice_median(both.sum(axis=1)), twice_median(both.sum(axis=0))
    return None if earlier is None or later is None else later - earlier


def net_change(both: Counts, bands: tuple[Band, ...] = (), lo: int = 0) -> Fraction | None:
    """Half the sum of |later - earlier| shares (Scheibe, Skutsch and Schofer 1975), exact.

    Over the bands if given, else over the points. Blind to swapping: it is 0 when all change
    places. None without pairs. Example: one of four moves up a band: 1/4.
    """
    n = int(both.sum())
    if n == 0:
        return None
    difference = both.sum(axis=0) - both.sum(axis=1)
    if bands:
        parts = [int(difference[b.lo - lo : b.hi - lo + 1].sum()) for b in bands]
        parts.append(-sum(parts))  # points outside every band, together
    else:
        parts = difference.tolist()
    return Fraction(sum(abs(part) for part in parts), 2 * n)


def kappa_weights(k: int, kind: str = "quadratic") -> Floats:
    """Disagreement weights, k x k: ``unweighted`` 0/1, ``linear`` or ``quadratic`` distance."""
    points = np.arange(k)
    away: Floats = np.abs(points[:, None] - points[None, :]).astype(np.float64)
    if kind == "unweighted":
        return np.asarray(away > 0, dtype=np.float64)
    return away if kind == "linear" else np.asarray(away**2)


def weighted_kappa(table: npt.ArrayLike, disagreement: Floats) -> Value:
    """kappa = 1 - sum v o / sum v e (Cohen 1960, 1968), weights ``disagreement`` 0 on agreement.

    Build the weights on the declared scale. Undefined if both rounds are unanimous on one point
    (0/0). One unanimous round gives 0 however still the panel was. Complete pairs only.
    """
    cells = np.asarray(table, dtype=np.float64)
    n = float(cells.sum())
    if n == 0:
        return undefined(NO_PAIRS)
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / n
    chance = float((disagreement * expected).sum())
    if chance == 0:
        return undefined(NO_VARIATION)
    return Value(1 - float((disagreement * cells).sum()) / chance)


def kappa(table: npt.ArrayLike, kind: str = "quadratic") -> Value:
    """Weighted kappa of two rounds; ``unweighted`` is Cohen's, quadratic is ICC-like.

    Fleiss and Cohen (1973). Read as a trend, not against a cut-off (Holey et al. 2007).
    """
    return weighted_kappa(table, kappa_weights(np.asarray(table).shape[0], kind))


def kappa_error(table: npt.ArrayLike, kind: str = "quadratic") -> Value:
    """Large-sample standard error of kappa (Fleiss, Cohen and Everitt 1969).

    Undefined where kappa is.
    """
    value = kappa(table, kind).value
    if value is None:
        return undefined(NO_VARIATION)
    shares = np.asarray(table, dtype=np.float64)
    n = float(shares.sum())
    shares = shares / n
    away = kappa_weights(shares.shape[0], kind)
    weights = 1 - away / max(float(away.max()), 1.0)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    chance = float(rows @ weights @ columns)
    lean = (weights @ columns)[:, None] + (weights.T @ rows)[None, :]
    spread = float((shares * (weights - lean * (1 - value)) ** 2).sum())
    squared = spread - (value - chance * (1 - value)) ** 2
    return Value(math.sqrt(max(0.0, squared) / n) / (1 - chance))


def variation_change(both: Counts, lo: int) -> Value:
    """Change of the coefficient of variation (Dajani, Sincoff and Talley 1979), later - earlier."""
    earlier, later = variation(both.sum(axis=1), lo), variation(both.sum(axis=0), lo)
    if earlier.value is None or later.value is None:
        return undefined(earlier.reason or later.reason or NO_VARIATION)
    return Value(later.value - earlier.value)


def conformity(both: Counts, shown: float, lo: int) -> Value:
    """Share of the moves that went nearer to the figure fed back (``shown``, in points).

    Moves that end as far from it as they began count as not nearer. High is not agreement: the
    feedback itself pulls (Barrios et al. 2021). Undefined (``no_pairs``) where nobody moved.
    """
    points = lo + np.arange(both.shape[0])
    away = np.abs(points - shown)
    moved = np.asarray(both) * (1 - np.eye(both.shape[0], dtype=np.int64))
    total = int(moved.sum())
    nearer = away[None, :] < away[:, None]
    return Value(float((moved * nearer).sum()) / total) if total else undefined(NO_PAIRS)


def variance_ratio_interval(both: Counts, level: float = 0.95, replicates: int = 2_000) -> Interval:
    """Percentile interval of later over earlier variance, pairs drawn again; below 1 converges.

    Undefined (``no_variation``) where every draw is equal or the earlier round never varies.
    """
    cells = np.asarray(both, dtype=np.int64)
    if cells.sum() < 2:
        return Interval(None, None, NO_PAIRS)
    drawn = resampled(cells.ravel(), replicates).reshape(-1, *cells.shape)
    points = np.arange(cells.shape[0])
    spreads = []
    for axis in (2, 1):
        margin = drawn.sum(axis=axis)
        n = margin.sum(axis=1)
        spreads.append(margin @ points**2 / n - (margin @ points / n) ** 2)
    varied = spreads[0] > 1e-12
    ratios = spreads[1][varied] / spreads[0][varied]
    if ratios.size == 0 or float(np.ptp(ratios)) == 0:
        return Interval(None, None, NO_VARIATION)
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))
