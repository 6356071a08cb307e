"""The figures of the page that `consult analyse` writes, each with its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.figures.drawing import Figure, diverging_bars
from analysis.figures.measures import dot_ranking, importance_feasibility, threshold_sensitivity
from analysis.figures.plotly import Drawing
from analysis.figures.rounds import dumbbells, transition_table
from analysis.figures.rows import Cell, Row
from analysis.model.criterion import ThresholdRun
from analysis.model.stage import Stage, hidden_of
from analysis.protocol.protocol import NO_ANSWER
from consult.commands import analyse_tables


def figures(stage: Stage, before: Sequence[Stage], labels: Mapping[str, str]) -> Iterator[tuple[str, Figure[Row]]]:
    """The figures of a round with their headings."""
    names = list(dict.fromkeys(name for _, name, _ in analyse_tables.criteria(stage)))
    for name in names:
        yield f"Ratings by band: {name}", diverging_bars(stage, name, labels)
        yield f"Share of high ratings: {name}", dot_ranking(stage, name, labels)
        yield f"Other thresholds: {name}", threshold_sensitivity(stage, name, labels)
        if before:
            yield f"Since the round before: {name}", dumbbells(before[-1], stage, name, labels)
    deciding = stage.deciding
    for name in names:
        if name != deciding and deciding in names:
            pair = (deciding, name)
            yield f"{deciding} and {name}", importance_feasibility(stage, pair, labels)
    hidden = hidden_of(stage)
    for key, tables in hidden.transitions.items() if hidden else ():
        for name, cells in tables.items():
            scale = stage.measures[key].criteria[name].scale
            figure = transition_table(cells, scale.lo, NO_ANSWER, scale.hi - scale.lo + 1)
            yield f"Who moved: {key}, {name}", figure


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure on the page: what plotly draws, the same in words, and as a table."""

    heading: str
    words: str
    data: Drawing
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def shown(heading: str, figure: Figure[Row]) -> ShownFigure:
    """A figure with its words and the cells of its table; columns without a figure are left out."""
    facts = {key: "–" if fact is None else fact for key, fact in figure.alt.items()}
    rows = [row.cells() for row in figure.rows]
    heads = [key for key in (rows[0] if rows else ()) if any(row.get(key) is not None for row in rows)]
    return ShownFigure(
        heading=heading,
        words=ALT[figure.alt["kind"]].format(**facts),
        data=figure.data,
        head=tuple(key.replace("_", " ") for key in heads),
        rows=tuple(tuple(_cell(row.get(key)) for key in heads) for row in rows),
    )


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case Mapping():
            return ", ".join(f"{key}: {_cell(part)}" for key, part in value.items())
        case tuple():
            return "; ".join(_run(run) for run in value)
        case float():
            return f"{value:.3g}"
    return str(value)


def _run(run: ThresholdRun) -> str:
    return f"{run.start}–{run.end} %: {run.verdict}"


ALT = {
    "diverging_bars": "Bars of {bars} items from low to high ratings. Highest: {highest}; lowest: {lowest}.",
    "dumbbells": "Share of high ratings in rounds {earlier} and {later} of {bars} items: "
    "{up} went up, {down} down, {same} stayed.",
    "dot_ranking": "Share of high ratings of {dots} items with 95 % intervals. First: {first}; "
    "last: {last}. {reaching} reach the threshold of the rule.",
    "importance_feasibility": "Medians of {points} items under two criteria. Above the middle in "
    "both: {both}; only in the first: {first}; only in the second: {second}; in none: {neither}.",
    "threshold_sensitivity": "Verdicts of {rows} items at thresholds from {from} to {to} %. "
    "{steady} have the same verdict throughout.",
    "transition_table": "{pairs} experts rated twice: {same} the same, {up} higher, {down} lower; "
    "{left} rated only before, {joined} only after.",
    "participation_flow": "{stages} rounds; {first} took part in the first, {last} in the last.",
}
"""The words for the facts of each kind of figure."""
