"""A small protocol and tables for tests of verdicts, results and disclosure."""

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.disclosure.floors import release
from analysis.model.writer import written
from analysis.protocol.protocol import Band, Criterion, Protocol, Scale
from analysis.result.stage import MeasureInput, PairInput, StageInput, VariableTable, stage_result
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable

BANDS = (Band("low", 1, 3), Band("middle", 4, 6), Band("high", 7, 9))
NINE = Scale("S_IMPORTANCE9", 1, 9, BANDS, ("dont_know", "not_my_field"))
PROTOCOL = Protocol(
    scales=(NINE,), criteria=(Criterion("importance", NINE.key, decides=True), Criterion("feasibility", NINE.key))
)


def histogram(*points: int, **states: int) -> Histogram:
    """A histogram of nine points from one rating per expert, and states by name."""
    counts = np.bincount(np.asarray(points, dtype=np.int64) - 1, minlength=9)
    return Histogram.of(counts, states)


def pair_table(pairs: list[tuple[int, int]], left: list[int] | None = None) -> PairTable:
    """Earlier and later points of the same experts; ``left`` rated earlier and are absent now."""
    rows = [(a - 1, b - 1, 1) for a, b in pairs]
    rows += [(a - 1, 9 + 6, 1) for a in left or []]
    return PairTable.from_rows(rows, 9)


def measure(key: str, points: list[int], previous: list[int] | None = None) -> MeasureInput:
    """A measure rated alike under both criteria; ``previous`` are the same experts' ratings."""
    tables = None
    if previous is not None:
        table = pair_table(list(zip(previous, points, strict=True)))
        tables = {"importance": table, "feasibility": table}
    both = {"importance": histogram(*points), "feasibility": histogram(*points)}
    return MeasureInput(key, both, tables, rounds_rated=1 if previous is None else 2)


def stage(*measures: MeasureInput, submitted: int = 20, **more: object) -> StageInput:
    """Round 2 with these measures."""
    given = StageInput(
        "round-2",
        "round",
        2,
        {"invited": 25, "consented": 24, "started": 22, "submitted": submitted},
        measures=measures,
    )
    return replace(given, **more)  # type: ignore[arg-type]


def reask(pairs: list[tuple[int, int]]) -> PairInput:
    """A question asked again after the event."""
    return PairInput("POST-10.x", "PRE-21.x", NINE, pair_table(pairs), "expected")


def variable(key: str, *points: int) -> VariableTable:
    """A variable on the nine-point scale."""
    return VariableTable(key, NINE, (), histogram(*points))


def frozen(given: StageInput, protocol: Protocol = PROTOCOL) -> dict[str, Any]:
    """The result of a stage as it is stored."""
    return written(stage_result(protocol, given))


def released(given: StageInput, protocol: Protocol = PROTOCOL) -> dict[str, Any]:
    """What is released of a stage, as it is stored."""
    return written(release(stage_result(protocol, given), protocol.disclosure))
