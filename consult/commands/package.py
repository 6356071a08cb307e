"""Packages: writing one, verifying one, and reading one without any database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import click
from sqlalchemy.orm import Session

from consult.commands import context
from consult.commands.download import offered, out_path, write_file
from consult.database import Database
from consult.errors import NotPossible
from consult.models import Base
from consult.services.files import downloads
from consult.services.package import verifying, writing
from consult.services.package.reading import PackageFile
from consult.words.withholding import WITHHELD

PIECE = 1 << 16


@click.command()
@context.slug_argument
@click.option("--out", type=out_path, required=True, help="The file to write; it ends in .zip.")
@click.option("--language", help="Of questions and labels; by default the consultation's first.")
def package_command(slug: str, out: Path, language: str | None) -> None:
    """Write all files, rules and results into one zip, and note it in the journal.

    It holds pseudonymous rows: it is for the analyst. The same consultation gives the same bytes.
    """
    if out.suffix != ".zip":
        raise click.BadParameter("the file's name ends in .zip", param_hint="--out")
    with context.database() as found:
        with context.on(found, slug, writes=True) as here:
            offered(here, language)
            writing.record(here.session, here.consultation, context.actor())
        with context.on(found, slug, writes=False) as here, TemporaryFile() as made:
            writing.write_package(here.session, here.consultation, made, language)
            for gap in downloads.gaps(here.session, here.consultation, "answers-long.csv"):
                click.echo(f"{gap.stage.key}: {WITHHELD[gap.code]}", err=True)
            made.seek(0)
            write_file(out, iter(lambda: made.read(PIECE), b""))
    click.echo(f"the package of '{slug}' is in {out}")


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Session, PackageFile]]:
    """A package, and a session on an empty database in memory to put it into."""
    with PackageFile(path) as package:
        database = Database("sqlite://")
        try:
            Base.metadata.create_all(database.engine)
            with database.open_session(writes=True) as session:
                yield session, package
        finally:
            database.dispose()


def verify_package(path: Path) -> None:
    """Print what a package turned out to be. Raises NotPossible when something was changed."""
    with unpacked(path) as (session, package):
        found = verifying.verify(session, package)
    if found.stages:
        rows = [(one.stage, one.digest, one.words) for one in found.stages]
        click.echo(context.table(("stage", "digest", ""), rows))
    for problem in found.problems:
        click.echo(context.visible(problem))
    if not found.is_sound:
        raise NotPossible("this package is not as it was written")
