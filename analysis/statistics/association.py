"""Do the same experts keep their place between two rounds? From a table with point scores.

``table`` is rows (earlier) by columns (later), complete pairs only. Scores default to the points
0, 1, ...; all but the variance ratio ignore where the scale starts.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.statistics.value import NO_PAIRS, NO_VARIATION, Significance, Value, undefined


class Joint(NamedTuple):
    """A table with the scores of its rows and columns."""

    table: Floats
    rows: Floats
    columns: Floats

    @property
    def n(self) -> float:
        """Number of pairs."""
        return float(self.table.sum())


def joint(table: npt.ArrayLike) -> Joint:
    """A square table scored 0, 1, ... on both sides."""
    cells = np.asarray(table, dtype=np.float64)
    return Joint(cells, np.arange(float(cells.shape[0])), np.arange(float(cells.shape[1])))


def moments(pairs: Joint) -> tuple[float, float, float]:
    """Variance of rows, of columns, and covariance, over n - 1; zeros for fewer than 2 pairs."""
    n = pairs.n
    if n < 2:
        return 0.0, 0.0, 0.0
    rows, columns = pairs.table.sum(axis=1), pairs.table.sum(axis=0)
    x = pairs.rows - float(rows @ pairs.rows) / n
    y = pairs.columns - float(columns @ pairs.columns) / n
    covariance = float(x @ pairs.table @ y) / (n - 1)
    return float(rows @ x**2) / (n - 1), float(columns @ y**2) / (n - 1), covariance


def pearson(pairs: Joint) -> Value:
    """Product-moment correlation (Pearson 1895). Undefined if a round is constant."""
    xx, yy, xy = moments(pairs)
    if pairs.n < 2:
        return undefined(NO_PAIRS)
    if xx == 0 or yy == 0:
        return undefined(NO_VARIATION)
    return Value(xy / math.sqrt(xx * yy))


def midranks(counts: Floats) -> Floats:
    """Average rank of each category, 1-based, from its counts."""
    return np.asarray(np.cumsum(counts) - counts + (counts + 1) / 2)


def spearman(pairs: Joint) -> Value:
    """Correlation of midranks (Spearman 1904). Undefined if a round is constant."""
    rows, columns = pairs.table.sum(axis=1), pairs.table.sum(axis=0)
    return pearson(Joint(pairs.table, midranks(rows), midranks(columns)))


def concordance(table: Floats) -> tuple[float, float]:
    """Numbers of concordant and of discordant pairs of experts."""
    padded = np.pad(np.cumsum(np.cumsum(table, axis=0), axis=1), ((1, 0), (1, 0)))
    before = padded[:-1, :-1]
    above_right = padded[:-1, -1:] - padded[:-1, 1:]
    return float((table * before).sum()), float((table * above_right).sum())


def goodman_kruskal_gamma(pairs: Joint) -> Value:
    """(C - D) / (C + D) (Goodman and Kruskal 1954). Undefined if all pairs are tied."""
    same, opposite = concordance(pairs.table)
    if same + opposite == 0:
        return undefined(NO_VARIATION if pairs.n else NO_PAIRS)
    return Value((same - opposite) / (same + opposite))


def kendall_tau_b(pairs: Joint) -> Value:
    """(C - D) over the geometric mean of pairs untied in each round (Kendall 1945).

    Undefined if a round is constant.
    """
    same, opposite = concordance(pairs.table)
    n = pairs.n
    every = n * (n - 1) / 2
    rows, columns = pairs.table.sum(axis=1), pairs.table.sum(axis=0)
    untied_rows = every - float((rows * (rows - 1)).sum()) / 2
    untied_columns = every - float((columns * (columns - 1)).sum()) / 2
    if untied_rows <= 0 or untied_columns <= 0:
        return undefined(NO_VARIATION if n else NO_PAIRS)
    return Value((same - opposite) / math.sqrt(untied_rows * untied_columns))


def predictability(pairs: Joint) -> Value:
    """Lambda of later given earlier (Goodman and Kruskal 1954; Chaffin and Talley 1980).

    (sum of row maxima - largest column) / (n - largest column). Predictability, not agreement:
    all moving up by one gives 1. Undefined if the later round is unanimous.
    """
    n, modal = pairs.n, float(pairs.table.sum(axis=0).max(initial=0.0))
    if n == modal:
        return undefined(NO_VARIATION if n else NO_PAIRS)
    return Value((float(pairs.table.max(axis=1).sum()) - modal) / (n - modal))


def variance_ratio(pairs: Joint) -> Value:
    """Later over earlier variance; below 1 is convergence. Undefined if earlier was constant."""
    xx, yy, _ = moments(pairs)
    return undefined(NO_VARIATION) if xx == 0 else Value(yy / xx)


def pitman_morgan(pairs: Joint) -> Significance:
    """Equal variances of paired rounds (Pitman 1939; Morgan 1939), t on n - 2 df.

    Correlates sum with difference; positive where the later round varies less. t is undefined if
    a variance, or that of sum or difference, is 0; p is 0 where t grows without bound (one round
    constant and not the other).
    """
    from scipy.stats import t as student

    xx, yy, xy = moments(pairs)
    df = pairs.n - 2
    if df < 1:
        return Significance(None, reason=NO_PAIRS)
    total, difference = xx + yy + 2 * xy, xx + yy - 2 * xy
    tiny = 1e-12 * (xx + yy)
    if total <= tiny or difference <= tiny:
        return Significance(None, df, None, "t", NO_VARIATION)
    r = (xx - yy) / math.sqrt(total * difference)
    if min(xx, yy) == 0 or 1 - r * r <= 1e-15:
        return Significance(None, df, 0.0, "t", NO_VARIATION)
    t = r * math.sqrt(df / (1 - r * r))
    return Significance(t, df, float(2 * student.sf(abs(t), df)), "t")
