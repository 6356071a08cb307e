"""`consult comments`: reasons that experts gave, before they are fed back."""

from collections.abc import Sequence

import click

from consult.commands import desk
from consult.commands.desk import Desk
from consult.commands.wording import read_texts, texts_option
from consult.errors import NotFound
from consult.services import facilitating, moderation
from consult.services.facilitating import Moderated

PASSED_OVER = "passed-over"
STATES = ("waiting", "accepted", "withheld", PASSED_OVER)
number_argument = click.argument("number", type=desk.NUMBER)


@click.group()
def comments_command() -> None:
    """Reasons that experts gave, before they are fed back."""


@comments_command.command("list")
@desk.slug_argument
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--stage", "stage_key", help="Only those of this stage.")
def list_(slug: str, state: str | None, stage_key: str | None) -> None:
    """Print the comments of closed stages; never whose they are."""
    with desk.reading(slug) as here:
        if stage_key is not None:
            here.stage(stage_key)
        found = facilitating.closed_comments(here.session, here.consultation)
    parts = [
        _printed(item)
        for item in found
        if state in (None, _state(item)) and stage_key in (None, item.view.stage)
    ]
    click.echo("\n\n".join(parts) or "there is no such comment in a closed stage")


def _state(item: Moderated) -> str:
    """Waiting, accepted, withheld; or passed over, when its round's reasons were released."""
    if item.view.moderation == "waiting" and not item.is_waiting:
        return PASSED_OVER
    return item.view.moderation


def _printed(item: Moderated) -> str:
    view = item.view
    head = f"{view.id}  {view.stage}  {view.measure}  {view.kind}  ({view.language})"
    lines = [f"{head}  {_state(item)}", desk.paragraph(view.text)]
    if view.moderation == "accepted":
        lines += [
            f"    fed back ({language}): {desk.visible(words)}"
            for language, words in (view.moderated or {}).items()
        ]
    if view.moderation == "withheld":
        lines.append(f"    withheld: {desk.visible(view.reason or '')}")
    return "\n".join(lines)


@comments_command.command()
@desk.slug_argument
@number_argument
@texts_option("text", "Other words, that tell less about who wrote it.")
def accept(slug: str, number: int, text: Sequence[str]) -> None:
    """Let comment NUMBER be fed back, in its own words or in those given."""
    with desk.writing(slug) as here:
        _require_closed(here, number)
        moderation.accept_comment(
            here.session,
            here.consultation,
            number,
            actor=desk.actor(),
            texts=read_texts(here, text, "text"),
        )
    click.echo(f"comment {number} is accepted")


@comments_command.command()
@desk.slug_argument
@number_argument
@click.option("--reason", required=True, help="Why; it is kept with the comment.")
def withhold(slug: str, number: int, reason: str) -> None:
    """Keep comment NUMBER from being fed back."""
    with desk.writing(slug) as here:
        _require_closed(here, number)
        moderation.withhold_comment(
            here.session, here.consultation, number, reason=reason, actor=desk.actor()
        )
    click.echo(f"comment {number} is withheld")


def _require_closed(here: Desk, number: int) -> None:
    """Comments of open stages stay unseen. Raises NotFound."""
    known = facilitating.closed_comments(here.session, here.consultation)
    if number not in {item.view.id for item in known}:
        raise NotFound(f"there is no comment {number} in a closed stage")
