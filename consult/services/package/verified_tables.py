"""The tables of a package: written again from what was released, and held against each other."""

from collections.abc import Callable, Iterator, Mapping

from consult.services.files.before_after import before_after_in_english
from consult.services.files.consensus_table import consensus_without_status
from consult.services.files.csvfile import lines
from consult.services.files.downloads import OF_PEOPLE
from consult.services.files.table_column import Table
from consult.services.files.table_source import TableSource
from consult.services.files.wide import STATE
from consult.services.frozen.row_files import TEXTS_TOO
from consult.services.package import annex
from consult.services.package.reading import LATER, PackageFile
from consult.services.package.restoring import Restored
from consult.services.package.writing import TABLES
from consult.services.rounds import starting

WRITTEN_BEFORE: Mapping[str, Callable[[TableSource], Table]] = {
    "before-after.csv": before_after_in_english,
    "consensus-table.csv": consensus_without_status,
}
"""How earlier versions wrote a table from the same results; packages of theirs stay what they are."""


def table_problems(restored: Restored) -> list[str]:
    """Tables that are not what the results give, or not what they should be; each in a sentence."""
    return [
        *_other_tables(restored),
        *_withheld_rows(restored),
        *_wide_tables(restored.package),
        *_described(restored.package),
        *_annex(restored),
    ]


def _annex(restored: Restored) -> Iterator[str]:
    """The annex, computed again from the released tables; packages of earlier versions have none."""
    if annex.PATH in restored.package.names:
        protocol = starting.registered_protocol(restored.session, restored.consultation)
        yield from annex.annex_problems(protocol, restored.results, restored.package.text(annex.PATH))


def _withheld_rows(restored: Restored) -> Iterator[str]:
    """Rows of stages that should have none."""
    codes = {stage.key: told.get("rows_withheld") for stage, told in restored.frozen()}
    for name in sorted(OF_PEOPLE):
        there = {row["stage"] for row in restored.package.rows(name)}
        for key in sorted(there):
            code = codes.get(key)
            if code and (name != "free-texts.csv" or code in TEXTS_TOO):
                yield f"data/{name} has rows of {key}, which are withheld"


def _other_tables(restored: Restored) -> Iterator[str]:
    """Tables of what was released, written again."""
    language = restored.results["consultation"]["language"]
    source = TableSource(restored.session, restored.consultation, language, frozen_only=True)
    for spec in TABLES:
        if spec.name not in OF_PEOPLE:
            stored = restored.package.text(f"data/{spec.name}")
            before = WRITTEN_BEFORE.get(spec.name)
            if _text(spec.table(source)) != stored and (before is None or _text(before(source)) != stored):
                yield f"data/{spec.name} is not what the results give"


def _text(table: Table) -> str:
    return "".join(lines(table.header, table.rows))


Said = dict[tuple[str, str], dict[str, tuple[str, str]]]


def _wide_tables(package: PackageFile) -> Iterator[str]:
    """The wide files, which must say what the long ones say."""
    for kind in ("ratings", "answers"):
        said: Said = {}
        for row in package.rows(f"{kind}-long.csv"):
            rated = kind == "ratings"
            key = f"{row['measure']}.{row['criterion']}" if rated else row["variable"]
            value = row["rating" if rated else "value"]
            person = said.setdefault((row["pseudonym"], row["stage"]), {})
            person[key] = (value, row["state"])
        for row in package.rows(f"{kind}-wide.csv"):
            wide = {
                name: (row[name], row[name + STATE])
                for name in row
                if name + STATE in row and (row[name] or row[name + STATE])
            }
            if said.pop((row["pseudonym"], row["stage"]), None) != wide:
                said = {("", ""): {}}
                break
        if said:
            yield f"data/{kind}-wide.csv does not say what data/{kind}-long.csv says"


def _described(package: PackageFile) -> Iterator[str]:
    """The tables that the descriptor names, with their digests."""
    try:
        resources = package.document("datapackage.json")["resources"]
        told = {row["path"]: row["hash"] for row in resources}
    except (KeyError, TypeError) as error:
        yield f"datapackage.json describes no tables: {error!r}"
        return
    there = [path for path in LATER if path in package.names]
    for path in (*(f"data/{spec.name}" for spec in TABLES), *there):
        if told.get(path) != f"sha256:{package.digest(path)}":
            yield f"datapackage.json does not describe {path} as it is"
