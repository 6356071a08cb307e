"""How far ordinal ratings lie apart: variation, entropy and distances."""

import math

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.descriptive import CountsLike
from analysis.statistics.ordinal import cumulative_shares, shares_of
from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, Value, undefined


def distance_squared(counts: CountsLike) -> Value:
    """d squared = sum (F - 1/2) squared over the k-1 cuts (Blair and Lacy 2000)."""
    running = cumulative_shares(counts)
    return running if isinstance(running, Value) else Value(float(((running - 0.5) ** 2).sum()))


def concentration(counts: CountsLike) -> Value:
    """l squared = 4 d squared / (k-1) (Blair and Lacy 2000): 1 all alike, 0 polarised."""
    squared = distance_squared(counts)
    if squared.value is None:
        return squared
    return Value(4 * squared.value / (np.asarray(counts).size - 1))


def concentration_root(counts: CountsLike) -> Value:
    """l, the root of l squared (what agrmt's BlairLacy returns)."""
    squared = concentration(counts)
    return squared if squared.value is None else Value(math.sqrt(squared.value))


def ordinal_variation(counts: CountsLike) -> Value:
    """IOV = sum n_i n_j (j - i) / T, i < j (Berry and Mielke 1992): 0 all alike.

    T = n^2 (k-1)/4 for even n, (n^2 - 1)(k-1)/4 for odd. Undefined for one answer.
    Example: even n gives 1 - l squared.
    """
    running = cumulative_shares(counts)
    if isinstance(running, Value):
        return running
    n = float(np.asarray(counts, dtype=np.float64).sum())
    largest = n * n - (1 if n % 2 == 1 else 0)
    if largest == 0:
        return undefined(N_BELOW_MINIMUM)
    return Value(4 * n * n * float((running * (1 - running)).sum()) / (largest * running.size))


def kvalseth(counts: CountsLike) -> Value:
    """COV = 1 - sqrt(1 - IOV) (Kvalseth 1995)."""
    value = ordinal_variation(counts)
    return value if value.value is None else Value(1 - math.sqrt(max(0.0, 1 - value.value)))


def _entropy(shares: Floats) -> float:
    held = shares[shares > 0]
    return max(0.0, -float(held @ np.log2(held)))


def reardon(counts: CountsLike) -> Value:
    """Mean binary entropy of the k-1 cumulative shares (Reardon 2009): 0 all alike, 1 split."""
    running = cumulative_shares(counts)
    if isinstance(running, Value):
        return running
    cuts = np.clip(running, 0, 1)
    return Value((_entropy(cuts) + _entropy(1 - cuts)) / cuts.size)


def entropy(counts: CountsLike) -> Value:
    """Shannon (1948) entropy in bits; blind to the order of points. (1,1): 1."""
    shares = shares_of(counts)
    return undefined(NO_DATA) if shares is None else Value(_entropy(shares))
