"""The briefing as a file, and what an editor made of it held against the results."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from consult.briefing.checking import Finding, Report, check
from consult.briefing.docx_reading import read
from consult.briefing.editing import skeleton
from consult.briefing.forms import write
from consult.briefing.lettering import gaps
from consult.commands import context
from consult.commands.briefing_again import again_command, tell_gaps
from consult.commands.download import offered, out_path, write_file
from consult.errors import NotPossible
from consult.services.briefings import briefing_of

ENDS = {"html": ".html", "docx": ".docx", "pdf": ".pdf", "notes": ".md"}
in_path = click.Path(path_type=Path, dir_okay=False, exists=True)
language_option = click.option("--language", help="By default the consultation's first.")
notes_option = click.option(
    "--notes", type=in_path, help="The editor's own words, one block per section; they are merged."
)


class WritesByDefault(click.Group):
    """`consult briefing SLUG ...` is short for `consult briefing write SLUG ...`, and
    `consult briefing --from FILE.zip ...` for `consult briefing again --from FILE.zip ...`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            is_package = any(arg.partition("=")[0] == "--from" for arg in args)
            args = ["again" if is_package else "write", *args]
        return super().parse_args(ctx, args)


@click.group("briefing", cls=WritesByDefault)
def briefing_command() -> None:
    """Write the briefing from the frozen results, or check what an editor made of it.

    `consult briefing SLUG --out FILE` is short for `consult briefing write SLUG --out FILE`;
    `consult briefing --from FILE.zip --out FOLDER` writes it from a package, in every form and
    language.
    """


briefing_command.add_command(again_command)


@briefing_command.command("write")
@context.slug_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(ENDS)),
    help="By default as the file's name ends; notes is an empty file for the editor's words.",
)
@language_option
@notes_option
@click.option("--template", type=in_path, help="In place of the own: .html, .docx or .typ for PDF.")
@click.option("--out", type=out_path, required=True, help="The file: .html, .docx, .pdf or .md.")
def write_command(
    slug: str, form: str | None, language: str | None, notes: Path | None, template: Path | None, out: Path
) -> None:
    """Write the briefing from the frozen results, in one language."""
    form = _form(form, out)
    if form == "notes" and out.exists():
        raise NotPossible(f"{out} is there already; an editor's words are never written over")
    with context.reading(slug) as here:
        chosen = offered(here, language) or here.definition.languages[0]
        found = briefing_of(here.session, here.consultation, chosen, _text(notes))
        if form == "notes":
            content = skeleton(found).encode()
        else:
            content = write(found, form, template.read_bytes() if template else None)
        write_file(out, [content], mode=0o666)  # less what the user's mask takes
    click.echo(f"the briefing of '{slug}' is in {out}")
    if form == "pdf":
        tell_gaps(gaps(found))


def _form(form: str | None, out: Path) -> str:
    """The form asked for, and whether the file's name ends as it should. Raises BadParameter."""
    by_end = {end: name for name, end in ENDS.items()}
    found = form or by_end.get(out.suffix)
    if found is None or ENDS[found] != out.suffix:
        ends = ENDS[form] if form else ".html, .docx, .pdf or .md"
        raise click.BadParameter(f"the file's name ends in {ends}", param_hint="--out")
    return found


def _text(notes: Path | None) -> str:
    """The side file. Raises NotPossible."""
    if notes is None:
        return ""
    try:
        return notes.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPossible(f"{notes} is not in UTF-8") from error


@briefing_command.command("check")
@click.argument("edited", type=in_path)
@click.option("--slug", help="By default what the file says it was written from.")
@click.option("--language", help="By default what the file says of itself.")
@notes_option
def check_command(edited: Path, slug: str | None, language: str | None, notes: Path | None) -> None:
    """List every number in EDITED, a Word file, that no longer matches the frozen results.

    Ends with 1 when there is one.
    """
    content = edited.read_bytes()
    given = read(content)
    slug = slug or given.slug
    if not slug:
        raise NotPossible(f"{edited} does not say which consultation it is of; name it: --slug")
    with context.reading(slug) as here:
        spoken = language or (given.language if given.language in here.definition.languages else None)
        chosen = offered(here, spoken) or here.definition.languages[0]
        found = briefing_of(here.session, here.consultation, chosen, _text(notes))
    report = check(content, found)
    _show(report)
    if report.findings:
        sys.exit(1)


def _show(report: Report) -> None:
    tell_gaps(report.gaps)
    if report.untraced:
        click.echo(f"{context.counted(len(report.untraced), 'number')} in the editor's own words without a source:")
        click.echo(_listed(report.untraced))
    if report.findings:
        click.echo(
            f"{len(report.findings)} of {context.counted(report.checked, 'number')} no longer as in the frozen results:"
        )
        click.echo(_listed(report.findings))
    else:
        click.echo(f"all {context.counted(report.checked, 'number')} as in the frozen results")


def _listed(findings: Sequence[Finding]) -> str:
    rows = [(one.found, one.expected or "–", one.source or "–", one.section, one.passage) for one in findings]
    return context.table(("found", "results", "source", "section", "passage"), rows)
