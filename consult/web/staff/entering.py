"""Entering what an expert said by telephone or wrote on paper: one blank page, one act."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.definition.asked import Problem
from consult.definition.question import Group
from consult.models import Expert, Stage
from consult.services.access import consents
from consult.services.answering import entering, submitting
from consult.services.answering.entering import Part
from consult.services.mail import correspondence
from consult.services.panel import panel
from consult.services.rounds.stages import find_stage
from consult.web import held
from consult.web.access import StaffPlace, config, for_staff
from consult.web.forms.mending import anchor, has_input, told
from consult.web.forms.pen import Pen
from consult.web.forms.posted import sent
from consult.web.forms.questions import draw
from consult.web.pages import pen_of
from consult.web.staff.pages import go, page, plain

blueprint = Blueprint("entering", __name__)
"""Inside `facilitate`, whose addresses it continues."""

Typed = Mapping[str, Sequence[str]]


@blueprint.route("/c/<slug>/facilitate/experts/<code>/enter/<stage>", methods=["GET", "POST"])
@for_staff("facilitator")
def sheet(place: StaffPlace, code: str, stage: str) -> ResponseReturnValue:
    """The whole questionnaire on one page, blank; what is entered is submitted at once."""
    expert = panel.find_expert(place.session, place.consultation, code)
    found = find_stage(place.session, place.consultation.id, stage)
    sender = held.staff_form(about=expert)
    if request.method != "POST":
        entering.require_untouched(place.session, expert, found)
        return _show(place, expert, found, held.kept(sender))
    parts = entering.blank_parts(place.session, place.consultation, place.definition, found)
    typed = {name: sent(f"item-{name}") for name in entering.input_names(parts)}
    beside = {name: request.form.get(name, "")[:64] for name in ("channel", "agrees", "key")}
    problems: list[Problem] = []
    if not _mistakes(place, expert, beside):
        try:
            _enter(place, expert, found, typed, beside)
        except submitting.NotReady as refusal:
            place.session.rollback()
            problems = [problem for _step, problem in refusal.found]
        else:
            words = _("The answers of %(code)s are submitted; a receipt is in the outbox.",
                      code=code)  # fmt: skip
            return go(place, "facilitate.board", words)
    told = [(one.name, one.code, dict(one.numbers)) for one in problems]
    fields = {f"item-{name}": values for name, values in typed.items() if any(values)}
    return held.show_again(sender, {"fields": fields, "beside": beside, "problems": told})


def _enter(
    place: StaffPlace, expert: Expert, stage: Stage, typed: Typed, beside: Mapping[str, str]
) -> None:
    submission = entering.enter(
        place.session, place.consultation, place.definition, expert, stage, typed,
        channel=beside["channel"], agrees=bool(beside["agrees"]),
        idempotency_key=beside["key"], actor=place.actor,
    )  # fmt: skip
    correspondence.send_receipt(
        place.session, expert, place.definition, config(), stage, submission
    )


def _mistakes(place: StaffPlace, expert: Expert, beside: Mapping[str, str]) -> list[dict[str, str]]:
    """What is missing beside the answers themselves."""
    found = []
    if beside["channel"] not in entering.CHANNELS:
        found.append({"anchor": "channel-telephone", "text": _("Say how the answers came.")})
    if not _has_agreed(place, expert) and not beside["agrees"]:
        words = _("Without this consent no answers can be entered.")
        found.append({"anchor": "agrees", "text": words})
    return found


def _has_agreed(place: StaffPlace, expert: Expert) -> bool:
    return bool(consents.consent_of(place.session, expert))


def _show(place: StaffPlace, expert: Expert, stage: Stage, kept: Mapping[str, Any] | None) -> str:
    """The blank page, or what was refused."""
    parts = entering.blank_parts(place.session, place.consultation, place.definition, stage)
    beside = kept["beside"] if kept else dict.fromkeys(("channel", "agrees", "key"), "")
    problems = [Problem(*one) for one in kept["problems"]] if kept else []
    mistakes = _mistakes(place, expert, beside) if kept else []
    pen = pen_of(
        place,
        {name[5:]: values for name, values in kept["fields"].items()} if kept else {},
        problems=problems,
        shown_instances=_all_instances(parts),
    )
    definition = place.definition
    return page(
        place,
        "staff/enter.html",
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
        problems=[*mistakes, *_told(parts, problems, pen)],
        channels={"telephone": _("By telephone"), "paper": _("On paper")},
        channel=beside["channel"],
        statement=None
        if _has_agreed(place, expert)
        else plain(place, definition.consent.statement),
        privacy=url_for("enter.privacy", slug=place.slug),
        agrees=bool(beside["agrees"]),
        key=beside["key"] or secrets.token_urlsafe(16),
        back=url_for("facilitate.board", slug=place.slug),
    )


def _told(parts: Sequence[Part], problems: Sequence[Problem], pen: Pen) -> list[dict[str, str]]:
    return [
        {
            "anchor": anchor(part.asked, one.name),
            "text": told(part.asked, one, pen, part.title if part.is_measure else None),
        }
        for one in problems
        for part in parts
        if has_input(part.asked, one.name)
    ]


def _all_instances(parts: Sequence[Part]) -> dict[str, int]:
    """A blank page shows as many of a group as there may be: nothing is added while it is open."""
    return {
        one.key: one.question.repeat.max
        for part in parts
        for one in part.asked
        if isinstance(one.question, Group)
    }
