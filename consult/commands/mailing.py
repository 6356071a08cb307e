"""Links and mails to experts."""

import os
from pathlib import Path

import click
from sqlalchemy import select

from consult.clock import utc_now
from consult.commands import context
from consult.commands.context import CommandContext
from consult.config import from_env
from consult.errors import NotPossible, StageNotOpen
from consult.models import Message, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage
from consult.services.access import invitations, lifetimes, purposes
from consult.services.files.csvfile import lines
from consult.services.mail import correspondence, delivering, inviting, outbox, reminding, undecided
from consult.services.mail.inviting import InvitedRow
from consult.services.panel import panel
from consult.services.rounds.stages import takes_answers


@click.command()
@context.slug_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write name, e-mail and link to a new file instead of mailing them.",
)
def invite_command(slug: str, out: Path | None) -> None:
    """Give every expert without a link one. Mails wait in the outbox for `consult deliver`."""
    if out is not None and out.exists():
        raise NotPossible(f"{out} is there already; links are never written over a file")
    with context.writing(slug) as here:
        known = _waiting(here)
        invited = inviting.invite_all(here.session, here.consultation, here.definition, here.config, context.actor())
        if out is not None and invited:
            _hand_over(here, known)
            _write_links(out, invited)
    where = f"links in {out}" if out is not None else "mails wait in the outbox"
    if invited:
        click.echo(f"{context.counted(len(invited), 'expert')} invited; {where}")
    else:
        click.echo("nobody is without a link")


def _waiting(here: CommandContext) -> set[int]:
    """Invitations that an earlier call left for the outbox."""
    return {message.id for message in _invitations(here)}


def _invitations(here: CommandContext) -> list[Message]:
    return list(
        here.session.scalars(
            select(Message).where(
                Message.consultation_id == here.consultation.id,
                Message.purpose == purposes.INVITATION,
                Message.state == outbox.QUEUED,
            )
        )
    )


def _hand_over(here: CommandContext, known: set[int]) -> None:
    """Count the new invitations as sent, by the file, and blank the links in the outbox."""
    for message in _invitations(here):
        if message.id not in known:
            message.state, message.sent_at = outbox.SENT, utc_now()
            message.subject, message.body = None, None
    here.session.flush()


def _write_links(path: Path, invited: list[InvitedRow]) -> None:
    """A file that only this user may read: whoever has a link gets in.

    It is written before the links are committed, so that no link is lost with a full disk.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines(InvitedRow._fields, invited))
    except OSError as error:
        raise NotPossible(f"{path} cannot be written: {error.strerror}") from error


@click.command()
@context.slug_argument
@context.code_argument
@click.option("--mail", is_flag=True, help="Mail the link instead of printing it.")
def link_command(slug: str, code: str, mail: bool) -> None:
    """Give the expert CODE a new link; earlier links and sessions end when it is used."""
    with context.writing(slug) as here:
        expert = here.expert(code)
        if mail:
            correspondence.send_new_link(here.session, expert, here.definition, here.config, context.actor())
            told = f"the new link of {expert.code} waits in the outbox"
        else:
            token = invitations.renew(here.session, expert, context.actor())
            told = invitations.link(here.config, token)
    click.echo(told)


@click.command()
@context.slug_argument
@context.code_argument
def end_links_command(slug: str, code: str) -> None:
    """End all links and sessions of the expert CODE now: one was lost, or is in wrong hands."""
    with context.writing(slug) as here:
        expert = here.expert(code)
        lifetimes.end_links(here.session, expert, context.actor())
        told = f"all links and sessions of {expert.code} have ended; mails with links went too"
    click.echo(told)


@click.command()
@context.slug_argument
@context.stage_argument
def announce_command(slug: str, stage_key: str) -> None:
    """Write to those who may answer that STAGE is open; nobody gets this twice."""
    with context.writing(slug) as here:
        stage = _open_stage(here, stage_key)
        count = correspondence.announce(
            here.session, here.consultation, here.definition, here.config, stage, context.actor()
        )
    click.echo(f"{context.counted(count, 'mail')} put into the outbox")


@click.command()
@context.slug_argument
@context.stage_argument
def remind_command(slug: str, stage_key: str) -> None:
    """Write to those who have not submitted STAGE; not again while a reminder waits."""
    with context.writing(slug) as here:
        stage = _open_stage(here, stage_key)
        count = reminding.remind(here.session, here.consultation, here.definition, here.config, stage, context.actor())
    click.echo(f"{context.counted(count, 'reminder')} put into the outbox")


def _open_stage(here: CommandContext, key: str) -> Stage:
    stage = here.stage(key)
    if stage.kind == "event":
        raise NotPossible(f"'{key}' is an event: nothing is submitted there")
    if not takes_answers(stage, here.definition.grace):
        raise StageNotOpen(Refusal(Code.TAKES_NO_ANSWERS, OfStage(key)))
    return stage


@click.command()
def deliver_command() -> None:
    """Send the mails that wait in the outbox."""
    with context.database() as database:
        counts = delivering.deliver(database, from_env())
    words = ", ".join(f"{number} {state}" for state, number in counts.items())
    click.echo(words or "no mail waits")
    if counts.get(outbox.FAILED) or counts.get(outbox.UNCERTAIN):
        raise NotPossible("some mails wait for a decision: see `consult mails list SLUG`")
    if counts.get(outbox.QUEUED):
        raise NotPossible("some mails stay in the outbox: the mail server did not take them")


@click.group()
def mails_command() -> None:
    """Mails that were refused or may not have arrived."""


@mails_command.command("list")
@context.slug_argument
def list_(slug: str) -> None:
    """List the mails that wait for a decision, with what went wrong."""
    with context.reading(slug) as here:
        codes = {member.expert_id: member.code for member in panel.members(here.session, here.consultation)}
        rows = [
            (
                item.handle,
                codes[item.expert_id],
                item.purpose,
                item.stage_key,
                item.state,
                here.time(item.queued_at),
                item.error,
            )
            for item in undecided.undecided(here.session, here.config, here.consultation)
        ]
    if not rows:
        click.echo("no mail waits for a decision")
        return
    head = ("handle", "expert", "purpose", "stage", "state", "queued", "error")
    click.echo(context.table(head, rows))


@mails_command.command()
@context.slug_argument
@click.argument("handle")
def again(slug: str, handle: str) -> None:
    """Put mail HANDLE into the outbox again; it may arrive twice."""
    with context.writing(slug) as here:
        undecided.decide(here.session, here.consultation, handle, context.actor(), is_sent=False)
    click.echo(f"mail {handle} waits in the outbox")


@mails_command.command()
@context.slug_argument
@click.argument("handle")
def arrived(slug: str, handle: str) -> None:
    """Count mail HANDLE as sent."""
    with context.writing(slug) as here:
        undecided.decide(here.session, here.consultation, handle, context.actor(), is_sent=True)
    click.echo(f"mail {handle} counts as sent")
