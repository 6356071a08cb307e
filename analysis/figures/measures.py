"""One round's measures as charts: ranking with intervals, two criteria, other thresholds.

As in ``drawing``: plain plotly dicts, facts for a text alternative, and the table. Names
are keys unless ``labels`` gives words; a withheld figure is a row without a mark.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures.drawing import HIGH, LOW, MIDDLE, Figure, Released, Row, frame, name_of
from analysis.model.criterion import CriterionResult, ThresholdRun
from analysis.model.figures import Share

_VERDICTS = {"out": -1, "none": 0, "in": 1}
_FIRST, _LAST = 60, 90


def _blocks(released: Released, criterion: str | None) -> dict[str, CriterionResult]:
    return {
        key: measure.criteria[criterion]
        for key, measure in released.measures.items()
        if criterion is not None and criterion in measure.criteria
    }


def _top_share(block: CriterionResult) -> Share | None:
    shares = block.shares
    if not shares:
        return None
    top = shares[list(shares)[-1]]
    return top if top.share is not None else None


def dot_ranking(released: Released, criterion: str | None = None, labels: Mapping[str, str] | None = None) -> Figure:
    """Share in the highest band with its Wilson 95 % interval, highest first (Cleveland 1985).

    ``needed`` in the facts is the rule's own threshold in percent, drawn as a line, where the rule
    has one. Equal shares have one rank.
    """
    blocks = _blocks(released, criterion or released.deciding)
    rows = _ranked(blocks)
    drawn = [row for row in rows if row["share"] is not None]
    shares = [row["share"] for row in drawn]
    needed = next(filter(None, map(_needed, blocks.values())), None)
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * row["share"] for row in drawn],
        "y": [name_of(row["key"], labels) for row in drawn],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (row["high"] - row["share"]) for row in drawn],
            "arrayminus": [100 * (row["share"] - row["low"]) for row in drawn],
        },
        "marker": {"color": HIGH[1], "size": 10},
        "showlegend": False,
    }
    layout = frame(len(drawn))
    layout["xaxis"] |= {"range": [-2, 102], "ticksuffix": " %"}
    if needed is not None:
        layout["shapes"] = [_line(x=100 * needed)]
    alt = {
        "kind": "dot_ranking",
        "dots": len(drawn),
        "suppressed": len(rows) - len(drawn),
        "first": drawn[0]["key"] if drawn else None,
        "first_share": shares[0] if drawn else None,
        "last": drawn[-1]["key"] if drawn else None,
        "last_share": shares[-1] if drawn else None,
        "needed": None if needed is None else 100 * needed,
        "reaching": sum(share >= needed for share in shares) if needed is not None else None,
    }
    return Figure({"data": [trace], "layout": layout}, alt, tuple(rows))


def _ranked(blocks: Mapping[str, CriterionResult]) -> list[Row]:
    rows: list[Row] = []
    for key, block in blocks.items():
        share = _top_share(block)
        row: Row = {"key": key, "n": block.n, "suppressed": block.suppressed}
        row |= {"share": None, "low": None, "high": None}
        if share is not None:
            row |= {"share": share.share, "low": share.low, "high": share.high}
        rows.append(row)
    rows.sort(key=lambda row: (row["share"] is None, -(row["share"] or 0), row["key"]))
    shares = [row["share"] for row in rows]
    for row in rows:
        row["rank"] = None if row["share"] is None else 1 + shares.index(row["share"])
    return rows


def _needed(block: CriterionResult) -> float | None:
    """The share that the verdict's first 'in' clause asks for, of the highest band."""
    clauses = block.verdict.numbers.clauses
    for clause in clauses.into if clauses is not None else ():
        if clause.kind == "share" and clause.op == ">=" and clause.limit is not None:
            return float(clause.limit[0] / clause.limit[1])
    return None


