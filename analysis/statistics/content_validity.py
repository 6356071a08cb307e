"""Do experts find an item relevant? Indices of content-validity panels, from one histogram."""

import math

import numpy as np

from analysis.statistics.descriptive import CountsLike, mean
from analysis.statistics.value import NO_DATA, SCALE_TOO_SHORT, Value, undefined


def item_validity(relevant: int, n: int) -> Value:
    """I-CVI: share of experts who rate the item relevant (Lynn 1986). 5 of 6: 0.8333."""
    return Value(relevant / n) if n else undefined(NO_DATA)


def scale_validity(items: list[tuple[int, int]]) -> Value:
    """S-CVI/Ave: mean I-CVI over items, ``(relevant, n)`` each (Polit and Beck 2006)."""
    found = [relevant / n for relevant, n in items if n]
    return Value(sum(found) / len(found)) if found else undefined(NO_DATA)


def universal_validity(items: list[tuple[int, int]]) -> Value:
    """S-CVI/UA: share of items that every expert rates relevant (Polit and Beck 2006)."""
    found = [relevant == n for relevant, n in items if n]
    return Value(sum(found) / len(found)) if found else undefined(NO_DATA)


def modified_kappa(relevant: int, n: int) -> Value:
    """k* = (I-CVI - pc)/(1 - pc), pc the chance that just so many agree (Polit et al. 2007).

    pc = C(n, A) / 2^n. Example: 5 of 6: 0.8161.
    """
    if n == 0:
        return undefined(NO_DATA)
    chance = math.comb(n, relevant) / 2**n
    return Value((relevant / n - chance) / (1 - chance))


def content_ratio(essential: int, n: int) -> Value:
    """CVR = (essential - n/2)/(n/2) (Lawshe 1975): -1 to 1, 0 at half. 9 of 10: 0.8."""
    return Value((2 * essential - n) / n) if n else undefined(NO_DATA)


def critical_ratio(n: int, level: float = 0.05) -> Value:
    """Least CVR that chance alone reaches in less than ``level`` of panels, one-sided binomial.

    Ayre and Scally (2014) corrected Lawshe's table with it: n = 8: 0.75; n = 10: 0.8; n = 15: 0.6.
    Undefined (``no_data``) without experts, ``scale_too_short`` where even all of them are not
    enough.
    """
    if n == 0:
        return undefined(NO_DATA)
    tail = 0
    for essential in range(n, -1, -1):
        tail += math.comb(n, essential)
        if tail > level * 2**n:
            least = essential + 1
            return content_ratio(least, n) if least <= n else undefined(SCALE_TOO_SHORT)
    return undefined(SCALE_TOO_SHORT)


def aiken_v(counts: CountsLike) -> Value:
    """V = (mean - lowest)/(k - 1) (Aiken 1980): 0 all at the bottom, 1 all at the top.

    Example: 10 experts on 1 to 5, eight on 5 and two on 4: 0.95.
    """
    k = np.asarray(counts).size
    centre = mean(counts)
    if centre.value is None:
        return undefined(NO_DATA)
    return Value(centre.value / (k - 1)) if k > 1 else undefined(SCALE_TOO_SHORT)
