"""Did the panel's distribution move? Tests on the square table of complete pairs."""

import math

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.statistics.change import binomial_half, table_moves, two_sided_normal
from analysis.statistics.value import NO_CHANGE, NO_PAIRS, NO_VARIATION, Significance
from analysis.tables.histograms import Counts


def chi_square_p(statistic: float, df: float) -> float:
    """Upper tail of the chi-square distribution."""
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic))


def quadratic_form(difference: Floats, covariance: Floats) -> tuple[float, int]:
    """d' V^- d with the generalised inverse, and the rank of V."""
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-9 * max(float(values.max(initial=0.0)), 1e-300)
    along = vectors[:, kept].T @ difference
    return float((along**2 / values[kept]).sum()), int(kept.sum())


def _marginal(both: npt.ArrayLike, bhapkar: bool) -> Significance:
    table = np.asarray(both, dtype=np.float64)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    n = float(table.sum())
    if n == 0:
        return Significance(None, reason=NO_PAIRS)
    if n == float(np.trace(table)):
        return Significance(None, reason=NO_CHANGE)
    difference = rows - columns
    covariance = np.diag(rows + columns) - table - table.T
    statistic, df = quadratic_form(difference, covariance)
    if bhapkar:
        if statistic >= n:  # everybody moved one way: the variance of the shift is 0
            return Significance(None, df, 0.0, "chi2", NO_VARIATION)
        statistic = statistic / (1 - statistic / n)
    return Significance(statistic, df, chi_square_p(statistic, df), "chi2")


def stuart_maxwell(both: npt.ArrayLike) -> Significance:
    """Marginal homogeneity (Stuart 1955; Maxwell 1970): d' V^- d, df the rank of V.

    Undefined (``no_change``) without counts off the diagonal. No half is added to empty cells.
    Example: ((20,10,5),(3,30,15),(0,5,40)): 13.7647 on 2.
    """
    return _marginal(both, bhapkar=False)


def bhapkar(both: npt.ArrayLike) -> Significance:
    """Marginal homogeneity (Bhapkar 1966): X / (1 - X/n), X of Stuart and Maxwell."""
    return _marginal(both, bhapkar=True)


def bowker(both: npt.ArrayLike) -> Significance:
    """Symmetry (Bowker 1948): sum (a - b)^2/(a + b) over pairs of cells that hold anybody.

    df: those informative pairs (all k(k-1)/2 would be far too lenient on sparse tables);
    statistic 0 on 0 df if nobody moved, then p undefined.
    """
    table = np.asarray(both, dtype=np.float64)
    upper, lower = (part[np.triu_indices(table.shape[0], 1)] for part in (table, table.T))
    held = (upper + lower) > 0
    df = int(held.sum())
    statistic = float(((upper - lower)[held] ** 2 / (upper + lower)[held]).sum())
    if df == 0:
        reason = NO_CHANGE if table.sum() else NO_PAIRS
        return Significance(statistic, 0, None, "chi2", reason)
    return Significance(statistic, df, chi_square_p(statistic, df), "chi2")


def bowker_pairs(both: npt.ArrayLike) -> int:
    """All pairs of cells, k(k-1)/2, of the categories anybody used."""
    table = np.asarray(both)
    used = int(((table.sum(axis=0) + table.sum(axis=1)) > 0).sum())
    return used * (used - 1) // 2


def ordinal_shift(both: npt.ArrayLike) -> Significance:
    """Marginal homogeneity with scores (Agresti 2002): Z = sum d / sqrt(sum d^2), d the moves.

    Positive upwards. The best single test for ratings with many points. Undefined if nobody moved.
    """
    table = np.asarray(both)
    moves = table_moves(table)
    if moves.moved == 0:
        return Significance(None, reason=NO_CHANGE if moves.same else NO_PAIRS)
    parts = list(zip(moves.sizes, moves.up, moves.down, strict=True))
    total = sum(size * (up - down) for size, up, down in parts)
    z = total / math.sqrt(sum(size**2 * (up + down) for size, up, down in parts))
    return Significance(z, None, two_sided_normal(z), "normal")


def mcnemar(both: Counts, method: str = "chi2") -> Significance:
    """Change between two categories (McNemar 1947): ``chi2``, ``corrected``, ``exact``, ``mid``.

    chi2 = (b - c)^2/(b + c) on 1 df, corrected (|b - c| - 1)^2/(b + c); exact and mid-p binomial
    on b + c. Undefined if nobody changed. Example: b 150, c 86: 17.3559, exact p 3.7e-5.
    """
    b, c = int(both[0, 1]), int(both[1, 0])
    if b + c == 0:
        return Significance(None, reason=NO_CHANGE if int(both.sum()) else NO_PAIRS)
    if method in ("exact", "mid"):
        p = binomial_half(b, b + c)
        if method == "mid":
            p = 1.0 if b == c else p - math.comb(b + c, b) / 2 ** (b + c)
        return Significance(float(b), None, p, method)
    gap = max(0, abs(b - c) - 1) if method == "corrected" else abs(b - c)
    statistic = gap**2 / (b + c)
    return Significance(statistic, 1, chi_square_p(statistic, 1), method)


def _pearson(table: Floats) -> Significance:
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    table = table[rows > 0][:, columns > 0]
    if table.size == 0:
        return Significance(None, reason=NO_PAIRS)
    if min(table.shape) < 2:
        return Significance(None, reason=NO_VARIATION)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    method = "chi2_sparse" if float(expected.min()) < 5 else "chi2"
    return Significance(statistic, df, chi_square_p(statistic, df), method)


def individual_stability(both: npt.ArrayLike) -> Significance:
    """Independence of the two rounds (Chaffin and Talley 1980): significant means stable.

    Undefined if a round is unanimous. Method ``chi2_sparse`` when an expected count is below 5.
    """
    return _pearson(np.asarray(both, dtype=np.float64))


def group_stability(both: npt.ArrayLike) -> Significance:
    """Equal distributions (Dajani, Sincoff and Talley 1979): not significant means stable.

    The opposite direction of ``individual_stability``; treats the rounds as independent samples,
    so small panels look stable.
    """
    table = np.asarray(both, dtype=np.float64)
    return _pearson(np.stack([table.sum(axis=1), table.sum(axis=0)]))
