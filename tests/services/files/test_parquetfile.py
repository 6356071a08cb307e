"""Parquet: texts as texts, with their titles."""

import io

import pyarrow.parquet

from consult.characters import readable
from consult.services.files.tableformats import encoded
from tests.services.files.opening import FIELDS, hostile, hostile_rows


def test_parquet_keeps_texts_as_texts() -> None:
    data = b"".join(encoded("parquet", "hostile", FIELDS, hostile_rows()))
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    assert table.column("text").to_pylist() == [readable(text) for text in hostile()]
    assert table.schema.field("text").metadata[b"title"] == b"a text"
