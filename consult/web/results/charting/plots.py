"""Plotly dicts for what the analysis has no figure of: medians, counts in parts, spans.

As there: plain dicts; rows are told apart by keys, which the script names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.figures.drawing import HIGH, LOW, MIDDLE, frame
from analysis.figures.plotly import Axis, Drawing, Trace, Values
from analysis.model.criterion import CriterionResult
from analysis.model.stage import VariableResult
from consult.web.results.charts import NARROW, SHORT, Named, Ready, cut, escaped

COLOURS = (LOW[0], HIGH[1], "#555555", "#1b7837")
LINES = 3
"""On so many lines a row's title may stand beside its bars."""
SYMBOLS = ("circle-open", "circle", "diamond-open", "square-open")
SIZES = (15, 10, 13, 17)


class Drawn(Ready):
    """A figure as the page of a chart takes it."""

    id: str
    caption: str


class Middle(NamedTuple):
    """A median with its quartiles, or alone."""

    median: float | None
    q1: float | None = None
    q3: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One set of marks: a name, and by row where the middle of the ratings is."""

    name: str
    middles: Mapping[str, Middle]


@dataclass(frozen=True, slots=True)
class Shares:
    """One set of marks: a name, and by row a share in percent."""

    name: str
    shares: Mapping[str, float | None]


def middles(blocks: Mapping[str, CriterionResult | VariableResult]) -> dict[str, Middle]:
    """Medians with their quartiles, row by row."""
    return {key: Middle(block.median, block.q1, block.q3) for key, block in blocks.items()}


def medians(series: Sequence[Series], keys: Sequence[str], lo: float, hi: float) -> Drawing:
    """Medians as marks, each on the line of its middle half; rows from the top as in `keys`."""
    traces: list[Trace] = []
    for place, one in enumerate(series):
        drawn = [key for key in keys if median(one, key) is not None]
        traces.append(_halves(one, drawn, place))
        traces.append(_marks(one.name, [median(one, key) for key in drawn], drawn, place))
    layout = frame(len(keys))
    layout["showlegend"] = True
    margin = 0.03 * (hi - lo)
    layout["xaxis"] |= {"range": [lo - margin, hi + margin], "zeroline": False}
    if hi - lo <= 12:
        layout["xaxis"] |= {"dtick": 1}
    return in_rows({"data": traces, "layout": layout}, keys)


def median(series: Series, key: str) -> float | None:
    """The median of a row, or None where it is withheld or was not asked."""
    found = series.middles.get(key)
    return None if found is None or found.median is None else float(found.median)


def _halves(series: Series, keys: Sequence[str], place: int) -> Trace:
    known = [key for key in keys if series.middles[key].q1 is not None]
    ends = [(series.middles[key].q1, series.middles[key].q3) for key in known]
    return {
        **_line(known, ends),
        "line": {"color": COLOURS[place % 4], "width": (9, 3, 2, 2)[place % 4]},
        "opacity": 0.35 if place == 0 else 0.8,
    }


def _line(keys: Sequence[str], ends: Sequence[tuple[float | None, float | None]]) -> Trace:
    """One piece of a line for each row; a None parts it from the next."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [value for low, high in ends for value in (low, high, None)],
        "y": [one for key in keys for one in (key, key, None)],
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _marks(name: str, values: Values, keys: Sequence[str], place: int) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped({0: name})[0],
        "x": list(values),
        "y": list(keys),
        "marker": {
            "color": COLOURS[place % 4],
            "symbol": SYMBOLS[place % 4],
            "size": SIZES[place % 4],
            "line": {"width": 2},
        },
    }


def shares(series: Sequence[Shares], keys: Sequence[str]) -> Drawing:
    """Percentages as marks, the first and the last of a row joined by a line."""
    ends: list[tuple[float | None, float | None]] = []
    for key in keys:
        known = [share for one in series if (share := one.shares.get(key)) is not None]
        ends.append((known[0], known[-1]) if known else (None, None))
    traces: list[Trace] = [{**_line(keys, ends), "line": {"color": MIDDLE, "width": 4}}]
    for place, one in enumerate(series):
        drawn = [key for key in keys if one.shares.get(key) is not None]
        values = [one.shares[key] for key in drawn]
        traces.append(_marks(one.name, values, drawn, place))
    layout = frame(len(keys))
    layout["showlegend"] = True
    layout["xaxis"] |= {"range": [-2, 102], "ticksuffix": " %", "zeroline": False}
    return in_rows({"data": traces, "layout": layout}, keys)


def parts(named: Mapping[str, Mapping[str, int]], keys: Sequence[str]) -> Drawing:
    """Counts of people stacked into one bar a row; `named`: part -> row -> count."""
    colours = (HIGH[1], MIDDLE, LOW[1], LOW[0])
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": escaped({0: name})[0],
            "x": [counts.get(key) for key in keys],
            "y": list(keys),
            "marker": {"color": colours[place % 4]},
        }
        for place, (name, counts) in enumerate(named.items())
    ]
    layout = frame(len(keys))
    layout |= {"barmode": "stack", "bargap": 0.3, "showlegend": True}
    return in_rows({"data": traces, "layout": layout}, keys)


def in_rows(figure: Drawing, keys: Sequence[str]) -> Drawing:
    """The rows in this order from the top, whatever order the marks come in."""
    layout = figure["layout"]
    order: Axis = {"categoryorder": "array", "categoryarray": list(keys), "type": "category"}
    return {**figure, "layout": {**layout, "yaxis": {**layout["yaxis"], **order}}}


def named(figure: Drawing, titles: Mapping[str, str], *, has_codes: bool = True) -> Named:
    """What the script writes beside each row: with room enough the title, else the key.

    `has_codes`: keys mean something to a reader, such as `M01`.
    """
    short = {key: cut(words, SHORT) for key, words in titles.items()}
    wide = {key: f"{key} {words}" for key, words in short.items()} if has_codes else short
    small = {key: key for key in titles} if has_codes else _broken(titles)
    return {**figure, "names": escaped(wide), "narrow": escaped(small)}


def _broken(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles for a narrow page: cut, or on several lines where cut ones would be the same."""
    short = {key: cut(words, NARROW) for key, words in titles.items()}
    if len(set(short.values())) == len(short):
        return short
    return {key: "\n".join(wrap(words, NARROW, max_lines=LINES, placeholder="…")) for key, words in titles.items()}


def drawn(id: str, caption: str, figure: Drawing, alt: Sequence[str]) -> Drawn:
    """A figure as the page takes it; its table stands elsewhere."""
    shown = caption.rstrip(".")
    return {"id": id, "caption": shown, "figure": figure, "alt": list(alt), "columns": [], "table": []}


def alt_rows(figure: str, shown: int, missing: int, nobody: int = 0) -> list[str]:
    """How many rows a figure has and how many it does not draw, in words.

    `nobody`: how many of the missing ones nobody answered; only the others are withheld.
    """
    said = [figure]
    if not shown:
        return [_("None can be shown.")]
    if nobody:
        said.append(
            ngettext(
                "%(num)s is not drawn: nobody answered it.", "%(num)s are not drawn: nobody answered them.", nobody
            )
        )
    if missing > nobody:
        said.append(_("Not drawn, because figures are withheld or missing: %(count)s.", count=missing - nobody))
    return said
