"""The row files, one row an answer: of the ratings and of the questionnaires."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.models import Stage
from consult.services.files import fields
from consult.services.files.rows import Answered, by_person
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import Cell, CodebookVariable
from consult.services.frozen.row_files import Person, RowFiles


@dataclass(frozen=True, slots=True)
class OfPerson:
    """An expert at a frozen stage, as row files call them."""

    stage: Stage
    person: Person
    standing: RowFiles


@dataclass(frozen=True, slots=True)
class AnswerRow(OfPerson):
    """One answer of theirs."""

    variable: CodebookVariable
    answered: Answered

    @property
    def shown(self) -> tuple[Cell, str | None]:
        """Value and state as files show them."""
        return self.standing.told(self.variable, self.answered.value, self.answered.state)


OF_PERSON: Sequence[TableColumn[OfPerson]] = (
    fields.PSEUDONYM.column(lambda row: row.person.pseudonym, is_key=True),
    fields.REPORTING_GROUP.column(lambda row: row.standing.group(row.person)),
    fields.STAGE.column(lambda row: row.stage.key, is_key=True),
)
"""What every row file begins with."""
ROUND: TableColumn[OfPerson] = fields.ROUND.column(lambda row: row.stage.round_number)
ANSWERS: Sequence[TableColumn[AnswerRow]] = (
    *OF_PERSON,
    fields.VARIABLE.column(lambda row: row.variable.key, is_key=True, in_codebook=True),
    TableColumn("value", "string", "the answer: the key of an option or a number", lambda row: row.shown[0]),
    fields.STATE.column(lambda row: row.shown[1]),
)


def ratings_long(source: TableSource) -> Table:
    """One row per expert, round, measure and criterion."""
    return table(_rating_columns(source), _answers(source, rated=True))


def answers_long(source: TableSource) -> Table:
    """One row per expert, stage and variable of a questionnaire; a value or a state."""
    return table(ANSWERS, _answers(source, rated=False))


def _rating_columns(source: TableSource) -> Sequence[TableColumn[AnswerRow]]:
    return (
        *OF_PERSON,
        ROUND,
        fields.MEASURE.column(lambda row: row.variable.question, is_key=True),
        fields.WORDING.column(lambda row: row.answered.wording),
        fields.CRITERION.column(lambda row: row.answered.key.partition(".")[2], is_key=True),
        TableColumn(
            "rating",
            "integer",
            f"the point chosen; empty where `{fields.STATE.name}` says why there is none",
            lambda row: row.answered.value,
            labels=_shared_labels(source),
            is_ordered=True,
            states=fields.STATE.name,
        ),
        fields.STATE.column(lambda row: row.answered.state),
    )


def _shared_labels(source: TableSource) -> dict[str, str]:
    """Labels of the ratings, if all criteria share one scale."""
    found = {
        tuple((value, source.read(words)) for value, words in variable.values.items())
        for variable in source.variables.values()
        if variable.is_rating
    }
    return {value: label for value, label in found.pop() if label} if len(found) == 1 else {}


def _answers(source: TableSource, *, rated: bool) -> Iterator[AnswerRow]:
    order = {key: place for place, key in enumerate(source.variables)}
    for frozen in source.frozen:
        if rated and frozen.stage.kind != "round":
            continue
        standing = source.standings[frozen.result.id]
        for person, found in by_person(source, frozen, rated=rated):
            for answered in sorted(found, key=lambda one: order[one.key]):
                yield AnswerRow(frozen.stage, person, standing, source.variables[answered.key], answered)
