"""Every format opens where it should, says the same, and never holds a formula."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas
import pyarrow.parquet
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from consult.characters import readable
from consult.errors import NotFound, NotPossible
from consult.services.files import downloads, spreadsheet
from consult.services.files.fields import STATE_LABELS
from consult.services.files.savfile import MISSING, variable_names
from consult.services.files.table_column import Field
from consult.services.files.table_source import TableSource
from consult.services.files.tableformats import FORMATS, encoded
from consult.services.files.wide import STATE
from consult.services.frozen.codebook import Cell
from tests.services import playing
from tests.services.conftest import World, town_library
from tests.services.files.test_downloads import DANGEROUS, HOSTILE, TEXT, guarded

MANY = 3_000
CELL = st.text(max_size=30) | HOSTILE


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(town_library(), tmp_path_factory.mktemp("formats"), TEXT) as world:
        yield world


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(guarded(), tmp_path_factory.mktemp("careful"), TEXT) as world:
        yield world


def made(world: World, name: str, form: str) -> bytes:
    role = sorted(downloads.FILES[name].roles)[0]
    return b"".join(downloads.content(world.session, world.consultation, name, role, "en", form))


def opened(data: bytes, form: str, folder: Path) -> pandas.DataFrame:
    """A file as pandas reads it, nothing turned into something else."""
    if form == "csv":
        return pandas.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    if form == "csv-excel":
        return pandas.read_csv(io.BytesIO(data), sep=";", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    if form == "xlsx":
        return pandas.read_excel(io.BytesIO(data))
    if form == "parquet":
        return pandas.read_parquet(io.BytesIO(data))
    return sav(data, folder)[0]


def sav(data: bytes, folder: Path) -> tuple[pandas.DataFrame, pyreadstat.metadata_container]:
    path = folder / "table.sav"
    path.write_bytes(data)
    frame, about = pyreadstat.read_sav(path, user_missing=True)
    return frame, about


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


def test_a_cell_is_of_the_kind_its_column_says(played: World, careful: World) -> None:
    kinds = {"integer": int, "boolean": bool, "string": str}
    for world in (played, careful):
        source = TableSource(world.session, world.consultation, None)
        for spec in downloads.FILES.values():
            table = spec.table(source)
            assert all(one.title for one in table.fields), spec.name
            for row in table.rows:
                for one, cell in zip(table.fields, row, strict=True):
                    if cell is None or (one.name == "value" and "variable" in table.header):
                        continue
                    if one.kind == "number":
                        assert type(cell) in (int, float), (spec.name, one.name, cell)
                    else:
                        assert type(cell) is kinds[one.kind], (spec.name, one.name, cell)


def test_roles_hold_in_every_format(played: World) -> None:
    for form in FORMATS:
        with pytest.raises(downloads.NotAllowed):
            downloads.content(played.session, played.consultation, "ratings-long.csv", "secretariat", None, form)
    with pytest.raises(NotFound, match=r"no_such_format.*'csv', 'csv-excel', 'xlsx', 'sav', 'parquet'"):
        downloads.content(played.session, played.consultation, "reasons.csv", "analyst", None, "ods")
    assert downloads.file_name("ratings-long.csv", "csv-excel") == "ratings-long.excel.csv"
    assert downloads.file_name("ratings-long.csv", "sav") == "ratings-long.sav"


def test_wide_says_what_long_says(played: World, tmp_path: Path) -> None:
    for kind, variable in (("ratings", None), ("answers", "variable")):
        long = opened(made(played, f"{kind}-long.csv", "csv"), "csv", tmp_path)
        wide = opened(made(played, f"{kind}-wide.csv", "csv"), "csv", tmp_path)
        assert not wide.duplicated(["pseudonym", "stage"]).any()
        assert len(wide) == len(long[["pseudonym", "stage"]].drop_duplicates())
        cells = {(row["pseudonym"], row["stage"]): row for _, row in wide.iterrows()}
        for _, row in long.iterrows():
            key = row[variable] if variable else f"{row['measure']}.{row['criterion']}"
            value = row["value" if variable else "rating"]
            found = cells[row["pseudonym"], row["stage"]]
            assert (found[key], found[key + STATE]) == (value, row["state"])
        order = list(dict.fromkeys(long["pseudonym"]))
        assert list(dict.fromkeys(wide["pseudonym"])) == order


# SPSS: labels, and every kind of missing


def test_sav_labels_and_kinds_of_missing_come_back(tmp_path: Path) -> None:
    labels = {"1": "Not at all", "5": "Very much"}
    fields = [
        Field("pseudonym", "string", "who"),
        Field("M01.use", "integer", "Use – how much?", labels=labels, is_ordered=True, states="M01.use.s"),
        Field("M01.use.s", "string", "why not", labels=STATE_LABELS, is_closed=True),
        Field("pick", "string", "Which?", labels={"a_b": "The first", "c": ""}, is_closed=True, states="pick.s"),
        Field("pick.s", "string", "why not", labels=STATE_LABELS, is_closed=True),
    ]
    rows: list[Sequence[Cell]] = [["P-1", 5, None, "c", None], ["P-2", 1, None, "a_b", None]]
    rows += [[f"P-{state}", None, state, None, state] for state in STATE_LABELS]
    rows += [["P-none", None, None, None, None]]
    frame, about = sav(b"".join(encoded("sav", "ratings", fields, rows)), tmp_path)
    assert list(frame["M01.use"][:2]) == [5, 1] and list(frame["pick"][:2]) == [2, 1]
    assert list(frame["M01.use"][2:-1]) == [MISSING[state] for state in STATE_LABELS]
    assert list(frame["pick"][2:-1]) == list(range(-1, -9, -1))
    assert frame["M01.use"].isna().tolist() == [False] * (len(rows) - 1) + [True]
    told = about.variable_value_labels["M01.use"]
    assert told[1] == "Not at all" and told[5] == "Very much"
    assert {told[code] for code in MISSING.values()} == set(STATE_LABELS.values())
    assert about.variable_value_labels["pick"][1] == "a_b – The first"
    assert about.column_names_to_labels["M01.use"] == "M01.use: Use – how much?"
    assert about.missing_ranges["M01.use"] == [{"lo": -8.0, "hi": -1.0}]
    assert about.variable_measure["M01.use"] == "ordinal"
    hidden, _ = pyreadstat.read_sav(tmp_path / "table.sav", user_missing=False)
    assert hidden["M01.use"].count() == 2


def test_sav_of_a_consultation(played: World, tmp_path: Path) -> None:
    frame, about = sav(made(played, "ratings-wide.csv", "sav"), tmp_path)
    csv = opened(made(played, "ratings-wide.csv", "csv"), "csv", tmp_path)
    assert [str(int(value)) for value in frame["L1.wish"]] == list(csv["L1.wish"])
    assert about.variable_value_labels["L1.wish"][1] == "Not at all"
    frame, about = sav(made(played, "answers-wide.csv", "sav"), tmp_path)
    csv = opened(made(played, "answers-wide.csv", "csv"), "csv", tmp_path)
    told = about.variable_value_labels["visits"]
    assert [told[code].split(" – ")[0] for code in frame["visits"]] == list(csv["visits"])


def test_names_that_spss_takes() -> None:
    names = variable_names(["PRE-15.a", "PRE_15.a", "1st", "with", "ТЕМА", "x" * 90, "x" * 91, "a."])
    assert len({name.upper() for name in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]{0,62}[A-Za-z0-9_]|[A-Za-z]", name) for name in names), names
    assert "WITH" not in {name.upper() for name in names}


# No text is ever a formula, in any format


def hostile() -> list[str]:
    """3 000 texts that try to be a formula, a link, a number, an escape or the end of a file."""
    starts = [
        *"=+-@＝＋－＠",
        "\t=",
        "\r=",
        "\n=",
        "\0=",
        " =",
        "\ufeff=",
        "\u200b+",
        '"=',
        "';=",
        "http://",
        "mailto:",
        "_x003D_",
        "<f>",
        "{=",
        "1e9",
        "\ufffe=",
    ]
    rests = [
        "1+1",
        'HYPERLINK("x")',
        "cmd|' /C calc'!A0",
        "SUM(A1:A2)",
        "\x07\x1b[2J",
        "</v></c><f>1</f>",
        "A" * 200,
        "й; =2",
        "a\r\n=3",
        "\U0001f600",
    ]
    texts = [
        f"{start}{rest}{end}"
        for start in starts
        for rest in rests
        for end in ("", " ", "\n=9", ";=9", "\t@9", '"', "'", "\0", "=", "_x000A_", ",+1", "\ufeff")
    ]
    return (texts * 2)[:MANY]


FIELDS = [Field("who", "string", "who"), Field("text", "string", "a text"), Field("n", "integer", "a number")]


def hostile_rows() -> list[Sequence[Cell]]:
    return [[f"P-{number}", text, number] for number, text in enumerate(hostile())]


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


def test_parquet_keeps_texts_as_texts() -> None:
    data = b"".join(encoded("parquet", "hostile", FIELDS, hostile_rows()))
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    assert table.column("text").to_pylist() == [readable(text) for text in hostile()]
    assert table.schema.field("text").metadata[b"title"] == b"a text"


def test_sav_keeps_texts_as_texts(tmp_path: Path) -> None:
    frame, about = sav(b"".join(encoded("sav", "hostile", FIELDS, hostile_rows())), tmp_path)
    assert len(frame) == MANY and about.readstat_variable_types["text"] == "string"
    for found, text in zip(frame["text"], hostile(), strict=True):
        assert found.rstrip() == readable(text).rstrip()


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, min_size=50, max_size=50))
def test_any_text_stays_text_in_every_format(texts: list[str]) -> None:
    rows: list[Sequence[Cell]] = [["P", text, 1] for text in texts]
    for form in FORMATS:
        assert b"".join(encoded(form, "any", FIELDS, rows))
    book = load_workbook(io.BytesIO(b"".join(encoded("xlsx", "any", FIELDS, rows))))
    for row in book.worksheets[0].iter_rows(min_row=2):
        assert row[1].data_type in ("s", "n", "inlineStr") and not isinstance(row[1].value, float)


def test_numbers_for_a_european_spreadsheet() -> None:
    fields = [Field("share", "number", "share"), Field("n", "integer", "n")]
    data = b"".join(encoded("csv-excel", "numbers", fields, [[0.25, 1200], [None, 3]]))
    assert data == "\ufeffshare;n\r\n0,25;1200\r\n;3\r\n".encode()


def test_what_a_sheet_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 40_000
    data = b"".join(encoded("xlsx", "long", FIELDS, [["P", long, 1]]))
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["B2"].value
    assert len(cell) == spreadsheet.LONGEST and cell.endswith("…")
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    with pytest.raises(NotPossible, match="sheet_is_full"):
        list(encoded("xlsx", "long", FIELDS, [["P", "x", 1]] * 3))


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
