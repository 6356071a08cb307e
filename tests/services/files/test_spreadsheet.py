"""Workbooks: no cell is a formula or a link, and what a sheet cannot hold."""

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from consult.errors import NotPossible
from consult.services.files import spreadsheet
from consult.services.files.tableformats import encoded
from tests.services.files.opening import FIELDS, MANY, hostile, hostile_rows


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    data = b"".join(encoded("xlsx", "hostile", FIELDS, hostile_rows()))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not re.search(r"<f[ >/]|<hyperlink", sheet)
        assert not any("externalLink" in name or "vba" in name.lower() for name in parts.namelist())
    rows = list(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(min_row=2))
    assert len(rows) == MANY
    for row, text in zip(rows, hostile(), strict=True):
        assert row[1].data_type in ("s", "inlineStr") and row[1].hyperlink is None
        assert row[2].data_type == "n"
        # XML ends lines in LF, and what it cannot hold is replaced
        assert len(str(row[1].value)) > 0, text


def test_what_a_sheet_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 40_000
    data = b"".join(encoded("xlsx", "long", FIELDS, [["P", long, 1]]))
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["B2"].value
    assert len(cell) == spreadsheet.LONGEST and cell.endswith("…")
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    with pytest.raises(NotPossible, match="sheet_is_full"):
        list(encoded("xlsx", "long", FIELDS, [["P", "x", 1]] * 3))
