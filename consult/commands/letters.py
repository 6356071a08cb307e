"""Letters to the secretariat by people whom the link of an expert reached."""

import click

from consult.commands import desk
from consult.services.mail import letters


@click.group()
def letters_command() -> None:
    """What people wrote whom the link of an expert reached."""


@letters_command.command("list")
@desk.slug_argument
def list_(slug: str) -> None:
    """Print the letters that wait: proposals of experts, and messages."""
    with desk.reading(slug) as here:
        told = [
            "\n".join(
                (
                    desk.visible(
                        f"{letter.handle}  {letter.kind}  {here.time(letter.written_at)}"
                        f"  by the link of {code or '–'}  {letter.name or '–'}"
                        f"  {letter.email or '–'}"
                    ),
                    desk.paragraph(letter.text),
                )
            )
            for letter, code in letters.received(here.session, here.consultation)
        ]
    click.echo("\n\n".join(told) or "no letter waits")


@letters_command.command()
@desk.slug_argument
@click.argument("handle")
def delete(slug: str, handle: str) -> None:
    """Delete the letter HANDLE, which was dealt with."""
    with desk.writing(slug) as here:
        letters.delete_letter(here.session, here.consultation, handle.strip().lower(), desk.actor())
    click.echo("the letter is deleted")
