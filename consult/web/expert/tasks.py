"""My tasks: the page an expert comes back to."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from consult.models import Stage
from consult.services.answering import gaps, responding, submitting
from consult.services.answering.responding import Respondent
from consult.services.rounds.stages import StageState, stages_of, state
from consult.web.access import ExpertPlace, for_expert
from consult.web.forms.moments import when
from consult.web.forms.pen import Pen
from consult.web.forms.words import state_text
from consult.web.pages import frame, pen_of

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/c/<slug>/")
@for_expert()
def index(place: ExpertPlace) -> str:
    """My tasks: every stage with its state, deadline and what is left."""
    frame(place)
    pen = pen_of(place)
    rows = [_task(place, pen, stage) for stage in stages_of(place.session, place.consultation.id)]
    shown = [row for row in rows if row is not None]
    nearest = next((row for row in shown if row["href"]), None)
    if nearest is not None:
        nearest["primary"] = True
    view = {
        "intro": pen.text(place.definition.purpose),
        "stages": shown,
        "links": [
            {"href": url_for("mydata.my_data", slug=place.slug), "label": _("My data and answers")},
            {"href": url_for("enter.privacy", slug=place.slug), "label": _("Privacy")},
            {
                "href": url_for("mydata.leave", slug=place.slug),
                "label": _("Leave this consultation"),
            },
        ],
    }
    return render_template("expert/tasks.html", tasks=view)


def _task(place: ExpertPlace, pen: Pen, stage: Stage) -> dict[str, Any] | None:
    text = place.definition.stage(stage.key)
    where = state(stage, place.definition.grace)
    label, kind = state_text(where)
    row: dict[str, Any] = {
        "title": pen.text(text.title), "state": {"label": label, "kind": kind}, "href": None,
        "minutes": text.minutes, "links": [],
    }  # fmt: skip
    if where in (StageState.PLANNED, StageState.DUE):
        row["opens"] = when(stage.opens_at, place)
    if where in (StageState.OPEN, StageState.GRACE):
        row["closes"] = when(stage.closes_at, place)
    if where in (StageState.ENDED, StageState.CLOSED, StageState.MISSED):
        row["closed"] = when(stage.closes_at, place)
        row["minutes"] = None
    if stage.kind != "event":
        _add_standing(place, stage, where, row)
    if row["href"] or where in (StageState.PLANNED, StageState.DUE):
        row["links"].append(
            {
                "href": url_for("correspondence.calendar", slug=place.slug, stage=stage.key),
                "label": _("Calendar file"),
            }
        )
    return row


def _add_standing(place: ExpertPlace, stage: Stage, where: StageState, row: dict[str, Any]) -> None:
    """How far the reader is in a stage, and where to go on."""
    given = responding.respondent(
        place.session, place.consultation, place.definition, place.expert, stage
    )
    submitted = submitting.newest_submission(place.session, given)
    is_open = where in (StageState.OPEN, StageState.GRACE)
    if given.wordings and (is_open or submitted):
        row["links"].append(_link(place, stage, "reading.ratings", _("My ratings")))
    if stage.opened_at is not None and not given.steps():
        row["note"], row["minutes"] = _("Nothing is asked of you here."), None
        return
    if submitted is not None:
        row["state"] = {"label": _("submitted"), "kind": "good"}
        row["links"].append(_link(place, stage, "submit.receipt", _("Receipt")))
        row["minutes"] = None
    elif given.drafts and is_open:
        row["state"] = {"label": _("started"), "kind": "you"}
    elif given.drafts:
        row["note"] = _("Started, but not submitted: these answers do not count.")
    if is_open:
        _add_way_in(place, given, row, is_submitted=submitted is not None)


def _add_way_in(
    place: ExpertPlace, given: Respondent, row: dict[str, Any], *, is_submitted: bool
) -> None:
    row["href"] = url_for("respond.first", slug=place.slug, stage=given.stage.key)
    start = _("Go on") if given.drafts else _("Start")
    row["link"] = _("Change my answers") if is_submitted else start
    row["links"].append(_link(place, given.stage, "reading.blank", _("Read or print it first")))
    if not is_submitted:
        row["left"], row["measures"] = gaps.unanswered(given)


def _link(place: ExpertPlace, stage: Stage, endpoint: str, label: str) -> dict[str, str]:
    return {"href": url_for(endpoint, slug=place.slug, stage=stage.key), "label": label}
