"""Rank sums of a whole panel, additive over experts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.tables.counting import require_range
from analysis.tables.histograms import STATES, Codes

BLOCK = 8192  # experts ranked at once: their tables stay in the processor's cache


@dataclass(frozen=True, eq=False)
class RankSums:
    """Additive over experts: how many, doubled rank sums per measure, and sums of t^3 - t."""

    experts: int
    doubled: npt.NDArray[np.int64]
    ties: int

    @classmethod
    def empty(cls, measures: int) -> "RankSums":
        """Nobody has ranked yet."""
        return cls(0, np.zeros(measures, np.int64), 0)

    @classmethod
    def from_codes(cls, codes: Codes, k: int) -> "RankSums":
        """Midranks within each expert who rated every measure; the others are left out.

        Rank 1 is the lowest rating. In blocks, so that memory does not grow with experts.
        """
        require_range(codes, k + STATES)
        sums = cls.empty(codes.shape[0])
        for block in complete_blocks(codes, k):
            sums = sums + cls._of_block(block, k)
        return sums

    @classmethod
    def _of_block(cls, block: Codes, k: int) -> "RankSums":
        """``block``: experts x measures, complete. Ranks by counting points within an expert."""
        experts = block.shape[0]
        cells = block + (np.arange(experts, dtype=np.int32) * k)[:, None]
        held = np.bincount(cells.ravel(), minlength=experts * k).reshape(experts, k)
        ranks = 2 * np.cumsum(held, axis=1) - held + 1
        doubled = ranks.ravel().astype(np.int32)[cells].sum(axis=0, dtype=np.int64)
        return cls(experts, doubled, int((held**3 - held).sum()))

    def __add__(self, other: "RankSums") -> "RankSums":
        return RankSums(self.experts + other.experts, self.doubled + other.doubled, self.ties + other.ties)

    @property
    def measures(self) -> int:
        """How many measures were ranked."""
        return int(self.doubled.size)

    def mean_ranks(self) -> list[float]:
        """Mean rank of each measure; 1 for the lowest rating. Empty without experts."""
        return [] if self.experts == 0 else (self.doubled / (2 * self.experts)).tolist()


def complete_blocks(codes: Codes, k: int, block: int = BLOCK) -> Iterator[Codes]:
    """The experts who rated every measure, as experts x measures blocks."""
    for start in range(0, codes.shape[1], block):
        part = codes[:, start : start + block]
        kept = (part < k).all(axis=0)
        if kept.any():
            yield np.ascontiguousarray((part if kept.all() else part[:, kept]).T)
