"""The row files turned: one row per pseudonym and stage, two columns per variable.

The long files are the master. Here `M01.importance` holds the rating and `M01.importance.state`
why there is none; both are empty where the stage did not ask.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from consult.services.files import fields
from consult.services.files.long import OF_PERSON, ROUND, OfPerson
from consult.services.files.rows import by_person
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import Cell, CodebookVariable, Reader

STATE = ".state"
"""What follows a variable's key in the column of its states."""
Shown = tuple[Cell, str | None]
NOT_ASKED: Shown = (None, None)
"""Value and state where the stage did not ask."""


@dataclass(frozen=True, slots=True)
class WideRow(OfPerson):
    """All that one expert answered at a stage. `shown`: value and state by variable."""

    shown: Mapping[str, Shown]


def ratings_wide(source: TableSource) -> Table:
    """One row per expert and round, every rating beside the others."""
    return _wide(source, (*OF_PERSON, ROUND), rated=True)


def answers_wide(source: TableSource) -> Table:
    """One row per expert and stage, every answer that is not text beside the others."""
    return _wide(source, OF_PERSON, rated=False)


def _wide(source: TableSource, first: Sequence[TableColumn[WideRow]], *, rated: bool) -> Table:
    variables = wide_variables(source, rated=rated)
    columns = [*first, *(column for one in variables for column in _variable_columns(source.read, one))]
    return table(columns, _wide_rows(source, variables, rated=rated))


def wide_variables(source: TableSource, *, rated: bool) -> list[CodebookVariable]:
    """The variables of a wide file: those that a frozen stage asked, in the codebook's order."""
    frozen = {item.stage.key for item in source.frozen}
    file = "ratings-long.csv" if rated else "answers-long.csv"
    return [one for one in source.variables.values() if one.file == file and frozen.intersection(one.stages)]


def _variable_columns(read: Reader, variable: CodebookVariable) -> Iterator[TableColumn[WideRow]]:
    """The column of a variable's values and the one of its states."""
    text, item, key = read(variable.text), read(variable.item), variable.key
    title = f"{item} – {text}" if item else text
    labels = {value: read(words) for value, words in variable.values.items()}
    is_text = bool(variable.codes)
    yield TableColumn(
        key,
        "string" if is_text else "integer",
        title,
        lambda row: row.shown.get(key, NOT_ASKED)[0],
        labels=labels if is_text else {value: label for value, label in labels.items() if label},
        is_closed=is_text,
        is_ordered=variable.level in ("ordinal", "rank"),
        states=key + STATE,
    )
    yield TableColumn(
        key + STATE,
        "string",
        f"{fields.STATE.title}: {title}",
        lambda row: row.shown.get(key, NOT_ASKED)[1],
        labels=fields.STATE_LABELS,
        is_closed=True,
    )


def _wide_rows(source: TableSource, variables: Sequence[CodebookVariable], *, rated: bool) -> Iterator[WideRow]:
    known = {variable.key: variable for variable in variables}
    for frozen in source.frozen:
        if rated and frozen.stage.kind != "round":
            continue
        standing = source.standings[frozen.result.id]
        for person, found in by_person(source, frozen, rated=rated):
            if found:
                shown = {
                    one.key: standing.told(known[one.key], one.value, one.state) for one in found if one.key in known
                }
                yield WideRow(frozen.stage, person, standing, shown)