def _line(x: float | None = None, y: float | None = None) -> dict[str, Any]:
    """A dotted line across the chart at one value of an axis."""
    across = {"type": "line", "line": {"dash": "dot", "color": "#555555", "width": 1}}
    if x is not None:
        return across | {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"}
    return across | {"x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y}


def importance_feasibility(
    released: Released, criteria: tuple[str, str], labels: Mapping[str, str] | None = None
) -> Figure:
    """Medians of two criteria against each other, the middle of each scale as a cross.

    ``criteria``: upwards, then to the right. ``quadrant`` of a row says the half of each scale;
    a median on the middle itself is ``between``.
    """
    up, right = (_blocks(released, criterion) for criterion in criteria)
    rows: list[Row] = []
    middles: tuple[float, float] | None = None
    for key in sorted(up.keys() & right.keys()):
        one, two = up[key], right[key]
        middles = tuple(_middle(block) for block in (one, two))  # type: ignore[assignment]
        row: Row = {"key": key, criteria[0]: one.median, criteria[1]: two.median}
        row["quadrant"] = _quadrant(one, two)
        row["suppressed"] = one.suppressed or two.suppressed
        rows.append(row)
    drawn = [row for row in rows if row["quadrant"] is not None]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [row[criteria[1]] for row in drawn],
        "y": [row[criteria[0]] for row in drawn],
        "text": [html.escape(row["key"], quote=False) for row in drawn],
        "hovertext": [name_of(row["key"], labels) for row in drawn],
        "textposition": "top center",
        "marker": {"color": HIGH[1], "size": 10, "opacity": 0.7},
        "showlegend": False,
    }
    layout = frame(16) | {"height": 520}
    layout["yaxis"] = {"title": {"text": name_of(criteria[0], labels)}, "fixedrange": True}
    layout["xaxis"] |= {"title": {"text": name_of(criteria[1], labels)}, "zeroline": False}
    if middles is not None:
        layout["shapes"] = [_line(y=middles[0]), _line(x=middles[1])]
    places = [row["quadrant"] for row in drawn]
    alt = {
        "kind": "importance_feasibility",
        "criteria": list(criteria),
        "points": len(drawn),
        "suppressed": len(rows) - len(drawn),
        **{kind: places.count(kind) for kind in ("both", "first", "second", "neither", "between")},
    }
    return Figure({"data": [trace], "layout": layout}, alt, tuple(rows))


def _middle(block: CriterionResult) -> float:
    return (float(block.scale.lo) + float(block.scale.hi)) / 2


def _quadrant(one: CriterionResult, two: CriterionResult) -> str | None:
    if one.median is None or two.median is None:
        return None
    above = [one.median - _middle(one), two.median - _middle(two)]
    if 0 in above:
        return "between"
    kinds = {(True, True): "both", (True, False): "first", (False, True): "second"}
    return kinds.get((above[0] > 0, above[1] > 0), "neither")


def threshold_sensitivity(
    released: Released, criterion: str | None = None, labels: Mapping[str, str] | None = None
) -> Figure:
    """The verdict each measure would have at every threshold from 60 to 90 %.

    Rows hold the runs of equal verdicts (``ThresholdRun``s); a rule without
    a threshold, or a withheld distribution, has none.
    """
    blocks = _blocks(released, criterion or released.deciding)
    rows: list[Row] = []
    for key, block in sorted(blocks.items()):
        rows.append(
            {
                "key": key,
                "n": block.n,
                "verdict": block.verdict.verdict,
                "runs": block.robustness.thresholds if block.robustness else None,
                "suppressed": block.suppressed,
            }
        )
    drawn = [row for row in rows if row["runs"]]
    percents = list(range(_FIRST, _LAST + 1))
    cells = [[_VERDICTS[_run_at(row["runs"], at)] for at in percents] for row in drawn]
    trace = {
        "type": "heatmap",
        "x": percents,
        "y": [name_of(row["key"], labels) for row in drawn],
        "z": cells,
        "zmin": -1,
        "zmax": 1,
        "colorscale": [[0, LOW[0]], [0.5, MIDDLE], [1, HIGH[1]]],
        "showscale": False,
        "xgap": 1,
        "ygap": 2,
    }
    layout = frame(len(drawn))
    layout["xaxis"] |= {"ticksuffix": " %", "zeroline": False}
    alt = {
        "kind": "threshold_sensitivity",
        "rows": len(drawn),
        "without": len(rows) - len(drawn),
        "steady": sum(len(row["runs"]) == 1 for row in drawn),
        "from": _FIRST,
        "to": _LAST,
    }
    return Figure({"data": [trace], "layout": layout}, alt, tuple(rows))


def _run_at(runs: Sequence[ThresholdRun], percent: int) -> str:
    return next(str(run.verdict) for run in runs if run.start <= percent <= run.end)
