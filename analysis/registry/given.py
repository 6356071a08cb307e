"""What the statistics of the registry are given: tables of counts, in one shape for each need."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.protocol.protocol import Protocol, Scale
from analysis.protocol.scales import Band
from analysis.result.stage_input import PanelSums
from analysis.statistics.agreement import Units
from analysis.tables.histograms import Codes, Counts
from analysis.tables.pairs import PairTable


@dataclass(frozen=True, slots=True)
class OneMeasure:
    """H: one item under one criterion, int64[k]."""

    counts: Counts
    scale: Scale
    protocol: Protocol

    @property
    def n(self) -> int:
        """How many rated."""
        return int(self.counts.sum())

    def within(self, band: Band) -> int:
        """How many rated inside a band."""
        return int(self.counts[band.lo - self.scale.lo : band.hi - self.scale.lo + 1].sum())

    @property
    def ends(self) -> tuple[Band, Band] | None:
        """The lowest and the highest band; None on a scale without two."""
        return (self.scale.bands[0], self.scale.bands[-1]) if len(self.scale.bands) > 1 else None


@dataclass(frozen=True, slots=True)
class TwoCriteria:
    """HH: one item under two criteria."""

    first: OneMeasure
    second: OneMeasure


@dataclass(frozen=True, slots=True)
class Groups:
    """HG: one item in each group of experts; only groups in which somebody rated it."""

    names: tuple[str, ...]
    counts: tuple[Counts, ...]
    scale: Scale

    def pairs(self) -> Iterator[tuple[str, Counts, Counts]]:
        """Every two groups, named ``first / second``."""
        for second in range(len(self.names)):
            for first in range(second):
                yield f"{self.names[first]} / {self.names[second]}", self.counts[first], self.counts[second]


@dataclass(frozen=True, slots=True)
class TwoRounds:
    """P: one item rated twice by the same experts. ``shown``: the median that was fed back."""

    table: PairTable
    scale: Scale
    shown: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """U: all items of a criterion."""

    items: tuple[str, ...]
    measures: tuple[OneMeasure, ...]
    scale: Scale

    @property
    def units(self) -> Units:
        """How many gave each item each point, float64[items x k]."""
        return np.asarray([one.counts for one in self.measures], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Sums:
    """A: sums over the experts who rated every item."""

    items: tuple[str, ...]
    sums: PanelSums


@dataclass(frozen=True, slots=True)
class Preferred:
    """K: how many rated the one item above the other, float64[items x items]."""

    items: tuple[str, ...]
    table: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """R: the ratings themselves. ``codes``: int8[items x experts]; ``picks``: how many first places."""

    items: tuple[str, ...]
    codes: Codes
    scale: Scale
    picks: int

    @property
    def matrix(self) -> Floats:
        """Experts x items in points, NaN missing."""
        codes = self.codes.T
        return np.where(codes < self.scale.k, codes + float(self.scale.lo), np.nan)

    @property
    def complete(self) -> Floats:
        """Only the experts who rated everything."""
        return np.asarray(self.matrix[self.raters])

    @property
    def raters(self) -> npt.NDArray[np.bool_]:
        """Who rated everything."""
        return np.asarray(~np.isnan(self.matrix).any(axis=1))
