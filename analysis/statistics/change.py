"""Did ratings move, and which way? Tests on signed differences of the same experts.

Everything needs only how many moved by how much, so a pair table suffices.
"Not significant" is not "stable".
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from analysis.statistics.value import NO_CHANGE, NO_PAIRS, Significance
from analysis.tables.histograms import Counts

EXACT_UP_TO = 50  # non-zero differences; above, the normal approximation is close
_EXACT_CELLS = 2_000_000


class Moves(NamedTuple):
    """Non-zero moves by size: ``sizes`` ascending, ``up`` and ``down`` how many; and ``same``."""

    sizes: tuple[float, ...]
    up: tuple[int, ...]
    down: tuple[int, ...]
    same: int

    @property
    def moved(self) -> int:
        """How many moved."""
        return sum(self.up) + sum(self.down)


def moves_of(differences: Mapping[float, int] | Iterable[tuple[float, int]]) -> Moves:
    """Group ``difference -> count`` by size."""
    items = differences.items() if isinstance(differences, Mapping) else differences
    by_size: dict[float, list[int]] = {}
    same = 0
    for difference, count in items:
        if difference == 0:
            same += count
        else:
            by_size.setdefault(abs(difference), [0, 0])[0 if difference > 0 else 1] += count
    kept = sorted((size, up, down) for size, (up, down) in by_size.items() if up + down)
    return Moves(tuple(s for s, _, _ in kept), tuple(u for _, u, _ in kept), tuple(d for *_, d in kept), same)


def table_moves(both: Counts) -> Moves:
    """Moves of a k x k pair table (rows earlier): later minus earlier."""
    k = both.shape[0]
    return moves_of((d, int(np.trace(both, offset=d))) for d in range(1 - k, k))


def _ranks(moves: Moves, pratt: bool) -> list[int]:
    """Doubled midrank of each size; Pratt ranks the zeros too and drops them afterwards."""
    ranks, before = [], moves.same if pratt else 0
    for up, down in zip(moves.up, moves.down, strict=True):
        ranks.append(2 * before + up + down + 1)
        before += up + down
    return ranks


def rank_sum(moves: Moves, pratt: bool = False) -> float:
    """V+, the sum of midranks of upward moves."""
    return sum(r * up for r, up in zip(_ranks(moves, pratt), moves.up, strict=True)) / 2


def _span(moves: Moves, ranks: list[int]) -> int:
    return sum(r * (up + down) for r, up, down in zip(ranks, moves.up, moves.down, strict=True))


def _exact_p(moves: Moves, ranks: list[int]) -> float:
    chances = np.zeros(_span(moves, ranks) + 1)
    chances[0] = 1.0
    for rank, up, down in zip(ranks, moves.up, moves.down, strict=True):
        for _ in range(up + down):
            chances /= 2  # exact in binary
            chances[rank:] += chances[:-rank].copy()
    observed = sum(r * up for r, up in zip(ranks, moves.up, strict=True))
    away = np.abs(2 * np.arange(chances.size) - (chances.size - 1))
    return min(1.0, float(chances[away >= abs(2 * observed - (chances.size - 1))].sum()))


def two_sided_normal(z: float) -> float:
    """P(|Z| >= |z|) of a standard normal."""
    return math.erfc(abs(z) / math.sqrt(2))


def wilcoxon_z(moves: Moves, pratt: bool = False, corrected: bool = False) -> float | None:
    """Standardised V+; the tie-corrected variance is a quarter of the sum of squared ranks."""
    if moves.moved == 0:
        return None
    ranks = _ranks(moves, pratt)
    sizes = [up + down for up, down in zip(moves.up, moves.down, strict=True)]
    centre = sum(r * n for r, n in zip(ranks, sizes, strict=True)) / 4
    spread = math.sqrt(sum((r / 2) ** 2 * n for r, n in zip(ranks, sizes, strict=True)) / 4)
    away = rank_sum(moves, pratt) - centre
    if corrected:
        away -= math.copysign(min(0.5, abs(away)), away)
    return away / spread


def wilcoxon(moves: Moves, pratt: bool = False, exact: bool | None = None, corrected: bool = False) -> Significance:
    """Signed-rank test (Wilcoxon 1945; zeros ranked then dropped: Pratt 1959), two-sided.

    Exact: the conditional sign-flip distribution with midranks, P(|V - E| >= |v - E|); for up to
    50 moves unless ``exact`` says, else normal with tie variance. Undefined (``no_change``)
    if nobody moved, ``no_pairs`` without pairs. Example: moves +1 +1 +2 give V = 6, p = 0.25.
    """
    if moves.moved == 0:
        return Significance(None, reason=NO_CHANGE if moves.same else NO_PAIRS)
    ranks, statistic = _ranks(moves, pratt), rank_sum(moves, pratt)
    wanted = moves.moved <= EXACT_UP_TO if exact is None else exact
    if wanted and _span(moves, ranks) <= _EXACT_CELLS:
        return Significance(statistic, None, _exact_p(moves, ranks), "exact")
    z = wilcoxon_z(moves, pratt, corrected)
    return Significance(statistic, None, None if z is None else two_sided_normal(z), "normal")


def sign_test(moves: Moves) -> Significance:
    """Binomial test of upward among all moves, two-sided (Arbuthnott's test). 10 of 11: 0.0117.

    Undefined if nobody moved.
    """
    up, n = sum(moves.up), moves.moved
    if n == 0:
        return Significance(None, reason=NO_CHANGE if moves.same else NO_PAIRS)
    return Significance(float(up), None, binomial_half(up, n), "exact")


def binomial_half(x: int, n: int) -> float:
    """Two-sided exact p of x successes in n tries at one half; exact integers up to n = 2000."""
    x = min(x, n - x)
    if 2 * x == n:
        return 1.0
    if n <= 2000:
        tail = sum(math.comb(n, i) for i in range(x + 1))
        return float(min(1.0, 2 * tail / 2**n))
    from scipy.stats import binom

    return float(min(1.0, 2 * binom.cdf(x, n, 0.5)))
