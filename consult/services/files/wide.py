"""The row files turned: one row per pseudonym and stage, two columns per variable.

The long files are the master. Here `M01.importance` holds the rating and `M01.importance.state`
why there is none; both are empty where the stage did not ask.
"""

from collections.abc import Iterator, Sequence

from consult.services.files.rows import by_person
from consult.services.files.table_source import Row, Table, TableSource
from consult.services.frozen.codebook import CodebookVariable

STATE = ".state"
"""What follows a variable's key in the column of its states."""


def ratings_wide(source: TableSource) -> Table:
    """One row per expert and round, every rating beside the others."""
    columns = wide_columns(source, rated=True)
    header = ["pseudonym", "reporting_group", "stage", "round", *_names(columns)]
    return header, _wide_rows(source, columns, rated=True)


def answers_wide(source: TableSource) -> Table:
    """One row per expert and stage, every answer that is not text beside the others."""
    columns = wide_columns(source, rated=False)
    header = ["pseudonym", "reporting_group", "stage", *_names(columns)]
    return header, _wide_rows(source, columns, rated=False)


def wide_columns(source: TableSource, *, rated: bool) -> list[CodebookVariable]:
    """The variables of a wide file: those that a frozen stage asked, in the codebook's order."""
    frozen = {item.stage.key for item in source.frozen}
    file = "ratings-long.csv" if rated else "answers-long.csv"
    return [
        column for column in source.variables.values() if column.file == file and frozen.intersection(column.stages)
    ]


def _names(columns: Sequence[CodebookVariable]) -> Iterator[str]:
    for column in columns:
        yield column.key
        yield column.key + STATE


def _wide_rows(source: TableSource, columns: Sequence[CodebookVariable], *, rated: bool) -> Iterator[Row]:
    for frozen in source.frozen:
        if rated and frozen.stage.kind != "round":
            continue
        standing = source.standings[frozen.result.id]
        number: Row = [frozen.stage.round_number] if rated else []
        for person, found in by_person(source, frozen, rated=rated):
            if not found:
                continue
            said = {key: (value, state) for key, value, state, _ in found}
            row: Row = [person.pseudonym, standing.group(person), frozen.stage.key, *number]
            for column in columns:
                if column.key in said:
                    row += standing.told(column, *said[column.key])
                else:
                    row += (None, None)
            yield row
