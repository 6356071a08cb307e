"""Additive tables of a whole panel: units by category, rank sums, cross-products, preferences.

``codes`` are measures x experts, int8: ``point - lo``, and from ``k`` on a state of not answering
(``histograms``). Measures come first so that one measure's codes lie side by side. Every
table adds with ``+`` over experts: chunks, groups and machines give the same sum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats
from analysis.tables.counting import checked_count, frozen_array, require_range
from analysis.tables.histograms import STATES, Codes, Counts, Histogram, require_codes
from analysis.tables.ranks import BLOCK, complete_blocks


@dataclass(frozen=True, eq=False)
class UnitTable:
    """How many gave each measure each code: int64[measures x (k + 7)], states of no answer last."""

    cells: Counts

    def __post_init__(self) -> None:
        cells = np.asarray(self.cells)
        if cells.ndim != 2 or cells.shape[1] <= STATES:
            raise ValueError(f"a unit table of shape {cells.shape} has no point")
        if cells.size and int(cells.min()) < 0:
            raise ValueError("a count is negative")
        object.__setattr__(self, "cells", frozen_array(cells))

    @classmethod
    def empty(cls, measures: int, k: int) -> "UnitTable":
        """No ratings yet."""
        return cls(np.zeros((measures, k + STATES), np.int64))

    @classmethod
    def from_codes(cls, codes: Codes, k: int) -> "UnitTable":
        """From measures x experts codes. Raises UnknownCode; nothing is clipped."""
        size = k + STATES
        require_codes(codes[:0].ravel(), k)
        counts = [checked_count(row, size) for row in codes]
        return cls(np.asarray(counts, np.int64).reshape(len(counts), size))

    @classmethod
    def from_histograms(cls, tables: Sequence[Histogram], k: int) -> "UnitTable":
        """From one histogram per measure, all on ``k`` points."""
        rows = [np.concatenate((table.counts, table.no_answer)) for table in tables]
        return cls(np.asarray(rows, np.int64).reshape(len(rows), k + STATES))

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int]], measures: int, k: int) -> "UnitTable":
        """From ``(measure index, code, count)`` rows, as ``GROUP BY`` gives them."""
        cells = np.zeros((measures, k + STATES), np.int64)
        for measure, code, count in rows:
            require_codes(np.asarray([code]), k)
            cells[measure, code] += count
        return cls(cells)

    @property
    def k(self) -> int:
        """Number of points."""
        return int(self.cells.shape[1]) - STATES

    @property
    def units(self) -> Floats:
        """Measures x points as floats, the form the agreement coefficients take."""
        return self.cells[:, : self.k].astype(np.float64)

    def histogram(self, measure: int) -> Histogram:
        """The histogram of one measure."""
        row = self.cells[measure]
        return Histogram(row[: self.k], row[self.k :])

    def __add__(self, other: "UnitTable") -> "UnitTable":
        return UnitTable(self.cells + other.cells)


@dataclass(frozen=True, eq=False)
class CrossProducts:
    """Sums over experts who rated every measure, of codes (0 is the lowest point).

    ``sums`` int64[measures]; ``products`` int64[measures x measures]; ``experts_squared``: the sum
    of squared totals of experts. Enough for means, covariances and intraclass correlations.
    """

    experts: int
    sums: Counts
    products: Counts
    experts_squared: int

    @classmethod
    def empty(cls, measures: int) -> "CrossProducts":
        """No ratings yet."""
        none = np.zeros(measures, np.int64)
        return cls(0, none, np.zeros((measures, measures), np.int64), 0)

    @classmethod
    def from_codes(cls, codes: Codes, k: int, products: bool = True) -> "CrossProducts":
        """From measures x experts codes; ``products=False`` fills the diagonal only (faster)."""
        require_range(codes, k + STATES)
        total = cls.empty(codes.shape[0])
        for block in complete_blocks(codes, k):
            total = total + cls._of_block(block, products)
        return total

    @classmethod
    def _of_block(cls, block: Codes, products: bool) -> "CrossProducts":
        if products:
            floats = block.astype(np.float64)  # whole numbers below 2^53 add exactly
            cross = np.rint(floats.T @ floats).astype(np.int64)
        else:
            cross = np.diag((block.astype(np.int16) ** 2).sum(axis=0, dtype=np.int64))
        totals = block.sum(axis=1, dtype=np.int64)
        return cls(block.shape[0], block.sum(axis=0, dtype=np.int64), cross, int((totals**2).sum()))

    def __add__(self, other: "CrossProducts") -> "CrossProducts":
        return CrossProducts(
            self.experts + other.experts,
            self.sums + other.sums,
            self.products + other.products,
            self.experts_squared + other.experts_squared,
        )

    @property
    def measures(self) -> int:
        """How many measures were rated."""
        return int(self.sums.size)

    @property
    def means(self) -> Floats:
        """Mean code of each measure. Empty without experts."""
        return np.asarray(self.sums / self.experts) if self.experts else np.empty(0)

    @property
    def covariance(self) -> Floats:
        """Covariances over experts - 1; zeros for fewer than two experts."""
        if self.experts < 2:
            return np.zeros(self.products.shape)
        centred = self.products - np.outer(self.sums, self.sums) / self.experts
        return np.asarray(centred / (self.experts - 1))


@dataclass(frozen=True, eq=False)
class Preferences:
    """``doubled[i, j]``: twice the experts who put i before j, ties one half; int64[n x n].

    Only measures ranked or rated by the same expert are compared, so incomplete ballots count for
    what they hold. Additive over experts.
    """

    doubled: Counts

    @classmethod
    def empty(cls, measures: int) -> "Preferences":
        """No ballots yet."""
        return cls(np.zeros((measures, measures), np.int64))

    @classmethod
    def from_codes(cls, codes: Codes, k: int) -> "Preferences":
        """A higher rating is preferred; equal ratings are a tie (Fagin et al. 2004)."""
        require_range(codes, k + STATES)
        doubled = np.zeros((codes.shape[0], codes.shape[0]), np.int64)
        for start in range(0, codes.shape[1], BLOCK):
            block = codes[:, start : start + BLOCK]
            below = np.zeros(block.shape, np.float32)  # rated lower than the point at hand
            for point in range(k):
                here = (block == point).astype(np.float32)
                doubled += np.rint(here @ (2 * below + here).T).astype(np.int64)
                below += here
        np.fill_diagonal(doubled, 0)
        return cls(doubled)

    @property
    def table(self) -> Floats:
        """K[i, j] as floats: the form ``statistics.ranking`` takes."""
        return self.doubled / 2

    def __add__(self, other: "Preferences") -> "Preferences":
        return Preferences(self.doubled + other.doubled)
