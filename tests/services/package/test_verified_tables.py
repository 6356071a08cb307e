"""The tables of a package, each held against what it must say."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.services.package.reading import PackageFile
from consult.services.package.restoring import Restored
from consult.services.package.verified_tables import table_problems
from tests.services.conftest import World, fresh_database
from tests.services.package.packing import contents, packed, written

Files = dict[str, str]


def problems(files: Files, folder: Path) -> list[str]:
    with (
        fresh_database("sqlite", folder) as database,
        PackageFile(written(files, folder / "package.zip")) as package,
        database.open_session(writes=True) as session,
    ):
        found = Restored(session, package)
        found.add_results()
        return table_problems(found)


def _other_figure(files: Files) -> None:
    files["data/participation.csv"] = files["data/participation.csv"].replace(",11,", ",12,", 1)


def _wide_row_gone(files: Files) -> None:
    rows = files["data/answers-wide.csv"].split("\r\n")
    files["data/answers-wide.csv"] = "\r\n".join([rows[0], *rows[2:]])


def _wide_row_more(files: Files) -> None:
    head, first, *rows = files["data/ratings-wide.csv"].split("\r\n")
    files["data/ratings-wide.csv"] = "\r\n".join([head, first, first.replace("P-", "P-X", 1), *rows])


def _withheld(files: Files) -> None:
    document = json.loads(files["results.json"])
    document["stages"][1]["result"]["rows_withheld"] = "few_alike"
    files["results.json"] = json.dumps(document)


def _undescribed(files: Files) -> None:
    document = json.loads(files["datapackage.json"])
    document["resources"] = document["resources"][1:]
    files["datapackage.json"] = json.dumps(document)


def _describes_nothing(files: Files) -> None:
    files["datapackage.json"] = json.dumps({"resources": [{"path": "elsewhere.csv"}]})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda files: None, []),
        (_other_figure, ["data/participation.csv is not what the results give"]),
        (_wide_row_gone, ["data/answers-wide.csv does not say what data/answers-long.csv says"]),
        (_wide_row_more, ["data/ratings-wide.csv does not say what data/ratings-long.csv says"]),
        (
            _withheld,
            [
                "data/ratings-long.csv has rows of round-1, which are withheld",
                "data/ratings-wide.csv has rows of round-1, which are withheld",
            ],
        ),
        (_describes_nothing, ["datapackage.json describes no tables: KeyError('hash')"]),
    ],
    ids=["nothing", "another figure", "a row less", "a row more", "withheld rows", "no description"],
)
def test_each_fault_is_told_in_a_sentence(
    played: World, tmp_path: Path, edit: Callable[[Files], None], said: list[str]
) -> None:
    files = contents(packed(played))
    edit(files)
    assert problems(files, tmp_path) == said


def test_a_table_that_is_not_described_is_told(played: World, tmp_path: Path) -> None:
    files = contents(packed(played))
    first = json.loads(files["datapackage.json"])["resources"][0]["path"]
    _undescribed(files)
    assert problems(files, tmp_path) == [f"datapackage.json does not describe {first} as it is"]
