"""`consult comments`: reasons that experts gave, before they are fed back."""

from collections.abc import Sequence

import click

from consult.commands import context
from consult.commands.wording import read_texts, texts_option
from consult.services.measures import comments, erasures, moderation
from consult.services.measures.comments import Moderated

PASSED_OVER = "passed-over"
STATES = ("waiting", "accepted", "withheld", PASSED_OVER)
handle_argument = click.argument("handle")


@click.group()
def comments_command() -> None:
    """Reasons that experts gave, before they are fed back."""


@comments_command.command("list")
@context.slug_argument
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--stage", "stage_key", help="Only those of this stage.")
def list_(slug: str, state: str | None, stage_key: str | None) -> None:
    """Print the comments of closed stages; never whose they are."""
    with context.reading(slug) as here:
        if stage_key is not None:
            here.stage(stage_key)
        found = comments.closed_comments(here.session, here.consultation)
        thinned = erasures.thinned(here.session, here.consultation.id).values()
    parts = [_printed(item) for item in found if state in (None, _state(item)) and stage_key in (None, item.view.stage)]
    click.echo("\n\n".join(parts) or "there is no such comment in a closed stage")
    for key in thinned:
        click.echo(
            f"{key}: its comments are listed no more: answers in it were erased, and what the list "
            "lost would be theirs who left",
            err=True,
        )


def _state(item: Moderated) -> str:
    """Waiting, accepted, withheld; or passed over, when its round's reasons were released."""
    if item.view.moderation == "waiting" and not item.is_waiting:
        return PASSED_OVER
    return item.view.moderation


def _printed(item: Moderated) -> str:
    view = item.view
    about = " ".join(part for part in (view.measure, view.criterion) if part)
    head = f"{view.handle}  {view.stage}  {about}  {view.kind}  ({view.language})"
    lines = [f"{head}  {_state(item)}", context.paragraph(view.text)]
    if view.moderation == "accepted":
        lines += [
            f"    fed back ({language}): {context.visible(words)}" for language, words in (view.moderated or {}).items()
        ]
    if view.moderation == "withheld":
        lines.append(f"    withheld: {context.visible(view.reason or '')}")
    return "\n".join(lines)


@comments_command.command()
@context.slug_argument
@handle_argument
@texts_option("text", "Other words, that tell less about who wrote it.")
def accept(slug: str, handle: str, text: Sequence[str]) -> None:
    """Let comment HANDLE be fed back, in its own words or in those given."""
    with context.writing(slug) as here:
        moderation.accept_comment(
            here.session, here.consultation, handle, actor=context.actor(), texts=read_texts(here, text, "text")
        )
    click.echo(f"comment {handle} is accepted")


@comments_command.command()
@context.slug_argument
@handle_argument
@click.option("--reason", required=True, help="Why; it is kept with the comment.")
def withhold(slug: str, handle: str, reason: str) -> None:
    """Keep comment HANDLE from being fed back."""
    with context.writing(slug) as here:
        moderation.withhold_comment(here.session, here.consultation, handle, reason=reason, actor=context.actor())
    click.echo(f"comment {handle} is withheld")
