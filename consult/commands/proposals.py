"""`consult proposals`: what experts put forward."""

from collections.abc import Sequence

import click

from consult.commands import context
from consult.commands.measures import actor_option, new_content, require_theme, text_option, theme_option, title_option
from consult.commands.wording import read_reason, read_texts, reason_option
from consult.services.measures import measures, proposals, revising

handle_argument = click.argument("handle")


@click.group()
def proposals_command() -> None:
    """What experts put forward, and what becomes of it."""


@proposals_command.command("list")
@context.slug_argument
@click.option("--waiting", is_flag=True, help="Only those not decided yet.")
def list_(slug: str, waiting: bool) -> None:
    """Print the proposals of closed stages, waiting ones first; never whose they are."""
    with context.reading(slug) as here:
        found = proposals.proposals(here.session, here.consultation)
    parts = [
        f"{item.handle}  {item.fate}  ({item.language})  {context.visible(item.title)}\n"
        + context.paragraph(item.text)
        + (f"\n    {item.fate}: {context.visible(item.reason)}" if item.reason else "")
        for item in found
        if item.fate == "waiting" or not waiting
    ]
    click.echo("\n\n".join(parts) or "there is no proposal" + (" waiting" if waiting else ""))


@proposals_command.command()
@context.slug_argument
@handle_argument
@theme_option
@title_option
@text_option
@actor_option
@reason_option
def accept(
    slug: str,
    handle: str,
    theme: str,
    title: Sequence[str],
    text: Sequence[str],
    actors: Sequence[str],
    reason: Sequence[str],
) -> None:
    """Make proposal HANDLE a measure of the next round, in its own words or in those given."""
    with context.writing(slug) as here:
        require_theme(here, theme)
        proposal = proposals.find_proposal(here.session, here.consultation, handle)
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
            actor=context.actor(),
            proposal=proposal,
        )
        told = f"proposal {handle} is {wording.key} and goes into the next round"
    click.echo(told)


def _own(language: str, words: str) -> dict[str, str]:
    """A proposal's own words; it may have a title or a text only."""
    return {language: words} if words.strip() else {}


@proposals_command.command()
@context.slug_argument
@handle_argument
@click.argument("into")
@reason_option
def merge(slug: str, handle: str, into: str, reason: Sequence[str]) -> None:
    """Say that proposal HANDLE is contained in the measure INTO."""
    with context.writing(slug) as here:
        proposals.merge_proposal(
            here.session,
            here.consultation,
            proposals.find_proposal(here.session, here.consultation, handle),
            measures.find_measure(here.session, here.consultation.id, into),
            reason=read_reason(here, reason),
            actor=context.actor(),
        )
    click.echo(f"proposal {handle} is contained in {into}")


@proposals_command.command()
@context.slug_argument
@handle_argument
@title_option
def title(slug: str, handle: str, title: Sequence[str]) -> None:
    """Say the title of proposal HANDLE as the briefing lists it; once for each language."""
    with context.writing(slug) as here:
        proposals.entitle_proposal(
            here.session,
            here.consultation,
            proposals.proposal_of(here.session, here.consultation, handle),
            read_texts(here, title, "title"),
            actor=context.actor(),
        )
    click.echo(f"proposal {handle} has a title for readers")


@proposals_command.command()
@context.slug_argument
@handle_argument
@reason_option
def withhold(slug: str, handle: str, reason: Sequence[str]) -> None:
    """Leave proposal HANDLE out; its author can read the reason."""
    with context.writing(slug) as here:
        proposals.withhold_proposal(
            here.session,
            here.consultation,
            proposals.find_proposal(here.session, here.consultation, handle),
            reason=read_reason(here, reason),
            actor=context.actor(),
        )
    click.echo(f"proposal {handle} is left out")
