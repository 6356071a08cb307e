"""Ratings in, verdicts and statistics out, as pandas frames: what ``import analysis`` offers.

Every function takes ratings as a path of a CSV, as a frame with the same columns (``round``,
``expert``, ``item``, ``rating`` and, where wanted, ``criterion``, ``group``, ``state``), or as
``CodedRatings``, which are read once and may be used often. Without a protocol ratings are taken
from 1 to 9 in thirds and judged by the default rule; ``scale=(1, 5)`` names other ends.

>>> import pandas
>>> frame = pandas.DataFrame(
...     [(stage, f"e{n}", item, point)
...      for stage, item, points in (("1", "bus", (7, 8, 9, 5)), ("2", "bus", (8, 8, 9, 7)), ("2", "car", (1, 5, 9, 9)))
...      for n, point in enumerate(points)],
...     columns=["round", "expert", "item", "rating"],
... )
>>> ratings = read_ratings(frame)
>>> results(ratings)[["round", "item", "n", "median", "verdict"]].values.tolist()
[['1', 'bus', 4, 7.5, 'not_judged'], ['2', 'bus', 4, 8.0, 'not_judged'], ['2', 'car', 4, 7.0, 'not_judged']]
>>> statistic("unchanged", ratings).set_index("figure")["value"]["share unchanged"].item()
0.5
"""

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.model.stage import StageResult
from analysis.model.statistic import COLUMNS, cells
from analysis.protocol.protocol import Protocol, Scale
from analysis.ratings_file.coded_ratings import BadRow
from analysis.ratings_file.defaults import coded, in_thirds, with_criteria
from analysis.ratings_file.document import stage_results
from analysis.ratings_file.header import encoding_of
from analysis.ratings_file.round_tables import Rounds, collect
from analysis.ratings_file.verdict_rows import VerdictRow, verdict_rows
from analysis.registry.adjusting import USUAL
from analysis.registry.catalogue import LINES
from analysis.registry.computing import computed
from analysis.registry.file_tables import FileTables


class RatingsRefused(ValueError):
    """Rows that cannot be ratings; nothing was read. ``rows``: line, code and word of each."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        self.rows = tuple(rows)
        first = "; ".join(f"line {row.line}: {row.code} {row.word!r}" for row in self.rows[:5])
        super().__init__(f"{len(self.rows)} rows refused: {first}")


@dataclass(frozen=True, slots=True)
class CodedRatings:
    """Ratings added up, and the protocol by which they are judged."""

    protocol: Protocol
    rounds: Rounds

    def counts(self) -> pd.DataFrame:
        """How many gave each point or did not answer: round, criterion, item, value, count."""
        rows = []
        for sheet in self.rounds.sheets.values():
            for place, item in enumerate(sheet.items):
                table = sheet.units.histogram(place)
                where = (sheet.round, sheet.criterion, item)
                points = zip(range(sheet.scale.lo, sheet.scale.hi + 1), table.counts.tolist(), strict=True)
                rows += [(*where, str(point), count) for point, count in points]
                rows += [(*where, state, count) for state, count in table.states().items() if count]
        return pd.DataFrame(rows, columns=["round", "criterion", "item", "value", "count"])


Source = str | Path | pd.DataFrame | CodedRatings


def read_ratings(
    source: Source,
    protocol: Protocol | Mapping[str, Any] | None = None,
    *,
    scale: tuple[int, int] | None = None,
    rounds: Sequence[str] = (),
    missing: Collection[str] = (),
) -> CodedRatings:
    """Read ratings once. ``rounds``: their order; ``missing``: what stands for no rating.

    ``protocol``: rules, also as the ``protocol.json`` of a package; without criteria those of the
    ratings are taken. ``scale``: lowest and highest point where there is no protocol, bands in
    thirds. Raises RatingsRefused with every bad row (in a frame the first row is line 2),
    HeaderInvalid where a column is missing, RoundsUnclear, OSError.

    >>> frame = pd.DataFrame([("1", "e1", "bus", 12)], columns=["round", "expert", "item", "rating"])
    >>> read_ratings(frame)
    Traceback (most recent call last):
    analysis.frames.RatingsRefused: 1 rows refused: line 2: not_on_scale '12'
    """
    if isinstance(source, CodedRatings):
        return source
    if isinstance(source, pd.DataFrame):
        return _coded(io.StringIO(source.to_csv(index=False)), _rules(protocol, scale), rounds, missing)
    with Path(source).open(encoding=encoding_of(Path(source)), newline="") as stream:
        return _coded(stream, _rules(protocol, scale), rounds, missing)


def _rules(protocol: Protocol | Mapping[str, Any] | None, scale: tuple[int, int] | None) -> Protocol:
    if isinstance(protocol, Mapping):
        return Protocol.from_dict(protocol)
    if protocol is not None:
        return protocol
    return Protocol(scales=(in_thirds(Scale("scale", *scale)),)) if scale else Protocol()


def _coded(lines: Iterable[str], protocol: Protocol, rounds: Sequence[str], missing: Collection[str]) -> CodedRatings:
    bad: list[BadRow] = []
    with coded(lines, protocol, bad.append, missing=missing, declared=rounds) as found:
        tables = None if bad else collect(found, bad.append)
        if bad or tables is None:
            raise RatingsRefused(bad)
        return CodedRatings(with_criteria(protocol, sorted(found.scales)), tables)


def stages_of(ratings: CodedRatings) -> list[StageResult]:
    """The result of every round, as it would be frozen."""
    return list(stage_results(ratings.protocol, ratings.rounds))


def results(source: Source, protocol: Protocol | Mapping[str, Any] | None = None) -> pd.DataFrame:
    """One row per round, item and criterion: n, quartiles, verdict, margin, stability, outcome."""
    ratings = read_ratings(source, protocol)
    found = verdict_rows(stages_of(ratings), ratings.protocol.dissent)
    return pd.DataFrame(list(found), columns=list(VerdictRow._fields))


def statistic(
    names: str | Iterable[str],
    source: Source,
    protocol: Protocol | Mapping[str, Any] | None = None,
    *,
    adjust: str = USUAL,
) -> pd.DataFrame:
    """The figures of one statistic of the registry or of several, one row each.

    Columns: statistic, round, earlier, criterion, item, figure, of, value, word, low, high (95 %),
    df, p, p_adjusted, method, reason (why it is undefined). ``adjust``: ``holm``, ``hochberg``,
    ``bonferroni``, ``bh`` or ``by``. Raises UnknownStatistic, NeedsUnmet, KeyError.
    """
    ratings = read_ratings(source, protocol)
    wanted = [names] if isinstance(names, str) else list(names)
    found = computed(FileTables(ratings.protocol, ratings.rounds), wanted, adjust)
    return pd.DataFrame([cells(row) for row in found], columns=list(COLUMNS))


def catalogue() -> pd.DataFrame:
    """The registry: what each statistic answers, when not to use it, its source, what it needs.

    >>> catalogue().set_index("name").loc["kappa", ["title", "needs"]].tolist()
    ['Cohen κ, weighted κ', 'P']
    """
    rows = [
        (one.name, one.title, one.answers, one.caution, one.source, needs.value)
        for needs, one in LINES
        if one.figures is not None
    ]
    return pd.DataFrame(rows, columns=["name", "title", "answers", "caution", "source", "needs"])
