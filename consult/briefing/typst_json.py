"""What `briefing.json` says, which typst sets: every part of it, as a type."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict


class Run(TypedDict):
    """A piece of a line, and the place of the source behind it."""

    text: str
    source: int | None


class Cell(Run):
    """A cell of a table."""

    number: bool


class Paragraph(TypedDict):
    """A paragraph."""

    type: Literal["paragraph"]
    kind: str
    runs: list[Run]


class Heading(TypedDict):
    """A heading inside a section."""

    type: Literal["heading"]
    text: str


class Listing(TypedDict):
    """A list with a point before each line."""

    type: Literal["listing"]
    items: list[list[Run]]


class Quotes(TypedDict):
    """Reasons as they were written."""

    type: Literal["quotes"]
    title: str
    items: list[str]


class Table(TypedDict):
    """A table; `shares`: of the width, column by column."""

    type: Literal["table"]
    label: str
    title: str
    note: str
    is_compact: bool
    header: list[str]
    shares: list[float]
    rows: list[list[Cell]]


class Figure(TypedDict):
    """A figure in a file of its own."""

    type: Literal["figure"]
    file: str
    label: str
    title: str
    description: str
    is_map: bool


class Columns(TypedDict):
    """Narrow tables that share their pages in two columns."""

    type: Literal["columns"]
    blocks: "Sequence[Block]"


Block = Paragraph | Heading | Listing | Quotes | Table | Figure | Columns


class Section(TypedDict):
    """A section with its blocks."""

    key: str
    number: str
    title: str
    starts_page: bool
    is_inner: bool
    blocks: list[Block]


class Source(TypedDict):
    """Where a number comes from."""

    key: str
    text: str


class Document(TypedDict):
    """The whole briefing."""

    language: str
    fonts: Sequence[str]
    title: str
    subtitle: str
    organiser: str
    status: str
    disclaimer: str
    contact: str
    words: Mapping[str, str]
    sections: list[Section]
    sources: list[Source]
