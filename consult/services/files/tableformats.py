"""The formats of a table: CSV in two forms, XLSX, SPSS and Parquet, written piece by piece.

CSV is yielded line by line. The others are written to a temporary file first, row by row, and
read back in pieces; only SPSS needs the whole table at once, because its writer takes columns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from consult.services.files.csvfile import excel_lines, lines
from consult.services.files.parquetfile import write_parquet
from consult.services.files.savfile import write_sav
from consult.services.files.spreadsheet import write_xlsx
from consult.services.files.table_column import Field
from consult.services.frozen.codebook import Cell
from consult.words.phrases import N_

PIECE = 1 << 16

Rows = Iterable[Sequence[Cell]]
Writer = Callable[[Path, str, Sequence[Field], Rows], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a table: its ending, media type and name (to be translated).

    `needs`: the library that writes it, of the extra `files`.
    """

    key: str
    suffix: str
    media_type: str
    what: str
    needs: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the library is installed; asking does not load it."""
        return not self.needs or find_spec(self.needs) is not None


FORMATS: dict[str, Format] = {
    found.key: found
    for found in (
        Format("csv", ".csv", "text/csv", N_("CSV")),
        Format("csv-excel", ".excel.csv", "text/csv", N_("CSV for European Excel")),
        Format(
            "xlsx",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            N_("Excel (XLSX)"),
            "xlsxwriter",
        ),
        Format("sav", ".sav", "application/x-spss-sav", N_("SPSS (SAV)"), "pyreadstat"),
        Format("parquet", ".parquet", "application/vnd.apache.parquet", N_("Parquet"), "pyarrow"),
    )
    if found.is_there
}
"""The formats on offer: those whose library is installed."""
_WRITERS: dict[str, Writer] = {"xlsx": write_xlsx, "sav": write_sav, "parquet": write_parquet}


def encoded(key: str, title: str, fields: Sequence[Field], rows: Rows) -> Iterator[bytes]:
    """A table in the format `key`, as bytes in pieces. `title` names it inside the file.

    Raises KeyError for an unknown format, NotPossible for a table a format cannot hold.
    """
    header = [one.name for one in fields]
    if key == "csv":
        return (line.encode() for line in lines(header, rows))
    if key == "csv-excel":
        return (line.encode() for line in excel_lines(header, rows))
    return _through_a_file(_WRITERS[key], title, fields, rows)


def _through_a_file(write: Writer, title: str, fields: Sequence[Field], rows: Rows) -> Iterator[bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        write(path, title, fields, rows)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
