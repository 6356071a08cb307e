"""Agreement of raters who all rated everything: Conger and Light."""

import numpy as np
import numpy.typing as npt

from analysis.statistics.agreement import percent_agreement, units_of, weights
from analysis.statistics.value import NO_PAIRS, NO_VARIATION, Value, undefined


def conger(matrix: npt.NDArray[np.float64], lo: int, hi: int, kind: str = "identity") -> Value:
    """Conger's (1980) kappa: chance from each expert's own distribution. Needs rows.

    pe = (sum over pairs of experts of w p p') / pairs, each expert's shares over what they rated.
    Undefined without variation. With two experts it is Cohen's kappa.
    """
    units = units_of(matrix, lo, hi)
    w = weights(hi - lo + 1, kind)
    matrix = matrix[~np.isnan(matrix).all(axis=1)]
    raters = matrix.shape[0]
    observed = percent_agreement(units, w)
    if observed.value is None or raters < 2:
        return undefined(observed.reason or NO_PAIRS)
    points = np.arange(lo, hi + 1)
    chosen = (matrix[:, :, None] == points).sum(axis=1).astype(np.float64)
    shares = chosen / chosen.sum(axis=1, keepdims=True)
    total = shares.sum(axis=0)
    own = float(np.einsum("ei,ij,ej->", shares, w, shares))
    chance = (float(total @ w @ total) - own) / (raters * (raters - 1))
    if 1 - chance < 1e-12:
        return undefined(NO_VARIATION)
    return Value((observed.value - chance) / (1 - chance))


def light(matrix: npt.NDArray[np.float64], lo: int, hi: int, kind: str = "identity") -> Value:
    """Light's (1971) kappa: mean of Cohen's kappa over pairs of experts. Needs rows.

    Each pair on the measures both rated; pairs without a common measure or without variation are
    left out. Undefined (``no_pairs``) if none is left.
    """
    w, found = weights(hi - lo + 1, kind), []
    for i in range(len(matrix)):
        for j in range(i):
            both = ~np.isnan(matrix[i]) & ~np.isnan(matrix[j])
            one, two = (matrix[e][both].astype(np.int64) - lo for e in (i, j))
            if not both.any():
                continue
            table = np.zeros(w.shape)
            np.add.at(table, (one, two), 1 / one.size)
            chance = float(table.sum(axis=1) @ w @ table.sum(axis=0))
            if 1 - chance > 1e-12:
                found.append((float((w * table).sum()) - chance) / (1 - chance))
    return Value(float(np.mean(found))) if found else undefined(NO_PAIRS)
