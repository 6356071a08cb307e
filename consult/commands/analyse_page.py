"""One page of HTML with everything `consult analyse` found: charts, their words and their tables.

The page holds the charting library itself and asks nothing of the network; a policy in it forbids
the browser to. Without scripts the words and tables remain.
"""

import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from analysis.figures.drawing import Figure, diverging_bars
from analysis.figures.measures import dot_ranking, importance_feasibility, threshold_sensitivity
from analysis.figures.rounds import dumbbells, participation_flow, transition_table
from analysis.model.criterion import ThresholdRun
from analysis.model.file import Document
from analysis.model.stage import Stage, hidden_of
from analysis.protocol.protocol import NO_ANSWER, Protocol
from consult.commands import analyse_panels, analyse_tables

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
pre { overflow-x: auto; background: #f6f6f6; padding: 1rem }
table { border-collapse: collapse } td, th { padding: .1rem .6rem; text-align: left }
th { border-bottom: 1px solid #888 } figure { margin: 2rem 0 } summary { cursor: pointer }
"""
DRAW = """
document.querySelectorAll('[data-figure]').forEach(function (place) {
  var figure = JSON.parse(place.querySelector('script').textContent);
  var box = document.createElement('div');
  place.prepend(box);
  Plotly.newPlot(box, figure.data, figure.layout,
    { displayModeBar: false, displaylogo: false, responsive: true });
});
"""

ALT = {
    "diverging_bars": "Bars of {bars} items from low to high ratings. Highest: {highest}; "
    "lowest: {lowest}.",
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


def page(document: Document, name: str) -> str:
    """The whole page. ``name`` is that of the file of ratings."""
    title = html.escape(f"Ratings in {name}")
    body = "\n".join(_body(document))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f"{body}\n<script>{_library()}</script>\n<script>{DRAW}</script>\n</body>\n</html>\n"
    )


def _library() -> str:
    """The charting library as it may stand inside a page."""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script")


def _body(document: Document) -> Iterator[str]:
    parts = list(analyse_tables.printed(document))
    yield "".join(f"<p>{html.escape(line)}</p>" for line in parts[0].splitlines())
    for found in document.hollow:
        yield f"<p><strong>{html.escape(analyse_tables.hollow_sentence(found))}</strong></p>"
    labels = _labels(document)
    for number, stage in enumerate(document.stages):
        before = document.stages[:number]
        yield f"<h2>Round {html.escape(stage.stage)}</h2>"
        yield f"<pre>{html.escape(analyse_tables.verdict_table(document, stage))}</pre>"
        sentences = analyse_tables.sentences(document, stage)
        yield "<ul>" + "".join(f"<li>{html.escape(words)}</li>" for words in sentences) + "</ul>"
        if stage.panel:
            yield f"<pre>{html.escape(analyse_panels.panel_table(stage))}</pre>"
            notes = analyse_panels.panel_notes(stage)
            yield "".join(f"<p>{html.escape(words)}</p>" for words in notes)
        for table in analyse_panels.subgroup_tables(stage):
            yield f"<pre>{html.escape(table)}</pre>"
        for heading, figure in _figures(stage, before, labels):
            yield _shown(heading, figure)
    yield _shown("Participation", participation_flow(document.stages, document.flow or (), labels))
    for part in parts[_first_of_the_end(document, parts) :]:
        yield f"<pre>{html.escape(part)}</pre>"


def _first_of_the_end(document: Document, parts: list[str]) -> int:
    """Where the parts begin that belong to no round: ranking, groups, digest."""
    ranking = 2 if document.ranking else 0
    groups = 1 if document.opinion_groups else 0
    return len(parts) - ranking - groups - 1


def _labels(document: Document) -> dict[str, str]:
    """Charts read markup in names, and the file's names are anybody's."""
    keys = {key for stage in document.stages for key in (stage.stage, *stage.measures)}
    keys |= {one.key for one in Protocol.from_dict(document.protocol).criteria}
    return {key: html.escape(key, quote=False) for key in keys}


def _figures(
    stage: Stage, before: Sequence[Stage], labels: Mapping[str, str]
) -> Iterator[tuple[str, Figure]]:
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


def _shown(heading: str, figure: Figure) -> str:
    facts = {key: "–" if fact is None else fact for key, fact in figure.alt.items()}
    words = html.escape(ALT[figure.alt["kind"]].format(**facts))
    drawn = json.dumps(figure.data, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f"<figure><h3>{html.escape(heading)}</h3>"
        f'<div data-figure role="img" aria-label="{words}">'
        f'<script type="application/json">{drawn}</script></div>'
        f"<figcaption>{words}</figcaption>"
        f"<details><summary>Table</summary>{_table(figure.rows)}</details></figure>"
    )


def _table(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    if not rows:
        return "<p>–</p>"
    heads = [key for key in rows[0] if any(row.get(key) is not None for row in rows)]
    lines = [[_cell(row.get(key)) for key in heads] for row in rows]
    head = "".join(f"<th>{html.escape(key.replace('_', ' '))}</th>" for key in heads)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in line) + "</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {_cell(part)}" for key, part in value.items())
    elif isinstance(value, tuple):
        value = "; ".join(_run(run) for run in value)
    elif isinstance(value, float):
        value = f"{value:.3g}"
    return html.escape("" if value is None else str(value))


def _run(run: ThresholdRun) -> str:
    return f"{run.start}–{run.end} %: {run.verdict}"
