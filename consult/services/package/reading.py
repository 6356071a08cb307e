"""Reading a package: nothing in it is believed before its checksums hold."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.refusals.file_facts import LineOf, NamedFailed
from consult.services.package import annex
from consult.services.package.writing import SUMS, TABLES

PIECE = 1 << 16
DEEPEST = 100
"""How deep the JSON of a package may nest; what this program writes stays below 20."""
TOO_DEEP = "%s nests too deep to be one of a package"
FILES = (
    *(f"data/{spec.name}" for spec in TABLES),
    "definition.json",
    "protocol.json",
    "results.json",
    "results.schema.json",
    "README.md",
    "datapackage.json",
)
"""What every package holds, beside the list of checksums."""
LATER = (annex.PATH,)
"""What packages of earlier versions do not hold: there where the list of checksums names it."""


class PackageFile:
    """A package opened for reading; to be closed, or used in a `with`."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises NotPossible when it is no package."""
        try:
            self._zip = ZipFile(path)
        except (OSError, BadZipFile) as error:
            raise NotPossible(Refusal(Code.NO_PACKAGE, NamedFailed(str(path), str(error)))) from error
        self.names = [entry.filename for entry in self._zip.infolist()]

    def __enter__(self) -> "PackageFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def problems(self) -> list[str]:
        """Files missing, changed or added, each in a sentence; an empty list when all is right."""
        wanted = [*FILES, SUMS]
        found = [f"{name} is missing" for name in wanted if name not in self.names]
        found += [
            f"{name} does not belong here"
            for name in dict.fromkeys(self.names)
            if name not in (*wanted, *LATER) or self.names.count(name) > 1
        ]
        if found:
            return found
        # A package is stored plain, so that no entry can be larger than the file itself.
        if any(entry.compress_type != ZIP_STORED for entry in self._zip.infolist()):
            return ["its files are compressed: no package is written so"]
        try:
            sums = dict(_sum(line) for line in self.text(SUMS).splitlines())
            later = [name for name in LATER if name in sums or name in self.names]
            found = [f"{name} is missing" for name in later if name not in self.names]
            known = [name for name in (*FILES, *later) if name in self.names]
            return found + [f"{name} was changed" for name in known if sums.get(name) != self.digest(name)]
        except (BadZipFile, ValueError) as error:
            return [f"it cannot be read: {error}"]

    def text(self, name: str) -> str:
        """A whole file. Raises NotPossible."""
        try:
            return self._zip.read(name).decode()
        except (KeyError, BadZipFile, UnicodeDecodeError) as error:
            raise NotPossible(Refusal(Code.PART_UNREADABLE, NamedFailed(name, str(error)))) from error

    def document(self, name: str) -> Any:
        """A JSON file. Raises NotPossible."""
        return read_json(self.text(name), name)

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a table. Raises NotPossible for one that is too short or too long."""
        with self._zip.open(f"data/{name}") as raw:
            reader = csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""), strict=True)
            try:
                for row in reader:
                    if None in row or None in row.values():
                        raise NotPossible(Refusal(Code.NO_ROW, LineOf(f"data/{name}", reader.line_num)))
                    yield row
            except (csv.Error, UnicodeDecodeError) as error:
                raise NotPossible(Refusal(Code.TABLE_UNREADABLE, NamedFailed(f"data/{name}", str(error)))) from error

    def digest(self, name: str) -> str:
        """SHA-256 of a file, 64 hexadecimal digits."""
        sha256 = hashlib.sha256()
        with self._zip.open(name) as file:
            while piece := file.read(PIECE):
                sha256.update(piece)
        return sha256.hexdigest()


def read_json(text: str, name: str) -> Any:
    """What a JSON text holds. Raises NotPossible when it is none, or nests without end."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise NotPossible(Refusal(Code.NO_JSON, NamedFailed(name, str(error)))) from error
    except RecursionError:
        raise NotPossible(Refusal(Code.NESTS_TOO_DEEP, Named(name))) from None
    level = [found]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return found
    raise NotPossible(Refusal(Code.NESTS_TOO_DEEP, Named(name)))


def _parts(whole: Any) -> Iterable[Any]:
    if isinstance(whole, dict):
        return whole.values()
    return whole if isinstance(whole, list) else ()


def _sum(line: str) -> tuple[str, str]:
    digest, name = line.split("  ", 1)
    return name, digest
