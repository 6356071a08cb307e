"""A folder of files: checking it, and making a consultation of it."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from analysis.schemas.results import results_schema
from consult.clock import utc_now
from consult.commands import context
from consult.definition.consultation import Definition
from consult.definition.loader import load_with_warnings
from consult.definition.parts import KEBAB
from consult.definition.schema import schema
from consult.errors import FileProblem
from consult.services.rounds.stages import stages_of
from consult.services.running import publishing
from consult.services.running.checking import redundant_clauses

folder_argument = click.argument("folder", type=click.Path(path_type=Path))
TODAY = "today"


@click.command()
@folder_argument
def check_command(folder: Path) -> None:
    """Read a folder and name every problem in it, with file and line."""
    definition, warnings = load_with_warnings(folder, redundant_clauses)
    _warn(warnings)
    click.echo(f"{definition.slug}: {_contents(definition)}; no problem" + _and(warnings))


def _warn(warnings: list[FileProblem]) -> None:
    for found in warnings:
        warning = replace(found, message=f"warning: {found.message}")
        click.echo(str(warning), err=True)


def _and(warnings: list[FileProblem]) -> str:
    return f", {context.counted(len(warnings), 'warning')}" if warnings else ""


def _contents(definition: Definition) -> str:
    measures = len(definition.measures.measures) if definition.measures else 0
    return ", ".join(
        (
            context.counted(len(definition.stages), "stage"),
            context.counted(len(definition.questionnaires), "questionnaire"),
            context.counted(len(definition.questions), "question"),
            context.counted(measures, "measure"),
        )
    )


@click.command()
@click.argument("of", type=click.Choice(("folder", "results")), default="folder")
def schema_command(of: str) -> None:
    """Print the JSON Schema of a folder's files, for editors, or of `analyse --json`: results."""
    printed = results_schema() if of == "results" else schema()
    click.echo(json.dumps(printed, indent=2, ensure_ascii=False))


def _kebab(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not re.fullmatch(KEBAB, value) or len(value) > 60):
        raise click.BadParameter("write small letters, digits and single hyphens, 60 at most")
    return value


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value not in (None, TODAY):
        try:
            date.fromisoformat(str(value))
        except ValueError:
            raise click.BadParameter(f"'{value}' is no day; write 2026-09-07 or today") from None
    return value


def first_day(text: str | None, zone: str) -> date | None:
    """The first day of a moved schedule; `today` is the day in the consultation's zone."""
    if text == TODAY:
        return utc_now().astimezone(ZoneInfo(zone)).date()
    return date.fromisoformat(text) if text is not None else None


@click.command()
@folder_argument
@click.option("--schedule", metavar="KEY", help="One of the folder's schedules.")
@click.option(
    "--start",
    callback=_day,
    metavar="DAY",
    help="Move the schedule so that it begins on this day (YYYY-MM-DD, or today).",
)
@click.option("--slug", callback=_kebab, metavar="NAME", help="Another name than the folder's.")
def publish_command(folder: Path, schedule: str | None, start: str | None, slug: str | None) -> None:
    """Make a consultation of a folder. Nothing is published if it has a problem."""
    definition, warnings = load_with_warnings(folder, redundant_clauses)
    _warn(warnings)
    with context.database() as database, database.writing() as session:
        consultation = publishing.publish(
            session,
            definition,
            actor=context.actor(),
            schedule=schedule,
            start=first_day(start, definition.zone),
            slug=slug,
        )
        windows = [
            (
                stage.key,
                context.written(stage.opens_at, consultation.zone),
                context.written(stage.closes_at, consultation.zone),
            )
            for stage in stages_of(session, consultation.id)
        ]
    click.echo(f"published '{consultation.slug}' ({consultation.schedule}), {consultation.zone}")
    click.echo(context.table(("stage", "opens", "closes"), windows))


@click.command()
@context.slug_argument
@folder_argument
def republish_command(slug: str, folder: Path) -> None:
    """Publish a corrected folder; refused once somebody has submitted."""
    definition, warnings = load_with_warnings(folder, redundant_clauses)
    _warn(warnings)
    with context.writing(slug) as here:
        version = publishing.republish(here.session, here.consultation, definition, actor=context.actor())
    click.echo(f"'{slug}' is now at version {version} of its definition")
