"""Results for staff: the verdict board, one measure, one questionnaire. Released numbers only."""

from collections.abc import Mapping
from typing import Any, TypedDict

from flask import Blueprint, abort, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult.definition.text import Shown
from consult.errors import NotFound
from consult.models import Stage
from consult.refusals.codes import Code, Refusal
from consult.services.panel import participation
from consult.services.rounds import stages
from consult.services.rounds.results import released_numbers
from consult.web.access import StaffContext, for_staff, public
from consult.web.forms.moments import Moment, when
from consult.web.forms.words import state_text
from consult.web.results import chartpages
from consult.web.results.charting.views import VIEWS
from consult.web.results.chartpages import READERS
from consult.web.results.charts import Ready, change_chart, library, library_address, library_response, shares_chart
from consult.web.results.detail import detail
from consult.web.results.firsts import top
from consult.web.results.frozen import FrozenStage, frozen_stages, published, stage_title
from consult.web.results.rated import SORTS, LatestRating, band_names, board_row, criteria, read_as, sorter, standings
from consult.web.results.rows import BoardRow
from consult.web.results.survey import change_rows, change_titles, question_tables
from consult.web.results.why import why_table
from consult.web.staff.pages import page, pick, said, text, translate
from consult.web.staff.statuses import status_note
from consult.words.by_itself import reasons_sentence
from consult.words.readings import READINGS
from consult.words.without import saved_sentence

blueprint = Blueprint("dashboards", __name__)
blueprint.register_blueprint(chartpages.blueprint)


@blueprint.get("/charts/plotly-<release>.min.js")
@public
def plotly(release: str) -> ResponseReturnValue:
    """The chart library, under an address that names its version."""
    if release != library()[0]:
        abort(404)
    return library_response()


@blueprint.get("/c/<slug>/results")
@for_staff(*READERS)
def results(ctx: StaffContext) -> ResponseReturnValue:
    """Which measures come first, and what would change that; then all, then participation."""
    frozen = frozen_stages(ctx)
    found = standings(ctx, frozen)
    return _chart_page(
        ctx,
        "results/results.html",
        top=top(ctx, frozen, found) if found else None,
        status_note=status_note(ctx),
        frozen=frozen,
        participation=_participation(ctx, frozen),
        views=VIEWS if frozen else {},
        is_published=published(ctx) is not None,
        **(_board(ctx, found) if found else NO_BOARD),
    )


@blueprint.get("/c/<slug>/results/<stage>")
@for_staff(*READERS)
def stage_results(ctx: StaffContext, stage: str) -> ResponseReturnValue:
    """One stage: its verdict board if it is a round, and the tables of its questionnaire."""
    row = stages.find_stage(ctx.session, ctx.consultation.id, stage)
    numbers = released_numbers(ctx.session, row)
    if numbers is None:
        return page(
            ctx,
            "results/not_frozen.html",
            title=stage_title(ctx, row),
            participation=_participation(ctx, [], only=row.key),
        )
    frozen = FrozenStage(row, numbers)
    found = standings(ctx, [frozen], frozen_stages(ctx))
    changes = change_rows(ctx, frozen)
    return _chart_page(
        ctx,
        "results/stage.html",
        change=change_chart(numbers.pairs, change_titles(ctx, frozen)),
        changes=changes,
        why=why_table(ctx, numbers.why),
        reasons_given=reasons_sentence(numbers.reasons_given, translate(ctx)),
        stage=row,
        title=stage_title(ctx, row),
        participation=_participation(ctx, [frozen], only=row.key),
        sections=question_tables(ctx, frozen),
        **(_board(ctx, found) if found else NO_BOARD),
    )


@blueprint.get("/c/<slug>/results/<stage>/<measure>")
@for_staff(*READERS)
def measure(ctx: StaffContext, stage: str, measure: str) -> ResponseReturnValue:
    """Everything released about one measure in one round, the rounds before beside it."""
    row = stages.find_stage(ctx.session, ctx.consultation.id, stage)
    frozen = frozen_stages(ctx)
    here = [one for one in frozen if one.stage.key == row.key]
    found = next((item for item in standings(ctx, here, frozen) if item.key == measure), None)
    if found is None:
        raise NotFound(Refusal(Code.NOT_RATED_THERE))
    earlier = [item for item in frozen if item.stage.kind == "round"]
    return page(
        ctx,
        "results/measure.html",
        standing=found,
        stage_title=stage_title(ctx, row),
        title=text(ctx, found.wording.title),
        wording=text(ctx, found.wording.text),
        **detail(ctx, found, earlier),
    )


def _chart_page(ctx: StaffContext, template: str, **values: Any) -> Response:
    """A page whose charts need the wider content policy."""
    response = make_response(page(ctx, template, library=library_address(), **values))
    response.headers["X-Consult-Policy"] = "chart"
    return response


NO_BOARD: Mapping[str, tuple[()] | None] = {"rows": (), "chart": None}


class Board(TypedDict):
    """The verdict board with what can be chosen of it."""

    rows: list[BoardRow]
    chart: Ready | None
    criteria: list[tuple[str, Shown]]
    criterion: str
    high_band: str
    sort: str
    show: str
    choices: list[tuple[str, str, int]]


def _board(ctx: StaffContext, found: list[LatestRating]) -> Board:
    """The verdict board as the address asks for it: criterion, filter and order."""
    known = criteria(ctx)
    criterion = pick(request.args.get("criterion"), [item.key for item in known])
    rated = [item for item in found if criterion in item.released.criteria]
    outcomes = [read_as(ctx, item.released.criteria[criterion]) for item in rated]
    present = [code for code in READINGS if code in outcomes]
    show = pick(request.args.get("show"), ["all", *present])
    sort = pick(request.args.get("sort"), SORTS)
    shown = [item for item, code in zip(rated, outcomes, strict=True) if show in ("all", code)]
    names = list(band_names(ctx, criterion).values())
    return {
        "rows": sorted((board_row(ctx, item, criterion) for item in shown), key=sorter(sort)),
        "chart": shares_chart(ctx, shown, criterion),
        "criteria": [(item.key, text(ctx, item.label)) for item in known],
        "criterion": criterion,
        "high_band": names[-1] if names else "",
        "sort": sort,
        "show": show,
        "choices": [
            ("all", _("all"), len(rated)),
            *((code, said(ctx, READINGS, code), outcomes.count(code)) for code in present),
        ],
    }


def _participation(
    ctx: StaffContext, frozen: list[FrozenStage], only: str | None = None
) -> list[dict[str, str | int | Moment]]:
    """How many came how far, stage by stage; of frozen stages as it was frozen."""
    known = {item.stage.key: item.numbers.participation for item in frozen}
    live = participation.by_stage(ctx.session, ctx.consultation)
    return [
        {
            "key": stage.key,
            "title": stage_title(ctx, stage),
            "state": state_text(str(stages.state(stage, ctx.definition.grace))).label,
            "is_frozen": stage.key in known,
            "closes": when(stage.closed_at or stage.closes_at, ctx),
            **(known.get(stage.key) or live[stage.key]).steps(),
            "saved": saved_sentence(stage_title(ctx, stage), known.get(stage.key) or live[stage.key], translate(ctx)),
        }
        for stage in _asked(ctx)
        if only in (None, stage.key)
    ]


def _asked(ctx: StaffContext) -> list[Stage]:
    found = stages.stages_of(ctx.session, ctx.consultation.id)
    return [stage for stage in found if stage.kind != "event"]
