"""Answers that were meant for the secretariat, with the name: its own list, apart from all data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from consult.definition.answers import answer_type
from consult.definition.asked import NO, AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.routing import ask
from consult.definition.text import is_blank
from consult.models import Contact, Expert, SecretariatAnswer
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import Reader


class Addressed(NamedTuple):
    """One answer to the secretariat, in words. `question`: the question's key."""

    name: str
    question: str
    text: str
    answer: str


COLUMNS: Sequence[TableColumn[Addressed]] = (
    TableColumn("name", "string", "name", lambda row: row.name),
    fields.QUESTION.column(lambda row: row.question),
    fields.QUESTION_TEXT.column(lambda row: row.text),
    TableColumn("answer", "string", "the answer", lambda row: row.answer, is_wide=True),
)


def secretariat_answers(source: TableSource) -> Table:
    """Who answered what to the secretariat, by name; only of stages that are frozen."""
    return table(COLUMNS, _addressed(source))


def _addressed(source: TableSource) -> Iterator[Addressed]:
    asked = _questions(source)
    order = list(asked)
    rows = source.session.execute(
        select(Contact.name, SecretariatAnswer.question, SecretariatAnswer.inputs)
        .join(Expert, Expert.id == SecretariatAnswer.expert_id)
        .join(Contact, Contact.expert_id == Expert.id)
        .where(
            SecretariatAnswer.consultation_id == source.consultation.id,
            Contact.consultation_id == source.consultation.id,
            SecretariatAnswer.question.in_(order),
            Expert.withdrawn_at.is_(None),
        )
    )
    for name, question, inputs in sorted(rows, key=lambda row: (row[0], row[1])):
        words = in_words(asked[question], inputs, source.read)
        if words:
            yield Addressed(name, question, source.read(asked[question].question.text), words)


def _questions(source: TableSource) -> dict[str, AskedQuestion]:
    """Questions to the secretariat in frozen stages."""
    context = RoutingContext(source.definition)
    found = {}
    for frozen in source.frozen:
        questionnaire = source.definition.questionnaire_of(frozen.stage.key)
        for question in questionnaire.questions() if questionnaire else ():
            asked = ask(question, context, whole=True)
            if question.recipient == "secretariat" and asked is not None:
                found[question.key] = asked
    return found


def in_words(asked: AskedQuestion, inputs: Mapping[str, Sequence[str]], read: Reader) -> str:
    """What was typed, with the labels of what was chosen."""
    labels = {option.key: read(option.label) for option in (*asked.options, *asked.rows)}
    points = asked.scale.labels if asked.scale else {}
    labels |= {str(point): read(words) for point, words in points.items() if not asked.rows}
    parts = []
    for name in answer_type(asked).names(asked):
        values = [labels.get(value, value.removeprefix(NO)) for value in inputs.get(name, ())]
        values = [value for value in values if not is_blank(value)]
        part = name.removeprefix(asked.key).lstrip(".")
        if not values or part == "confirm":
            continue
        said = "; ".join(values)
        head = labels.get(part.removesuffix(".detail"))
        parts.append(f"{head}: {said}" if head else said)
    return "; ".join(parts)
