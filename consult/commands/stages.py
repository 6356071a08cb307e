"""Opening, extending and closing stages, by hand and by the clock."""

import sys
from collections.abc import Sequence

import click

from consult import workers
from consult.commands import context
from consult.commands.context import CommandContext
from consult.commands.wording import read_reason, reason_option, texts_option
from consult.config import from_env
from consult.errors import NotPossible
from consult.models import Result, Stage
from consult.services.mail import notices
from consult.services.rounds.stages import StageAct
from consult.services.running import finishing, lookahead, stage_acts
from consult.services.running.lookahead import Lookahead
from consult.words import catalogues

quiet_option = click.option("--no-mail", is_flag=True, help="Tell nobody by mail.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask, where somebody could answer.")
departs = texts_option("reason", "Needed when it departs from the schedule; the briefing prints it.")


@click.command()
@context.slug_argument
@context.stage_argument
@departs
@quiet_option
@yes_option
def open_command(slug: str, stage_key: str, reason: Sequence[str], no_mail: bool, yes: bool) -> None:
    """Open a stage now; ahead of its time with a reason. Those who may answer get a mail."""
    with context.writing(slug) as here:
        stage = here.stage(stage_key)
        _look_ahead(here, stage, StageAct.OPEN, no_mail, yes)
        stage_acts.open_stage(
            here.session, here.consultation, stage, actor=context.actor(), reason=read_reason(here, reason)
        )
        _tell(here, stage, StageAct.OPEN, no_mail)
        closes = here.time(stage.closes_at)
    click.echo(f"'{stage_key}' is open until {closes}")


@click.command()
@context.slug_argument
@context.stage_argument
@click.argument("closes", metavar="'YYYY-MM-DD HH:MM'")
@reason_option
@quiet_option
@yes_option
def extend_command(slug: str, stage_key: str, closes: str, reason: Sequence[str], no_mail: bool, yes: bool) -> None:
    """Move the close of a stage to a time in the consultation's zone.

    Those who have not submitted get a mail."""
    with context.writing(slug) as here:
        stage = here.stage(stage_key)
        _look_ahead(here, stage, StageAct.EXTEND, no_mail, yes)
        stage_acts.extend_stage(
            here.session,
            here.consultation,
            stage,
            here.moment(closes),
            actor=context.actor(),
            reason=read_reason(here, reason),
        )
        _tell(here, stage, StageAct.EXTEND, no_mail)
        announced = here.time(stage.closes_at)
    click.echo(f"'{stage_key}' closes at {announced}")


@click.command()
@context.slug_argument
@context.stage_argument
@departs
@quiet_option
@yes_option
def close_command(slug: str, stage_key: str, reason: Sequence[str], no_mail: bool, yes: bool) -> None:
    """Close a stage and freeze its numbers; ahead of its time with a reason.

    Those who answered or began to get a mail."""
    with context.writing(slug) as here:
        stage = here.stage(stage_key)
        _look_ahead(here, stage, StageAct.CLOSE, no_mail, yes)
        frozen = stage_acts.close_stage(
            here.session, here.consultation, stage, actor=context.actor(), reason=read_reason(here, reason)
        )
        _tell(here, stage, StageAct.CLOSE, no_mail)
    click.echo(f"'{stage_key}' is closed" + _digest(frozen))


@click.command()
@context.slug_argument
@quiet_option
@yes_option
def finish_command(slug: str, no_mail: bool, yes: bool) -> None:
    """Finish a consultation after its last round: what every measure came to is final.

    Accepted reasons of the last round are released. Those who took part get a mail."""
    with context.writing(slug) as here:
        stage = finishing.last_round(here.session, here.consultation)
        _warn(lookahead.before_the_finish(here.session, here.consultation), no_mail, yes)
        release = finishing.finish(here.session, here.consultation, actor=context.actor())
        if not no_mail:
            notices.tell_finished(here.session, here.consultation, here.definition, here.config, stage, context.actor())
    click.echo(f"'{slug}' is finished; digest of the final status {release.digest}")


def _look_ahead(here: CommandContext, stage: Stage, act: StageAct, no_mail: bool, yes: bool) -> None:
    _warn(lookahead.before(here.session, here.consultation, stage, act), no_mail, yes)


def _warn(seen: Lookahead, no_mail: bool, yes: bool) -> None:
    """Say on standard error what stands open; ask only where somebody can answer."""
    *open_ones, told = seen.sentences(catalogues.catalogue(catalogues.ENGLISH))
    for sentence in (*open_ones, "Nobody gets a mail." if no_mail else told):
        click.echo(sentence, err=True)
    if not yes and sys.stdin.isatty():
        click.confirm("Go on?", abort=True, err=True)


def _tell(here: CommandContext, stage: Stage, act: StageAct, no_mail: bool) -> None:
    if not no_mail:
        notices.tell(here.session, here.consultation, here.definition, here.config, stage, act, context.actor())


def _digest(frozen: Result | None) -> str:
    return f" and frozen; results digest {frozen.digest}" if frozen is not None else ""


@click.command()
def tick_command() -> None:
    """Do what the clock asks for in every consultation, and queue the mails about it.

    Safe to run at any time."""
    with context.database() as database:
        ticked = workers.tick_all(database, from_env())
    for line in ticked.done:
        click.echo(line)
    if ticked.refused:
        raise NotPossible("\n".join(ticked.refused))
