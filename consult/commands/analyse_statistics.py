"""Statistics that are asked for by name: what there is, what they need, and what came of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

import click

from analysis.model.file import FileDocument
from analysis.model.statistic import StatisticRow, cells
from analysis.model.writer import sealed, settled
from analysis.ratings_file.round_tables import ROWS_KEPT
from analysis.registry.catalogue import BY_NAME, LINES, UnknownStatistic
from analysis.registry.computing import NeedsUnmet, computed
from analysis.registry.entry import Needs
from analysis.registry.tables import Tables
from analysis.statistics.value import (
    ALL_TIED,
    INFINITE,
    N_BELOW_MINIMUM,
    NO_CHANGE,
    NO_DATA,
    NO_PAIRS,
    NO_SINGLE_PATTERN,
    NO_VARIATION,
    OUT_OF_RANGE,
    SCALE_TOO_SHORT,
    TOO_LARGE,
)
from consult.commands import context
from consult.commands.analyse_cells import NOTHING, p_value, probability
from consult.errors import NotPossible

LIST = "list"
Told = TypeVar("Told", bound=FileDocument)
_NAMED = f"--statistics {LIST} names them all"
NEEDS: Mapping[Needs, str] = {
    Needs.HISTOGRAM: "ratings of an item",
    Needs.TWO_CRITERIA: "ratings of an item under two criteria (column criterion)",
    Needs.GROUPS: "two groups of experts who rated the same item (column group)",
    Needs.PAIRS: "the same experts rating the same item in two rounds (column round)",
    Needs.MEASURES: "two items under one criterion",
    Needs.SUMS: "two items under one criterion",
    Needs.PREFERENCES: "two items under one criterion",
    Needs.ROWS: f"two items under one criterion, and no more than {ROWS_KEPT} experts",
    Needs.P_VALUES: "tests",
}
"""What must be in the ratings."""
REASONS: Mapping[str, str] = {
    NO_DATA: "nobody rated it",
    N_BELOW_MINIMUM: "too few ratings",
    NO_VARIATION: "nothing varies",
    ALL_TIED: "all ratings are tied",
    NO_PAIRS: "no two ratings to compare",
    NO_CHANGE: "nobody changed",
    OUT_OF_RANGE: "outside what it is defined for",
    SCALE_TOO_SHORT: "the scale has too few points or bands",
    INFINITE: "grows without bound",
    TOO_LARGE: "too many to be counted out",
    NO_SINGLE_PATTERN: "no single pattern",
}
"""Why a figure is undefined."""


@dataclass(frozen=True, slots=True)
class Section:
    """One statistic that was asked for: what it is, and its figures as a table."""

    title: str
    words: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def print_list(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """`--statistics list` prints the registry and ends; any other value is left as it is."""
    if value is None or value.strip() != LIST:
        return value
    rows = [(one.name, one.title, NEEDS[needs]) for needs, one in LINES if one.figures is not None]
    click.echo(context.table(("name", "statistic", "needs"), rows))
    ctx.exit()


def with_statistics(document: Told, tables: Tables, names: tuple[str, ...], method: str) -> Told:
    """The document with the statistics named. Raises NotPossible, with what would fix it."""
    if not names:
        raise NotPossible(f"--statistics names no statistic; {_NAMED}")
    try:
        rows = computed(tables, names, method)
    except UnknownStatistic as unknown:
        raise NotPossible(_unknown(unknown)) from unknown
    except NeedsUnmet as unmet:
        raise NotPossible(f"'{unmet.name}' needs {NEEDS[unmet.needs]}; what is looked at holds none") from unmet
    return sealed(replace(document, statistics=tuple(settled(row) for row in rows)))


def _unknown(unknown: UnknownStatistic) -> str:
    if unknown.in_results:
        return f"'{unknown.name}' stands in every result and need not be asked for"
    near = f"; did you mean {' or '.join(unknown.near)}?" if unknown.near else ""
    return f"there is no statistic '{unknown.name}'{near}; {_NAMED}"


def sections(document: FileDocument) -> Iterator[Section]:
    """The statistics of a document, each with what it answers, its source and its caution."""
    for name, rows in groupby(document.statistics or (), lambda row: row.statistic):
        one = BY_NAME[name].statistic
        said = [f"{one.answers[0].upper()}{one.answers[1:]}.", f"Caution: {one.caution}.", f"Source: {one.source}."]
        found = [_shown(row) for row in rows]
        kept = [head for head in HEADS if any(row[head] for row in found)]
        table = tuple(tuple(row[head] for head in kept) for row in found)
        yield Section(f"{one.title} ({name})", tuple(said), tuple(kept), table)


def statistics_parts(document: FileDocument) -> Iterator[str]:
    """The same for the terminal."""
    for section in sections(document):
        yield "\n".join((context.visible(section.title), *section.words, context.table(section.head, section.rows)))


def _shown(row: StatisticRow) -> dict[str, str]:
    """The cells of one figure by their heads; empty where there is nothing to say."""
    said = cells(row)
    found = {head: str(said[head] or "") for head in ("round", "criterion", "item", "figure", "of", "method")}
    found["since"] = row.earlier
    found["value"] = row.word or _number(row)
    found["95 % interval"] = "" if row.low is None or row.high is None else f"{row.low:.3g} to {row.high:.3g}"
    found["df"] = "" if row.df is None else f"{row.df:.4g}"
    found["p"] = "" if row.p is None else p_value(row.p)
    found["p adjusted"] = "" if row.p_adjusted is None else p_value(row.p_adjusted)
    found["undefined"] = "" if row.reason is None else REASONS[row.reason]
    return found


def _number(row: StatisticRow) -> str:
    if row.value is None:
        return NOTHING if row.reason else ""
    return probability(row.value) if row.figure.startswith("P(") else f"{row.value:.4g}"


HEADS = (
    "round",
    "since",
    "criterion",
    "item",
    "figure",
    "of",
    "value",
    "95 % interval",
    "df",
    "p",
    "p adjusted",
    "method",
    "undefined",
)
"""The columns of a statistic's table; those without a cell are left out."""
