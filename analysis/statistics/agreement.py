"""How alike several experts rate several measures, from unit by category counts.

``units`` is N x q: how many experts gave measure u category c; missing ratings are simply not
counted. q is the declared scale (zero columns kept): chance-corrected coefficients depend on it.
``weights`` are agreement weights, 1 on the diagonal.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.statistics.value import NO_DATA, NO_PAIRS, NO_VARIATION, Value, undefined

Units = npt.NDArray[np.float64]


class Coefficient(NamedTuple):
    """A coefficient, its standard error over units, observed and chance agreement."""

    value: float | None
    error: float | None = None
    observed: float | None = None
    chance: float | None = None
    reason: str | None = None


def weights(q: int, kind: str = "identity") -> Floats:
    """Agreement weights: ``identity``, ``linear``, ``quadratic``, ``ordinal`` (Gwet 2014)."""
    points = np.arange(q)
    away: Floats = np.abs(points[:, None] - points[None, :]).astype(np.float64)
    if kind == "identity" or q < 2:
        return np.asarray(away == 0, dtype=np.float64)
    if kind == "ordinal":
        away = away * (away + 1) / 2
    elif kind == "quadratic":
        away = away**2
    return np.asarray(1 - away / away.max())


def units_of(matrix: npt.NDArray[np.float64], lo: int, hi: int) -> Units:
    """Unit by category counts of an experts x measures matrix; NaN is missing.

    Raises ValueError on a point outside ``lo`` to ``hi``; nothing is clipped.
    """
    held = ~np.isnan(matrix)
    if held.any() and (matrix[held].min() < lo or matrix[held].max() > hi):
        raise ValueError("a rating outside the declared scale")
    points = np.arange(lo, hi + 1)
    return np.asarray((matrix[:, :, None] == points).sum(axis=0), dtype=np.float64)


def observed_categories(units: Units) -> Units:
    """Without the categories nobody used: what several packages do, to compare with them."""
    return np.asarray(units[:, units.sum(axis=0) > 0])


def _agreement_by_unit(units: Units, w: Floats) -> Floats:
    raters = units.sum(axis=1)
    pairs = raters * (raters - 1)
    alike = (units * (units @ w.T - 1)).sum(axis=1)
    return np.asarray(np.divide(alike, pairs, out=np.zeros_like(alike), where=pairs > 0))


def percent_agreement(units: Units, w: Floats | None = None) -> Value:
    """Mean over measures of the share of pairs of experts that agree. Needs a rated pair."""
    w = weights(units.shape[1]) if w is None else w
    twice = units.sum(axis=1) >= 2
    if not twice.any():
        return undefined(NO_PAIRS if units.size else NO_DATA)
    return Value(float(_agreement_by_unit(units, w)[twice].mean()))


def _category_shares(units: Units) -> Floats:
    raters = units.sum(axis=1)
    rated = raters > 0
    return np.asarray((units[rated] / raters[rated, None]).mean(axis=0))


def _corrected(units: Units, w: Floats, chance: float, by_unit: Floats | None) -> Coefficient:
    """(pa - pe)/(1 - pe) with Gwet's (2014) standard error over units."""
    units = units[units.sum(axis=1) > 0]
    raters = units.sum(axis=1)
    n, twice = units.shape[0], raters >= 2
    if not twice.any():
        return Coefficient(None, reason=NO_PAIRS)
    if 1 - chance < 1e-12:
        return Coefficient(None, reason=NO_VARIATION)
    each = _agreement_by_unit(units, w)
    observed = float(each[twice].mean())
    value = (observed - chance) / (1 - chance)
    if n < 2:
        return Coefficient(value, None, observed, chance)
    parts = n / int(twice.sum()) * (each - chance * twice) / (1 - chance)
    if by_unit is not None:
        parts = parts - 2 * (1 - value) * (by_unit - chance) / (1 - chance)
    error = math.sqrt(float(((parts - value) ** 2).sum()) / (n * (n - 1)))
    return Coefficient(value, error, observed, chance)


def gwet(units: Units, w: Floats | None = None) -> Coefficient:
    """AC1, or AC2 with weights (Gwet 2008, 2014): pe = T_w/(q(q-1)) sum pi(1 - pi).

    1 when all agree on one point of a declared scale. Undefined for q < 2 or without a pair.
    """
    q = units.shape[1]
    if q < 2:
        return Coefficient(None, reason=NO_VARIATION)
    w = weights(q) if w is None else w
    rated = units[units.sum(axis=1) > 0]
    if rated.shape[0] == 0:
        return Coefficient(None, reason=NO_DATA)
    shares = _category_shares(rated)
    factor = float(w.sum()) / (q * (q - 1))
    by_unit = factor * (rated @ (1 - shares)) / rated.sum(axis=1)
    return _corrected(units, w, factor * float(shares @ (1 - shares)), by_unit)


def fleiss(units: Units, w: Floats | None = None) -> Coefficient:
    """Fleiss' kappa generalised to weights and missing ratings (Fleiss 1971; Gwet 2014).

    pe = sum w pi pi'. For two raters it is Scott's (1955) pi. Undefined without variation.
    """
    w = weights(units.shape[1]) if w is None else w
    rated = units[units.sum(axis=1) > 0]
    if rated.shape[0] == 0:
        return Coefficient(None, reason=NO_DATA)
    shares = _category_shares(rated)
    lean = (w @ shares + w.T @ shares) / 2
    by_unit = (rated @ lean) / rated.sum(axis=1)
    return _corrected(units, w, float(shares @ w @ shares), by_unit)


def brennan_prediger(units: Units, w: Floats | None = None) -> Coefficient:
    """Chance is uniform on the scale: pe = T_w/q^2 (Brennan and Prediger 1981)."""
    q = units.shape[1]
    if q < 2:
        return Coefficient(None, reason=NO_VARIATION)
    w = weights(q) if w is None else w
    return _corrected(units, w, float(w.sum()) / q**2, None)
