"""Starting the server."""

from functools import partial

import click

from consult import integrity, serving
from consult.commands import context
from consult.config import from_env


@click.command()
@click.option("--host", default=serving.HOST, show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), help="By default the port of the public address.")
def serve_command(host: str, port: int | None) -> None:
    """Start the web server. It opens and closes stages by the clock and sends waiting mails."""
    with context.database() as database:  # behind or not there: refused before anything starts
        integrity.refuse_damaged(database)
    serving.serve(from_env(), host, port, partial(click.echo, err=True))
