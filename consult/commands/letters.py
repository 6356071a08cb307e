"""Letters to the secretariat by people whom the link of an expert reached."""

import click

from consult.commands import context
from consult.services.mail import letters


@click.group()
def letters_command() -> None:
    """What people wrote whom the link of an expert reached."""


@letters_command.command("list")
@context.slug_argument
def list_(slug: str) -> None:
    """Print the letters that wait: proposals of experts, and messages."""
    with context.reading(slug) as here:
        told = [
            "\n".join(
                (
                    context.visible(
                        f"{letter.handle}  {letter.kind}  {here.time(letter.written_at)}"
                        f"  by the link of {code or '–'}  {letter.name or '–'}"
                        f"  {letter.email or '–'}"
                    ),
                    context.paragraph(letter.text),
                )
            )
            for letter, code in letters.received(here.session, here.consultation)
        ]
    click.echo("\n\n".join(told) or "no letter waits")


@letters_command.command()
@context.slug_argument
@click.argument("handle")
def delete(slug: str, handle: str) -> None:
    """Delete the letter HANDLE, which was dealt with."""
    with context.writing(slug) as here:
        letters.delete_letter(here.session, here.consultation, handle.strip().lower(), context.actor())
    click.echo("the letter is deleted")
