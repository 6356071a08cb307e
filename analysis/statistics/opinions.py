"""What sets groups of opinion apart, from votes by group and statement (as in Polis).

Votes: agree 1, disagree -1, pass 0, missing NaN. A pass counts as a vote but on no side.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats


def one_proportion_z(successes: float, n: float) -> float:
    """2 sqrt(n+1) ((s+1)/(n+1) - 1/2), one pseudo-success. 9 of 10: 2.7136."""
    return 2 * math.sqrt(n + 1) * ((successes + 1) / (n + 1) - 0.5)


def two_proportion_z(in_group: float, outside: float, n_in: float, n_out: float) -> float:
    """Pooled z of two shares, one pseudo-success and pseudo-vote on each side.

    0 where the pooled share is 0 or 1. 30 of 40 against 10 of 60: 5.7930.
    """
    s1, s2, n1, n2 = in_group + 1, outside + 1, n_in + 1, n_out + 1
    pooled = (s1 + s2) / (n1 + n2)
    if pooled in (0, 1):
        return 0.0
    return (s1 / n1 - s2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))


class Votes(NamedTuple):
    """Counts by group and statement: votes cast, and ``sides``: 2 (agree, disagree) x g x s."""

    cast: Floats
    sides: Floats


def votes_by_group(votes: Floats, labels: npt.NDArray[np.int64]) -> Votes:
    """Counts per group, groups in ascending order of label. Additive over experts."""
    groups = np.unique(labels)
    member = (labels[None, :] == groups[:, None]).astype(np.float64)
    cast = member @ (~np.isnan(votes))
    return Votes(cast, np.stack([member @ (votes == side) for side in (1, -1)]))


def side_shares(votes: Votes) -> Floats:
    """P = (1 + count)/(2 + votes) of each side, group and statement (Laplace)."""
    return np.asarray((1 + votes.sides) / (2 + votes.cast))


def _others(votes: Votes) -> Votes:
    cast = votes.cast.sum(axis=0, keepdims=True) - votes.cast
    return Votes(cast, votes.sides.sum(axis=1, keepdims=True) - votes.sides)


def representativeness(votes: Votes) -> Floats:
    """Share of a side inside the group over that among everybody else."""
    return side_shares(votes) / side_shares(_others(votes))


def side_tests(votes: Votes) -> Floats:
    """``one_proportion_z`` of each side, group and statement."""
    return np.asarray(np.vectorize(one_proportion_z)(votes.sides, votes.cast[None, :, :]))


def representativeness_tests(votes: Votes) -> Floats:
    """``two_proportion_z`` of the group against everybody else."""
    others = _others(votes)
    cast = np.broadcast_to(votes.cast, votes.sides.shape)
    elsewhere = np.broadcast_to(others.cast, votes.sides.shape)
    return np.asarray(np.vectorize(two_proportion_z)(votes.sides, others.sides, cast, elsewhere))


def group_aware_consensus(votes: Votes) -> Floats:
    """Product over groups of the share of each side: high only where every group shares it."""
    return np.asarray(side_shares(votes).prod(axis=1))
