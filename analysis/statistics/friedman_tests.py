"""Tests beside Kendall's W: F, permutations, the mean rank correlation."""

import itertools
import math
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.canonical import digest
from analysis.statistics.concordance import _EXACT_ARRANGEMENTS, kendall_w, row_midranks
from analysis.statistics.value import ALL_TIED, INFINITE, N_BELOW_MINIMUM, TOO_LARGE, Value, undefined
from analysis.tables.ranks import RankSums


class FTest(NamedTuple):
    """F of W with its two degrees of freedom."""

    statistic: float | None
    df1: float | None
    df2: float | None
    p: float | None
    reason: str | None = None


def w_f_test(sums: RankSums) -> FTest:
    """F = (m-1)W/(1-W) on n-1-2/m and (m-1) times that; better for small m (Legendre 2005).

    W = 1: F is infinite (None) and p is 0.
    """
    from scipy.special import fdtrc

    w = kendall_w(sums)
    if w.value is None or sums.experts < 2:
        return FTest(None, None, None, None, w.reason or N_BELOW_MINIMUM)
    m, n = sums.experts, sums.measures
    df1 = n - 1 - 2 / m
    df2 = df1 * (m - 1)
    if 1 - w.value < 1e-12:
        return FTest(None, df1, df2, 0.0, INFINITE)
    if df1 <= 0:
        return FTest(None, df1, df2, None, N_BELOW_MINIMUM)
    f = (m - 1) * w.value / (1 - w.value)
    return FTest(f, df1, df2, float(fdtrc(df1, df2, f)))


def mean_spearman(matrix: Floats) -> Value:
    """Mean Spearman correlation over pairs of experts; (mW - 1)/(m - 1) without ties.

    Undefined if one expert gives all the same rank (``all_tied``), or with fewer than two.
    """
    if matrix.shape[0] < 2 or matrix.shape[1] < 2:
        return undefined(N_BELOW_MINIMUM)
    ranks = row_midranks(matrix)
    away = ranks - ranks.mean(axis=1, keepdims=True)
    lengths = np.sqrt((away**2).sum(axis=1))
    if (lengths == 0).any():
        return undefined(ALL_TIED)
    total = (away / lengths[:, None]).sum(axis=0)
    m = matrix.shape[0]
    return Value((float(total @ total) - m) / (m * (m - 1)))


def exact_permutation_p(matrix: Floats) -> Value:
    """P(S >= s) over all arrangements within experts, the first held still.

    For few experts and measures (5 million arrangements); else ``too_large``: use the F test.
    Example: the 4 x 5 table of the golden cases: 0.00359433.
    """
    ranks = np.rint(2 * row_midranks(matrix)).astype(np.int64)
    m, n = ranks.shape
    if m < 2 or n < 2:
        return undefined(N_BELOW_MINIMUM)
    if math.factorial(n) ** (m - 1) > _EXACT_ARRANGEMENTS:
        return undefined(TOO_LARGE)
    sums = ranks[:1]
    for row in ranks[1:]:
        arranged = np.asarray(list(itertools.permutations(row.tolist())), dtype=np.int64)
        sums = (sums[:, None, :] + arranged[None, :, :]).reshape(-1, n)
    squares = (sums**2).sum(axis=1)
    observed = int((ranks.sum(axis=0) ** 2).sum())
    return Value(float((squares >= observed).mean()))


def permutation_p(matrix: Floats, draws: int = 9_999) -> Value:
    """P(S >= s) with each expert's ranks shuffled (Phipson and Smyth 2010): (1 + hits)/(1 + draws).

    For panels too large for ``exact_permutation_p`` and too small for the F test. Seeded from the
    sorted ranks. Complete rows only.
    """
    ranks = np.rint(2 * row_midranks(matrix)).astype(np.int64)
    m, n = ranks.shape
    if m < 2 or n < 2:
        return undefined(N_BELOW_MINIMUM)
    ranks = ranks[np.lexsort(ranks.T[::-1])]
    generator = np.random.default_rng(int(digest(["W", ranks.tolist()])[:16], 16))
    observed = int((ranks.sum(axis=0) ** 2).sum())
    as_large = 0
    for _ in range(draws):
        sums = generator.permuted(ranks, axis=1).sum(axis=0)
        as_large += int((sums**2).sum()) >= observed
    return Value((1 + as_large) / (1 + draws))
