"""`consult analyse`: a file of ratings from anywhere, judged by a protocol."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from analysis.canonical import canonical_json, digest
from analysis.disclosure import release
from analysis.file_report import file_result
from analysis.leaning import reading
from analysis.protocol import Protocol
from analysis.ratings import BadRow, Ratings
from analysis.reading import REQUIRED, HeaderInvalid, read_ratings
from analysis.rounds import Rounds, collect
from consult.commands import analyse_page, analyse_tables
from consult.commands.analyse_package import is_package, package_protocol, package_rows
from consult.commands.protocol_file import (
    RATING,
    read_protocol,
    scale_without_criteria,
    with_criteria,
)
from consult.errors import NotPossible

Document = dict[str, Any]
TELL_EVERY = 1_000_000

BAD_ROWS = {
    "columns": "{word} cells where the first line has another number",
    "empty": "no {word}",
    "unknown_criterion": "'{word}' is no criterion of the protocol",
    "not_on_scale": "'{word}' is not on the scale",
    "unknown_state": "'{word}' is no state of not answering",
    "rating_and_state": "both a rating and a state ({word})",
    "two_groups": "'{word}' is another group than this expert had before",
    "repeated": "this expert has rated this already ({word})",
    "not_csv": "not readable as CSV ({word})",
}


@click.command(
    epilog="""FILE is a CSV with the columns round, expert, item, rating and, where wanted,
    criterion, group (of the expert) and state (why there is no rating: dont_know, not_my_field,
    not_in_my_country, abstained, skipped, blank, not_reached). Rows may come in any order; `-` is
    standard input. FILE may also be a data package (`consult package`), judged by the protocol in
    it. Without --protocol ratings are 1 to 9, and consensus is 75 % in 7-9 and below
    15 % in 1-3 (or the mirror of it), for at least 10 ratings."""
)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--protocol",
    "protocol_path",
    metavar="YAML",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Scales, criteria and rules; every key left out has its default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as canonical JSON.")
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
    "--released",
    is_flag=True,
    help="Only what the protocol's disclosure rules would let everybody see.",
)
def analyse_command(
    file: Path,
    protocol_path: Path | None,
    as_json: bool,
    page: Path | None,
    folder: Path | None,
    released: bool,
) -> None:
    """Judge a CSV of ratings: consensus, stability, agreement, ranking and their certainty."""
    protocol = _protocol(file, protocol_path)
    protocol, rounds = _read(file, protocol)
    document = file_result(protocol, rounds)
    if released:
        document = released_document(document, protocol)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "results.json", canonical_json(document) + "\n")
        _write(folder / "protocol.json", canonical_json(document["protocol"]) + "\n")
        _write(folder / "verdicts.csv", verdicts_csv(document))
        _write(folder / "report.html", analyse_page.page(document, file.name))
    if page is not None:
        _write(page, analyse_page.page(document, file.name))
    if as_json:
        click.echo(canonical_json(document))
    else:
        click.echo("\n\n".join(analyse_tables.printed(document)))


def _protocol(file: Path, path: Path | None) -> Protocol:
    """The protocol named, else that of the package, else the documented default."""
    if path is not None:
        return read_protocol(path)
    return package_protocol(file) if is_package(file) else Protocol()


@contextmanager
def _opened(file: Path) -> Iterator[Iterable[str]]:
    """The lines of a CSV, or of the ratings in a package."""
    if is_package(file):
        yield package_rows(file)
        return
    with click.open_file(str(file), encoding="utf-8") as stream:
        yield stream


def _read(file: Path, protocol: Protocol) -> tuple[Protocol, Rounds]:
    """The protocol with its criteria, and the tables. Raises NotPossible, all bad rows told."""
    name = "standard input" if str(file) == "-" else file.name

    def refuse(row: BadRow) -> None:
        words = BAD_ROWS[row.code].format(word=row.word)
        click.echo(f"{name}:{row.line}: {words}", err=True)

    try:
        with _opened(file) as stream:
            ratings = _ratings(stream, protocol, refuse)
    except HeaderInvalid as header:
        raise NotPossible(_header_words(name, header)) from header
    except UnicodeDecodeError as error:
        raise NotPossible(f"{name} is not UTF-8 text; save it again as UTF-8") from error
    except OSError as error:
        raise NotPossible(f"{name} cannot be read ({error.strerror})") from error
    with ratings:
        if ratings.unread:
            click.echo(f"columns not looked at: {', '.join(ratings.unread)}", err=True)
        rounds = collect(ratings, refuse)
        if ratings.bad:
            some = "1 row was" if ratings.bad == 1 else f"{ratings.bad} rows were"
            raise NotPossible(f"{some} refused; nothing was analysed")
        if not ratings.variables:
            raise NotPossible(f"{name} holds no rating")
        return with_criteria(protocol, sorted(ratings.scales)), rounds


def _ratings(
    stream: Iterable[str], protocol: Protocol, refuse: Callable[[BadRow], None]
) -> Ratings:
    scales = {one.key: protocol.scale(one.scale) for one in protocol.criteria}
    if protocol.criteria:
        deciding = protocol.deciding.key
        scales = {deciding: scales.pop(deciding), **scales}

    told = 0

    def progress(rows: int) -> None:
        nonlocal told
        if rows // TELL_EVERY > told:
            told = rows // TELL_EVERY
            click.echo(f"{rows} rows read", err=True)

    default = None if protocol.criteria else scale_without_criteria(protocol)
    first = scales if default is None else {RATING: default}
    ratings = read_ratings(stream, first, refuse, progress, default)
    seen = {variable.criterion for variable in ratings.variables}
    if not protocol.criteria:
        ratings.scales = {key: scale for key, scale in ratings.scales.items() if key in seen}
    return ratings


def _header_words(name: str, header: HeaderInvalid) -> str:
    if header.twice:
        return f"{name}:1: named twice: {', '.join(header.twice)}"
    return (
        f"{name}:1: no column {', '.join(header.missing)}; "
        f"the first line must name {', '.join(REQUIRED)}"
    )


def released_document(document: Mapping[str, Any], protocol: Protocol) -> Document:
    """What the disclosure rules let everybody see; what rests on rows or groups is left out."""
    stages = [release(stage, protocol.disclosure) for stage in document["stages"]]
    shown: Document = {key: value for key, value in document.items() if key != "digest"}
    shown |= {"stages": stages, "ranking": None, "opinion_groups": None, "flow": [], "doubt": {}}
    return shown | {"digest": digest(shown)}


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise NotPossible(f"{path} cannot be written ({error.strerror})") from error


def verdicts_csv(document: Mapping[str, Any]) -> str:
    """One line per round, item and criterion, the figures of the terminal's tables."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(analyse_tables.CSV_HEAD)
    for row in _csv_rows(document):
        writer.writerow(["" if cell is None else analyse_tables.safe(cell) for cell in row])
    return buffer.getvalue()


def _csv_rows(document: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    rule = Protocol.from_dict(document["protocol"]).dissent
    for stage in document["stages"]:
        for key, name, block in analyse_tables.criteria(stage):
            verdict, robust = block["verdict"], block["robustness"] or {}
            yield (
                stage["stage"], key, name, block["n"], block["median"], block["q1"], block["q3"],
                json.dumps(block["counts"]) if block["counts"] is not None else None,
                verdict["verdict"], verdict["margin"], block["stability"]["state"],
                reading(block, rule), (robust.get("leave_one_out") or {}).get("flips"),
            )  # fmt: skip
