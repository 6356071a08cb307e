"""Rankings of single experts, and their pairwise preferences counted one by one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats


class Ballot(NamedTuple):
    """``experts`` with the same ``ranks``: 1 is best, ties share a rank, NaN is unranked."""

    experts: int
    ranks: tuple[float, ...]


def preferences(ballots: Sequence[Ballot], measures: int) -> Floats:
    """K[i, j]: experts who put i before j; a tie counts one half each (Fagin et al. 2004).

    Only pairs ranked by the same expert count. Additive over experts.
    """
    table = np.zeros((measures, measures))
    for ballot in ballots:
        ranks = np.asarray(ballot.ranks)
        both = ~np.isnan(ranks)[:, None] & ~np.isnan(ranks)[None, :]
        table += ballot.experts * ((ranks[:, None] < ranks[None, :]) & both)
        table += ballot.experts * 0.5 * ((ranks[:, None] == ranks[None, :]) & both)
    np.fill_diagonal(table, 0)
    return table
