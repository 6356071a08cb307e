"""Change over rounds as charts: dumbbells, transition table, participation flow."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures.drawing import HIGH, LOW, MIDDLE, Figure, Row, frame, name_of
from analysis.model.criterion import CriterionResult
from analysis.model.file import Flow
from analysis.model.stage import Stage

_GREYS = ("#bdbdbd", "#969696", "#636363", "#252525")


def dumbbells(
    earlier: Stage, later: Stage, criterion: str | None = None, labels: Mapping[str, str] | None = None
) -> Figure:
    """Share in the highest band in two rounds, joined by a line; measures rated in both.

    ``change`` is later minus earlier. Rows by the later share, highest first; a withheld share on
    either side is a row without a mark.
    """
    criterion = criterion or later.deciding
    rows: list[Row] = []
    for key, measure in later.measures.items():
        before = earlier.criterion(key, criterion or "")
        now = measure.criteria.get(criterion or "")
        if before and now:
            rows.append(_dumbbell(key, before, now))
    rows.sort(key=lambda row: (row["change"] is None, -(row["later"] or 0), row["key"]))
    drawn = [row for row in rows if row["change"] is not None]
    names = [name_of(row["key"], labels) for row in drawn]
    ends = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name_of(stage.stage, labels),
            "x": [100 * row[part] for row in drawn],
            "y": names,
            "marker": {"color": colour, "size": 11, "symbol": symbol},
        }
        for part, stage, colour, symbol in (
            ("earlier", earlier, LOW[0], "circle-open"),
            ("later", later, HIGH[1], "circle"),
        )
    ]
    layout = frame(len(drawn))
    layout["xaxis"] |= {"range": [-2, 102], "ticksuffix": " %"}
    alt = {
        "kind": "dumbbells",
        "earlier": earlier.stage,
        "later": later.stage,
        "bars": len(drawn),
        "suppressed": len(rows) - len(drawn),
        "up": sum(row["change"] > 0 for row in drawn),
        "down": sum(row["change"] < 0 for row in drawn),
        "same": sum(row["change"] == 0 for row in drawn),
    }
    return Figure({"data": [_bars(drawn, names), *ends], "layout": layout}, alt, tuple(rows))


def _bars(drawn: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for row in drawn for x in (100 * row["earlier"], 100 * row["later"], None)],
        "y": [y for name in names for y in (name, name, None)],
        "line": {"color": MIDDLE, "width": 4},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _dumbbell(key: str, before: CriterionResult, now: CriterionResult) -> Row:
    shares = []
    for block in (before, now):
        own = block.shares
        shares.append(own[list(own)[-1]].share if own else None)
    row: Row = {"key": key, "n_earlier": before.n, "n_later": now.n}
    row |= {"earlier": shares[0], "later": shares[1], "change": None}
    if shares[0] is not None and shares[1] is not None:
        row["change"] = shares[1] - shares[0]
    return row | {"suppressed": before.suppressed or now.suppressed}


def transition_table(cells: Sequence[Sequence[int]], lo: int, states: Sequence[str], points: int) -> Figure:
    """Who moved from where to where: earlier by later points, and the states of not answering.

    ``cells``: a frozen pair table, (points + states) squared, from ``hidden.transitions``. Such a
    table is never released: one person's two answers stand in it. States nobody was in are left
    out.
    """
    names = [str(lo + code) for code in range(points)] + list(states)
    used = [at for at in range(len(names)) if at < points or any(cells[at]) or any(row[at] for row in cells)]
    counts = [[int(cells[i][j]) for j in used] for i in used]
    kept = [names[at] for at in used]
    trace = {
        "type": "heatmap",
        "x": kept,
        "y": kept,
        "z": counts,
        "text": [[str(count) if count else "" for count in row] for row in counts],
        "texttemplate": "%{text}",
        "colorscale": [[0, "#ffffff"], [1, HIGH[1]]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    layout = frame(len(kept))
    axis = {"type": "category", "fixedrange": True, "zeroline": False}
    layout |= {"xaxis": axis, "yaxis": axis | {"automargin": True, "autorange": "reversed"}}
    rows = tuple(
        {"earlier": kept[i], "later": kept[j], "count": count}
        for i, row in enumerate(counts)
        for j, count in enumerate(row)
        if count
    )
    alt = _moves(cells, points)
    return Figure({"data": [trace], "layout": layout}, alt, rows)


def _moves(cells: Sequence[Sequence[int]], points: int) -> dict[str, Any]:
    both = [(i, j) for i in range(points) for j in range(points)]
    return {
        "kind": "transition_table",
        "pairs": sum(int(cells[i][j]) for i, j in both),
        "same": sum(int(cells[i][i]) for i in range(points)),
        "up": sum(int(cells[i][j]) for i, j in both if j > i),
        "down": sum(int(cells[i][j]) for i, j in both if j < i),
        "left": sum(int(c) for i in range(points) for c in cells[i][points:]),
        "joined": sum(int(c) for row in cells[points:] for c in row[:points]),
    }


def participation_flow(
    stages: Sequence[Stage], flow: Sequence[Flow] = (), labels: Mapping[str, str] | None = None
) -> Figure:
    """How many were invited, consented, started and submitted, stage by stage.

    ``flow`` adds who came back and who did not;
    it needs rows, and is not released where a number is small enough to point at people.
    """
    taken = [stage.participation.steps() for stage in stages]
    steps = list(dict.fromkeys(step for one in taken for step in one))
    names = [name_of(stage.stage, labels) for stage in stages]
    traces = [
        _group(name_of(step, labels), names, [one.get(step) for one in taken], _GREYS[place % len(_GREYS)])
        for place, step in enumerate(steps)
    ]
    between = {step.later: step for step in flow}
    rows: list[Row] = []
    for stage, known in zip(stages, taken, strict=True):
        came = between.get(stage.stage)
        row: Row = {"key": stage.stage, **{step: known.get(step) for step in steps}}
        if flow:
            row |= {"both": None, "left": None, "joined": None}
        if came is not None:
            row |= {"both": came.both, "left": came.left, "joined": came.joined}
        rows.append(row)
    if flow:
        traces += [
            _group(name_of(part, labels), names, [row[part] for row in rows], colour)
            for part, colour in (("both", HIGH[1]), ("left", LOW[0]), ("joined", HIGH[0]))
        ]
    layout = frame(10) | {"barmode": "group", "height": 360}
    layout["yaxis"] = {"fixedrange": True, "rangemode": "tozero"}
    layout["xaxis"] = {"type": "category", "fixedrange": True}
    submitted = [stage.participation.submitted for stage in stages]
    alt = {
        "kind": "participation_flow",
        "stages": len(stages),
        "first": submitted[0] if submitted else None,
        "last": submitted[-1] if submitted else None,
        "left": sum(step.left for step in flow) if flow else None,
        "joined": sum(step.joined for step in flow) if flow else None,
    }
    return Figure({"data": traces, "layout": layout}, alt, tuple(rows))


def _group(name: str, x: Sequence[str], y: Sequence[Any], colour: str) -> dict[str, Any]:
    return {"type": "bar", "name": name, "x": list(x), "y": list(y), "marker": {"color": colour}}
