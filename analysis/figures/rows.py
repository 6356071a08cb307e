"""The rows of the tables that stand beside figures."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from analysis.model.criterion import ThresholdRun
from analysis.model.stage import Moved

Cell = str | float | Mapping[str, float | None] | tuple[ThresholdRun, ...] | None
"""What a column of a figure's table may hold."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a figure's table."""

    def cells(self) -> dict[str, Cell]:
        """The row by column, in the order of the table."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class SharesRow(Row):
    """How the ratings of one measure or variable are spread; empty where it is withheld."""

    key: str
    n: int
    median: float | None
    shares: Mapping[str, float | None]
    counts: Mapping[str, int]
    suppressed: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow(Row):
    """People who went down, stayed and went up in one variable."""

    key: str
    n: int
    moved: Moved | None
    suppressed: str | None

    def cells(self) -> dict[str, Cell]:
        """The row by column, in the order of the table."""
        nothing: Mapping[str, int | None] = dict.fromkeys(Moved._fields)
        moved = nothing if self.moved is None else self.moved._asdict()
        return {"key": self.key, "n": self.n, **moved, "suppressed": self.suppressed}


class Ranked(NamedTuple):
    """A share with the ends of its interval, and its place; equal shares have one."""

    share: float
    low: float
    high: float
    rank: int


@dataclass(frozen=True, slots=True)
class RankedRow(Row):
    """One measure's share in the highest band; None where it is withheld."""

    key: str
    n: int
    suppressed: str | None
    found: Ranked | None

    def cells(self) -> dict[str, Cell]:
        """The row by column, in the order of the table."""
        nothing: Mapping[str, float | None] = dict.fromkeys(Ranked._fields)
        found = nothing if self.found is None else self.found._asdict()
        return {"key": self.key, "n": self.n, "suppressed": self.suppressed, **found}


@dataclass(frozen=True, slots=True)
class PlaceRow(Row):
    """One measure's medians by criterion, and the half of each scale they are in."""

    key: str
    medians: Mapping[str, float | None]
    quadrant: str | None
    suppressed: str | None

    def cells(self) -> dict[str, Cell]:
        """The row by column, in the order of the table."""
        return {"key": self.key, **self.medians, "quadrant": self.quadrant, "suppressed": self.suppressed}


@dataclass(frozen=True, slots=True)
class VerdictsRow(Row):
    """One measure's verdict, and the runs of thresholds that give the same one."""

    key: str
    n: int
    verdict: str
    runs: tuple[ThresholdRun, ...] | None
    suppressed: str | None


@dataclass(frozen=True, slots=True)
class DumbbellRow(Row):
    """One measure's share in the highest band in two rounds; None where it is withheld."""

    key: str
    n_earlier: int
    n_later: int
    earlier: float | None
    later: float | None
    change: float | None
    suppressed: str | None

    def ends(self) -> tuple[float, float] | None:
        """Both shares, where both are known."""
        return None if self.earlier is None or self.later is None else (self.earlier, self.later)


@dataclass(frozen=True, slots=True)
class MoveRow(Row):
    """How many went from one point or state to another."""

    earlier: str
    later: str
    count: int


@dataclass(frozen=True, slots=True)
class FlowRow(Row):
    """How many people came how far in one stage; ``flow``: of two stages, where it is known of any."""

    key: str
    steps: Mapping[str, int | None]
    flow: Mapping[str, int | None]

    def cells(self) -> dict[str, Cell]:
        """The row by column, in the order of the table."""
        return {"key": self.key, **self.steps, **self.flow}
