"""The briefing from a package: every form and language that there is, without a database."""

from pathlib import Path

import click

from consult.briefing.contents import build
from consult.briefing.forms import MEDIA_TYPES, write
from consult.commands.download import write_file
from consult.commands.package import unpacked
from consult.errors import NotPossible
from consult.services.definitions import definition_of
from consult.services.restoring import Restored, briefing_given


@click.command("again")
@click.option(
    "--from",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The package.",
)
@click.option("--language", help="By default every language of the consultation.")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write to.",
)
def again_command(path: Path, language: str | None, folder: Path) -> None:
    """Write the briefing from a package, in every form and language."""
    with unpacked(path) as (session, package):
        problems = package.problems()
        if problems:
            raise NotPossible(f"{path} is not as it was written: {problems[0]}")
        restored = Restored(session, package)
        restored.add_results()
        known = definition_of(session, restored.consultation.id).languages
        if language is not None and language not in known:
            raise click.BadParameter(f"'{language}' is not offered; there are: {', '.join(known)}")
        _make(folder)
        for chosen in [language] if language else known:
            briefing = build(briefing_given(restored, chosen))
            for form in MEDIA_TYPES:
                file = folder / f"briefing-{chosen}.{form}"
                content = write(briefing, form)
                write_file(file, [content], mode=0o666)  # less what the user's mask takes
                click.echo(f"{file}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotPossible(f"{folder} cannot be made: {error.strerror}") from error
