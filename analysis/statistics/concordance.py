"""Do experts rank the measures alike? Kendall's W from rank sums, always corrected for ties."""

import numpy as np

from analysis.arrays import Floats
from analysis.statistics.homogeneity import chi_square_p
from analysis.statistics.value import ALL_TIED, N_BELOW_MINIMUM, Significance, Value, undefined
from analysis.tables.ranks import RankSums

_EXACT_ARRANGEMENTS = 5_000_000


def row_midranks(matrix: Floats) -> Floats:
    """Midranks within each row (expert), 1-based, of complete rows."""
    below = (matrix[:, None, :] < matrix[:, :, None]).sum(axis=2)
    same = (matrix[:, None, :] == matrix[:, :, None]).sum(axis=2)
    return np.asarray(below + (same + 1) / 2)


def complete(matrix: Floats, policy: str) -> Floats:
    """Without missing ratings: ``drop_items`` leaves out measures, ``drop_experts`` experts.

    Name the policy with the result: the two can differ much.
    """
    missing = np.isnan(matrix)
    if policy == "drop_items":
        return np.asarray(matrix[:, ~missing.any(axis=0)])
    if policy == "drop_experts":
        return np.asarray(matrix[~missing.any(axis=1)])
    raise ValueError(f"policy {policy!r}")


def rank_sums(matrix: Floats) -> RankSums:
    """One pass over complete experts x measures rows. Raises ValueError on a missing rating.

    Drop measures or experts with missing ratings first, and say which.
    """
    if np.isnan(matrix).any():
        raise ValueError("ranks need complete rows")
    ranks = row_midranks(matrix)
    same = (matrix[:, None, :] == matrix[:, :, None]).sum(axis=2)
    ties = int((same.astype(np.int64) ** 2 - 1).sum())  # each of t equal ones adds t^2 - 1
    return RankSums(matrix.shape[0], np.rint(2 * ranks).astype(np.int64).sum(axis=0), ties)


def kendall_w(sums: RankSums, correct_ties: bool = True) -> Value:
    """W = 12 S / (m^2 (n^3 - n) - m T) (Kendall and Babington Smith 1939; ties Kendall 1948).

    0 no concordance, 1 complete. ``correct_ties=False`` only to compare with others. Undefined if
    every expert gives all measures the same rank (``all_tied``), n < 2 or m < 2: one expert has
    nobody to agree with.
    """
    if sums.experts < 2:
        return undefined(N_BELOW_MINIMUM)
    return _concordance(sums, correct_ties)


def _concordance(sums: RankSums, correct_ties: bool) -> Value:
    """The same for any number of experts: a sum of squares over the most it can be."""
    m, n = sums.experts, sums.measures
    if m == 0 or n < 2:
        return undefined(N_BELOW_MINIMUM)
    if correct_ties and sums.ties == m * (n**3 - n):
        return undefined(ALL_TIED)
    spread = float(((sums.doubled / 2 - m * (n + 1) / 2) ** 2).sum())
    most = m * m * (n**3 - n) - (m * sums.ties if correct_ties else 0)
    return Value(12 * spread / most)


def friedman(sums: RankSums) -> Significance:
    """Friedman's (1937) chi-square with ties, m(n - 1)W on n - 1 df."""
    w, df = _concordance(sums, True), max(0, sums.measures - 1)
    if w.value is None:
        return Significance(None, df, reason=w.reason)
    statistic = sums.experts * df * w.value
    return Significance(statistic, df, chi_square_p(statistic, df), "chi2")
