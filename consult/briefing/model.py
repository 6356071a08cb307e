"""A briefing as a tree of blocks: what HTML, DOCX and PDF all draw from."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The date in the files of a briefing without frozen results."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `source` is the key of what its numbers come from."""

    text: str
    source: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`kind`: text, lead (the first words of a summary), note, box or editor (own words)."""

    line: Line
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Bullets."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    source: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; the first cell of a row names the row.

    `key` and `label` (Table 1) are given when all sections stand (`consult.briefing.numbering`).
    `is_detail`: what a reader looks up; on paper it stands in the annex.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    key: str = ""
    label: str = ""
    is_compact: bool = False
    is_detail: bool = False


@dataclass(frozen=True, slots=True)
class Quotes:
    """Reasons in the panel's words, without any author."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row of a figure: a value per series, None where it is not shown; `note` at its end."""

    label: str
    values: tuple[float | None, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed chart as data, with a sentence for those who do not see it and its table.

    `form`: `diverging` (counts by band, the middle one across zero), `dots` (one value per series
    on a scale), `changes` (people down, same, up) or `map` (two values per row, one point each).
    `message`: the figure in one sentence for the summary.
    """

    form: str
    title: str
    description: str
    message: str
    series: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    table: Table
    low: float = 0
    high: float = 1
    axes: tuple[str, str] = ("", "")
    key: str = ""
    label: str = ""


Block = Paragraph | Heading | Listing | Table | Quotes | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the briefing."""

    key: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """Where numbers come from: the key printed beside them, and what it is in words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above everything: title, who, when, and whose opinion this is not."""

    title: str
    subtitle: str
    organiser: str
    status: str
    disclaimer: str
    contact: str


@dataclass(frozen=True, slots=True)
class Briefing:
    """The whole document in one language. `dated`: when its newest result was frozen."""

    language: str
    front: Front
    sections: tuple[Section, ...]
    sources: tuple[SourceEntry, ...]
    slug: str = ""
    dated: datetime = UNDATED


Piece = Briefing | Front | Section | Block
"""What texts can be asked of."""
Part = TypeVar("Part")


def mapped(part: Part, change: Callable[[str], str]) -> Part:
    """The same piece of a briefing with every text of it changed."""
    found: Any = part
    if isinstance(part, str):
        found = change(part)
    elif isinstance(part, tuple):
        found = tuple(mapped(one, change) for one in part)
    elif is_dataclass(part) and not isinstance(part, type):
        own = {one.name: getattr(part, one.name) for one in fields(part)}
        new = {name: mapped(value, change) for name, value in own.items()}
        changed = {name: value for name, value in new.items() if value != own[name]}
        found = replace(part, **changed) if changed else part
    return found


def texts(part: "Piece") -> list[str]:
    """Every text in a piece of a briefing, each once."""
    found: dict[str, None] = {}

    def seen(text: str) -> str:
        found[text] = None
        return text

    mapped(part, seen)
    return list(found)
