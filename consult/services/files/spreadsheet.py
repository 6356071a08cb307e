"""A table as an XLSX workbook: formatted, in constant memory, and without a live cell.

Texts are stored as texts whatever they begin with: no formula, no link, nothing taken for a
number. The same table gives the same bytes.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.canonical import rounded
from consult.characters import one_line, readable
from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.services.files.csvfile import written
from consult.services.files.table_column import Field
from consult.services.frozen.codebook import Cell

MOST_ROWS = 1_048_576
LONGEST = 32_767
"""Characters of a cell; what is longer is cut and ends in an ellipsis."""
MADE = datetime(2000, 1, 1)
"""Stands for the time of writing, which would make the bytes differ."""
_WIDTHS = {"integer": 10, "number": 12, "boolean": 10, "string": 18}
_WIDEST = 48


def write_xlsx(path: Path, title: str, fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table, and a second sheet that says what the columns hold.

    Raises NotPossible when there are more rows than a sheet can have.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": readable(title), "created": MADE})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    share = book.add_format({"num_format": "0.0###", "valign": "top"})
    plain = book.add_format({"valign": "top"})
    formats = [_format(one, wrapped, share, plain) for one in fields]
    try:
        _write_table(book.add_worksheet(_sheet_name(title)), fields, rows, head, formats)
        _write_columns(book.add_worksheet("columns"), fields, head, wrapped)
    finally:
        book.close()


def _sheet_name(title: str) -> str:
    """The title as Excel takes it on the tab of a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", one_line(title))[:31].strip(" '") or "table"


def _format(one: Field, wrapped: Any, share: Any, plain: Any) -> Any:
    if one.kind == "number":
        return share
    return wrapped if one.is_wide else plain


def _write_table(
    sheet: Any, fields: Sequence[Field], rows: Iterable[Sequence[Cell]], head: Any, formats: Sequence[Any]
) -> None:
    sheet.freeze_panes(1, 0)
    for place, one in enumerate(fields):
        wide = _WIDEST if one.is_wide else max(_WIDTHS[one.kind], min(len(one.name) + 2, 30))
        sheet.set_column(place, place, wide)
        _write(sheet, 0, place, one.name, head)
    last = 0
    for number, row in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            raise NotPossible(Refusal(Code.SHEET_IS_FULL))
        for place, cell in enumerate(row):
            _write(sheet, number, place, cell, formats[place])
        last = number
    sheet.autofilter(0, 0, last, max(len(fields) - 1, 0))


def _write_columns(sheet: Any, fields: Sequence[Field], head: Any, wrapped: Any) -> None:
    for place, (name, wide) in enumerate((("column", 28), ("meaning", 60), ("values", 60))):
        sheet.set_column(place, place, wide)
        _write(sheet, 0, place, name, head)
    sheet.freeze_panes(1, 0)
    for number, one in enumerate(fields, start=1):
        values = "\n".join(f"{value} = {label}" if label else value for value, label in one.labels.items())
        for place, cell in enumerate((one.name, one.title, values)):
            _write(sheet, number, place, cell, wrapped)


def _write(sheet: Any, row: int, place: int, cell: Cell, form: Any) -> None:
    """One cell by its own type; nothing is guessed from what a text looks like."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        # As in the CSV: LibreOffice turns a boolean of a spreadsheet into the formula =TRUE().
        sheet.write_string(row, place, written(cell), form)
    elif isinstance(cell, str):
        sheet.write_string(row, place, writable(cell), form)
    else:
        number = rounded(float(cell))
        if number is not None:
            sheet.write_number(row, place, number, form)


def writable(text: str) -> str:
    """The text as a cell can hold it: no longer than Excel allows, nothing XML cannot hold."""
    kept = readable(text)
    if len(kept) > LONGEST:
        kept = kept[: LONGEST - 1] + "…"
    return kept
