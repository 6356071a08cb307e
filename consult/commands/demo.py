"""The demonstration."""

import click

from consult.demo import run


@click.command()
@click.option("--no-serve", is_flag=True, help="Print links and the digest, and end.")
@click.option("--fresh", is_flag=True, help="Make the demonstration's data anew.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo_command(no_serve: bool, fresh: bool, port: int) -> None:
    """Two consultations to look at: one finished, and one that starts today."""
    run(serve=not no_serve, fresh=fresh, port=port)
