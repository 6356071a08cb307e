"""`consult analyse`: a file of ratings from anywhere, judged by a protocol."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import click

from analysis.canonical import canonical_json
from analysis.disclosure.floors import release
from analysis.model.figures import shared
from analysis.model.file import Document, FileDocument, FileResult, ReleasedFile
from analysis.model.writer import sealed, stored
from analysis.protocol.protocol import NO_ANSWER, Protocol
from analysis.ratings_file.assumed import Assumed
from analysis.ratings_file.document import FROM_ROWS, file_result
from analysis.ratings_file.round_tables import Rounds
from analysis.ratings_file.verdict_rows import VerdictRow, verdict_rows
from analysis.registry.adjusting import ADJUSTMENTS, USUAL
from analysis.registry.file_tables import FileTables
from analysis.registry.released_tables import ReleasedTables
from analysis.registry.tables import Tables
from consult.commands import analyse_cells, analyse_page, analyse_tables
from consult.commands.analyse_package import is_package, package_protocol
from consult.commands.analyse_reading import read_file
from consult.commands.analyse_statistics import print_list, with_statistics
from consult.commands.protocol_file import FileReading, read_protocol
from consult.errors import NotPossible


@click.command(
    epilog=f"""FILE is a CSV with the columns round, expert, item, rating and, where wanted,
    criterion, group (of the expert) and state (why there is no rating: {", ".join(NO_ANSWER)}).
    Rows may come in any order; `-` is
    standard input. FILE may also be a data package (`consult package`), judged by the protocol in
    it; so may its file ratings-long.csv alone. Cells are parted by a comma, a semicolon, a tab or
    an upright line. Without --protocol ratings are taken as 1 to 9, and consensus as 75 % in 7-9
    and below 15 % in 1-3 (or the mirror of it), for at least 10 ratings; the output says so.
    Rounds are in the order of their numbers, else of first appearance; --rounds gives another."""
)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--protocol",
    "protocol_path",
    metavar="YAML",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Scales, criteria and rules; every key left out has its default.",
)
@click.option(
    "--json",
    "as_json",
    metavar="[FILE]",
    is_flag=False,
    flag_value="-",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write everything as canonical JSON into a file, or print it where none is named.",
)
@click.option("--rounds", metavar="A,B,...", help="The rounds of the file in their order.")
@click.option(
    "--missing", metavar="WORD,...", help="What stands for no rating beside an empty cell, for example NA,-99."
)
@click.option(
    "--html",
    "page",
    metavar="PAGE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one self-contained page with charts; it asks nothing of the network.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write results.json, protocol.json, verdicts.csv and report.html into a folder.",
)
@click.option(
    "--statistics",
    "names",
    metavar="NAME,...",
    is_eager=True,
    callback=print_list,
    help="Statistics of the registry beside the results; `--statistics list` names them all.",
)
@click.option(
    "--adjust",
    "method",
    type=click.Choice(list(ADJUSTMENTS)),
    default=USUAL,
    show_default=True,
    help="How p-values of --statistics are adjusted for their number.",
)
@click.option("--released", is_flag=True, help="Only what the protocol's disclosure rules would let everybody see.")
def analyse_command(
    file: Path,
    protocol_path: Path | None,
    as_json: Path | None,
    rounds: str | None,
    missing: str | None,
    page: Path | None,
    folder: Path | None,
    names: str | None,
    method: str,
    released: bool,
) -> None:
    """Judge a CSV of ratings: consensus, stability, agreement, ranking and their certainty."""
    reading = _reading(file, protocol_path, _listed(rounds), _listed(missing))
    protocol, found = read_file(file, reading)
    document = file_result(protocol, found, reading.assumed)
    shown: Document = released_document(document, protocol) if released else document
    if names is not None:
        shown = with_statistics(shown, _tables(shown, protocol, found), _listed(names), method)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "results.json", stored(shown) + "\n")
        _write(folder / "protocol.json", canonical_json(shown.protocol) + "\n")
        _write(folder / "verdicts.csv", verdicts_csv(shown))
        _write(folder / "report.html", analyse_page.page(shown, file.name))
    if page is not None:
        _write(page, analyse_page.page(shown, file.name))
    if as_json is not None and str(as_json) != "-":
        _write(as_json, stored(shown) + "\n")
    if as_json is not None and str(as_json) == "-":
        click.echo(stored(shown))
    else:
        click.echo("\n\n".join(analyse_tables.printed(shown)))


def _reading(file: Path, path: Path | None, rounds: tuple[str, ...], missing: tuple[str, ...]) -> FileReading:
    """The protocol named, else that of the package, else the documented default."""
    if path is not None:
        written = read_protocol(path)
        return replace(written, rounds=rounds or written.rounds, missing=missing or written.missing)
    if is_package(file):
        return FileReading(package_protocol(file), rounds, missing)
    return FileReading(Protocol(), rounds, missing, (Assumed.SCALE, Assumed.RULE))


def _listed(words: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip()) if words else ()


def released_document(document: FileResult, protocol: Protocol) -> ReleasedFile:
    """What the disclosure rules let everybody see; what rests on rows or groups is left out."""
    stages = tuple(release(stage, protocol.disclosure) for stage in document.stages)
    whole = ReleasedFile(**shared(document, FileDocument), stages=stages)
    kept = replace(whole, ranking=None, opinion_groups=None, flow=(), doubt={}, nulls=FROM_ROWS)
    return sealed(kept)


def _tables(document: Document, protocol: Protocol, found: Rounds) -> Tables:
    """What statistics are computed from: of a released document nothing but what it tells."""
    if isinstance(document, ReleasedFile):
        return ReleasedTables(protocol, {stage.stage: stage for stage in document.stages})
    return FileTables(protocol, found)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise NotPossible(f"{path} cannot be written ({error.strerror})") from error


def verdicts_csv(document: Document) -> str:
    """One line per round, item and criterion, the figures of the terminal's tables."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(VerdictRow._fields)
    for row in verdict_rows(document.stages, Protocol.from_dict(document.protocol).dissent):
        cells = (json.dumps(cell) if isinstance(cell, tuple) else cell for cell in row)
        writer.writerow(["" if cell is None else analyse_cells.safe(cell) for cell in cells])
    return buffer.getvalue()
