"""`consult panel`: the panel file, taking it in, and who is in it."""

from pathlib import Path
from typing import BinaryIO

import click

from consult.commands import context
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.services.mail import contacts
from consult.services.panel import importing, panel
from consult.services.panel.decoding import LARGEST
from consult.services.panel.panel import Member


@click.group()
def panel_command() -> None:
    """The panel: its file, taking it in, who is in it."""


@panel_command.command()
@click.argument("where", metavar="FOLDER|SLUG")
def template(where: str) -> None:
    """Print an empty panel file with one example line."""
    click.echo(importing.template(_definition(where)), nl=False)


def _definition(where: str) -> Definition:
    """Of a folder when there is one of that name, else of a published consultation."""
    if Path(where).is_dir():
        return load(Path(where))
    with context.reading(where) as here:
        return here.definition


@panel_command.command("import")
@context.slug_argument
@click.argument("file", type=click.File("rb"))
@click.option("--new-people", is_flag=True, help="Who looks like somebody known is another person.")
def import_(slug: str, file: BinaryIO, new_people: bool) -> None:
    """Take in the experts of a CSV file (- reads standard input), all or none.

    Lines that look like somebody who is in the panel already are asked about."""
    data = file.read(LARGEST + 1)  # one more: too large is said by the service
    with context.writing(slug) as here:
        count = importing.import_panel(
            here.session, here.consultation, here.definition, data, context.actor(), are_new=new_people
        )
    click.echo(f"{context.counted(count, 'expert')} taken into '{slug}'")


@panel_command.command()
@context.slug_argument
@context.code_argument
@click.option("--name", help="How the person is called.")
@click.option("--email", help="Where mails go; all links sent to the old address end.")
@click.option("--language", help="A language of the consultation.")
@click.option(
    "--set",
    "others",
    metavar="ATTRIBUTE=VALUE",
    multiple=True,
    help="An attribute of the panel file; the reporting group follows from it.",
)
def correct(
    slug: str, code: str, name: str | None, email: str | None, language: str | None, others: tuple[str, ...]
) -> None:
    """Correct name, address, language or attributes of the expert CODE, also in a running stage."""
    pairs = [other.partition("=") for other in others]
    changes = {"name": name, "email": email, "language": language}
    wanted = {key: value for key, value in changes.items() if value is not None}
    wanted |= {key.strip(): value.strip() for key, _, value in pairs}
    with context.writing(slug) as here:
        expert = here.expert(code)
        changed = contacts.correct(
            here.session, here.consultation, here.definition, here.config, expert, wanted, context.actor()
        )
    if not changed:
        click.echo("nothing is different from what stands there")
        return
    click.echo(
        f"{code.upper()}: {', '.join(changed)} corrected"
        + ("; a new link to the new address waits in the outbox" if "email" in changed else "")
    )


@panel_command.command("list")
@context.slug_argument
def list_(slug: str) -> None:
    """List the experts with their codes: who they are, never what they answered."""
    with context.reading(slug) as here:
        members = panel.members(here.session, here.consultation)
        attributes = [attribute.key for attribute in here.definition.panel.attributes]
    rows = [
        (
            member.code,
            member.name,
            member.email,
            member.language,
            *(member.attributes.get(key, "") for key in attributes),
            member.group,
            _state(member),
        )
        for member in members
    ]
    if not rows:
        click.echo(f"nobody is in the panel yet; `consult panel template {slug}` prints its file")
        return
    head = ("code", "name", "e-mail", "language", *attributes, "reported as", "state")
    click.echo(context.table(head, rows))


def _state(member: Member) -> str:
    if member.is_withdrawn:
        return "has left"
    said = {True: "consented", False: "declined", None: "has not said"}
    return said[member.consent]
