"""The briefing as a file."""

from pathlib import Path

import click

from consult.briefing import html
from consult.commands import desk
from consult.commands.download import offered, out_path, write_file
from consult.services.briefings import briefing_of


@click.command()
@desk.slug_argument
@click.option("--language", help="By default the consultation's first.")
@click.option("--out", type=out_path, required=True, help="The file to write; it ends in .html.")
def briefing_command(slug: str, language: str | None, out: Path) -> None:
    """Write the briefing from the frozen results, in one language."""
    if out.suffix != ".html":
        raise click.BadParameter("the file's name ends in .html", param_hint="--out")
    with desk.reading(slug) as here:
        chosen = offered(here, language) or here.definition.languages[0]
        document = html.render(briefing_of(here.session, here.consultation, chosen), chosen)
        write_file(out, [document.encode()], mode=0o666)  # less what the user's mask takes
    click.echo(f"the briefing of '{slug}' is in {out}")
