"""Files in every format, as other programs read them."""

import io
from collections.abc import Sequence
from pathlib import Path

import pandas
import pyreadstat

from consult.services.files import downloads
from consult.services.files.fields import Field
from consult.services.frozen.codebook import Cell
from tests.services.conftest import World

MANY = 3_000


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
