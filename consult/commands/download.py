"""Files of results and data."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from consult.commands import context
from consult.errors import NotAllowed, NotPossible
from consult.roles import ROLES
from consult.services.files import downloads
from consult.services.files.tableformats import FORMATS
from consult.words.refusals import in_english
from consult.words.withholding import WITHHELD

out_path = click.Path(path_type=Path, dir_okay=False)


@click.command()
@context.slug_argument
@click.argument("name", required=False)
@click.option("--out", type=out_path, help="Write to this file instead of standard output.")
@click.option(
    "--as", "role", type=click.Choice(ROLES), default="secretariat", show_default=True, help="The role the file is for."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    help="How the table is written.",
)
@click.option("--language", help="Of questions and labels; by default the consultation's first.")
def download_command(slug: str, name: str | None, out: Path | None, role: str, form: str, language: str | None) -> None:
    """Write the file NAME and note it in the journal; without a name, list the files there are."""
    if name is None:
        files = [(spec.name, ", ".join(sorted(spec.roles)), spec.what) for spec in downloads.FILES.values()]
        click.echo(context.table(("file", "for", "what"), files))
        return
    with context.database() as found:
        with context.on(found, slug, writes=True) as here:
            offered(here, language)
            _record(here, name, role, form)
            for gap in downloads.gaps(here.session, here.consultation, name):
                click.echo(f"{gap.stage.key}: {WITHHELD[gap.code]}", err=True)
        with context.on(found, slug, writes=False) as here:
            pieces = downloads.content(here.session, here.consultation, name, role, language, form)
            if out is None:
                for piece in pieces:
                    click.echo(piece, nl=False)
                return
            write_file(out, pieces)
    click.echo(f"{name} is in {out}", err=True)


def _record(here: context.CommandContext, name: str, role: str, form: str) -> None:
    try:
        downloads.record(here.session, here.consultation, name, role, form, context.actor())
    except NotAllowed as refused:
        there = " or ".join(sorted(downloads.FILES[name].roles))
        raise NotAllowed(f"{in_english(refused)}; ask for it with --as {there}") from None


def offered(here: context.CommandContext, language: str | None) -> str | None:
    """The language if the consultation offers it. Raises BadParameter."""
    known = here.definition.languages
    if language is not None and language not in known:
        raise click.BadParameter(f"'{language}' is not offered; there are: {', '.join(known)}")
    return language


def write_file(path: Path, parts: Iterable[bytes], mode: int = 0o600) -> None:
    """Write a file whole or not at all; by default only this user may read it.

    Raises NotPossible.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with open(handle, "wb") as file:
                file.writelines(parts)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise NotPossible(f"{path} cannot be written: {error.strerror}") from error
