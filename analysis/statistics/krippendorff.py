"""Krippendorff's alpha from unit by category counts."""

import math

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.agreement import Coefficient, Units
from analysis.statistics.value import NO_PAIRS, NO_VARIATION


def metric(kind: str, totals: Floats, lo: float = 1) -> Floats:
    """Squared differences between categories: nominal, ordinal, interval or ratio.

    The ordinal metric uses the totals n_g of the pairable ratings, not ranks of categories:
    (sum of n_g from c to c' - (n_c + n_c')/2)^2.
    """
    q = totals.size
    points = lo + np.arange(q)
    if kind == "nominal":
        return np.asarray(1 - np.eye(q))
    if kind == "interval":
        return np.asarray((points[:, None] - points[None, :]) ** 2.0)
    if kind == "ratio":
        sums = np.asarray(points[:, None] + points[None, :], dtype=np.float64)
        gaps = np.asarray(points[:, None] - points[None, :], dtype=np.float64)
        return np.asarray(np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums != 0) ** 2)
    middles = np.cumsum(totals) - totals / 2
    return np.asarray((middles[:, None] - middles[None, :]) ** 2)


def alpha(units: Units, kind: str = "ordinal", lo: float = 1) -> Coefficient:
    """alpha = 1 - (n-1) sum o delta / sum n n' delta (Krippendorff 1970, 2011).

    Coincidences o weigh each pair within a unit by 1/(r_u - 1), also for complete data.
    Measures rated by fewer than two are left out. Undefined without variation (never 1).
    One dissent in 30 equal ratings gives 0: show percent agreement beside it.
    The error is over units, for the nominal metric only.
    """
    kept = units[units.sum(axis=1) >= 2]
    if kept.shape[0] == 0:
        return Coefficient(None, reason=NO_PAIRS)
    raters = kept.sum(axis=1)
    scaled = kept / (raters - 1)[:, None]
    coincidences = scaled.T @ kept - np.diag(scaled.sum(axis=0))
    totals = coincidences.sum(axis=1)
    n = float(totals.sum())
    distance = metric(kind, totals, lo)
    expected = float(totals @ distance @ totals)
    if expected <= 0:
        return Coefficient(None, reason=NO_VARIATION)
    value = 1 - (n - 1) * float((coincidences * distance).sum()) / expected
    error = _nominal_error(kept, value) if kind == "nominal" else None
    return Coefficient(value, error)


def _nominal_error(kept: Units, value: float) -> float | None:
    """Linearised standard error over units, as irrCAC publishes it for counts (0.08243228).

    Its chance term enters once. Later versions let it enter twice, as in Fleiss' kappa, and print
    0.0812 for the same table; the jackknife gives 0.0832.
    """
    raters, n = kept.sum(axis=1), kept.shape[0]
    if n < 2:
        return None
    mean, small = float(raters.mean()), 1 / float(raters.sum())
    away = (raters - mean) / mean
    each = (kept * (kept - 1)).sum(axis=1) / (mean * (raters - 1))
    shares = kept.sum(axis=0) / (n * mean)
    chance = float(shares @ shares)
    by_unit = (1 - small) * (each - float(each.mean()) * away) + small
    chance_by_unit = kept @ shares / mean - chance * away
    parts = (by_unit - chance - (1 - value) * (chance_by_unit - chance)) / (1 - chance)
    return math.sqrt(float(((parts - value) ** 2).sum()) / (n * (n - 1)))
