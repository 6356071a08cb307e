"""Additive rank sums of experts who rated some of the measures, each a block of its own size.

``RankSums`` covers the experts who rated everything; these tables cover everyone who rated two
measures or more, so that nobody's answers are dropped for one "not my field".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.tables.histograms import STATES, Codes, require_codes

Integers = npt.NDArray[np.int64]
_BLOCK = 8192  # experts ranked at once: their tables stay in the processor's cache


@dataclass(frozen=True, eq=False)
class BlockSums:
    """By block size s (how many measures an expert rated): whole-number sums over experts.

    ``deviations`` int64[sizes x measures]: doubled midranks less s + 1, summed. ``squares``
    int64[sizes x measures x measures]: at (j, l) the sum, over the experts who rated both, of their
    squared doubled deviations. Row s - 1 holds size s. Additive over experts.
    """

    experts: int
    deviations: Integers
    squares: Integers

    @classmethod
    def empty(cls, measures: int) -> "BlockSums":
        """Nobody has rated yet."""
        return cls(0, np.zeros((measures, measures), np.int64), np.zeros((measures, measures, measures), np.int64))

    @classmethod
    def from_codes(cls, codes: Codes, k: int) -> "BlockSums":
        """From measures x experts codes; midranks within each expert, rank 1 the lowest rating.

        Experts with fewer than two ratings say nothing of an order and are left out.
        """
        require_codes(codes.ravel(), k)
        sums = cls.empty(codes.shape[0])
        for start in range(0, codes.shape[1], _BLOCK):
            sums = sums + cls._of_block(codes[:, start : start + _BLOCK].T, k)
        return sums

    @classmethod
    def _of_block(cls, block: Codes, k: int) -> "BlockSums":
        """``block``: experts x measures. Ranks by counting points within an expert."""
        block = block[(block < k).sum(axis=1) > 1]
        experts, measures = block.shape
        sums = cls.empty(measures)
        width = k + STATES
        cells = block + (np.arange(experts, dtype=np.int64) * width)[:, None]
        held = np.bincount(cells.ravel(), minlength=experts * width).reshape(experts, width)
        rated = block < k
        sizes = rated.sum(axis=1)
        doubled = (2 * np.cumsum(held, axis=1) - held + 1).ravel()[cells]
        away = np.where(rated, doubled - (sizes + 1)[:, None], 0)
        spread = (away**2).sum(axis=1)
        for size in np.unique(sizes):
            own = sizes == size
            mask = rated[own].astype(np.float64)  # whole numbers below 2^53 add exactly
            sums.deviations[size - 1] = away[own].sum(axis=0)
            weighted = mask * spread[own][:, None]
            sums.squares[size - 1] = np.rint(weighted.T @ mask).astype(np.int64)
        return cls(experts, sums.deviations, sums.squares)

    def __add__(self, other: "BlockSums") -> "BlockSums":
        return BlockSums(self.experts + other.experts, self.deviations + other.deviations, self.squares + other.squares)

    @property
    def measures(self) -> int:
        """How many measures there are."""
        return int(self.deviations.shape[1])
