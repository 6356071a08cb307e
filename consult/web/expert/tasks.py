"""My tasks: the page an expert comes back to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from consult.errors import NotPossible
from consult.models import Stage
from consult.services.answering import gaps, responding, submitting
from consult.services.answering.responding import Respondent
from consult.services.rounds.stages import StageState, stages_of, state
from consult.services.running import finishing
from consult.web.access import ExpertPlace, for_expert
from consult.web.expert.views import StageTask, TasksPage
from consult.web.forms.moments import when
from consult.web.forms.pen import Pen
from consult.web.forms.words import state_text
from consult.web.pages import frame, pen_of
from consult.web.views import Link, Tag

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/c/<slug>/")
@for_expert()
def index(place: ExpertPlace) -> str:
    """My tasks: every stage with its state, deadline and what is left."""
    frame(place)
    pen = pen_of(place)
    rows = [_task(place, pen, stage) for stage in stages_of(place.session, place.consultation.id)]
    view = TasksPage(
        intro=pen.text(place.definition.purpose),
        stages=_nearest_marked(rows),
        links=[
            *_results(place),
            Link(url_for("mydata.my_data", slug=place.slug), _("My data and answers")),
            Link(url_for("enter.privacy", slug=place.slug), _("Privacy")),
            Link(url_for("mydata.leave", slug=place.slug), _("Leave this consultation")),
        ],
    )
    return render_template("expert/tasks.html", tasks=view)


def _results(place: ExpertPlace) -> list[Link]:
    """The way to the public results, once all rounds are over."""
    try:
        finishing.last_round(place.session, place.consultation)
    except NotPossible:
        return []
    return [Link(url_for("published.index", slug=place.slug), _("Results"))]


def _nearest_marked(rows: Sequence[StageTask]) -> list[StageTask]:
    """The first stage that can be answered stands out."""
    nearest = next((row for row in rows if row.href), None)
    return [replace(row, is_nearest=row is nearest) for row in rows]


def _task(place: ExpertPlace, pen: Pen, stage: Stage) -> StageTask:
    text = place.definition.stage(stage.key)
    where = state(stage, place.definition.grace)
    is_ahead = where in (StageState.PLANNED, StageState.DUE)
    is_open = where in (StageState.OPEN, StageState.GRACE)
    is_over = where in (StageState.ENDED, StageState.CLOSED, StageState.MISSED)
    found = _standing(place, stage, is_open=is_open) if stage.kind != "event" else Standing()
    calendar = [_link(place, stage, "correspondence.calendar", _("Calendar file"))]
    takes_no_time = is_over or found.is_submitted or found.asks_nothing
    return StageTask(
        title=pen.text(text.title),
        state=found.state or state_text(where),
        opens=when(stage.opens_at, place) if is_ahead else None,
        closes=when(stage.closes_at, place) if is_open else None,
        closed=when(stage.closes_at, place) if is_over else None,
        minutes=None if takes_no_time else text.minutes,
        left=found.left,
        counts_measures=found.counts_measures,
        note=found.note,
        href=found.href,
        link=found.link,
        links=[*found.links, *(calendar if found.href or is_ahead else [])],
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the reader is in a stage, and where to go on; see `StageTask`."""

    state: Tag | None = None
    note: str | None = None
    is_submitted: bool = False
    asks_nothing: bool = False
    href: str | None = None
    link: str | None = None
    left: int | None = None
    counts_measures: bool = False
    links: Sequence[Link] = ()


def _standing(place: ExpertPlace, stage: Stage, *, is_open: bool) -> Standing:
    given = responding.respondent(place.session, place.consultation, place.definition, place.expert, stage)
    is_submitted = submitting.newest_submission(place.session, given) is not None
    links = []
    if given.wordings and (is_open or is_submitted):
        links.append(_link(place, stage, "reading.ratings", _("My ratings")))
    if stage.opened_at is not None and not given.steps():
        return Standing(note=_("Nothing is asked of you here."), asks_nothing=True, links=links)
    if is_submitted:
        links.append(_link(place, stage, "submit.receipt", _("Receipt")))
    found = Standing(
        _progress(given, is_open=is_open, is_submitted=is_submitted),
        _("Started, but not submitted: these answers do not count.")
        if given.drafts and not is_open and not is_submitted
        else None,
        is_submitted,
        links=links,
    )
    return _with_way_in(place, given, found) if is_open else found


def _progress(given: Respondent, *, is_open: bool, is_submitted: bool) -> Tag | None:
    """What stands in place of the state of the stage."""
    if is_submitted:
        return Tag(_("submitted"), "good")
    return Tag(_("started"), "you") if given.drafts and is_open else None


def _with_way_in(place: ExpertPlace, given: Respondent, found: Standing) -> Standing:
    start = _("Go on") if given.drafts else _("Start")
    left, counts_measures = (None, False) if found.is_submitted else gaps.unanswered(given)
    return replace(
        found,
        href=url_for("respond.first", slug=place.slug, stage=given.stage.key),
        link=_("Change my answers") if found.is_submitted else start,
        left=left,
        counts_measures=counts_measures,
        links=[*found.links, _link(place, given.stage, "reading.blank", _("Read or print it first"))],
    )


def _link(place: ExpertPlace, stage: Stage, endpoint: str, label: str) -> Link:
    return Link(url_for(endpoint, slug=place.slug, stage=stage.key), label)
