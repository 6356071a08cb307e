"""The file of free texts, which does not say who answered which stages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from consult.definition.consultation import Definition
from consult.definition.question import Group
from consult.models import Answer, VariableRow
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import BATCH, TableSource
from consult.services.frozen.codebook import CodebookVariable
from consult.services.frozen.row_files import drawn
from consult.services.rounds.frozen_stages import Frozen


@dataclass(frozen=True, slots=True)
class FreeText:
    """One text somebody wrote. `question`: the variable, without the number of its instance."""

    source: TableSource
    stage: str
    question: str
    variable: CodebookVariable
    text: str


COLUMNS: Sequence[TableColumn[FreeText]] = (
    fields.STAGE.column(lambda row: row.stage),
    fields.QUESTION.column(lambda row: row.question),
    fields.QUESTION_TEXT.column(lambda row: row.source.read(row.variable.text)),
    fields.ITEM.column(lambda row: row.source.read(row.variable.item)),
    fields.TEXT.column(lambda row: row.text),
)


def free_texts(source: TableSource) -> Table:
    """Texts by question, shuffled, without a pseudonym: a way of writing identifies enough."""
    return table(COLUMNS, _shuffled(source))


def _shuffled(source: TableSource) -> Iterator[FreeText]:
    for frozen in source.frozen:
        texts = texts_of(source, frozen)
        for name in dict.fromkeys(question_name(source.definition, item) for item in source.variables.values()):
            shuffled = sorted(
                texts.get(name, ()), key=lambda one: (drawn(frozen.result.row_seed, name, one[1]), one[1])
            )
            for variable, text in shuffled:
                yield FreeText(source, frozen.stage.key, name, variable, text)


def texts_of(source: TableSource, frozen: Frozen) -> dict[str, list[tuple[CodebookVariable, str]]]:
    """Every text of a stage that may be shown, by question."""
    texts: dict[str, list[tuple[CodebookVariable, str]]] = {}
    writers = source.standings[frozen.result.id].writers
    for start in range(0, len(writers), BATCH):
        rows = source.session.execute(
            select(VariableRow.key, Answer.text)
            .join(VariableRow, VariableRow.id == Answer.variable_id)
            .where(
                Answer.consultation_id == source.consultation.id,
                Answer.submission_id.in_([person.submission_id for person in writers[start : start + BATCH]]),
                Answer.text.is_not(None),
            )
        )
        for key, text in rows:
            variable = source.variables.get(key)
            if variable is not None and variable.file == "free-texts.csv":
                name = question_name(source.definition, variable)
                texts.setdefault(name, []).append((variable, text or ""))
    return texts


def question_name(definition: Definition, variable: CodebookVariable) -> str:
    """The variable without the number of its instance, which would tie a person's texts."""
    parts = variable.key.split(".")
    if isinstance(definition.questions.get(parts[0]), Group):
        return ".".join((parts[0], *parts[2:]))
    return variable.key
