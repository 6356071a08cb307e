"""`consult db`: the tables."""

import click

from consult import schema
from consult.commands import desk
from consult.errors import NotPossible


@click.group()
def db_command() -> None:
    """Bring the database up to date, or compare it with the program."""


@db_command.command()
def upgrade() -> None:
    """Bring the database to the program's newest revision; makes it if there is none."""
    with desk.database(at_head=False) as database:
        applied = schema.upgrade(database)
        where = database.url.render_as_string(hide_password=True)
    done = f"applied {', '.join(applied)}" if applied else "nothing to do"
    click.echo(f"{where} is at revision {', '.join(schema.heads())}: {done}")


@db_command.command()
def check() -> None:
    """Compare the tables, checks and triggers with what the program expects."""
    with desk.database() as database:
        sentences = schema.check(database)
    if sentences:
        raise NotPossible("\n".join(sentences))
    click.echo("the database is as the program expects")
