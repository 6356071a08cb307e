"""Charts: figures of the analysis made ready for a page, and the library that draws them."""

import gzip
import html
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TypedDict, TypeVar

from flask import Response, request, url_for
from flask_babel import gettext as _

from analysis.figures.drawing import Figure, Shown, change_bars, diverging_bars
from analysis.figures.plotly import Drawing, Trace
from analysis.figures.rows import Row, SharesRow
from analysis.model.stage import PairResult
from consult.characters import clusters, one_line, readable
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.rated import LatestRating, band_names, bands
from consult.web.staff.pages import plain

Key = TypeVar("Key")
SHORT = 34
"""Letters of a title beside a bar; the rest stands in the table."""
NARROW = 15
"""The same on a phone."""


class Named(Drawing, total=False):
    """A chart with what the script writes beside each row, by key: wide, and on a phone."""

    names: dict[str, str]
    narrow: dict[str, str]


class Ready(TypedDict):
    """A figure with its alternative in words and its table."""

    figure: Drawing
    alt: list[str]
    columns: list[str]
    table: list[list[Cell]]


@cache
def library() -> tuple[str, bytes, bytes]:
    """Version, text and compressed text of the plotly script that the package brings along."""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return version("plotly"), script, gzip.compress(script, 6, mtime=0)


def library_address() -> str:
    """The versioned address of the script, which never changes its content."""
    return url_for("dashboards.plotly", release=version("plotly"))


def library_response() -> Response:
    """The script, compressed for those who take it, to be kept for good."""
    release, script, packed = library()
    takes = request.accept_encodings.quality("gzip") > 0
    response = Response(packed if takes else script, mimetype="text/javascript")
    if takes:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["X-Consult-Cache"] = "immutable"
    response.set_etag(f"plotly-{release}-{'gzip' if takes else 'plain'}")
    response.make_conditional(request)
    return response


def shares_chart(ctx: RequestContext, found: Iterable[LatestRating], criterion: str) -> Ready | None:
    """Diverging bars of measures under one criterion, each from the last round it was rated in."""
    measures = {standing.key: standing.released for standing in found}
    names = band_names(ctx, criterion)
    labels = {band.key: f"{names[band.key]} {plain(ctx, band.label)}".strip() for band in bands(ctx, criterion)}
    figure = diverging_bars(Shown(measures, deciding=criterion), criterion, escaped(labels))
    if not figure.alt["bars"]:
        return None
    titles = {item.key: plain(ctx, item.wording.title) for item in found}
    alt = [
        _("One bar for each of %(bars)s measures, from low to high ratings.", **figure.alt),
        _("Highest share of high ratings: %(key)s %(title)s, %(share)s %%.", **_one(figure, "highest", titles)),
        _("Lowest: %(key)s %(title)s, %(share)s %%.", **_one(figure, "lowest", titles)),
    ]
    if figure.alt["suppressed"]:
        alt.append(_("%(suppressed)s are not drawn, because few rated them.", **figure.alt))
    table: list[list[Cell]] = [
        [f"{row.key} {titles[row.key]}", row.n, *(row.counts.get(key) for key in names)] for row in figure.rows
    ]
    columns = [_("Measure"), _("n"), *labels.values()]
    return ready(outwards_from_middle(figure, list(labels.values())), titles, alt, columns, table)


def outwards_from_middle(figure: Figure[SharesRow], names: list[str]) -> Figure[SharesRow]:
    """Bars stack outwards from zero: of the lower bands the inner comes first.

    The legend keeps the order of the bands.
    """
    ranks = {words: place for place, words in enumerate(escaped(dict(enumerate(names))).values())}

    def outwards(trace: Trace) -> tuple[bool, int]:
        is_right = all(not isinstance(value, int | float) or value >= 0 for value in trace["x"])
        rank = ranks.get(trace["name"], 0)
        return is_right, rank if is_right else -rank

    traces: list[Trace] = [
        {**trace, "legendrank": ranks.get(trace["name"], 0) + 1} for trace in sorted(figure.data["data"], key=outwards)
    ]
    return replace(figure, data={**figure.data, "data": traces})


def change_chart(pairs: Mapping[str, PairResult], titles: Mapping[str, str]) -> Ready | None:
    """People up, same and down between two questionnaires, one bar for each question."""
    labels = {"down": _("down"), "same": _("same"), "up": _("up")}
    figure = change_bars(pairs, labels)
    if not figure.alt["bars"]:
        return None
    alt = [
        _("One bar for each of %(bars)s questions: how many went down, stayed and went up.", **figure.alt),
        _("More went up than down in %(more_up)s, more went down in %(more_down)s.", **figure.alt),
    ]
    short = {key: cut(words, NARROW) for key, words in titles.items()}
    return ready(figure, titles, alt, [], [], narrow=short)


def _one(figure: Figure[SharesRow], name: str, titles: Mapping[str, str]) -> dict[str, str]:
    key: str = figure.alt[name]
    return {"key": key, "title": titles[key], "share": f"{100 * figure.alt[f'{name}_share']:.0f}"}


def escaped(labels: Mapping[Key, str]) -> dict[Key, str]:
    """Plotly reads markup in labels; titles are words that experts and staff typed.

    They are made readable: a turned direction in one label would turn the chart's others too.
    """
    return {key: html.escape(readable(words), quote=False).replace("\n", "<br>") for key, words in labels.items()}


def cut(words: str, letters: int) -> str:
    """The beginning of a text on one line; no letter is torn from its accents."""
    known = list(clusters(one_line(words)))
    return "".join(known) if len(known) <= letters else "".join(known[: letters - 1]).rstrip() + "…"


def ready(
    figure: Figure[Row],
    titles: Mapping[str, str],
    alt: list[str],
    columns: list[str],
    table: list[list[Cell]],
    narrow: Mapping[str, str] | None = None,
) -> Ready:
    """Bars are told apart by keys; the script names them, by `narrow` where there is less room."""
    keys = list(dict.fromkeys(str(key) for trace in figure.data["data"] for key in trace["y"]))
    short = {key: cut(titles.get(key, ""), SHORT) for key in keys}
    wide = short if narrow else {key: f"{key} {words}" for key, words in short.items()}
    small = {key: (narrow or {}).get(key, key) for key in keys}
    named: Named = {**figure.data, "names": escaped(wide), "narrow": escaped(small)}
    return {"figure": named, "alt": alt, "columns": columns, "table": table}
