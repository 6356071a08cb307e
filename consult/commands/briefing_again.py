"""The briefing from a package: every form and language that there is, without a database."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from consult.briefing.contents import build
from consult.briefing.forms import MEDIA_TYPES, write
from consult.briefing.lettering import Gap, gaps
from consult.briefing.model import Briefing
from consult.commands import context
from consult.commands.download import write_file
from consult.commands.package import unpacked
from consult.errors import NotPossible
from consult.services.definitions import definition_of
from consult.services.package.briefing_input import briefing_input
from consult.services.package.restoring import Restored
from consult.words.refusals import in_english


@click.command("again")
@click.option(
    "--from", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="The package."
)
@click.option("--language", help="By default every language of the consultation.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write to."
)
def again_command(path: Path, language: str | None, folder: Path) -> None:
    """Write the briefing from a package, in every form and language.

    A form that cannot be written is named, and the others are still written; it ends with 1 then.
    """
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
        refused = 0
        for chosen in [language] if language else known:
            briefing = build(briefing_input(restored, chosen))
            refused += sum(not _written(briefing, form, folder) for form in MEDIA_TYPES)
            tell_gaps(gaps(briefing))
    if refused:
        sys.exit(1)


def _written(briefing: Briefing, form: str, folder: Path) -> bool:
    """Whether one form could be written; if not, it is said why."""
    file = folder / f"briefing-{briefing.language}.{form}"
    try:
        write_file(file, [write(briefing, form)], mode=0o666)  # less what the user's mask takes
    except NotPossible as error:
        click.echo(f"{file} is not written: {context.visible(in_english(error))}", err=True)
        return False
    click.echo(f"{file}")
    return True


def tell_gaps(found: Sequence[Gap]) -> None:
    """Say where the PDF has boxes in place of characters that its fonts do not hold."""
    if found:
        click.echo(
            f"{context.counted(len(found), 'text')} with characters that no font of the PDF "
            "holds; each is a box with its code there, or � where it was none:"
        )
        rows = [(one.place, " ".join(one.codes), one.words) for one in found]
        click.echo(context.table(("where", "characters", "text"), rows))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotPossible(f"{folder} cannot be made: {error.strerror}") from error
