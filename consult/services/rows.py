"""Row files of frozen stages: pseudonyms, and nothing else that could name a person.

No code, time, locale or attribute stands in a row, and no text. The order of people is a
permutation from the secret seed frozen with the stage's result: the same bytes every time, no
relation to time, code or pseudonym. Texts are shuffled into a file of their own.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from consult.definition.consultation import Definition
from consult.definition.question import Group
from consult.models import Answer, Expert, MeasureVersion, Submission, VariableRow
from consult.services.codebook import Column
from consult.services.csvfile import Cell
from consult.services.released_tables import Frozen, Row, Source, Table
from consult.services.tallies import counted

SUPPRESSED = "suppressed"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Person:
    """One expert's submission that counts, as the file may call them."""

    submission_id: int
    pseudonym: str
    group: str | None


def ratings(source: Source) -> Table:
    """One row per expert, round, measure and criterion."""
    header = [
        *("pseudonym", "reporting_group", "stage", "round", "measure", "wording"),
        *("criterion", "rating", "state"),
    ]
    return header, _rating_rows(source)


def _rating_rows(source: Source) -> Iterator[Row]:
    cover = Cover(source)
    order = {key: place for place, key in enumerate(source.columns)}
    for frozen in source.frozen:
        if frozen.stage.kind != "round":
            continue
        for person, answers in by_person(source, frozen, rated=True):
            for key, value, state, wording in sorted(answers, key=lambda one: order[one[0]]):
                column = source.columns[key]
                yield [
                    person.pseudonym, cover.group(person), frozen.stage.key,
                    frozen.stage.round_number, column.question, wording,
                    key.partition(".")[2], value, state,
                ]  # fmt: skip


def answers(source: Source) -> Table:
    """One row per expert, stage and variable of a questionnaire; a value or a state."""
    header = ["pseudonym", "reporting_group", "stage", "variable", "value", "state"]
    return header, _answer_rows(source)


def _answer_rows(source: Source) -> Iterator[Row]:
    cover = Cover(source)
    order = {key: place for place, key in enumerate(source.columns)}
    for frozen in source.frozen:
        for person, found in by_person(source, frozen, rated=False):
            for key, value, state, _ in sorted(found, key=lambda one: order[one[0]]):
                shown, told = cover.told(source.columns[key], value, state)
                yield [
                    person.pseudonym, cover.group(person), frozen.stage.key, key, shown, told,
                ]  # fmt: skip


Answered = tuple[str, int | None, str | None, int | None]
"""Variable key, value, state, number of the wording that was rated."""


def by_person(
    source: Source, frozen: Frozen, *, rated: bool
) -> Iterator[tuple[Person, list[Answered]]]:
    """Answers person by person, in the frozen order; texts and `never` left out."""
    file = "ratings-long.csv" if rated else "answers-long.csv"
    people = iter(in_frozen_order(frozen, people_of(source, frozen)))
    while batch := list(islice(people, BATCH)):
        rows = source.session.execute(
            select(Answer.submission_id, VariableRow.key, Answer.value, Answer.state,
                   MeasureVersion.number)
            .join(VariableRow, VariableRow.id == Answer.variable_id)
            .outerjoin(MeasureVersion, MeasureVersion.id == Answer.measure_version_id)
            .where(
                Answer.consultation_id == source.consultation.id,
                Answer.submission_id.in_([person.submission_id for person in batch]),
                Answer.text.is_(None),
                VariableRow.disclosure != "never",
                VariableRow.level != "text",
            )
        )  # fmt: skip
        found: dict[int, list[Answered]] = {}
        for submission, key, value, state, wording in rows:
            column = source.columns.get(key)
            if column is not None and column.file == file:
                found.setdefault(submission, []).append((key, value, state, wording))
        for person in batch:
            yield person, found.get(person.submission_id, [])


def people_of(source: Source, frozen: Frozen) -> list[Person]:
    """Those whose submission counts in a frozen stage."""
    rows = source.session.execute(
        select(Submission.id, Expert.pseudonym, Expert.reporting_group)
        .join(Expert, Expert.id == Submission.expert_id)
        .where(Submission.id.in_(counted(frozen.stage)))
    )
    return [Person(*row) for row in rows]


def in_frozen_order(frozen: Frozen, people: Sequence[Person]) -> list[Person]:
    """People in the permutation of the seed that was frozen with the stage."""
    return sorted(people, key=lambda person: drawn(frozen, person.pseudonym))


