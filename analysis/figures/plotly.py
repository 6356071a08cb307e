"""Charts as plotly reads them: plain dicts, of its words those that are used here."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

Values = Sequence[str | float | None]
"""Along an axis: numbers, or names of rows; None parts a line."""


class Line(TypedDict, total=False):
    """How a line is drawn."""

    color: str
    width: float
    dash: str


class Marker(TypedDict, total=False):
    """How a mark or a bar is drawn."""

    color: str
    size: float | Sequence[float]
    symbol: str
    opacity: float
    line: Line


class Errors(TypedDict, total=False):
    """Bars of an interval about each mark."""

    type: str
    symmetric: bool
    array: Sequence[float]
    arrayminus: Sequence[float]


class Trace(TypedDict, total=False):
    """One set of bars, marks, lines or cells."""

    type: str
    mode: str
    orientation: str
    name: str
    x: Values
    y: Values
    z: Sequence[Sequence[float]]
    zmin: float
    zmax: float
    text: Sequence[str] | Sequence[Sequence[str]]
    texttemplate: str
    textposition: str | Sequence[str]
    textfont: Mapping[str, int]
    hovertext: Sequence[str]
    hoverinfo: str
    error_x: Errors
    marker: Marker
    line: Line
    opacity: float
    showlegend: bool
    legendrank: int
    colorscale: Sequence[tuple[float, str]]
    showscale: bool
    xgap: float
    ygap: float


class Title(TypedDict):
    """The words beside an axis."""

    text: str


class Axis(TypedDict, total=False):
    """One axis of a chart."""

    type: str
    title: Title
    range: Sequence[float]
    dtick: float
    rangemode: str
    autorange: str
    automargin: bool
    fixedrange: bool
    zeroline: bool
    zerolinewidth: float
    ticksuffix: str
    categoryorder: str
    categoryarray: Sequence[str]


class Shape(TypedDict, total=False):
    """A line across a chart."""

    type: str
    line: Line
    x0: float
    x1: float
    xref: str
    y0: float
    y1: float
    yref: str


class Layout(TypedDict, total=False):
    """Everything about a chart that is no data."""

    height: int
    margin: Mapping[str, int]
    xaxis: Axis
    yaxis: Axis
    legend: Mapping[str, str]
    font: Mapping[str, str]
    paper_bgcolor: str
    plot_bgcolor: str
    barmode: str
    bargap: float
    shapes: Sequence[Shape]
    showlegend: bool


class Drawing(TypedDict):
    """A whole chart."""

    data: list[Trace]
    layout: Layout
