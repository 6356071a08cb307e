"""Leaving, erasing, seeing one's own data, and destroying the link to people."""

import json

import click

from consult.commands import context
from consult.database import Database
from consult.services.running import leaving, own_data

yes = click.option("--yes", is_flag=True, help="Do not ask.")


def _agree(is_agreed: bool, words: str) -> None:
    if not is_agreed:
        click.confirm(words, abort=True, err=True)


@click.command()
@context.slug_argument
@context.code_argument
def own_data_command(slug: str, code: str) -> None:
    """Print everything stored about the expert CODE, as JSON, for them to see."""
    with context.reading(slug) as here:
        found = own_data.own_data(here.session, here.expert(code))
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@click.command()
@context.slug_argument
@context.code_argument
def withdraw_command(slug: str, code: str) -> None:
    """Let the expert CODE leave: links end, answers count no more from the next close on."""
    with context.writing(slug) as here:
        expert = here.expert(code)
        leaving.withdraw(here.session, expert, context.actor())
        told = f"{expert.code} has left; results frozen before stay as they are"
    click.echo(told)


@click.command()
@context.slug_argument
@context.code_argument
@yes
def erase_command(slug: str, code: str, yes: bool) -> None:
    """Delete everything known of the expert CODE and everything they gave. For good."""
    with context.database() as database:
        with context.on(database, slug, writes=False) as here:
            known = here.expert(code).code
        _agree(yes, f"Erase {known} from '{slug}' for good?")
        with context.on(database, slug, writes=True) as here:
            leaving.erase(here.session, here.expert(code), context.actor())
        _forget_bytes(database)
    click.echo(f"{known} is erased; results frozen before can no longer be recomputed")


@click.command()
@context.slug_argument
@yes
def forget_panel_command(slug: str, yes: bool) -> None:
    """Destroy the link between people and answers, at the end of a consultation. For good."""
    with context.database() as database:
        with context.on(database, slug, writes=False):
            pass  # refused before anything is asked when there is no such consultation
        _agree(yes, f"Destroy all names, addresses and links of '{slug}' for good?")
        with context.on(database, slug, writes=True) as here:
            count = leaving.forget_panel(here.session, here.consultation, context.actor())
        _forget_bytes(database)
    click.echo(f"{context.counted(count, 'contact')} destroyed; answers stay under their codes")


def _forget_bytes(database: Database) -> None:
    """On SQLite what was deleted stands in the write-ahead log until it is emptied."""
    if database.engine.dialect.name == "sqlite":
        connection = database.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
