"""One round's measures as charts: ranking with intervals, two criteria, other thresholds.

As in ``drawing``: plain plotly dicts, facts for a text alternative, and the table. Names
are keys unless ``labels`` gives words; a withheld figure is a row without a mark.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.figures.drawing import HIGH, LOW, MIDDLE, Figure, Released, frame, name_of
from analysis.figures.plotly import Shape, Trace
from analysis.figures.rows import PlaceRow, Ranked, RankedRow, VerdictsRow
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


def dot_ranking(
    released: Released, criterion: str | None = None, labels: Mapping[str, str] | None = None
) -> Figure[RankedRow]:
    """Share in the highest band with its Wilson 95 % interval, highest first (Cleveland 1985).

    ``needed`` in the facts is the rule's own threshold in percent, drawn as a line, where the rule
    has one. Equal shares have one rank.
    """
    blocks = _blocks(released, criterion or released.deciding)
    rows = _ranked(blocks)
    drawn = [(row.key, row.found) for row in rows if row.found is not None]
    shares = [found.share for _, found in drawn]
    needed = next(filter(None, map(_needed, blocks.values())), None)
    trace: Trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * share for share in shares],
        "y": [name_of(key, labels) for key, _ in drawn],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * (found.high - found.share) for _, found in drawn],
            "arrayminus": [100 * (found.share - found.low) for _, found in drawn],
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
        "first": drawn[0][0] if drawn else None,
        "first_share": shares[0] if drawn else None,
        "last": drawn[-1][0] if drawn else None,
        "last_share": shares[-1] if drawn else None,
        "needed": None if needed is None else 100 * needed,
        "reaching": sum(share >= needed for share in shares) if needed is not None else None,
    }
    return Figure({"data": [trace], "layout": layout}, alt, tuple(rows))


def _ranked(blocks: Mapping[str, CriterionResult]) -> list[RankedRow]:
    shares = {key: found for key, block in blocks.items() if (found := _interval(block)) is not None}
    order = sorted((found.share for found in shares.values()), reverse=True)
    rows = [RankedRow(key, block.n, block.suppressed, None) for key, block in blocks.items()]
    rows = [
        replace(row, found=found._replace(rank=1 + order.index(found.share))) if (found := shares.get(row.key)) else row
        for row in rows
    ]
    return sorted(rows, key=lambda row: (row.found is None, -row.found.share if row.found else 0, row.key))


def _interval(block: CriterionResult) -> Ranked | None:
    share = _top_share(block)
    if share is None or share.share is None or share.low is None or share.high is None:
        return None
    return Ranked(share.share, share.low, share.high, 0)


def _needed(block: CriterionResult) -> float | None:
    """The share that the verdict's first 'in' clause asks for, of the highest band."""
    clauses = block.verdict.numbers.clauses
    for clause in clauses.into if clauses is not None else ():
        if clause.kind == "share" and clause.op == ">=" and clause.limit is not None:
            return float(clause.limit[0] / clause.limit[1])
    return None


def _line(x: float | None = None, y: float = 0) -> Shape:
    """A dotted line across the chart at one value of an axis."""
    across: Shape = {"type": "line", "line": {"dash": "dot", "color": "#555555", "width": 1}}
    if x is not None:
        return {**across, "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"}
    return {**across, "x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y}


def importance_feasibility(
    released: Released, criteria: tuple[str, str], labels: Mapping[str, str] | None = None
) -> Figure[PlaceRow]:
    """Medians of two criteria against each other, the middle of each scale as a cross.

    ``criteria``: upwards, then to the right. ``quadrant`` of a row says the half of each scale;
    a median on the middle itself is ``between``.
    """
    up, right = (_blocks(released, criterion) for criterion in criteria)
    keys = sorted(up.keys() & right.keys())
    rows = [_place(key, criteria, up[key], right[key]) for key in keys]
    drawn = [row for row in rows if row.quadrant is not None]
    trace: Trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [row.medians[criteria[1]] for row in drawn],
        "y": [row.medians[criteria[0]] for row in drawn],
        "text": [html.escape(row.key, quote=False) for row in drawn],
        "hovertext": [name_of(row.key, labels) for row in drawn],
        "textposition": "top center",
        "marker": {"color": HIGH[1], "size": 10, "opacity": 0.7},
        "showlegend": False,
    }
    layout = frame(16)
    layout["height"] = 520
    layout["yaxis"] = {"title": {"text": name_of(criteria[0], labels)}, "fixedrange": True}
    layout["xaxis"] |= {"title": {"text": name_of(criteria[1], labels)}, "zeroline": False}
    if keys:
        layout["shapes"] = [_line(y=_middle(up[keys[-1]])), _line(x=_middle(right[keys[-1]]))]
    places = [row.quadrant for row in drawn]
    alt = {
        "kind": "importance_feasibility",
        "criteria": list(criteria),
        "points": len(drawn),
        "suppressed": len(rows) - len(drawn),
        **{kind: places.count(kind) for kind in ("both", "first", "second", "neither", "between")},
    }
    return Figure({"data": [trace], "layout": layout}, alt, tuple(rows))


def _place(key: str, criteria: tuple[str, str], one: CriterionResult, two: CriterionResult) -> PlaceRow:
    medians = dict(zip(criteria, (one.median, two.median), strict=True))
    return PlaceRow(key, medians, _quadrant(one, two), one.suppressed or two.suppressed)


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
) -> Figure[VerdictsRow]:
    """The verdict each measure would have at every threshold from 60 to 90 %.

    Rows hold the runs of equal verdicts (``ThresholdRun``s); a rule without
    a threshold, or a withheld distribution, has none.
    """
    blocks = _blocks(released, criterion or released.deciding)
    rows = [
        VerdictsRow(
            key=key,
            n=block.n,
            verdict=block.verdict.verdict,
            runs=block.robustness.thresholds if block.robustness else None,
            suppressed=block.suppressed,
        )
        for key, block in sorted(blocks.items())
    ]
    drawn = [(row.key, row.runs) for row in rows if row.runs]
    percents = list(range(_FIRST, _LAST + 1))
    cells = [[_VERDICTS[_run_at(runs, at)] for at in percents] for _, runs in drawn]
    trace: Trace = {
        "type": "heatmap",
        "x": percents,
        "y": [name_of(key, labels) for key, _ in drawn],
        "z": cells,
        "zmin": -1,
        "zmax": 1,
        "colorscale": [(0, LOW[0]), (0.5, MIDDLE), (1, HIGH[1])],
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
        "steady": sum(len(runs) == 1 for _, runs in drawn),
        "from": _FIRST,
        "to": _LAST,
    }
    return Figure({"data": [trace], "layout": layout}, alt, tuple(rows))


def _run_at(runs: Sequence[ThresholdRun], percent: int) -> str:
    return next(str(run.verdict) for run in runs if run.start <= percent <= run.end)
