"""Change over rounds as charts: dumbbells, transition table, participation flow."""

from collections.abc import Mapping, Sequence

from analysis.figures.drawing import HIGH, LOW, MIDDLE, Figure, frame, name_of
from analysis.figures.plotly import Axis, Trace
from analysis.figures.rows import DumbbellRow, FlowRow, MoveRow
from analysis.model.criterion import CriterionResult
from analysis.model.file import Flow
from analysis.model.stage import Stage

_GREYS = ("#bdbdbd", "#969696", "#636363", "#252525")


def dumbbells(
    earlier: Stage, later: Stage, criterion: str | None = None, labels: Mapping[str, str] | None = None
) -> Figure[DumbbellRow]:
    """Share in the highest band in two rounds, joined by a line; measures rated in both.

    ``change`` is later minus earlier. Rows by the later share, highest first; a withheld share on
    either side is a row without a mark.
    """
    criterion = criterion or later.deciding
    rows: list[DumbbellRow] = []
    for key, measure in later.measures.items():
        before = earlier.criterion(key, criterion or "")
        now = measure.criteria.get(criterion or "")
        if before and now:
            rows.append(_dumbbell(key, before, now))
    rows.sort(key=lambda row: (row.change is None, -(row.later or 0), row.key))
    drawn = [(row.key, ends) for row in rows if (ends := row.ends()) is not None]
    names = [name_of(key, labels) for key, _ in drawn]
    marks: list[Trace] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name_of(stage.stage, labels),
            "x": [100 * ends[part] for _, ends in drawn],
            "y": names,
            "marker": {"color": colour, "size": 11, "symbol": symbol},
        }
        for part, stage, colour, symbol in ((0, earlier, LOW[0], "circle-open"), (1, later, HIGH[1], "circle"))
    ]
    layout = frame(len(drawn))
    layout["xaxis"] |= {"range": [-2, 102], "ticksuffix": " %"}
    alt = {
        "kind": "dumbbells",
        "earlier": earlier.stage,
        "later": later.stage,
        "bars": len(drawn),
        "suppressed": len(rows) - len(drawn),
        "up": sum(after > before for _, (before, after) in drawn),
        "down": sum(after < before for _, (before, after) in drawn),
        "same": sum(after == before for _, (before, after) in drawn),
    }
    return Figure({"data": [_bars([ends for _, ends in drawn], names), *marks], "layout": layout}, alt, tuple(rows))


def _bars(drawn: Sequence[tuple[float, float]], names: Sequence[str]) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for before, after in drawn for x in (100 * before, 100 * after, None)],
        "y": [y for name in names for y in (name, name, None)],
        "line": {"color": MIDDLE, "width": 4},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _dumbbell(key: str, before: CriterionResult, now: CriterionResult) -> DumbbellRow:
    earlier, later = (own[list(own)[-1]].share if (own := block.shares) else None for block in (before, now))
    change = None if earlier is None or later is None else later - earlier
    return DumbbellRow(key, before.n, now.n, earlier, later, change, before.suppressed or now.suppressed)


def transition_table(cells: Sequence[Sequence[int]], lo: int, states: Sequence[str], points: int) -> Figure[MoveRow]:
    """Who moved from where to where: earlier by later points, and the states of not answering.

    ``cells``: a frozen pair table, (points + states) squared, from ``hidden.transitions``. Such a
    table is never released: one person's two answers stand in it. States nobody was in are left
    out.
    """
    names = [str(lo + code) for code in range(points)] + list(states)
    used = [at for at in range(len(names)) if at < points or any(cells[at]) or any(row[at] for row in cells)]
    counts = [[int(cells[i][j]) for j in used] for i in used]
    kept = [names[at] for at in used]
    trace: Trace = {
        "type": "heatmap",
        "x": kept,
        "y": kept,
        "z": counts,
        "text": [[str(count) if count else "" for count in row] for row in counts],
        "texttemplate": "%{text}",
        "colorscale": [(0, "#ffffff"), (1, HIGH[1])],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    layout = frame(len(kept))
    axis: Axis = {"type": "category", "fixedrange": True, "zeroline": False}
    layout |= {"xaxis": axis, "yaxis": {**axis, "automargin": True, "autorange": "reversed"}}
    rows = tuple(
        MoveRow(kept[i], kept[j], count) for i, row in enumerate(counts) for j, count in enumerate(row) if count
    )
    alt = _moves(cells, points)
    return Figure({"data": [trace], "layout": layout}, alt, rows)


def _moves(cells: Sequence[Sequence[int]], points: int) -> dict[str, str | int]:
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
) -> Figure[FlowRow]:
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
    rows = [
        FlowRow(stage.stage, {step: known.get(step) for step in steps}, _came(between.get(stage.stage)) if flow else {})
        for stage, known in zip(stages, taken, strict=True)
    ]
    if flow:
        traces += [
            _group(name_of(part, labels), names, [row.flow[part] for row in rows], colour)
            for part, colour in zip(_CAME, (HIGH[1], LOW[0], HIGH[0]), strict=True)
        ]
    layout = frame(10)
    layout |= {"barmode": "group", "height": 360}
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


_CAME = ("both", "left", "joined")


def _came(step: Flow | None) -> dict[str, int | None]:
    return dict(zip(_CAME, (None, None, None) if step is None else (step.both, step.left, step.joined), strict=True))


def _group(name: str, x: Sequence[str], y: Sequence[int | None], colour: str) -> Trace:
    return {"type": "bar", "name": name, "x": list(x), "y": list(y), "marker": {"color": colour}}
