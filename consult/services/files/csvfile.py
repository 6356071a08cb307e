"""CSV that is safe to open: RFC 4180, UTF-8, and no text that a spreadsheet takes for a formula.

Texts are what people typed. A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or
``@`` (OWASP ASVS 5.0, 1.2.10), so such a text gets an apostrophe in front. The same holds behind
a semicolon, a tab or a line break: a spreadsheet set to another separator cuts the cell there.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from analysis.canonical import rounded
from consult.characters import readable
from consult.services.frozen.codebook import Cell

TRIGGERS = "\\x00=+\\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b"
"""What begins a formula, in the common, full-width and small forms; and NUL, which hides one."""
# Blanks, quotation marks and characters without a width do not keep a cell from being a formula.
FILLING = '\\s\\x00-\\x1f\\x7f-\\x9f"\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd'

_FORMULA = re.compile(f"(?:^|(?<=[;\\t\\r\\n]))(?P<filling>[{FILLING}]*)(?=[{TRIGGERS}])")
_CONTROL = re.compile("^[\\t\\r\\n\\x00]")


def guard(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula with it."""
    kept = "'" + text if _CONTROL.match(text) else text
    return _FORMULA.sub("'\\g<filling>", kept)


def written(cell: Cell) -> str:
    """One cell: texts readable and guarded; numbers with 12 significant digits; None empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        value = rounded(cell)
        return "" if value is None else f"{value:.12g}"
    return guard(readable(cell))


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file line by line, the header first; every line ends in CR LF.

    Raises ValueError when a row is not as long as the header.
    """
    return _lines(header, rows, ",", written)


def excel_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The same for a spreadsheet set to a European language.

    A byte order mark says that it is UTF-8, semicolons part the cells, and numbers have a decimal
    comma: with a point, 3.5 would be taken for the third of May.
    """
    yield "\ufeff"
    yield from _lines(header, rows, ";", _with_comma)


def _with_comma(cell: Cell) -> str:
    text = written(cell)
    return text.replace(".", ",") if isinstance(cell, float) else text


def _lines(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str, write: Callable[[Cell], str]
) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([write(cell) for cell in header])
    yield _taken(buffer)
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"a row of {len(row)} cells under {len(header)} columns")
        writer.writerow([write(cell) for cell in row])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
