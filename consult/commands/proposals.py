"""`consult proposals`: what experts put forward."""

from collections.abc import Sequence

import click

from consult.commands import desk
from consult.commands.measures import (
    actor_option,
    new_content,
    require_theme,
    text_option,
    theme_option,
    title_option,
)
from consult.commands.wording import read_reason, read_texts, reason_option
from consult.services import measures, moderation, revising

number_argument = click.argument("number", type=desk.NUMBER)


@click.group()
def proposals_command() -> None:
    """What experts put forward, and what becomes of it."""


@proposals_command.command("list")
@desk.slug_argument
@click.option("--waiting", is_flag=True, help="Only those not decided yet.")
def list_(slug: str, waiting: bool) -> None:
    """Print the proposals of closed stages, waiting ones first; never whose they are."""
    with desk.reading(slug) as here:
        found = moderation.proposals(here.session, here.consultation)
    parts = [
        f"{item.id}  {item.fate}  ({item.language})  {desk.visible(item.title)}\n"
        + desk.paragraph(item.text)
        + (f"\n    {item.fate}: {desk.visible(item.reason)}" if item.reason else "")
        for item in found
        if item.fate == "waiting" or not waiting
    ]
    click.echo("\n\n".join(parts) or "there is no proposal" + (" waiting" if waiting else ""))


@proposals_command.command()
@desk.slug_argument
@number_argument
@theme_option
@title_option
@text_option
@actor_option
@reason_option
def accept(
    slug: str,
    number: int,
    theme: str,
    title: Sequence[str],
    text: Sequence[str],
    actors: Sequence[str],
    reason: Sequence[str],
) -> None:
    """Make proposal NUMBER a measure of the next round, in its own words or in those given."""
    with desk.writing(slug) as here:
        require_theme(here, theme)
        proposal = moderation.find_proposal(here.session, here.consultation, number)
        words = {
            "title": read_texts(here, title, "title") or _own(proposal.language, proposal.title),
            "text": read_texts(here, text, "text") or _own(proposal.language, proposal.text),
        }
        wording = revising.add_measure(
            here.session,
            here.consultation,
            new_content(here, words, actors),
            theme=theme,
            reason=read_reason(here, reason),
            actor=desk.actor(),
            proposal=proposal,
        )
        told = f"proposal {number} is {wording.key} and goes into the next round"
    click.echo(told)


def _own(language: str, words: str) -> dict[str, str]:
    """A proposal's own words; it may have a title or a text only."""
    return {language: words} if words.strip() else {}


@proposals_command.command()
@desk.slug_argument
@number_argument
@click.argument("into")
@reason_option
def merge(slug: str, number: int, into: str, reason: Sequence[str]) -> None:
    """Say that proposal NUMBER is contained in the measure INTO."""
    with desk.writing(slug) as here:
        moderation.merge_proposal(
            here.session,
            here.consultation,
            moderation.find_proposal(here.session, here.consultation, number),
            measures.find_measure(here.session, here.consultation.id, into),
            reason=read_reason(here, reason),
            actor=desk.actor(),
        )
    click.echo(f"proposal {number} is contained in {into}")


@proposals_command.command()
@desk.slug_argument
@number_argument
@title_option
def title(slug: str, number: int, title: Sequence[str]) -> None:
    """Say the title of proposal NUMBER as the briefing lists it; once for each language."""
    with desk.writing(slug) as here:
        moderation.entitle_proposal(
            here.session,
            here.consultation,
            moderation.proposal_of(here.session, here.consultation, number),
            read_texts(here, title, "title"),
            actor=desk.actor(),
        )
    click.echo(f"proposal {number} has a title for readers")


@proposals_command.command()
@desk.slug_argument
@number_argument
@reason_option
def withhold(slug: str, number: int, reason: Sequence[str]) -> None:
    """Leave proposal NUMBER out; its author can read the reason."""
    with desk.writing(slug) as here:
        moderation.withhold_proposal(
            here.session,
            here.consultation,
            moderation.find_proposal(here.session, here.consultation, number),
            reason=read_reason(here, reason),
            actor=desk.actor(),
        )
    click.echo(f"proposal {number} is left out")
