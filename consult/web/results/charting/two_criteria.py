"""Two criteria at once: a table and a map."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from analysis.figures.drawing import HIGH, MIDDLE, Shown
from analysis.figures.measures import importance_feasibility
from analysis.figures.plotly import Trace
from analysis.figures.rows import PlaceRow
from analysis.model.criterion import CriterionResult
from consult.statuses import CODES
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import (
    LAST,
    Chart,
    ChartChoices,
    ChartColumn,
    NothingToShow,
    frozen_rounds,
    round_options,
    sort_words,
)
from consult.web.results.charts import escaped
from consult.web.results.rated import LatestRating, board_row, criteria, sorter, standings
from consult.web.staff.pages import plain
from consult.web.staff.statuses import classes


def two_criteria(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Two criteria against each other, with the middle half of each as uncertainty."""
    rounds = frozen_rounds(ctx, asked)
    known = criteria(ctx)[:2]
    if len(known) < 2:
        raise NothingToShow(_("Measures are rated on one criterion here, so there is no map."))
    up, right = known
    asked_round = asked.choose(
        "round", _("Round"), [(LAST, _("last rating of each measure")), *round_options(ctx, rounds)]
    )
    shown = [item for item in rounds if asked_round in (LAST, item.stage.key)]
    found = [item for item in standings(ctx, shown, rounds) if {up.key, right.key} <= item.released.criteria.keys()]
    named = classes(ctx)
    codes = {item.status.code for item in found}
    present = [(code, named.status_name(code)) for code in CODES if code in codes]
    show = asked.choose("show", _("Status"), [("all", _("all")), *present])
    found = [item for item in found if show in ("all", item.status.code)]
    orders = [(key, sort_words(key)) for key in ("list", "status", "median")]
    sort = asked.choose("sort", _("Order"), orders)
    found.sort(key=lambda item: sorter(sort)(board_row(ctx, item, up.key)))
    both = (up.key, right.key)
    columns = [
        *cells.start(),
        # Translators: status: what a measure as a whole came to in the end; not the outcome of one criterion.
        ChartColumn(_("Status"), False),
        *(column for one in known for column in cells.middle_columns(plain(ctx, one.label))),
        cells.why_column(),
    ]
    rows = [
        [
            *cells.first(ctx, item),
            item.came_to,
            *(cell for key in both for cell in cells.middle_cells(item.released.criteria[key])),
            " ".join(dict.fromkeys(filter(None, (cells.withheld(ctx, item.released.criteria[key]) for key in both)))),
        ]
        for item in found
    ]
    labels = {one.key: plain(ctx, one.label) for one in known}
    return Chart(_map(found, both, labels), columns, rows, _("Lines: the middle half of the ratings."), _pages(found))


def _pages(found: Sequence[LatestRating]) -> dict[str, str]:
    return {item.key: item.stage.key for item in found}


def _map(found: Sequence[LatestRating], both: tuple[str, str], labels: Mapping[str, str]) -> list[plots.Drawn]:
    released = Shown({item.key: item.released for item in found})
    figure = importance_feasibility(released, both, escaped(labels))
    if not figure.alt["points"]:
        return []
    blocks = [[item.released.criteria[key] for key in both] for item in found]
    drawn = [(one, two) for one, two in blocks if None not in (one.median, two.median)]
    data = [
        _spread(drawn, sideways=False),
        _spread(drawn, sideways=True),
        _together(figure.rows, both, figure.data["data"][0]),
    ]
    layout = figure.data["layout"]
    scales = [pair.scale for pair in drawn[0]]
    for axis, scale in zip((layout["yaxis"], layout["xaxis"]), scales, strict=True):
        axis |= {"range": [scale.lo - 0.4, scale.hi + 0.6], "dtick": 1}
    layout["height"] = 640
    layout["yaxis"] |= {"automargin": True}
    facts = {key: value for key, value in figure.alt.items() if key != "criteria"}
    alt = plots.alt_rows(
        _(
            "%(points)s measures by two medians: “%(up)s” upwards, “%(right)s” to the right.",
            points=figure.alt["points"],
            up=labels[both[0]],
            right=labels[both[1]],
        ),
        figure.alt["points"],
        figure.alt["suppressed"],
    )
    alt.append(
        _(
            "In the upper half of both scales: %(both)s; of the first only: %(first)s; of the second "
            "only: %(second)s; of neither: %(neither)s; on a middle: %(between)s.",
            **facts,
        )
    )
    return [plots.drawn("map", _("Two criteria"), {"data": data, "layout": layout}, alt)]


def _spread(drawn: Sequence[tuple[CriterionResult, CriterionResult]], *, sideways: bool) -> Trace:
    """The middle half of each measure as a faint line through its point."""
    across: list[float | None] = []
    along: list[float | None] = []
    for up, right in drawn:
        moving, still = (right, up) if sideways else (up, right)
        if moving.q1 is not None:
            across += [moving.q1, moving.q3, None]
            along += [still.median, still.median, None]
    x, y = (across, along) if sideways else (along, across)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": HIGH[0], "width": 2},
        "opacity": 0.5,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _together(rows: Iterable[PlaceRow], both: tuple[str, str], trace: Trace) -> Trace:
    """Measures on the same spot share a mark and its label, four to a line."""
    spots: dict[tuple[float, float], list[str]] = {}
    for row in rows:
        y, x = (row.medians[key] for key in both)
        if x is not None and y is not None:
            spots.setdefault((x, y), []).append(escaped({0: row.key})[0])
    lines = ["<br>".join(" ".join(keys[at : at + 4]) for at in range(0, len(keys), 4)) for keys in spots.values()]
    sizes = [9 + 2 * min(len(keys), 6) for keys in spots.values()]
    sides = _sides(list(spots))
    return {
        **trace,
        "x": [x for x, _y in spots],
        "y": [y for _x, y in spots],
        "text": lines,
        "hovertext": lines,
        "textposition": sides,
        "textfont": {"size": 11},
        "marker": {"color": HIGH[1], "size": sizes, "opacity": 0.85, "line": {"color": MIDDLE, "width": 1}},
    }


def _sides(spots: Sequence[tuple[float, float]]) -> list[str]:
    """Labels of neighbours in a row above and below it in turn, so that they do not meet."""
    rows: dict[float, list[float]] = {}
    for x, y in sorted(spots):
        rows.setdefault(y, []).append(x)
    return [("top center", "bottom center")[rows[y].index(x) % 2] for x, y in spots]
