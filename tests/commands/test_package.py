import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from consult.errors import NotPossible
from consult.services.package.reading import read_json
from tests.commands.conftest import CommandLine

SLUG = "town-library"


def packed(rated: CommandLine, path: Path) -> Path:
    assert "is in" in rated.out("package", SLUG, "--out", path)
    return path


def test_twice_the_same_bytes_and_private(rated: CommandLine, tmp_path: Path) -> None:
    first, second = packed(rated, tmp_path / "a.zip"), packed(rated, tmp_path / "b.zip")
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o777 == 0o600
    assert rated.out("journal", SLUG).count(" download") == 2


def test_how_a_package_is_asked_for(rated: CommandLine, tmp_path: Path) -> None:
    other = ("package", SLUG, "--out", tmp_path / "package.tar")
    assert "ends in .zip" in rated(*other, code=2).stderr
    french = ("package", SLUG, "--out", tmp_path / "a.zip", "--language", "fr")
    assert "there are: en" in rated(*french, code=2).stderr


def test_nothing_frozen_nothing_packed(library: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "package.zip"
    assert "nothing to pack" in library.refused("package", SLUG, "--out", out)
    assert not out.exists() and list(tmp_path.glob(".*")) == []


def test_a_package_is_verified_without_a_database(rated: CommandLine, tmp_path: Path) -> None:
    path = packed(rated, tmp_path / "package.zip")
    alone = CommandLine(tmp_path / "elsewhere")
    lines = alone.out("verify", path).splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["reproduced", "reproduced"]
    shown = rated.out("results", SLUG, "round-1").split()[-1]
    assert shown in lines[2]
    assert not (tmp_path / "elsewhere").exists()


def test_a_changed_package_is_refused(rated: CommandLine, tmp_path: Path) -> None:
    path = packed(rated, tmp_path / "package.zip")
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["data/ratings-long.csv"] = files["data/ratings-long.csv"].replace(b",4,", b",5,", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    result = rated("verify", path, code=1)
    assert "data/ratings-long.csv was changed" in result.stdout
    assert "not as it was written" in result.stderr
    folder = tmp_path / "briefing"
    assert "not as it was written" in rated.refused("briefing", "--from", path, "--out", folder)
    assert "is not a package" in rated.refused("verify", tmp_path / "no-such.zip")


def test_a_slug_is_still_verified_in_the_database(rated: CommandLine) -> None:
    assert rated.out("verify", SLUG).count("reproduced") == 2


def test_after_erasure(rated: CommandLine, tmp_path: Path) -> None:
    rated("erase", SLUG, "E01", "--yes")
    path = packed(rated, tmp_path / "package.zip")
    asked = ("download", SLUG, "ratings-long.csv", "--as", "analyst")
    assert "round-1: No rows or texts are given of this stage any more" in rated(*asked).stderr
    assert rated.out("verify", path).count("not reproducible: 1 erased") == 2


def test_the_briefing_comes_out_of_the_package(rated: CommandLine, tmp_path: Path) -> None:
    path, direct = packed(rated, tmp_path / "package.zip"), tmp_path / "direct.html"
    rated("briefing", SLUG, "--out", direct)
    folder = tmp_path / "briefing"
    alone = CommandLine(tmp_path / "elsewhere")
    written = alone.out("briefing", "--from", path, "--out", folder).splitlines()
    assert {Path(line) for line in written} == set(folder.iterdir())
    assert {"briefing-en.html", "briefing-en.docx", "briefing-en.pdf"} == set(os.listdir(folder))
    assert (folder / "briefing-en.html").read_bytes() == direct.read_bytes()
    first = {file.name: file.read_bytes() for file in folder.iterdir()}
    alone("briefing", "--from", path, "--out", folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == first
    french = ("briefing", "--from", path, "--out", folder, "--language", "fr")
    assert "there are: en" in alone(*french, code=2).stderr


def test_results_in_the_package_are_those_that_are_printed(rated: CommandLine, tmp_path: Path) -> None:
    path = packed(rated, tmp_path / "package.zip")
    printed = json.loads(rated.out("results", SLUG, "round-1", "--json"))
    with zipfile.ZipFile(path) as archive:
        document = json.loads(archive.read("results.json"))
    told = next(row["result"] for row in document["stages"] if row["key"] == "round-1")
    assert told["digest"] == printed["digest"]
    assert told["numbers"]["content"] == printed["numbers"]


def test_a_package_is_analysed_like_the_consultation(rated: CommandLine, tmp_path: Path) -> None:
    """`consult analyse` finds in the rows what was frozen when the round closed."""
    path = packed(rated, tmp_path / "package.zip")
    found = json.loads(rated.out("analyse", path, "--json"))["stages"][0]["measures"]
    told = json.loads(rated.out("results", SLUG, "round-1", "--json"))
    frozen = told["numbers"]["measures"]
    assert set(found) == set(frozen)
    for key, measure in frozen.items():
        for criterion, one in measure["criteria"].items():
            again = found[key]["criteria"][criterion]
            for name in ("n", "counts", "median", "verdict"):
                if one[name] is not None:
                    assert again[name] == one[name], (key, criterion, name)


def test_a_zip_that_is_no_package_is_refused(rated: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "nothing")
    assert "no data package" in rated.refused("analyse", path)


@pytest.mark.parametrize("depth", [101, 900, 100_000])
def test_json_without_end_is_refused_in_words(depth: int) -> None:
    with pytest.raises(NotPossible, match="nests_too_deep"):
        read_json("[" * depth + "]" * depth, "results.json")
    assert read_json("[" * 100 + "]" * 100, "results.json")
    assert read_json('{"a": [1, {"b": null}]}', "results.json") == {"a": [1, {"b": None}]}


def test_a_package_with_json_without_end_is_refused(rated: CommandLine) -> None:
    path = rated.folder / "package.zip"
    rated("package", SLUG, "--out", path)
    deep = rated.folder / "deep.zip"
    text = b"[" * 100_000 + b"]" * 100_000
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(deep, "w") as made:
        sums = good.read("SHA256SUMS").decode().splitlines()
        for name in good.namelist():
            content = text if name == "results.json" else good.read(name)
            if name == "SHA256SUMS":
                digest = hashlib.sha256(text).hexdigest()
                content = "".join(
                    f"{digest}  results.json\n" if line.endswith("  results.json") else f"{line}\n" for line in sums
                ).encode()
            made.writestr(name, content)
    assert "results.json nests too deep" in rated("verify", deep, code=1).stdout
