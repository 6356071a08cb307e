"""Who answered what in the rows of a frozen stage: pseudonyms, and nothing else that names a person.

No code, time, locale or attribute stands in a row, and no text. Who stands in them, and in which
order, was fixed with the stage's result: the same bytes every time, whoever leaves later, and no
relation to time, code or pseudonym. Texts are shuffled into a file of their own.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Select, select

from consult.models import Answer, MeasureVersion, VariableRow
from consult.services.files.free_texts import texts_of
from consult.services.files.table_column import Row
from consult.services.files.table_source import BATCH, TableSource
from consult.services.frozen.row_files import TEXTS_TOO, Person
from consult.services.rounds.frozen_stages import Frozen


class Answered(NamedTuple):
    """What somebody answered to a variable. `wording`: the number of the wording that was rated."""

    key: str
    value: int | None
    state: str | None
    wording: int | None


def by_person(source: TableSource, frozen: Frozen, *, rated: bool) -> Iterator[tuple[Person, list[Answered]]]:
    """Answers person by person, in the frozen order; texts and `never` left out."""
    file = "ratings-long.csv" if rated else "answers-long.csv"
    people = iter(source.standings[frozen.result.id].rows)
    while batch := list(islice(people, BATCH)):
        rows = source.session.execute(_answers_of(source, batch))
        found: dict[int, list[Answered]] = {}
        for submission, key, value, state, wording in rows:
            variable = source.variables.get(key)
            if variable is not None and variable.file == file:
                found.setdefault(submission, []).append(Answered(key, value, state, wording))
        for person in batch:
            yield person, found.get(person.submission_id, [])


def _answers_of(source: TableSource, people: Sequence[Person]) -> Select[int, str, int | None, str | None, int | None]:
    return (
        select(Answer.submission_id, VariableRow.key, Answer.value, Answer.state, MeasureVersion.number)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .outerjoin(MeasureVersion, MeasureVersion.id == Answer.measure_version_id)
        .where(
            Answer.consultation_id == source.consultation.id,
            Answer.submission_id.in_([person.submission_id for person in people]),
            Answer.text.is_(None),
            VariableRow.disclosure != "never",
            VariableRow.level != "text",
        )
    )


def digests(source: TableSource, frozen: Frozen) -> dict[str, str]:
    """SHA-256 of a stage's part of each file, in no language; the wide files say the same again."""
    found: dict[str, str] = {}
    standing = source.standings[frozen.result.id]
    for name, is_rated in (("ratings-long.csv", True), ("answers-long.csv", False)):
        if not standing.withheld:
            found[name] = _digest(
                [
                    person.pseudonym,
                    standing.group(person) or "",
                    key,
                    wording,
                    *standing.told(source.variables[key], value, state),
                ]
                for person, answers in by_person(source, frozen, rated=is_rated)
                for key, value, state, wording in sorted(answers, key=lambda one: one[0])
            )
    if standing.withheld not in TEXTS_TOO:
        texts = texts_of(source, frozen)
        found["free-texts.csv"] = _digest(
            [name, variable.key, text]
            for name in sorted(texts)
            for variable, text in sorted(texts[name], key=lambda one: (one[0].key, one[1]))
        )
    return found


def _digest(rows: Iterator[Row]) -> str:
    sha256 = hashlib.sha256()
    for row in rows:
        sha256.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return sha256.hexdigest()