def drawn(frozen: Frozen, *words: str) -> str:
    """A place in an order that nobody can foretell without the frozen seed."""
    message = "\0".join(words).encode()
    return hmac.new(bytes.fromhex(frozen.result.row_seed), message, hashlib.sha256).hexdigest()


class Cover:
    """Which reporting groups and grouped variables at least `rows_k` people share, stage by stage.

    What would single out fewer is left out for everybody: a group too small is hidden together
    with the next smallest until those hidden are enough, and a grouped variable is shown only if
    every combination with the group and the other shown ones is shared by enough.
    """

    def __init__(self, source: Source) -> None:
        self._k = source.definition.protocol.disclosure.rows_k
        self._stages = [people_of(source, frozen) for frozen in source.frozen]
        self._hidden = self._hidden_groups()
        self.shown: tuple[str, ...] = ()
        grouped = [key for key, item in source.columns.items() if item.disclosure == "grouped"]
        values = _grouped_values(source, grouped) if grouped else {}
        for key in grouped:
            wider = (*self.shown, key)
            if all(count >= self._k for count in self._classes(wider, values)):
                self.shown = wider

    def group(self, person: Person) -> str | None:
        """The reporting group as the file may say it."""
        return SUPPRESSED if person.group in self._hidden else person.group

    def told(self, column: Column, value: int | None, state: str | None) -> tuple[Cell, str | None]:
        """An answer as files show it: option keys for codes, and nothing that few share."""
        if column.disclosure == "grouped" and column.key not in self.shown:
            return None, SUPPRESSED
        if value is None:
            return None, state
        return column.shown(value) if column.codes else value, state

    def _hidden_groups(self) -> set[str | None]:
        stages = [Counter(person.group for person in people) for people in self._stages]
        every = {group for counts in stages for group in counts}
        if every <= {None}:
            return set()
        hidden: set[str | None] = {None}
        hidden |= {
            group for group in every if any(0 < counts[group] < self._k for counts in stages)
        }
        while open_groups := sorted(str(group) for group in every - hidden):
            few = [
                counts for counts in stages if 0 < sum(counts[group] for group in hidden) < self._k
            ]
            if not few:
                break
            hidden.add(min(open_groups, key=lambda group: (few[0][group], group)))
        return hidden

    def _classes(
        self, keys: tuple[str, ...], values: Mapping[str, Mapping[str, object]]
    ) -> Iterator[int]:
        for people in self._stages:
            yield from Counter(
                (self.group(one), *(values.get(one.pseudonym, {}).get(key) for key in keys))
                for one in people
            ).values()


def _grouped_values(source: Source, keys: Sequence[str]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for frozen in source.frozen:
        rows = source.session.execute(
            select(Expert.pseudonym, VariableRow.key, Answer.value, Answer.state)
            .join(Submission, Submission.expert_id == Expert.id)
            .join(Answer, Answer.submission_id == Submission.id)
            .join(VariableRow, VariableRow.id == Answer.variable_id)
            .where(Submission.id.in_(counted(frozen.stage)), VariableRow.key.in_(keys))
        )
        for pseudonym, key, value, state in rows:
            found.setdefault(pseudonym, {})[key] = (value, state)
    return found


def free_texts(source: Source) -> Table:
    """Texts by question, shuffled, without a pseudonym: a way of writing identifies enough."""
    return ["stage", "question", "question_text", "item", "text"], _text_rows(source)


def _text_rows(source: Source) -> Iterator[Row]:
    for frozen in source.frozen:
        rows = source.session.execute(
            select(VariableRow.key, Answer.text)
            .join(VariableRow, VariableRow.id == Answer.variable_id)
            .where(Answer.submission_id.in_(counted(frozen.stage)), Answer.text.is_not(None))
        )
        texts: dict[str, list[tuple[Column, str]]] = {}
        for key, text in rows:
            column = source.columns.get(key)
            if column is not None and column.file == "free-texts.csv":
                name = question_name(source.definition, column)
                texts.setdefault(name, []).append((column, text or ""))
        for name in dict.fromkeys(question_name(source.definition, item)
                                  for item in source.columns.values()):  # fmt: skip
            shuffled = sorted(
                texts.get(name, ()), key=lambda one: (drawn(frozen, name, one[1]), one[1])
            )
            for column, text in shuffled:
                yield [
                    frozen.stage.key, name, source.read(column.text), source.read(column.item),
                    text,
                ]  # fmt: skip


def question_name(definition: Definition, column: Column) -> str:
    """The variable without the number of its instance, which would tie a person's texts."""
    parts = column.key.split(".")
    if isinstance(definition.questions.get(parts[0]), Group):
        return ".".join((parts[0], *parts[2:]))
    return column.key
