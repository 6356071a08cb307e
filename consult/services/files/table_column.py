"""The columns of a file: each says once its name, its kind, its title and what stands in its cells.

CSV has no types; spreadsheets, SPSS, Parquet and the data package need them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Generic, Literal, TypeVar

from consult.services.frozen.codebook import Cell

Kind = Literal["string", "integer", "number", "boolean"]
Row = list[Cell]
Record = TypeVar("Record")
RecordOf = TypeVar("RecordOf", contravariant=True)


@dataclass(frozen=True, slots=True)
class Field:
    """What every format is told of a column.

    `labels`: value as files show it -> its label, in order. `is_closed`: no other value occurs.
    `states`: the column that says why a value is missing, if there is one. `is_wide`: texts of
    many words, which a spreadsheet wraps. `is_key`: one of those that tell the rows apart.
    `in_codebook`: its values are variables of the codebook.
    """

    name: str
    kind: Kind
    title: str
    _: KW_ONLY
    labels: Mapping[str, str] = field(default_factory=dict)
    is_closed: bool = False
    is_ordered: bool = False
    states: str | None = None
    is_wide: bool = False
    is_key: bool = False
    in_codebook: bool = False

    def column(
        self, cell: "Callable[[Record], Cell]", *, is_key: bool = False, in_codebook: bool = False
    ) -> "TableColumn[Record]":
        """The column of one file that holds this."""
        return TableColumn(
            self.name,
            self.kind,
            self.title,
            cell,
            labels=self.labels,
            is_closed=self.is_closed,
            is_ordered=self.is_ordered,
            states=self.states,
            is_wide=self.is_wide,
            is_key=is_key,
            in_codebook=in_codebook,
        )


@dataclass(frozen=True, slots=True)
class TableColumn(Field, Generic[RecordOf]):
    """A column of a file. `cell`: what stands in it, from the record the row is made of."""

    cell: Callable[[RecordOf], Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A file before it is written: what its columns are, and its rows, made one by one."""

    fields: Sequence[Field]
    rows: Iterator[Row]

    @property
    def header(self) -> list[str]:
        """The names of the columns, in order."""
        return [one.name for one in self.fields]


def table(columns: Sequence[TableColumn[Record]], records: Iterable[Record]) -> Table:
    """The table of these columns, one row a record; a record is asked for when its row is."""
    return Table(columns, ([column.cell(record) for column in columns] for record in records))
