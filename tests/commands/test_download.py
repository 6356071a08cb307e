import csv
import io
from pathlib import Path

import pandas
import pytest

from consult.services.files import downloads
from consult.services.files.tableformats import FORMATS
from tests.commands.conftest import CommandLine

SLUG = "town-library"


def test_the_list_of_files(rated: CommandLine) -> None:
    shown = rated.out("download", SLUG)
    assert all(name in shown for name in downloads.FILES)


def test_a_file_on_standard_output(rated: CommandLine) -> None:
    shown = rated.out("download", SLUG, "participation.csv")
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert [row["submitted"] for row in rows] == ["10", "10"]


def test_a_file_is_written_whole_and_private(rated: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "ratings.csv"
    words = ("download", SLUG, "ratings-long.csv", "--as", "analyst", "--out", out)
    result = rated(*words)
    assert result.stdout == "" and "is in" in result.stderr
    first = out.read_bytes()
    assert first.count(b"\r\n") == 1 + 10 * 7 and out.stat().st_mode & 0o777 == 0o600
    rated(*words)
    assert out.read_bytes() == first
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_and_the_journal(rated: CommandLine, tmp_path: Path, form: str) -> None:
    out = tmp_path / "table"
    words = ("download", SLUG, "ratings-wide.csv", "--as", "analyst", "--format", form)
    rated(*words, "--out", out)
    first = out.read_bytes()
    assert rated(*words).stdout_bytes == first
    if form == "parquet":
        assert len(pandas.read_parquet(out)) == 10
    journal = rated.out("journal", SLUG)
    assert journal.count(" download") == 2 and f"format={form}" in journal.replace(": ", "=")
    assert "there is no format" not in journal
    rated("download", SLUG, "ratings-wide.csv", "--format", "ods", code=2)


def test_a_refused_download_is_not_in_the_journal(rated: CommandLine) -> None:
    rated.refused("download", SLUG, "ratings-long.csv")
    assert " download" not in rated.out("journal", SLUG)


def test_files_are_for_roles(rated: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    said = rated.refused("download", SLUG, "ratings-long.csv", "--out", out)
    assert "not for the role secretariat" in said and "--as analyst" in said
    assert "there is no file" in rated.refused("download", SLUG, "panel.csv")
    assert "cannot be written" in rated.refused(
        "download", SLUG, "participation.csv", "--out", tmp_path / "no" / "x.csv"
    )
    french = ("download", SLUG, "participation.csv", "--language", "fr")
    assert "there are: en" in rated(*french, code=2).stderr
    assert not out.exists()


def test_the_briefing_is_written(rated: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "briefing.html"
    assert "is in" in rated.out("briefing", SLUG, "--out", out)
    shown = out.read_text(encoding="utf-8")
    assert shown.lstrip().lower().startswith("<!doctype html") and "A quiet reading room" in shown
    other = ("briefing", SLUG, "--out", tmp_path / "briefing.txt")
    assert "ends in .html" in rated(*other, code=2).stderr
    french = ("briefing", SLUG, "--out", out, "--language", "fr")
    assert "there are: en" in rated(*french, code=2).stderr
