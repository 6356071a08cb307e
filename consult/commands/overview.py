"""Looking at consultations: which there are, where they stand, and what was done."""

import json
from collections.abc import Iterator, Mapping

import click
from sqlalchemy import select

from consult.commands import context
from consult.commands.context import CommandContext
from consult.errors import NotPossible
from consult.models import Consultation, Stage
from consult.services import journal
from consult.services.definitions import definition_of
from consult.services.journal import Fact
from consult.services.mail import outbox
from consult.services.measures import comments
from consult.services.panel import panel, participation
from consult.services.rounds import stages, starting
from consult.services.rounds.stages import StageState, stages_of, state, takes_answers
from consult.services.rounds.statuses import statuses_of
from consult.words import catalogues
from consult.words.readings import standing_sentence
from consult.words.refusals import in_english

STEPS = ("invited", "consented", "started", "submitted")
WORDS = {
    StageState.PLANNED: "planned",
    StageState.DUE: "due to open",
    StageState.OPEN: "open",
    StageState.GRACE: "open (grace)",
    StageState.ENDED: "ended, not frozen",
    StageState.MISSED: "missed, never opened",
    StageState.CLOSED: "closed, frozen",
}


def state_words(stage: Stage, grace: int) -> str:
    """The state of a stage as it is printed; an event freezes nothing."""
    where = state(stage, grace)
    if stage.kind == "event":
        return {StageState.ENDED: "ended", StageState.CLOSED: "closed"}.get(where, WORDS[where])
    return WORDS[where]


@click.command()
def list_command() -> None:
    """List all consultations with the stage they are in."""
    rows = []
    with context.database() as database, database.reading() as session:
        for found in session.scalars(select(Consultation).order_by(Consultation.slug)):
            grace = definition_of(session, found.id).grace
            known = stages_of(session, found.id)
            live = [stage.key for stage in known if takes_answers(stage, grace)]
            ended = all(stage.closed_at is not None for stage in known)
            now = ", ".join(live) or ("closed" if ended else "-")
            opens = context.written(known[0].opens_at, found.zone) if known else ""
            rows.append((found.slug, found.schedule, found.zone, opens, now))
    if not rows:
        click.echo("there is no consultation yet; `consult publish FOLDER` makes one")
        return
    click.echo(context.table(("consultation", "schedule", "zone", "begins", "open now"), rows))


@click.command()
@context.slug_argument
@click.option("--names", is_flag=True, help="Name those who have not answered an open stage.")
def status_command(slug: str, names: bool) -> None:
    """Show stages with their times, participation, and what waits for a decision."""
    with context.reading(slug) as here:
        click.echo("\n\n".join(_status(here, names)))


def _status(here: CommandContext, names: bool) -> Iterator[str]:
    title = here.words(here.definition.title)
    zone, schedule = here.consultation.zone, here.consultation.schedule
    yield f"{here.consultation.slug}: {title}\n{schedule}, times in {zone}"
    known = stages_of(here.session, here.consultation.id)
    grace = here.definition.grace
    yield context.table(
        ("stage", "kind", "state", "opens", "closes"),
        [
            (stage.key, stage.kind, state_words(stage, grace), here.time(stage.opens_at), here.time(stage.closes_at))
            for stage in known
        ],
    )
    taken = participation.by_stage(here.session, here.consultation)
    yield context.table(
        ("stage", *STEPS),
        [
            (stage.key, *(taken[stage.key].steps().get(step) for step in STEPS))
            for stage in known
            if stage.kind != "event"
        ],
    )
    locked = starting.registration(here.session, here.consultation)
    if locked is not None:
        yield f"protocol registered at {here.time(locked.locked_at)}, digest {locked.digest}"
    known_statuses = statuses_of(here.session, here.consultation)
    if known_statuses is not None:
        yield standing_sentence(known_statuses, catalogues.catalogue(catalogues.ENGLISH))
    yield _undecided(here)
    mails = outbox.summary(here.session, here.consultation)
    if mails:
        yield "mails: " + "; ".join(_mails(purpose, states) for purpose, states in mails.items())
    for stage in known:
        if stage.kind != "event" and takes_answers(stage, grace):
            yield _missing(here, stage, names)


def _undecided(here: CommandContext) -> str:
    waiting = comments.waiting(here.session, here.consultation)
    both = ", ".join(context.counted(waiting[f"{noun}s"], noun) for noun in ("comment", "proposal"))
    return f"waiting for a decision: {both}"


def _mails(purpose: str, states: dict[str, int]) -> str:
    return f"{purpose} " + ", ".join(f"{number} {state}" for state, number in states.items())


def _missing(here: CommandContext, stage: Stage, names: bool) -> str:
    """Who may still answer a stage: how many, or by name."""
    missing = panel.not_answered(here.session, here.consultation, stage)
    started = sum(member.has_started for member in missing)
    words = f"{stage.key}: {len(missing)} have not submitted, {started} of them have started"
    if not names or not missing:
        return words
    rows = [(member.code, member.name, member.email, "started" if member.has_started else "") for member in missing]
    return f"{words}\n{context.table(('code', 'name', 'e-mail', ''), rows)}"


@click.command()
@context.slug_argument
def deviations_command(slug: str) -> None:
    """List the departures from the protocol and the schedule, with their reasons."""
    with context.reading(slug) as here:
        rows = [
            (here.time(item.noted_at), item.stage_key, item.kind, item.reason)
            for item in stages.deviations(here.session, here.consultation)
        ]
    if not rows:
        click.echo("no departure was noted")
        return
    click.echo(context.table(("noted", "stage", "what", "why"), rows))


@click.command()
@context.slug_argument
@click.option("--verify", is_flag=True, help="Recompute the chain instead of printing it.")
def journal_command(slug: str, verify: bool) -> None:
    """Print what staff and the clock did, the oldest first."""
    with context.reading(slug) as here:
        entries = journal.entries(here.session, here.consultation.id)
        if verify:
            breaks = journal.verify(here.session, here.consultation.id)
            if breaks:
                raise NotPossible("\n".join(in_english(one) for one in breaks))
            last = entries[-1].hash if entries else journal.START
            click.echo(f"{len(entries)} entries hold together; the last hash is {last}")
            return
        rows = [
            (entry.number, here.time(entry.at), entry.actor, entry.act, _facts(journal.facts_of(here.session, entry)))
            for entry in entries
        ]
        click.echo(context.table(("", "at", "who", "did", "what"), rows))


def _facts(facts: Mapping[str, Fact]) -> str:
    return ", ".join(
        f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in sorted(facts.items())
    )
