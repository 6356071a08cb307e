"""Entering what an expert said by telephone or wrote on paper: one blank page, one act."""

import secrets
from collections.abc import Mapping, Sequence

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from consult.definition.asked import Problem
from consult.definition.question import Group
from consult.models import Expert, Stage
from consult.services import consents, correspondence, entering, facilitating, submitting
from consult.services.entering import Part
from consult.services.stages import find_stage
from consult.web.access import StaffPlace, config, for_staff
from consult.web.forms.mending import anchor
from consult.web.forms.posted import sent
from consult.web.forms.questions import draw
from consult.web.forms.words import problem_text
from consult.web.pages import pen_of
from consult.web.staff import go, page, plain

blueprint = Blueprint("entering", __name__)
"""Inside `facilitate`, whose addresses it continues."""

Typed = Mapping[str, Sequence[str]]


@blueprint.route("/c/<slug>/facilitate/experts/<code>/enter/<stage>", methods=["GET", "POST"])
@for_staff("facilitator")
def sheet(place: StaffPlace, code: str, stage: str) -> object:
    """The whole questionnaire on one page, blank; what is entered is submitted at once."""
    expert = facilitating.find_expert(place.session, place.consultation, code)
    found = find_stage(place.session, place.consultation.id, stage)
    if request.method != "POST":
        entering.require_untouched(place.session, expert, found)
        return _show(place, expert, found, {}, [])
    parts = entering.blank_parts(place.session, place.consultation, place.definition, found)
    typed = {name: sent(f"item-{name}") for name in entering.input_names(parts)}
    mistakes = _mistakes(place, expert)
    if mistakes:
        return _show(place, expert, found, typed, mistakes), 422
    try:
        submission = entering.enter(
            place.session, place.consultation, place.definition, expert, found, typed,
            channel=request.form["channel"], agrees=bool(request.form.get("agrees")),
            idempotency_key=request.form.get("key", "")[:64], actor=place.actor,
        )  # fmt: skip
        correspondence.send_receipt(
            place.session, expert, place.definition, config(), found, submission
        )
    except submitting.NotReady as refusal:
        place.session.rollback()
        problems = [problem for _step, problem in refusal.found]
        return _show(place, expert, found, typed, [], problems), 422
    words = _("The answers of %(code)s are submitted; a receipt is in the outbox.", code=code)
    return go(place, "facilitate.board", words)


def _mistakes(place: StaffPlace, expert: Expert) -> list[dict[str, str]]:
    """What is missing beside the answers themselves."""
    found = []
    if request.form.get("channel") not in entering.CHANNELS:
        found.append({"anchor": "channel-telephone", "text": _("Say how the answers came.")})
    if not _has_agreed(place, expert) and not request.form.get("agrees"):
        words = _("Without this consent no answers can be entered.")
        found.append({"anchor": "agrees", "text": words})
    return found


def _has_agreed(place: StaffPlace, expert: Expert) -> bool:
    return bool(consents.consent_of(place.session, expert))


def _show(
    place: StaffPlace, expert: Expert, stage: Stage, typed: Typed, mistakes: list[dict[str, str]],
    problems: Sequence[Problem] = (),
) -> str:  # fmt: skip
    parts = entering.blank_parts(place.session, place.consultation, place.definition, stage)
    pen = pen_of(
        place,
        {name: list(values) for name, values in typed.items()},
        problems=problems,
        shown_instances=_all_instances(parts),
    )
    asked = [one for part in parts for one in part.asked]
    told = [{"anchor": anchor(asked, one), "text": problem_text(one)} for one in problems]
    definition = place.definition
    return page(
        place,
        "facilitate/enter.html",
        code=expert.code,
        title=pen.text(definition.stage(stage.key).title),
        parts=[
            {
                "title": pen.text(part.title),
                "intro": pen.text(part.intro),
                "questions": [
                    draw(one, pen) | {"depends": one.key in part.depends} for one in part.asked
                ],
            }
            for part in parts
        ],
        problems=[*mistakes, *told],
        channels={"telephone": _("By telephone"), "paper": _("On paper")},
        channel=request.form.get("channel"),
        statement=None
        if _has_agreed(place, expert)
        else plain(place, definition.consent.statement),
        privacy=url_for("enter.privacy", slug=place.slug),
        agrees=bool(request.form.get("agrees")),
        key=request.form.get("key") or secrets.token_urlsafe(16),
        back=url_for("facilitate.board", slug=place.slug),
    )


def _all_instances(parts: Sequence[Part]) -> dict[str, int]:
    """A blank page shows as many of a group as there may be: nothing is added while it is open."""
    return {
        one.key: one.question.repeat.max
        for part in parts
        for one in part.asked
        if isinstance(one.question, Group)
    }
