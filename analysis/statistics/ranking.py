"""Which measures come first? Positional and pairwise aggregation of rankings."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats

KEMENY_UP_TO = 15  # measures; the table of subsets has 2^n entries
_OPTIMA_SHOWN = 1000


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


def borda(table: Floats) -> list[float]:
    """Borda (1781) scores: times preferred to another measure, ties one half.

    For complete rankings sum of (n - rank). Tennessee: 126, 194, 173, 107.
    """
    return [float(score) for score in table.sum(axis=1)]


def mean_ranks(ballots: Sequence[Ballot], measures: int) -> list[float | None]:
    """Mean rank over those who ranked the measure; None if nobody did."""
    ranks = np.asarray([b.ranks for b in ballots], dtype=np.float64).reshape(-1, measures)
    counts = np.asarray([b.experts for b in ballots], dtype=np.float64)
    held = ~np.isnan(ranks)
    sums = counts @ np.where(held, ranks, 0.0)
    sizes = counts @ held
    return [float(s / n) if n else None for s, n in zip(sums, sizes, strict=True)]


def copeland(table: Floats) -> list[float]:
    """Measures beaten minus measures lost to, pairwise (Copeland 1951)."""
    return [float(score) for score in np.sign(table - table.T).sum(axis=1)]


def bradley_terry(table: Floats) -> list[float] | None:
    """Strengths adding to 1 that make the preferences most likely (Bradley and Terry 1952).

    By Hunter's (2004) minorise-maximise steps; a tie is half a preference for each. None where
    the measures fall into two parts of which one never loses to the other: there is no maximum.
    Example: two measures, 3 of 4 prefer the first: 0.75, 0.25.
    """
    n = table.shape[0]
    if n == 0:
        return None
    reach = table > 0
    for i in range(n):
        reach = reach | (reach[:, [i]] & reach[[i], :])
    if n > 1 and not bool(reach[~np.eye(n, dtype=np.bool_)].all()):
        return None
    games, wins = table + table.T, table.sum(axis=1)
    strength = np.full(n, 1 / n)
    for _ in range(100_000):
        pairs = strength[:, None] + strength[None, :]
        rate = np.divide(games, pairs, out=np.zeros_like(games), where=games > 0).sum(axis=1)
        moved = wins / rate if n > 1 else strength
        moved = moved / moved.sum()
        if float(np.abs(moved - strength).max()) < 1e-14:
            break
        strength = moved
    return [float(each) for each in moved]


def mean_allocations(points: Floats) -> list[float | None]:
    """Mean share of the points each measure was given, of experts x measures allocations.

    Each expert's points are divided by their own sum first; NaN is not offered; who gave nothing
    is left out. None for a measure nobody was offered. (60, 40), (10, 30): 0.425, 0.575.
    """
    totals = np.nansum(points, axis=1)
    kept = points[totals > 0] / totals[totals > 0, None]
    held = ~np.isnan(kept)
    sums, sizes = np.where(held, kept, 0.0).sum(axis=0), held.sum(axis=0)
    return [float(total / n) if n else None for total, n in zip(sums, sizes, strict=True)]


def best_worst(best: Sequence[int], worst: Sequence[int], shown: Sequence[int]) -> list[float | None]:
    """(times best - times worst) / times shown of each measure (Finn and Louviere 1992)."""
    trios = zip(best, worst, shown, strict=True)
    return [(b - w) / n if n else None for b, w, n in trios]
