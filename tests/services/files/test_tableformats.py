"""Every format opens where it should, says the same, and never holds a formula."""

import io
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from consult.errors import NotFound
from consult.services.files import downloads
from consult.services.files.tableformats import FORMATS, encoded
from consult.services.frozen.codebook import Cell
from tests.services.conftest import World
from tests.services.files.opening import FIELDS, made, opened
from tests.services.files.reading import HOSTILE

CELL = st.text(max_size=30) | HOSTILE


@pytest.mark.parametrize("name", downloads.FILES)
def test_pandas_and_openpyxl_open_every_download(played: World, tmp_path: Path, name: str) -> None:
    frames = {form: opened(made(played, name, form), form, tmp_path) for form in FORMATS}
    header = list(frames["csv"].columns)
    for form, frame in frames.items():
        assert len(frame) == len(frames["csv"]), form
        assert len(frame.columns) == len(header), form
        if form != "sav":
            assert list(frame.columns) == header, form
    book = load_workbook(io.BytesIO(made(played, name, "xlsx")))
    assert book.sheetnames == [name.removesuffix(".csv"), "columns"]
    assert [row[0] for row in book["columns"].values] == ["column", *header]
    assert book.worksheets[0].freeze_panes == "A2" and book.worksheets[0]["A1"].font.b


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_twice(played: World, form: str) -> None:
    for name in ("ratings-wide.csv", "consensus-table.csv", "free-texts.csv"):
        assert made(played, name, form) == made(played, name, form)


def test_roles_hold_in_every_format(played: World) -> None:
    for form in FORMATS:
        with pytest.raises(downloads.NotAllowed):
            downloads.content(played.session, played.consultation, "ratings-long.csv", "secretariat", None, form)
    with pytest.raises(NotFound, match=r"no_such_format.*'csv', 'csv-excel', 'xlsx', 'sav', 'parquet'"):
        downloads.content(played.session, played.consultation, "reasons.csv", "analyst", None, "ods")
    assert downloads.file_name("ratings-long.csv", "csv-excel") == "ratings-long.excel.csv"
    assert downloads.file_name("ratings-long.csv", "sav") == "ratings-long.sav"


# SPSS: labels, and every kind of missing


# No text is ever a formula, in any format


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=50, max_size=50))
def test_any_text_stays_text_in_every_format(texts: list[str]) -> None:
    rows: list[Sequence[Cell]] = [["P", text, 1] for text in texts]
    for form in FORMATS:
        assert b"".join(encoded(form, "any", FIELDS, rows))
    book = load_workbook(io.BytesIO(b"".join(encoded("xlsx", "any", FIELDS, rows))))
    for row in book.worksheets[0].iter_rows(min_row=2):
        assert row[1].data_type in ("s", "n", "inlineStr") and not isinstance(row[1].value, float)


@pytest.mark.parametrize("form", ["csv", "csv-excel", "xlsx", "parquet"])
def test_memory_does_not_grow_with_the_rows(form: str) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        cells = ([f"P-{number}", f"a text {number}" * 5, number] for number in range(rows))
        for _ in encoded(form, "many", FIELDS, cells):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    assert peak(24_000) < 1.5 * peak(8_000) + 500_000
