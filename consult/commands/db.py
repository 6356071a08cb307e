"""`consult db`: the tables."""

from collections.abc import Iterator
from pathlib import Path

import click

from consult import integrity, schema
from consult.commands import context
from consult.config import from_env
from consult.errors import NotPossible
from consult.integrity import Depth


@click.group()
def db_command() -> None:
    """Bring the database up to date, or compare it with the program."""


@db_command.command()
def upgrade() -> None:
    """Bring the database to the program's newest revision; makes it if there is none."""
    with context.database(at_head=False) as database:
        applied = schema.upgrade(database)
        where = database.url.render_as_string(hide_password=True)
    done = f"applied {', '.join(applied)}" if applied else "nothing to do"
    click.echo(f"{where} is at revision {', '.join(schema.heads())}: {done}")


@db_command.command()
def check() -> None:
    """Read everything, and compare tables, checks and triggers with what the program expects."""
    with context.database() as database:
        sentences = integrity.problems(database, Depth.WHOLE) or schema.check(database)
        exposed = list(_open_to_others(database.file, Path(from_env().mail_folder)))
    for path in exposed:
        click.echo(f"others on this machine can read {path}: chmod go= '{path}'", err=True)
    if sentences:
        raise NotPossible("\n".join(sentences))
    click.echo("the database is as the program expects")


def _open_to_others(database: Path | None, mails: Path) -> Iterator[Path]:
    """What holds names, answers or links, and can be read by more than its owner."""
    paths = [mails]
    if database is not None:
        paths += [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
    for path in paths:
        if path.exists() and path.stat().st_mode & 0o077:
            yield path
