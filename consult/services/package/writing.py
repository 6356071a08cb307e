"""The package: one zip with all that an analyst may have, from which results come out again.

Nothing in it tells when it was made: the same consultation gives the same bytes. Files are stored
without compression, so that the bytes do not depend on a library's version either.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from analysis.canonical import plain
from consult.errors import NotPossible
from consult.models import Consultation
from consult.refusals.codes import Code, Refusal
from consult.services import journal
from consult.services.definitions import definition_of
from consult.services.files.csvfile import lines
from consult.services.files.datapackage import Packed, checksums, descriptor, resource
from consult.services.files.downloads import DOWNLOAD, FILES, DownloadSpec
from consult.services.files.table_source import TableSource
from consult.services.package import annex
from consult.services.package.results_document import published, results_document
from consult.services.package.results_rows import Document
from consult.services.package.results_schema import package_schema
from consult.services.rounds import starting
from consult.words.withholding import WITHHELD

ROLE = "analyst"
NAME = "package.zip"
TABLES = tuple(spec for spec in FILES.values() if ROLE in spec.roles)
SUMS = "SHA256SUMS"
START = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell; stands in every entry."""
READ_ME = """\
# {title}

Data package of the consultation `{slug}`, of frozen stages only.

- `data/`: tables as CSV (UTF-8, RFC 4180); `datapackage.json` says what each column holds.
  A text that a spreadsheet would take for a formula has an apostrophe in front.
- `{annex}`: more statistics of the released tables, each by name.
- `definition.json`: what was asked, `protocol.json`: the rules, as registered.
- `results.json`: every released table, statistic and verdict; `results.schema.json` documents it.
- `{sums}`: checksums of all other files, for `sha256sum --check`.

`consult verify FILE.zip` computes every statistic again from the rows and compares.
`consult briefing --from FILE.zip --out FOLDER` writes the briefing again.

Rows stand under pseudonyms and in random order. They are for the analyst: do not pass them on.
{withheld}Made with consult {consult}, analysis {analysis}.
"""


def write_package(session: Session, consultation: Consultation, out: IO[bytes], language: str | None = None) -> None:
    """Write the package. `language`: of the tables; by default the consultation's first.

    Raises NotPossible while nothing is frozen.
    """
    definition = definition_of(session, consultation.id)
    source = TableSource(session, consultation, language, frozen_only=True)
    if not source.frozen:
        raise NotPossible(Refusal(Code.NOTHING_TO_PACK))
    results = results_document(session, consultation, source.read.language, source.standings)
    protocol = starting.registered_protocol(session, consultation)
    title = source.read(definition.title)
    with ZipFile(out, "w", ZIP_STORED) as archive:
        packed, resources = [], []
        for spec in TABLES:
            one, described = _add_table(archive, spec, source)
            packed.append(one)
            resources.append(described)
        packed.append(_add(archive, annex.PATH, (line.encode() for line in annex.annex_lines(protocol, results))))
        resources.append(resource(annex.NAME, packed[-1], annex.TITLE, annex.FIELDS))
        for name, content in (
            ("definition.json", published(session, consultation).content),
            ("protocol.json", _json(protocol.to_dict())),
            ("results.json", _json(results)),
            ("results.schema.json", _json(package_schema())),
            ("README.md", _read_me(results, title)),
            ("datapackage.json", _json(descriptor(results, title, resources))),
        ):
            packed.append(_add(archive, name, [content.encode()]))
        _add(archive, SUMS, [checksums(packed).encode()])


def record(session: Session, consultation: Consultation, actor: str) -> None:
    """Note in the journal that a package goes out."""
    journal.record(session, consultation.id, actor, DOWNLOAD, file=NAME, format="zip", role=ROLE)


def _add_table(archive: ZipFile, spec: DownloadSpec, source: TableSource) -> tuple[Packed, dict[str, Any]]:
    table = spec.table(source)
    pieces = (line.encode() for line in lines(table.header, table.rows))
    packed = _add(archive, f"data/{spec.name}", pieces)
    return packed, resource(spec.name, packed, spec.what, table.fields)


def _add(archive: ZipFile, path: str, pieces: Iterable[bytes]) -> Packed:
    entry = ZipInfo(path, START)
    entry.compress_type = ZIP_STORED
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    sha256, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
            sha256.update(piece)
            size += len(piece)
    return Packed(path, sha256.hexdigest(), size)


def _json(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _read_me(results: Document, title: str) -> str:
    slug = results["consultation"]["slug"]
    withheld = "".join(
        f"`{stage['key']}`: {WITHHELD[code]}\n"
        for stage in results["stages"]
        if stage["result"] and (code := stage["result"]["rows_withheld"])
    )
    said = withheld and f"\n{withheld}\n"
    return READ_ME.format(title=title, slug=slug, sums=SUMS, annex=annex.PATH, withheld=said, **results["code"])
