"""Consensus of one ordinal histogram, from -1 or 0 to 1. Zero categories of the scale count.

All are functions of shares, so weights may stand for counts. Undefined (``no_data``) without
answers; ``scale_too_short`` where the formula divides by the number of steps.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.protocol.scales import Band
from analysis.statistics.descriptive import CountsLike
from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, SCALE_TOO_SHORT, Value, undefined

_PEEL = 1e-9  # what is left of a weighted layer below this share is rounding


def shares_of(counts: CountsLike) -> Floats | None:
    weights = np.asarray(counts, dtype=np.float64)
    n = weights.sum()
    return None if n <= 0 else weights / n


def cumulative_shares(counts: CountsLike) -> Floats | Value:
    shares = shares_of(counts)
    if shares is None:
        return undefined(NO_DATA)
    if shares.size < 2:
        return undefined(SCALE_TOO_SHORT)
    return np.asarray(np.cumsum(shares)[:-1])


def _layer_agreement(pattern: npt.NDArray[np.bool_]) -> float:
    k, ones = pattern.size, int(pattern.sum())
    if ones == 1:
        return 1.0
    before = np.concatenate(([0], np.cumsum(pattern)[:-1]))
    after = ones - before - pattern
    zeros = ~pattern
    unimodal = int((before * (before - 1) // 2 + after * (after - 1) // 2)[zeros].sum())
    bimodal = int((before * after)[zeros].sum())
    if unimodal + bimodal == 0:
        return 0.0
    u = ((k - 2) * unimodal - (k - 1) * bimodal) / ((k - 2) * (unimodal + bimodal))
    return u * (1 - (ones - 1) / (k - 1))


def agreement(counts: CountsLike) -> Value:
    """Agreement A (van der Eijk 2001): -1 half at each extreme, 0 uniform, 1 all alike.

    Peels layers (the smallest non-zero count off every non-empty category); a layer with S ones
    counts triples 110 or 011 (TU) and 101 (TDU): U = ((k-2)TU - (k-1)TDU) / ((k-2)(TU+TDU)),
    A = U (1 - (S-1)/(k-1)); the layers are averaged by weight. Needs k >= 3.
    Example: (30,40,210,130,530,50,10): 0.6113.
    """
    left = shares_of(counts)
    if left is None:
        return undefined(NO_DATA)
    if left.size < 3:
        return undefined(SCALE_TOO_SHORT)
    total = 0.0
    while (pattern := left > _PEEL).any():
        layer = float(left[pattern].min())
        total += layer * int(pattern.sum()) * _layer_agreement(pattern)
        left = np.where(pattern, left - layer, 0.0)
    return Value(total)


def polarisation(counts: CountsLike) -> Value:
    """Polarisation (1 - A) / 2: 1 half at each extreme, 0 all alike (van der Eijk 2001)."""
    a = agreement(counts)
    return a if a.value is None else Value((1 - a.value) / 2)


def consensus(counts: CountsLike) -> Value:
    """Cns = 1 + sum p log2(1 - |c - mean| / (k-1)) (Tastle and Wierman 2007).

    0 half at each extreme, 1 all alike. Needs k >= 2.
    Example: (30,40,210,130,530,50,10): 0.7256876.
    """
    shares = shares_of(counts)
    if shares is None:
        return undefined(NO_DATA)
    if shares.size < 2:
        return undefined(SCALE_TOO_SHORT)
    points = np.arange(shares.size)
    away = np.abs(points - float(shares @ points)) / (shares.size - 1)
    held = shares > 0
    return Value(1.0 + float(shares[held] @ np.log2(1 - away[held])))


def dissention(counts: CountsLike) -> Value:
    """1 - Cns (Tastle and Wierman 2007)."""
    value = consensus(counts)
    return value if value.value is None else Value(1 - value.value)


def agreement_with(counts: CountsLike, target: int) -> Value:
    """Agreement with the 0-based category ``target`` (Tastle and Wierman 2006).

    1 + sum p log2(1 - |c - target| / (2(k-1))): 1 if all chose it.
    """
    shares = shares_of(counts)
    if shares is None:
        return undefined(NO_DATA)
    if shares.size < 2:
        return undefined(SCALE_TOO_SHORT)
    away = np.abs(np.arange(shares.size) - target) / (2 * (shares.size - 1))
    return Value(1.0 + float(shares @ np.log2(1 - away)))


def leik(counts: CountsLike) -> Value:
    """Dispersion D = 2 sum d / (k-1), d = F or 1 - F, the smaller (Leik 1966). 0 all alike.

    Consensus is 1 - D. Example: (30,40,210,130,530,50,10): 0.287.
    """
    running = cumulative_shares(counts)
    if isinstance(running, Value):
        return running
    return Value(2 * float(np.minimum(running, 1 - running).sum()) / running.size)


def leik_consensus(counts: CountsLike) -> Value:
    """1 - Leik's D: 1 all alike."""
    value = leik(counts)
    return value if value.value is None else Value(1 - value.value)


def nominal_polarisation(counts: CountsLike) -> Value:
    """4 sum p^2 (1-p) (Montalvo and Reynal-Querol 2005): 1 two equal camps, 0 one."""
    shares = shares_of(counts)
    return undefined(NO_DATA) if shares is None else Value(4 * float(shares**2 @ (1 - shares)))


def pairwise_agreement(counts: CountsLike) -> Value:
    """Share of pairs of experts who chose the same point (Birko et al. 2015). (2,0): 1."""
    weights = np.asarray(counts, dtype=np.float64)
    n = float(weights.sum())
    if n < 2:
        return undefined(NO_DATA if n == 0 else N_BELOW_MINIMUM)
    return Value(float(weights @ (weights - 1)) / (n * (n - 1)))


def clustered(counts: CountsLike, bands: Sequence[Band], lo: int = 1) -> Floats:
    """Counts by band of the scale, in the order of the bands."""
    weights = np.asarray(counts, dtype=np.float64)
    return np.asarray([weights[band.lo - lo : band.hi - lo + 1].sum() for band in bands])


def clustered_mode(counts: CountsLike, bands: Sequence[Band], lo: int = 1) -> Value:
    """Share of the most chosen band (Birko et al. 2015). (3,1,1) in three bands of one: 0.6."""
    shares = shares_of(clustered(counts, bands, lo))
    return undefined(NO_DATA) if shares is None else Value(float(shares.max()))


def clustered_pairwise_agreement(counts: CountsLike, bands: Sequence[Band], lo: int = 1) -> Value:
    """Share of pairs of experts in the same band (Birko et al. 2015); 7 and 8 then agree."""
    return pairwise_agreement(clustered(counts, bands, lo))
