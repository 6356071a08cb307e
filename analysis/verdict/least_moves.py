"""The fewest ratings that must be moved, anywhere on the scale, until conditions hold.

Panels are built point by point from the lowest. A partial panel knows how many of the ranks that
the conditions name lie in it, their weighted sums so far, and what it cost: with ``y`` ratings so
far it cost ``paid + max(0, y - free)``, for ``y`` from ``fewest`` on, because ratings that are left
where they are cost nothing and every other one costs one. Partial panels that can do no better than
another are dropped. ``free`` is a bound of ranks plus the ratings since, so it takes at most
2 (ranks + 1) k values however many rate. With L lines (a median, an IQR or the absence of
disagreement is one, its presence two) at most of the order k^(2 + L) partial panels are looked at,
independent of n; a band that touches no end of the scale multiplies that by k. Conditions on bands
alone need no search.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.tables.histograms import Counts
from analysis.verdict.clauses import Between, Condition, Line, Lines

Partial = npt.NDArray[np.int64]
STAGE, START, FEWEST, PAID, FREE, SUMS = range(6)
"""Columns of partial panels: ranks in it, ratings before the inner band it is in (else 0), see
above, and from ``SUMS`` on the sums of the lines."""
MET = -(2**50)
"""The sum of a line that holds whatever comes."""


class Found(NamedTuple):
    """The fewest ratings moved, None where no panel of that size meets the conditions.

    ``tried``: partial panels looked at.
    """

    moves: int | None
    tried: int


def least_moves(conditions: Sequence[Condition], counts: Counts) -> Found:
    """From a panel's counts by point, int64[k], to a panel of as many that meets all conditions.

    None without ratings.
    """
    return _least(conditions, counts, int(counts.sum()))


def is_possible(conditions: Sequence[Condition], n: int, k: int) -> Found:
    """Whether any panel of ``n`` raters on ``k`` points meets all conditions: ``moves`` n or None.

    All of its ratings are new ones, so ``free`` is a bound of ranks and bands: with L lines the
    work is of the order k^L partial panels.
    """
    return _least(conditions, np.zeros(k, np.int64), n)


def _least(conditions: Sequence[Condition], counts: Counts, n: int) -> Found:
    bands = _bands([asked for asked in conditions if isinstance(asked, Between)])
    ordered = [asked for asked in conditions if isinstance(asked, Lines)]
    if n == 0 or any(band.least > min(band.most, n) for band in bands):
        return Found(None, 0)
    if not ordered:
        return Found(_by_bands(bands, counts, n), 1)
    choices = [[(line,) for line in one.lines] if one.any_of else [one.lines] for one in ordered]
    moves, tried = [], 0
    for chosen in product(*choices):
        found = _Search([line for lines in chosen for line in lines], bands, counts, n).run()
        tried += found.tried
        moves += [] if found.moves is None else [found.moves]
    return Found(min(moves, default=None), tried)


def _bands(asked: list[Between]) -> list[Between]:
    """One condition for each band, in their order."""
    found: dict[tuple[int, int], Between] = {}
    for one in asked:
        other = found.get((one.first, one.last), one)
        least, most = max(one.least, other.least), min(one.most, other.most)
        found[one.first, one.last] = Between(one.first, one.last, least, most)
    return [found[place] for place in sorted(found)]


def _by_bands(bands: list[Between], counts: Counts, n: int) -> int | None:
    """Where only bands are counted: whichever is more, what lacks in them or what is too much."""
    held = [int(counts[band.first : band.last + 1].sum()) for band in bands]
    covered = sum(band.last - band.first + 1 for band in bands)
    is_room = covered < counts.size or sum(band.most for band in bands) >= n
    if sum(band.least for band in bands) > n or not is_room:
        return None
    lack = sum(max(0, band.least - count) for band, count in zip(bands, held, strict=True))
    surplus = sum(max(0, count - band.most) for band, count in zip(bands, held, strict=True))
    new = n - int(counts.sum())
    return max(lack, surplus + new)


class _Search:
    """One conjunction of lines and bands, on one panel's counts."""

    def __init__(self, lines: list[Line], bands: list[Between], counts: Counts, n: int) -> None:
        self.n, self.k, self.counts = n, counts.size, counts
        self.running = np.concatenate(([0], np.cumsum(counts)))  # before each point, and all
        self.ranks = sorted({rank for line in lines for rank, _ in line.terms})
        weights = [[dict(line.terms).get(rank, 0) for line in lines] for rank in self.ranks]
        self.weights = np.asarray(weights, np.int64).reshape(len(self.ranks), len(lines))
        self.limits = np.asarray([line.limit for line in lines], np.int64)
        # after how many ranks: the weights still to come, those above and those below 0
        still = np.concatenate((self.weights, np.zeros((1, len(lines)), np.int64)))[::-1]
        self.more = np.cumsum(np.maximum(still, 0), axis=0)[::-1]
        self.less = np.cumsum(np.minimum(still, 0), axis=0)[::-1]
        self.least = np.asarray([0, *self.ranks])  # ratings so far by ranks so far
        self.most = np.asarray([*(rank - 1 for rank in self.ranks), n])
        self.inner = [band for band in bands if band.first > 0 and band.last < self.k - 1]
        self.outer: dict[int, tuple[int, int]] = {self.k - 1: (n, n)}
        for band in bands:
            if band.first == 0:
                self._bound(band.last, band.least, band.most)
            elif band.last == self.k - 1:
                self._bound(band.first - 1, n - band.most, n - band.least)

    def _bound(self, point: int, least: int, most: int) -> None:
        low, high = self.outer.get(point, (0, self.n))
        self.outer[point] = max(low, least), min(high, most)

    def run(self) -> Found:
        """The fewest moves, and how many partial panels that took."""
        partial = np.zeros((1, SUMS + len(self.limits)), np.int64)
        tried = 0
        for point in range(self.k):
            partial[:, FREE] += self.counts[point]
            partial = self._ranks_at(partial, point)
            tried += len(partial)
            partial = self._within(partial, point)
            for band in self.inner:
                if band.first - 1 == point:
                    partial = self._enter(partial, band)
                elif band.last == point:
                    partial[:, START] = 0
            partial = _best(self._open(partial, point + 1))
        done = partial[partial[:, STAGE] == len(self.ranks)]
        return Found(int(done[:, PAID].min()) if len(done) else None, tried)

    def _ranks_at(self, partial: Partial, point: int) -> Partial:
        """Each partial panel, and with one, two … of the ranks still to come at this point."""
        parts = [partial]
        while True:
            more = parts[-1][parts[-1][:, STAGE] < len(self.ranks)]
            if not len(more):
                return np.concatenate(parts)
            more[:, SUMS:] += self.weights[more[:, STAGE]] * point
            more[:, STAGE] += 1
            parts.append(self._open(more, point))

    def _open(self, partial: Partial, point: int) -> Partial:
        """Those whose lines can still hold with the ranks to come from this point on."""
        stage, sums = partial[:, STAGE], partial[:, SUMS:]
        more, less, top = self.more[stage], self.less[stage], self.k - 1
        sums[sums + more * top + less * min(point, top) <= self.limits] = MET
        lowest = sums + more * min(point, top) + less * top
        can_hold = (lowest <= self.limits).all(axis=1)
        return np.asarray(partial[can_hold])

    def _within(self, partial: Partial, point: int) -> Partial:
        """With as many ratings up to this point as ranks and bands allow."""
        low, high = self.outer.get(point, (0, self.n))
        least = np.maximum(self.least[partial[:, STAGE]], low)
        most = np.minimum(self.most[partial[:, STAGE]], high)
        for band in self.inner:
            if band.last == point:
                least = np.maximum(least, partial[:, START] + band.least)
                most = np.minimum(most, partial[:, START] + band.most)
        partial[:, FEWEST] = np.maximum(partial[:, FEWEST], least)
        partial[:, PAID] += np.maximum(0, partial[:, FEWEST] - partial[:, FREE])
        partial[:, FREE] = np.minimum(np.maximum(partial[:, FREE], partial[:, FEWEST]), most)
        return np.asarray(partial[partial[:, FEWEST] <= most])

    def _enter(self, partial: Partial, band: Between) -> Partial:
        """Each with every number of ratings before the band that may be the best."""
        starts = self.starts(band)
        most = np.minimum(self.most[partial[:, STAGE]], self.outer.get(band.first - 1, (0, self.n))[1])
        places, chosen = np.nonzero((partial[:, [FEWEST]] <= starts) & (starts <= most[:, np.newaxis]))
        start, inside = starts[chosen], partial[places]
        inside[:, PAID] += np.maximum(0, start - inside[:, FREE])
        inside[:, [START, FEWEST, FREE]] = start[:, np.newaxis]
        return inside

    def starts(self, band: Between) -> npt.NDArray[np.int64]:
        """Numbers of ratings before an inner band, one of which is the best.

        At an optimum the number is tied to a bound: to one of ranks or of other bands, or to such
        a one less what the band must hold, with ratings left as they are in between. A test holds
        them against every number there is.
        """
        fixed = {0, self.n, *(rank - away for rank in self.ranks for away in (0, 1))}
        fixed |= {end for ends in self.outer.values() for end in ends}
        others = [end for one in self.inner if one != band for end in (one.least, one.most)]
        fixed |= {at + sign * end for at in fixed for end in others for sign in (1, -1)}
        ends = np.asarray(sorted(fixed))[:, np.newaxis]
        before = ends + self.running[band.first] - self.running
        after = ends + self.running[band.last + 1] - self.running
        found = np.unique(np.concatenate((before, after - band.least, after - band.most)))
        return np.asarray(found[(found >= 0) & (found <= self.n)])


def _best(partial: Partial) -> Partial:
    """Without those than which another is as good in everything."""
    if len(partial) < 2:
        return partial
    # the same but for the last sum: the smallest; then of the same sums the cheapest
    partial = partial[np.lexsort(partial.T[[-1, *range(partial.shape[1] - 1)]])]
    is_first = np.ones(len(partial), np.bool_)
    is_first[1:] = (partial[1:, :-1] != partial[:-1, :-1]).any(axis=1)
    partial = partial[is_first]
    keys = [*range(SUMS, partial.shape[1]), FEWEST, START, STAGE]
    partial = partial[np.lexsort((-partial[:, FREE], *partial.T[[PAID, *keys]]))]
    group = np.concatenate(([0], np.cumsum((partial[1:, keys] != partial[:-1, keys]).any(axis=1))))
    ahead = partial[:, PAID] - partial[:, FREE]
    # numbers of later groups are all smaller, so the least so far is one of the own group
    ahead -= group * (2 * int(np.abs(ahead).max()) + 1)
    is_better = np.ones(len(partial), np.bool_)
    is_better[1:] = ahead[1:] < np.minimum.accumulate(ahead)[:-1]
    return partial[is_better]
