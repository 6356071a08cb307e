"""Opening, extending and closing stages, by hand and by the clock."""

from collections.abc import Sequence

import click

from consult import workers
from consult.commands import desk
from consult.commands.wording import read_reason, reason_option, texts_option
from consult.errors import NotPossible
from consult.models import Result
from consult.services import stages

departs = texts_option(
    "reason", "Needed when it departs from the schedule; the briefing prints it."
)


@click.command()
@desk.slug_argument
@desk.stage_argument
@departs
def open_command(slug: str, stage_key: str, reason: Sequence[str]) -> None:
    """Open a stage now; ahead of its time with a reason."""
    with desk.writing(slug) as here:
        stage = here.stage(stage_key)
        stages.open_stage(
            here.session,
            here.consultation,
            stage,
            actor=desk.actor(),
            reason=read_reason(here, reason),
        )
        closes = here.time(stage.closes_at)
    click.echo(f"'{stage_key}' is open until {closes}")


@click.command()
@desk.slug_argument
@desk.stage_argument
@click.argument("closes", metavar="'YYYY-MM-DD HH:MM'")
@reason_option
def extend_command(slug: str, stage_key: str, closes: str, reason: Sequence[str]) -> None:
    """Move the close of a stage to a time in the consultation's zone."""
    with desk.writing(slug) as here:
        stage = here.stage(stage_key)
        stages.extend_stage(
            here.session,
            here.consultation,
            stage,
            here.moment(closes),
            actor=desk.actor(),
            reason=read_reason(here, reason),
        )
        announced = here.time(stage.closes_at)
    click.echo(f"'{stage_key}' closes at {announced}")


@click.command()
@desk.slug_argument
@desk.stage_argument
@departs
def close_command(slug: str, stage_key: str, reason: Sequence[str]) -> None:
    """Close a stage and freeze its numbers; ahead of its time with a reason."""
    with desk.writing(slug) as here:
        frozen = stages.close_stage(
            here.session,
            here.consultation,
            here.stage(stage_key),
            actor=desk.actor(),
            reason=read_reason(here, reason),
        )
    click.echo(f"'{stage_key}' is closed" + _digest(frozen))


def _digest(frozen: Result | None) -> str:
    return f" and frozen; results digest {frozen.digest}" if frozen is not None else ""


@click.command()
def tick_command() -> None:
    """Do what the clock asks for in every consultation; safe to run at any time."""
    with desk.database() as database:
        ticked = workers.tick_all(database)
    for line in ticked.done:
        click.echo(line)
    if ticked.refused:
        raise NotPossible("\n".join(ticked.refused))
