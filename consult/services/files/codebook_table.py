"""The codebook as a file: every variable, how it is coded, who may see it and where it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.protocol.protocol import UNANSWERED
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import CodebookVariable, Reader


@dataclass(frozen=True, slots=True)
class Described:
    """One variable, and how its texts are read."""

    variable: CodebookVariable
    read: Reader

    @property
    def values(self) -> str:
        """The values as files show them, those that have a label with it."""
        return " | ".join(
            f"{value} = {label}" if (label := self.read(words)) else value
            for value, words in self.variable.values.items()
        )

    @property
    def no_answer(self) -> str:
        """The states in which no value is given; texts are simply not there."""
        return "" if self.variable.level == "text" else " ".join((*self.variable.states, *UNANSWERED))


COLUMNS: Sequence[TableColumn[Described]] = (
    fields.VARIABLE.column(lambda row: row.variable.key, is_key=True),
    fields.QUESTION.column(lambda row: row.variable.question),
    TableColumn("stages", "string", "the stages that asked it", lambda row: " ".join(row.variable.stages)),
    fields.TEXT.column(lambda row: row.read(row.variable.text)),
    fields.ITEM.column(lambda row: row.read(row.variable.item)),
    TableColumn("level", "string", "level of measurement", lambda row: row.variable.level),
    fields.SCALE.column(lambda row: row.variable.scale),
    TableColumn("values", "string", "values with their labels", lambda row: row.values, is_wide=True),
    TableColumn("no_answer", "string", "states in which no value was given", lambda row: row.no_answer),
    TableColumn("disclosure", "string", "who may see it: open, grouped or never", lambda row: row.variable.disclosure),
    TableColumn("file", "string", "the row file it is in", lambda row: row.variable.file),
    TableColumn("asked_before_as", "string", "the earlier variable it repeats", lambda row: row.variable.earlier),
)


def codebook_table(source: TableSource) -> Table:
    """The codebook: every variable, how it is coded, who may see it and in which file it is."""
    return table(COLUMNS, _described(source))


def _described(source: TableSource) -> Iterator[Described]:
    for variable in source.variables.values():
        yield Described(variable, source.read)
