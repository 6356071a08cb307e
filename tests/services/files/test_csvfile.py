"""CSV that is safe to open: no text is ever a formula."""

import csv
import io
import re

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from consult.characters import readable
from consult.services.files import csvfile
from consult.services.files.fields import Field
from consult.services.files.tableformats import encoded
from tests.services.files.opening import FIELDS, MANY, hostile_rows
from tests.services.files.reading import DANGEROUS, HOSTILE


@given(HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    line = "".join(csvfile.lines(["first", "text"], [["P-1", text]]))
    for delimiter in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
            for cell in row:
                bare = cell.strip().strip('"\ufeff\u200b').strip()
                assert not bare.startswith(DANGEROUS), (delimiter, cell)
    cell = next(csv.reader(io.StringIO(line.partition("\r\n")[2], newline="")))[1]
    assert not cell.startswith(DANGEROUS)
    assert cell.replace("'", "") == readable(text).replace("'", "")


@given(HOSTILE.filter(lambda text: not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)))
def test_a_spreadsheet_program_sees_text(text: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([csvfile.written(text)])
    assert sheet["A1"].data_type != "f"
    data = io.BytesIO()
    book.save(data)
    opened = load_workbook(io.BytesIO(data.getvalue())).active
    assert opened is not None and opened["A1"].data_type != "f"


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_left_alone(number: int | float) -> None:
    assert not csvfile.written(number).startswith("'")
    assert float(csvfile.written(number)) == pytest.approx(number)


def test_a_row_as_long_as_its_header() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        list(csvfile.lines(["one"], [["a", "b"]]))


@pytest.mark.parametrize("form", ["csv", "csv-excel"])
def test_no_cell_of_a_csv_is_a_formula(form: str) -> None:
    data = b"".join(encoded(form, "hostile", FIELDS, hostile_rows()))
    frame = pandas.read_csv(
        io.BytesIO(data.replace(b"\0", b"\xef\xbf\xbd")),
        sep=";" if form == "csv-excel" else ",",
        encoding="utf-8-sig",
        dtype=str,
        keep_default_na=False,
        lineterminator=None,
    )
    assert len(frame) == MANY
    for cell in frame["text"]:
        bare = cell.strip().strip('"\ufeff\u200b\ufffd').strip()
        assert not bare.startswith(DANGEROUS), cell


def test_numbers_for_a_european_spreadsheet() -> None:
    fields = [Field("share", "number", "share"), Field("n", "integer", "n")]
    data = b"".join(encoded("csv-excel", "numbers", fields, [[0.25, 1200], [None, 3]]))
    assert data == "\ufeffshare;n\r\n0,25;1200\r\n;3\r\n".encode()
