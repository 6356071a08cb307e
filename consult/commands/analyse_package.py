"""The ratings of a data package, as the rows that `consult analyse` reads."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from analysis.protocol.protocol import Protocol
from consult.errors import NotPossible
from consult.services.package.reading import read_json

RATINGS, RESULTS, RULES = "data/ratings-long.csv", "results.json", "protocol.json"
HEAD = ("round", "expert", "item", "criterion", "group", "rating", "state")


def is_package(file: Path) -> bool:
    """Whether a file is a zip; what it holds is looked at when it is read."""
    return str(file) != "-" and is_zipfile(file)


def package_protocol(file: Path) -> Protocol:
    """The registered protocol of a package. Raises NotPossible."""
    return Protocol.from_dict(read_json(_text(file, RULES), RULES))


def package_rows(file: Path) -> Iterator[str]:
    """CSV lines of a package's ratings; a measure reworded in substance is an item of its own."""
    kinds = _kinds(read_json(_text(file, RESULTS), RESULTS)["measures"])
    yield _line(HEAD)
    with ZipFile(file) as package, package.open(RATINGS) as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline="")):
            yield _line(
                (
                    row["round"],
                    row["pseudonym"],
                    kinds.get((row["measure"], row["wording"]), row["measure"]),
                    row["criterion"],
                    row["reporting_group"],
                    row["rating"],
                    row["state"],
                )
            )


def _kinds(measures: list[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The item of each wording: `M09`, and `M09 (wording 2)` after a change of substance."""
    found = {}
    for measure in measures:
        item = str(measure["key"])
        for version in measure["versions"]:
            number = version["number"]
            if number > 1 and not version["is_pairable"]:
                item = f"{measure['key']} (wording {number})"
            found[str(measure["key"]), str(number)] = item
    return found


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _text(file: Path, name: str) -> str:
    try:
        with ZipFile(file) as package:
            return package.read(name).decode()
    except (KeyError, BadZipFile) as error:
        raise NotPossible(f"{file.name} is no data package: it has no {name}") from error
