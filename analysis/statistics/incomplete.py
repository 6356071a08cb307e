"""Do experts rank the measures alike, where not everyone rated everything?"""

import numpy as np

from analysis.statistics.homogeneity import chi_square_p, quadratic_form
from analysis.statistics.value import ALL_TIED, NO_DATA, Significance
from analysis.tables.incomplete import BlockSums


def skillings_mack(sums: BlockSums) -> Significance:
    """Friedman's test for incomplete blocks (Skillings and Mack 1981): a' V^- a, df the rank of V.

    a_j = sum over experts of sqrt(12/(s+1)) (rank - (s+1)/2), s the measures that expert rated; V
    its covariance if every expert's ranks came in random order, with the generalised inverse, so
    that measures never rated by the same expert cost a degree of freedom instead of an error. With
    complete ratings it is Friedman's statistic; with equal blocks in a balanced design Durbin's
    (1951) T1. Ties shrink the variance and are allowed for: the original's variance is that of
    untied ranks, too large for ratings, which are full of ties, and its p with it.
    Every rating of an expert with two or more counts. Undefined: ``no_data``; ``all_tied`` if
    nobody told any two measures apart.
    Example: assembly times of Skillings and Mack, four methods, nine workers: 15.493 on 3.
    """
    if sums.experts == 0:
        return Significance(None, reason=NO_DATA)
    sizes = np.arange(1, sums.measures + 1, dtype=np.float64)
    # The deviations are doubled, and so halved here.
    away = np.sqrt(3 / (sizes + 1)) @ sums.deviations.astype(np.float64)
    squares = sums.squares.astype(np.float64)
    # An expert's ranks in random order: variance q/(4(s-1)), covariances summing to nothing.
    weights = np.divide(3, (sizes + 1) * (sizes - 1) * sizes, where=sizes > 1, out=0 * sizes)
    together = np.tensordot(weights, squares, axes=1)
    covariance = -together
    diagonal = np.tensordot(weights * (sizes - 1), squares, axes=1).diagonal()
    np.fill_diagonal(covariance, diagonal)
    statistic, df = quadratic_form(away, covariance)
    if df == 0:
        return Significance(None, 0, reason=ALL_TIED)
    return Significance(statistic, df, chi_square_p(statistic, df), "chi2")
