"""Which measures come first? Positional and pairwise aggregation of rankings."""

import numpy as np

from analysis.arrays import Floats

KEMENY_UP_TO = 15  # measures; the table of subsets has 2^n entries
_OPTIMA_SHOWN = 1000


def borda(table: Floats) -> list[float]:
    """Borda (1781) scores: times preferred to another measure, ties one half.

    For complete rankings sum of (n - rank). Tennessee: 126, 194, 173, 107.
    """
    return [float(score) for score in table.sum(axis=1)]


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
