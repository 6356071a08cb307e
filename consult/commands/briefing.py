"""The briefing as a file, from the database or from a package."""

from collections.abc import Callable
from pathlib import Path

import click

from consult.briefing import html
from consult.briefing.contents import build
from consult.briefing.model import Briefing
from consult.commands import desk
from consult.commands.download import offered, write_file
from consult.commands.package import unpacked
from consult.errors import NotPossible
from consult.services.briefings import briefing_of
from consult.services.definitions import definition_of
from consult.services.restoring import Restored, briefing_given

READABLE = 0o666
"""Less what the user's mask takes."""


def _html(briefing: Briefing, language: str) -> bytes:
    return html.render(briefing, language).encode()


FORMATS: dict[str, Callable[[Briefing, str], bytes]] = {".html": _html}
"""Every format of the briefing by the ending of its file."""


@click.command()
@click.argument("slug", required=False)
@click.option(
    "--from",
    "package",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A package instead of a SLUG: every language and format, without a database.",
)
@click.option("--language", help="By default the consultation's first.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; with --from, the folder.",
)
def briefing_command(
    slug: str | None, package: Path | None, language: str | None, out: Path
) -> None:
    """Write the briefing from the frozen results, in one language."""
    if (slug is None) is (package is None):
        raise click.UsageError("give either a SLUG or --from FILE.zip")
    if package is not None:
        _from_package(package, language, out)
        return
    if out.suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise click.BadParameter(f"the file's name ends in {known}", param_hint="--out")
    with desk.reading(slug or "") as here:
        chosen = offered(here, language) or here.definition.languages[0]
        briefing = briefing_of(here.session, here.consultation, chosen)
        write_file(out, [FORMATS[out.suffix](briefing, chosen)], mode=READABLE)
    click.echo(f"the briefing of '{slug}' is in {out}")


def _from_package(path: Path, language: str | None, folder: Path) -> None:
    with unpacked(path) as (session, package):
        problems = package.problems()
        if problems:
            raise NotPossible(f"{path} is not as it was written: {problems[0]}")
        restored = Restored(session, package)
        known = definition_of(session, restored.consultation.id).languages
        if language is not None and language not in known:
            raise click.BadParameter(f"'{language}' is not offered; there are: {', '.join(known)}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotPossible(f"{folder} cannot be made: {error.strerror}") from error
        restored.add_results()
        for chosen in [language] if language else known:
            briefing = build(briefing_given(restored, chosen))
            for suffix, write in FORMATS.items():
                file = folder / f"briefing-{chosen}{suffix}"
                write_file(file, [write(briefing, chosen)], mode=READABLE)
                click.echo(f"{file}")
