"""Released results as charts: plain plotly dicts, the facts for a text alternative, and a table.

No language here: names are keys unless ``labels`` gives words, and the facts are numbers from
which the reader's side writes sentences. Plain dicts are built 30 to 40 times faster than plotly's
own objects, and need plotly only in the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from analysis.figures.plotly import Drawing, Layout, Trace, Values
from analysis.figures.rows import ChangeRow, Row, SharesRow
from analysis.model.criterion import CriterionResult
from analysis.model.stage import MeasureResult, Moved, PairResult, VariableResult

# From burnt orange over grey to blue: apart for every common form of colour blindness, and in
# print by lightness.
LOW, MIDDLE, HIGH = ("#b35806", "#f1a340"), "#d9d9d9", ("#92c5de", "#2166ac")

R_co = TypeVar("R_co", bound=Row, covariant=True)


@dataclass(frozen=True)
class Figure(Generic[R_co]):
    """``data``: what plotly draws; ``alt``: facts; ``rows``: the figures."""

    data: Drawing
    alt: dict[str, Any]
    rows: tuple[R_co, ...]


class Released(Protocol):
    """What figures are drawn from: a frozen or released stage, or a part of one."""

    @property
    def deciding(self) -> str | None: ...

    @property
    def measures(self) -> Mapping[str, MeasureResult]: ...

    @property
    def variables(self) -> Mapping[str, VariableResult]: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """Measures or variables put together for one figure."""

    measures: Mapping[str, MeasureResult] = field(default_factory=dict)
    variables: Mapping[str, VariableResult] = field(default_factory=dict)
    deciding: str | None = None


def diverging_bars(
    released: Released, criterion: str | None = None, labels: Mapping[str, str] | None = None
) -> Figure[SharesRow]:
    """Shares by band, the middle band across zero, one bar per measure (Heiberger, Robbins 2014).

    ``criterion``: the deciding one unless named. A stage without measures shows its variables on
    scales with bands. A suppressed distribution is a row without a bar. Highest share on top;
    equal shares by key.
    """
    rows = sorted(_rows(released, criterion or released.deciding), key=_order)
    bands = next((list(row.shares) for row in rows if row.shares), [])
    names = [name_of(row.key, labels) for row in rows]
    traces = [
        trace
        for place, band in enumerate(bands)
        for trace in _band_traces(rows, names, bands, place, name_of(band, labels))
    ]
    drawn = [row for row in rows if row.shares]
    alt = {
        "kind": "diverging_bars",
        "bars": len(drawn),
        "suppressed": len(rows) - len(drawn),
        "highest": drawn[0].key if drawn else None,
        "highest_share": _top(drawn[0]) if drawn else None,
        "lowest": drawn[-1].key if drawn else None,
        "lowest_share": _top(drawn[-1]) if drawn else None,
    }
    return Figure({"data": traces, "layout": _layout(len(rows), "relative")}, alt, tuple(rows))


def change_bars(pairs: Mapping[str, PairResult], labels: Mapping[str, str] | None = None) -> Figure[ChangeRow]:
    """People who went down, stayed and went up between two questionnaires, one bar per variable."""
    rows = [ChangeRow(key, pair.n, pair.moved(), pair.suppressed) for key, pair in sorted(pairs.items())]
    drawn = [(row.key, row.moved) for row in rows if row.moved is not None]
    names = [name_of(key, labels) for key, _ in drawn]
    traces = [
        _trace(name_of(part, labels), [moved[place] for _, moved in drawn], names, colour)
        for place, (part, colour) in enumerate(zip(Moved._fields, (LOW[0], MIDDLE, HIGH[1]), strict=True))
    ]
    alt = {
        "kind": "change_bars",
        "bars": len(drawn),
        "suppressed": len(rows) - len(drawn),
        "more_up": sum(moved.up > moved.down for _, moved in drawn),
        "more_down": sum(moved.up < moved.down for _, moved in drawn),
    }
    return Figure({"data": traces, "layout": _layout(len(drawn), "stack")}, alt, tuple(rows))


def name_of(key: str, labels: Mapping[str, str] | None) -> str:
    """The words for a key, or the key."""
    return (labels or {}).get(key, key)


def _rows(released: Released, criterion: str | None) -> list[SharesRow]:
    blocks: dict[str, CriterionResult | VariableResult] = {}
    for key, measure in released.measures.items():
        if criterion is not None and criterion in measure.criteria:
            blocks[key] = measure.criteria[criterion]
    if not released.measures:
        blocks |= {key: block for key, block in released.variables.items() if block.scale}
    return [
        SharesRow(
            key=key,
            n=block.n,
            median=block.median,
            shares={band: share.share for band, share in (block.shares or {}).items()},
            counts={band: share.count for band, share in (block.shares or {}).items()},
            suppressed=block.suppressed,
        )
        for key, block in blocks.items()
        if block.shares is None or block.shares
    ]


def _top(row: SharesRow) -> float:
    return float(list(row.shares.values())[-1] or 0.0)


def _order(row: SharesRow) -> tuple[bool, float, str]:
    return (not row.shares, -_top(row) if row.shares else 0.0, row.key)


def _band_traces(rows: list[SharesRow], names: list[str], bands: list[str], place: int, name: str) -> list[Trace]:
    """One band's bars; the middle band of an odd number is drawn half on each side of zero."""
    mirrored, below = len(bands) - 1 - place, len(bands) // 2
    shares = [row.shares.get(bands[place]) if row.shares else None for row in rows]
    values = [None if share is None else 100 * share for share in shares]
    if place == mirrored:
        halves = [None if value is None else value / 2 for value in values]
        left = [None if value is None else 0.0 - value for value in halves]
        first = _trace(name, left, names, MIDDLE)
        return [first, _trace(name, halves, names, MIDDLE) | {"showlegend": False}]
    if place < below:
        left = [None if value is None else 0.0 - value for value in values]
        return [_trace(name, left, names, LOW[min(place, 1)])]
    return [_trace(name, values, names, HIGH[1 if mirrored == 0 else 0])]


def _trace(name: str, values: Values, names: list[str], colour: str) -> Trace:
    return {"type": "bar", "orientation": "h", "name": name, "x": values, "y": names, "marker": {"color": colour}}


def frame(marks: int) -> Layout:
    """The layout all charts share; ``marks`` rows high. It neither zooms nor calls home."""
    return {
        "height": 120 + 28 * marks,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 40},
        "xaxis": {"zeroline": True, "zerolinewidth": 2, "fixedrange": True},
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        "legend": {"orientation": "h", "traceorder": "normal"},
        "font": {"family": "system-ui, sans-serif"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }


def _layout(bars: int, mode: str) -> Layout:
    return frame(bars) | {"barmode": mode, "bargap": 0.3}
