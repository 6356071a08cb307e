"""A table as an SPSS file: labels of variables and values, and every kind of missing its code.

A column with a column of states beside it holds the states itself, as user-missing codes from -1
down, so that SPSS leaves them out of every figure and still tells them apart. The writer
(ReadStat) takes whole columns: unlike the other formats, this one holds the table in memory.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from analysis.canonical import rounded
from consult.characters import readable
from consult.services.files.fields import STATE_LABELS
from consult.services.files.table_column import Field
from consult.services.frozen.codebook import Cell

MISSING = {state: -place for place, state in enumerate(STATE_LABELS, start=1)}
"""The user-missing code of each state: -1 is "do not know"."""
LONGEST = 32_000
"""Bytes of a text; what is longer is cut."""
_LABEL, _VALUE_LABEL, _NAME = 250, 120, 60
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_DATE_AT, _DATE = 92, b"01 Jan 0000:00:00"
"""Where the header tells when the file was written, and what stands there instead."""


def write_sav(path: Path, title: str, fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table. The same table gives the same bytes."""
    import pandas
    import pyreadstat

    names = variable_names([one.name for one in fields])
    columns = _columns(fields, rows)
    frame = pandas.DataFrame(
        {
            name: pandas.Series(column, dtype=object if _is_text(one) else "float64")
            for name, one, column in zip(names, fields, columns, strict=True)
        },
        columns=names,
    )
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=_cut(title, 60),
        column_labels=[_cut(f"{one.name}: {one.title}", _LABEL) for one in fields],
        row_compress=True,
        variable_value_labels={
            name: labels for name, one in zip(names, fields, strict=True) if (labels := _value_labels(one))
        },
        missing_ranges={
            name: [{"lo": float(min(MISSING.values())), "hi": -1.0}]
            for name, one in zip(names, fields, strict=True)
            if one.states and not _is_text(one)
        },
        variable_measure={name: _measure(one) for name, one in zip(names, fields, strict=True)},
        variable_format={
            name: "F8.0" for name, one in zip(names, fields, strict=True) if not _is_text(one) and one.kind != "number"
        },
    )
    _without_a_date(path)


def variable_names(names: Iterable[str]) -> list[str]:
    """Names as SPSS takes them: letters, digits, `_` and `.`, beginning with a letter, no two
    alike whatever the case."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.]", "_", name)[:_NAME].rstrip(".")
        if not plain[:1].isalpha() or plain.upper() in _RESERVED:
            plain = f"v_{plain}"
        chosen, number = plain, 2
        while chosen.upper() in taken:
            chosen, number = f"{plain[: _NAME - 4]}_{number}", number + 1
        taken.add(chosen.upper())
        found.append(chosen)
    return found


def code_of(one: Field, value: Cell, state: Cell) -> float | None:
    """What stands in a numeric column: the value, its place among the options, or a state."""
    if value is None:
        return None if state is None else float(MISSING[str(state)])
    if isinstance(value, str):
        return float(list(one.labels).index(value) + 1)
    return rounded(float(value))


def _is_text(one: Field) -> bool:
    """Texts with a closed list of values are stored as numbers with labels."""
    return one.kind == "string" and not (one.is_closed and one.states)


def _columns(fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> list[list[Any]]:
    columns: list[list[Any]] = [[] for _ in fields]
    places = {one.name: place for place, one in enumerate(fields)}
    for row in rows:
        for place, one in enumerate(fields):
            cell = row[place]
            if _is_text(one):
                columns[place].append("" if cell is None else _cut(str(cell), LONGEST))
            else:
                state = row[places[one.states]] if one.states else None
                columns[place].append(code_of(one, cell, state))
    return columns


def _value_labels(one: Field) -> dict[Any, str]:
    if _is_text(one):
        return {
            _cut(value, _VALUE_LABEL): _cut(label, _VALUE_LABEL)
            for value, label in one.labels.items()
            if label and len(readable(value).encode()) <= _VALUE_LABEL
        }
    found: dict[float, str] = {}
    for place, (value, label) in enumerate(one.labels.items(), start=1):
        if one.kind == "string":
            found[float(place)] = _cut(f"{value} – {label}" if label else value, _VALUE_LABEL)
        else:
            found[float(value)] = _cut(label, _VALUE_LABEL)
    if one.kind == "boolean":
        found = {0.0: "no", 1.0: "yes"}
    if one.states:
        found |= {float(code): STATE_LABELS[state] for state, code in MISSING.items()}
    return found


def _measure(one: Field) -> str:
    if one.is_ordered:
        return "ordinal"
    is_count = one.kind in ("integer", "number") and not one.labels
    return "scale" if is_count else "nominal"


def _cut(text: str, most: int) -> str:
    """The text readable (a NUL would end it), and no more of it than so many bytes of UTF-8."""
    return readable(text).encode()[:most].decode(errors="ignore")


def _without_a_date(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(_DATE_AT)
        file.write(_DATE)
