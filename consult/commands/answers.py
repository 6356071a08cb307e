"""`consult answers`: what an expert said by telephone or wrote on paper."""

import csv
import io
import secrets
from collections.abc import Iterator
from typing import TextIO

import click

from consult.commands import context
from consult.commands.context import CommandContext
from consult.definition.answers import answer_type
from consult.definition.asked import NO, AskedQuestion
from consult.errors import NotPossible
from consult.models import Stage
from consult.services.answering import entering, submitting
from consult.services.files.csvfile import lines
from consult.services.mail import correspondence

COLUMNS = ("name", "question", "values", "answer")
SEPARATOR = ";"
"""Between several values of one answer."""


@click.group()
def answers_command() -> None:
    """What an expert said by telephone or wrote on paper, in place of the pages."""


@answers_command.command()
@context.slug_argument
@context.stage_argument
def sheet(slug: str, stage_key: str) -> None:
    """Print the whole questionnaire of STAGE as a CSV file, to be filled in."""
    with context.reading(slug) as here:
        stage = here.stage(stage_key)
        parts = entering.blank_parts(here.session, here.consultation, here.definition, stage)
        rows = [row for part in parts for one in part.asked for row in _rows(here, one)]
    for line in lines(COLUMNS, rows):
        click.echo(line, nl=False)


def _rows(here: CommandContext, asked: AskedQuestion) -> Iterator[tuple[str, str, str, str]]:
    inside = [one for instance in asked.instances for part in instance for one in _rows(here, part)]
    if inside:
        yield from inside
        return
    points = [str(value) for value in asked.scale.points] if asked.scale else []
    offered = asked.scale or asked.question
    none = [NO + state for state in getattr(offered, "no_answer", ())]
    choices = [option.key for option in asked.options]
    for name in answer_type(asked).names(asked):
        is_choice = name == asked.key or asked.type == "matrix"
        values = [*points, *none, *choices] if is_choice else []
        yield name, here.words(asked.question.text), SEPARATOR.join(values), ""


@answers_command.command()
@context.slug_argument
@context.stage_argument
@context.code_argument
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--channel", type=click.Choice(entering.CHANNELS), required=True, help="How they came.")
@click.option("--agrees", is_flag=True, help="They were read what they consent to, and said yes.")
def enter(slug: str, stage_key: str, code: str, file: TextIO, channel: str, agrees: bool) -> None:
    """Submit a filled-in sheet for the expert CODE; several values are parted by semicolons."""
    with context.writing(slug) as here:
        expert, stage = here.expert(code), here.stage(stage_key)
        typed = _read(file, _names(here, stage))
        try:
            submission = entering.enter(
                here.session,
                here.consultation,
                here.definition,
                expert,
                stage,
                typed,
                channel=channel,
                agrees=agrees,
                idempotency_key=secrets.token_urlsafe(16),
                actor=context.actor(),
            )
        except submitting.NotReady as refusal:
            wrong = [f"{file.name}: {problem.name}: {problem.code.replace('_', ' ')}" for _, problem in refusal.found]
            raise NotPossible("\n".join(wrong)) from None
        correspondence.send_receipt(here.session, expert, here.definition, here.config, stage, submission)
        told = f"the answers of {expert.code} are submitted; receipt {submission.receipt}"
    click.echo(told)


def _names(here: CommandContext, stage: Stage) -> set[str]:
    parts = entering.blank_parts(here.session, here.consultation, here.definition, stage)
    return set(entering.input_names(parts))


def _read(file: TextIO, known: set[str]) -> dict[str, list[str]]:
    """Answers by name of input. Raises NotPossible with every problem, by file and line."""
    rows = csv.reader(io.StringIO(file.read()))
    header = next(rows, [])
    if not set(COLUMNS) <= set(header):
        raise NotPossible(
            f"{file.name}:1: it needs the columns {', '.join(COLUMNS)}; `consult answers sheet` prints them"
        )
    name_at, values_at, answer_at = (header.index(one) for one in ("name", "values", "answer"))
    found: dict[str, list[str]] = {}
    wrong = []
    for row in rows:
        where = f"{file.name}:{rows.line_num}:"
        if len(row) != len(header):
            wrong.append(f"{where} {len(row)} cells where the header has {len(header)}")
        elif row[name_at] not in known:
            wrong.append(f"{where} the stage asks nothing named '{row[name_at]}'")
        else:
            answer = row[answer_at]
            parts = answer.split(SEPARATOR) if row[values_at] else [answer]
            found.setdefault(row[name_at], []).extend(part.strip() for part in parts)
    if wrong:
        raise NotPossible("\n".join(wrong))
    return {name: [value for value in values if value] for name, values in found.items()}
