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
from consult.web.access import StaffPlace, for_staff, public
from consult.web.forms.moments import Moment, when
from consult.web.forms.words import state_text
from consult.web.results import chartpages
from consult.web.results.charting.views import VIEWS
from consult.web.results.chartpages import READERS
from consult.web.results.charts import Ready, change_chart, library, library_address, library_response, shares_chart
from consult.web.results.detail import detail
from consult.web.results.firsts import top
from consult.web.results.frozen import FrozenStage, frozen_stages, published, stage_title
from consult.web.results.rows import BoardRow
from consult.web.results.standing import SORTS, Standing, band_names, board_row, criteria, read_as, sorter, standings
from consult.web.results.survey import change_rows, change_titles, question_tables
from consult.web.staff.pages import page, pick, said, text
from consult.web.staff.statuses import status_note
from consult.words.readings import READINGS

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
def results(place: StaffPlace) -> ResponseReturnValue:
    """Which measures come first, and what would change that; then all, then participation."""
    frozen = frozen_stages(place)
    found = standings(place, frozen)
    return _chart_page(
        place,
        "results/results.html",
        top=top(place, frozen, found) if found else None,
        status_note=status_note(place),
        frozen=frozen,
        participation=_participation(place, frozen),
        views=VIEWS if frozen else {},
        is_published=published(place) is not None,
        **(_board(place, found) if found else NO_BOARD),
    )


@blueprint.get("/c/<slug>/results/<stage>")
@for_staff(*READERS)
def stage_results(place: StaffPlace, stage: str) -> ResponseReturnValue:
    """One stage: its verdict board if it is a round, and the tables of its questionnaire."""
    row = stages.find_stage(place.session, place.consultation.id, stage)
    numbers = released_numbers(place.session, row)
    if numbers is None:
        return page(
            place,
            "results/not_frozen.html",
            title=stage_title(place, row),
            participation=_participation(place, [], only=row.key),
        )
    frozen = FrozenStage(row, numbers)
    found = standings(place, [frozen], frozen_stages(place))
    changes = change_rows(place, frozen)
    return _chart_page(
        place,
        "results/stage.html",
        change=change_chart(numbers.pairs, change_titles(place, frozen)),
        changes=changes,
        stage=row,
        title=stage_title(place, row),
        participation=_participation(place, [frozen], only=row.key),
        sections=question_tables(place, frozen),
        **(_board(place, found) if found else NO_BOARD),
    )


@blueprint.get("/c/<slug>/results/<stage>/<measure>")
@for_staff(*READERS)
def measure(place: StaffPlace, stage: str, measure: str) -> ResponseReturnValue:
    """Everything released about one measure in one round, the rounds before beside it."""
    row = stages.find_stage(place.session, place.consultation.id, stage)
    frozen = frozen_stages(place)
    here = [one for one in frozen if one.stage.key == row.key]
    found = next((item for item in standings(place, here, frozen) if item.key == measure), None)
    if found is None:
        raise NotFound(Refusal(Code.NOT_RATED_THERE))
    earlier = [item for item in frozen if item.stage.kind == "round"]
    return page(
        place,
        "results/measure.html",
        standing=found,
        stage_title=stage_title(place, row),
        title=text(place, found.wording.title),
        wording=text(place, found.wording.text),
        **detail(place, found, earlier),
    )


def _chart_page(place: StaffPlace, template: str, **values: Any) -> Response:
    """A page whose charts need the wider content policy."""
    response = make_response(page(place, template, library=library_address(), **values))
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


def _board(place: StaffPlace, found: list[Standing]) -> Board:
    """The verdict board as the address asks for it: criterion, filter and order."""
    known = criteria(place)
    criterion = pick(request.args.get("criterion"), [item.key for item in known])
    rated = [item for item in found if criterion in item.released.criteria]
    outcomes = [read_as(place, item.released.criteria[criterion]) for item in rated]
    present = [code for code in READINGS if code in outcomes]
    show = pick(request.args.get("show"), ["all", *present])
    sort = pick(request.args.get("sort"), SORTS)
    shown = [item for item, code in zip(rated, outcomes, strict=True) if show in ("all", code)]
    names = list(band_names(place, criterion).values())
    return {
        "rows": sorted((board_row(place, item, criterion) for item in shown), key=sorter(sort)),
        "chart": shares_chart(place, shown, criterion),
        "criteria": [(item.key, text(place, item.label)) for item in known],
        "criterion": criterion,
        "high_band": names[-1] if names else "",
        "sort": sort,
        "show": show,
        "choices": [
            ("all", _("all"), len(rated)),
            *((code, said(place, READINGS, code), outcomes.count(code)) for code in present),
        ],
    }


def _participation(
    place: StaffPlace, frozen: list[FrozenStage], only: str | None = None
) -> list[dict[str, str | int | Moment]]:
    """How many came how far, stage by stage; of frozen stages as it was frozen."""
    known = {item.stage.key: item.numbers.participation for item in frozen}
    live = participation.by_stage(place.session, place.consultation)
    return [
        {
            "key": stage.key,
            "title": stage_title(place, stage),
            "state": state_text(str(stages.state(stage, place.definition.grace))).label,
            "is_frozen": stage.key in known,
            "closes": when(stage.closed_at or stage.closes_at, place),
            **(known.get(stage.key) or live[stage.key]).steps(),
        }
        for stage in _asked(place)
        if only in (None, stage.key)
    ]


def _asked(place: StaffPlace) -> list[Stage]:
    found = stages.stages_of(place.session, place.consultation.id)
    return [stage for stage in found if stage.kind != "event"]
