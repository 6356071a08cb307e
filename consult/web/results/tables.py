"""What the pages of results show: tables of questions, and questions asked twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.services.frozen.codebook import Cell


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar, in thousandths of its width."""

    x: int
    width: int
    kind: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells, the bar beside them, and why a figure is not shown."""

    cells: Sequence[Cell]
    strip: Sequence[Part]
    note: str


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """One table of a question; ``note`` is of the whole table."""

    columns: Sequence[str]
    rows: Sequence[TableRow]
    has_strip: bool
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Medians by reporting group."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class QuestionTables:
    """A question of a frozen stage with its tables."""

    key: str
    text: str
    tables: Sequence[QuestionTable]
    groups: GroupTable | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A question asked twice; ``counts``: n, down, same, up."""

    title: str
    key: str
    before: str
    compared: str
    counts: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Changes:
    """Questions asked twice; ``hidden``: by the reason in words, those that are not shown."""

    rows: Sequence[ChangeRow]
    hidden: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """How many rated at one point; its height in percent of the highest."""

    count: int
    height: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """One round's ratings of a measure; no bars where they are withheld."""

    title: str
    n: int
    median: str
    half: str
    bars: Sequence[Bar] | None
    suppressed: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whether those who stopped could have changed the verdict: each case in words."""

    leavers: int | None
    cases: Sequence[Sequence[str]]
    suppressed: str | None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Released reasons from one side."""

    title: str
    texts: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class RoundReasons:
    """Released reasons of one round; ``why`` there are none."""

    title: str
    sides: Sequence[Reasons]
    why: str


@dataclass(frozen=True, slots=True)
class MeasureReasons:
    """Released reasons for one measure, round by round."""

    key: str
    title: str
    reasons: Sequence[RoundReasons]
