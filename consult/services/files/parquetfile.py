"""A table as Parquet: typed columns, written in groups of rows, titles and labels as metadata."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from analysis.canonical import rounded
from consult.characters import readable
from consult.services.files.table_column import Field
from consult.services.frozen.codebook import Cell

GROUP = 5_000
"""Rows held in memory at a time."""


def write_parquet(path: Path, title: str, fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table. Texts are made readable and not guarded: nothing here is a formula."""
    import pyarrow
    from pyarrow import parquet

    types = {
        "string": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
    }
    schema = pyarrow.schema(
        [pyarrow.field(one.name, types[one.kind], metadata=_told(one)) for one in fields],
        metadata={"title": readable(title)},
    )
    left = iter(rows)
    with parquet.ParquetWriter(str(path), schema, compression="zstd") as writer:
        while group := list(islice(left, GROUP)):
            columns = [
                pyarrow.array([_typed(one, row[place]) for row in group], types[one.kind])
                for place, one in enumerate(fields)
            ]
            writer.write_batch(pyarrow.record_batch(columns, schema=schema))


def _told(one: Field) -> dict[str, str]:
    found = {"title": readable(one.title)}
    if one.labels:
        labels = {readable(value): readable(label) for value, label in one.labels.items()}
        found["labels"] = json.dumps(labels, ensure_ascii=False)
    if one.states:
        found["states"] = one.states
    return found


def _typed(one: Field, cell: Cell) -> Any:
    if cell is None:
        return None
    if one.kind == "string":
        return readable(str(cell))
    if one.kind == "number":
        return rounded(float(cell))
    return bool(cell) if one.kind == "boolean" else int(cell)
