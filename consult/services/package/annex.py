"""The annex of a package: what its released tables allow of the registry of statistics.

It rests on nothing but `results.json`, so that nothing can be learned from it that is not told
there, and holds nothing drawn at random.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from analysis.model.reader import read_release
from analysis.protocol.protocol import Protocol
from analysis.registry.catalogue import LINES
from analysis.registry.computing import computable
from analysis.registry.released_tables import ReleasedTables
from consult.services.files.csvfile import lines
from consult.services.files.table_column import Field

NAME = "statistics.csv"
PATH = f"data/{NAME}"
TITLE = "Statistics of the released tables, by name; what each answers is in analysis/README.md"
FIELDS = (
    Field("stage", "string", "key of the stage"),
    Field("criterion", "string", "key of the criterion, or of two"),
    Field("measure", "string", "key of the measure; empty for all of them together"),
    Field("statistic", "string", "name of the statistic"),
    Field("figure", "string", "which of its figures"),
    Field("of", "string", "the band, point or measures it is about"),
    Field("value", "number", "its value; of a test the statistic"),
    Field("word", "string", "a class in place of a number"),
    Field("low", "number", "lower end of the 95 % interval"),
    Field("high", "number", "upper end of the 95 % interval"),
    Field("p", "number", "p-value, not adjusted"),
    Field("method", "string", "how it was computed"),
    Field("reason", "string", "why it is undefined, as a code"),
)
NUMBERS = frozenset(field.name for field in FIELDS if field.kind == "number")
CLOSE = 1e-9
"""Relative difference of two figures that other processors and libraries may make."""
NAMES = tuple(
    line.statistic.name for line in LINES if line.statistic.figures is not None and not line.statistic.is_drawn
)


def annex_lines(protocol: Protocol, results: Mapping[str, Any]) -> Iterator[str]:
    """The file line by line, from the document `results.json`."""
    return lines([field.name for field in FIELDS], _rows(protocol, results))


def _rows(protocol: Protocol, results: Mapping[str, Any]) -> Iterator[tuple[str | float | None, ...]]:
    told = {stage["key"]: stage["result"]["numbers"] for stage in results["stages"] if stage["result"]}
    shown = {key: read_release(numbers["content"]) for key, numbers in told.items() if numbers}
    for row in computable(ReleasedTables(protocol, shown), NAMES):
        yield (
            row.round,
            row.criterion,
            row.item,
            row.statistic,
            row.figure,
            row.of,
            row.value,
            row.word,
            row.low,
            row.high,
            row.p,
            row.method,
            row.reason,
        )


def annex_problems(protocol: Protocol, results: Mapping[str, Any], told: str) -> Iterator[str]:
    """The first figure of an annex that the released tables do not give, in a sentence."""
    pairs = zip_longest(_cells(annex_lines(protocol, results)), _cells([told]))
    for number, (here, there) in enumerate(pairs, start=1):
        if here is None or there is None or not _same(here, there):
            yield f"{PATH}, line {number}, is not what the results give"
            return


def _cells(text: Iterable[str]) -> Iterator[list[str]]:
    return csv.reader(io.StringIO("".join(text), newline=""))


def _same(here: Sequence[str], there: Sequence[str]) -> bool:
    if len(here) != len(there):
        return False
    named = zip(FIELDS, here, there, strict=True)
    return all(one == other or (field.name in NUMBERS and _is_close(one, other)) for field, one, other in named)


def _is_close(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=CLOSE, abs_tol=CLOSE)
    except ValueError:
        return False
