"""Earlier by later values of the same experts, additive over experts."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import NO_OPINIONS
from analysis.tables.histograms import STATES, Codes, Counts, Histogram, _counts, require_codes


@dataclass(frozen=True, eq=False)
class PairTable:
    """Earlier by later codes of the same experts, int64[(k+7) x (k+7)], rows are earlier.

    The last seven rows and columns are the states of not answering, so that flow into and out of
    answering (attrition) stands in the same table.
    """

    cells: Counts

    def __post_init__(self) -> None:
        side = np.asarray(self.cells).shape[0]
        if side <= STATES:
            raise ValueError(f"a pair table of {side} rows has no point")
        object.__setattr__(self, "cells", _counts(self.cells, (side, side)))

    @classmethod
    def empty(cls, k: int) -> "PairTable":
        """No pairs yet, on a scale of ``k`` points."""
        return cls(np.zeros((k + STATES, k + STATES), np.int64))

    @classmethod
    def from_codes(cls, earlier: Codes, later: Codes, k: int) -> "PairTable":
        """From two codes per expert, in the same order. Raises UnknownCode, ValueError."""
        if earlier.shape != later.shape:
            raise ValueError(f"{earlier.size} earlier codes and {later.size} later ones")
        require_codes(earlier, k)
        require_codes(later, k)
        side = k + STATES
        cells = np.bincount(earlier.astype(np.int64) * side + later, minlength=side * side)
        return cls(cells.reshape(side, side))

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int]], k: int) -> "PairTable":
        """From ``(earlier code, later code, count)`` rows, as ``GROUP BY`` gives them."""
        cells = np.zeros((k + STATES, k + STATES), np.int64)
        for earlier, later, count in rows:
            require_codes(np.asarray([earlier, later]), k)
            cells[earlier, later] += count
        return cls(cells)

    @classmethod
    def of(cls, both: npt.ArrayLike) -> "PairTable":
        """From the k x k counts of those who answered twice."""
        square = np.asarray(both)
        k = square.shape[0]
        cells = np.zeros((k + STATES, k + STATES), np.int64)
        cells[:k, :k] = _counts(square, (k, k))
        return cls(cells)

    @property
    def k(self) -> int:
        """Number of points."""
        return int(self.cells.shape[0]) - STATES

    @property
    def both(self) -> Counts:
        """The k x k counts of those who answered twice."""
        return self.cells[: self.k, : self.k]

    @property
    def n(self) -> int:
        """Number of complete pairs."""
        return int(self.both.sum())

    @property
    def earlier(self) -> Histogram:
        """Earlier answers of everybody in the table."""
        margin = self.cells.sum(axis=1)
        return Histogram(margin[: self.k], margin[self.k :])

    @property
    def later(self) -> Histogram:
        """Later answers of everybody in the table."""
        margin = self.cells.sum(axis=0)
        return Histogram(margin[: self.k], margin[self.k :])

    @property
    def leavers(self) -> Counts:
        """Earlier answers, per point, of those who gave no later one."""
        return np.asarray(self.cells[: self.k, self.k :].sum(axis=1))

    @property
    def dropouts(self) -> Counts:
        """Earlier answers, per point, of those later absent (withheld opinions are not absence)."""
        absent = self.k + len(NO_OPINIONS)
        return np.asarray(self.cells[: self.k, absent:].sum(axis=1))

    @property
    def newcomers(self) -> Counts:
        """Later answers, per point, of those who gave no earlier one."""
        return np.asarray(self.cells[self.k :, : self.k].sum(axis=0))

    def __add__(self, other: "PairTable") -> "PairTable":
        return PairTable(self.cells + other.cells)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PairTable) and np.array_equal(self.cells, other.cells)

    __hash__ = None  # type: ignore[assignment]
