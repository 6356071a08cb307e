"""A page for each chart: figure, words, table and file, at an address that brings it back."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue

from consult.errors import NotFound
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.roles import Role
from consult.services.frozen.codebook import Cell
from consult.web.access import StaffContext, config, for_staff
from consult.web.results.charting.asking import Chart, ChartChoices, NothingToShow
from consult.web.results.charting.views import VIEWS, View, as_csv
from consult.web.results.charts import library_address
from consult.web.staff.pages import page, translate
from consult.words.wording import point

blueprint = Blueprint("charts", __name__)

READERS = (Role.FACILITATOR, Role.ANALYST, Role.SECRETARIAT)


@blueprint.get("/c/<slug>/results/charts/<view>")
@for_staff(*READERS)
def show(ctx: StaffContext, view: str) -> ResponseReturnValue:
    """One chart as the address asks for it; as a file with `format=csv`."""
    known = VIEWS.get(view)
    if known is None:
        raise NotFound(Refusal(Code.NO_SUCH_CHART, Named(view)))
    asked = ChartChoices(request.args)
    chart, why = _drawn(ctx, known, asked)
    if request.args.get("format") == "csv":
        return _file(ctx, view, chart)
    shown = page(
        ctx,
        "results/chart.html",
        view=view,
        known=known,
        chart=chart,
        why=why,
        asked=asked,
        views=VIEWS,
        rows=_shown(ctx, chart),
        address=_address(ctx, view, asked),
        is_slide=request.args.get("slides") == "1",
        library=library_address(),
    )
    response = make_response(shown)
    response.headers["X-Consult-Policy"] = "chart"
    return response


def _drawn(ctx: StaffContext, known: View, asked: ChartChoices) -> tuple[Chart | None, str]:
    """The chart, or why there is none."""
    try:
        return known.draw(ctx, asked), ""
    except NothingToShow as nothing:
        return None, str(nothing)


def _shown(ctx: StaffContext, chart: Chart | None) -> list[list[Cell]]:
    """Cells as people read them; numbers keep all their figures."""
    rows = chart.rows if chart else ()
    return [[point(cell, translate(ctx)) if isinstance(cell, float) else cell for cell in row] for row in rows]


def _address(ctx: StaffContext, view: str, asked: ChartChoices) -> str:
    """The address that shows exactly this view again, for a note or a footnote."""
    query: dict[str, Any] = {**asked.query}
    path = url_for("dashboards.charts.show", slug=ctx.slug, view=view, **query)
    return config().public_url.rstrip("/") + path


def _file(ctx: StaffContext, view: str, chart: Chart | None) -> Response:
    if chart is None:
        abort(404)
    response = Response("".join(as_csv(chart)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{ctx.slug}-{view}.csv"'
    return response
