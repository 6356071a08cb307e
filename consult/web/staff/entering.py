"""Entering what an expert said by telephone or wrote on paper: one blank page, one act."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.definition.asked import Problem
from consult.definition.question import Group
from consult.definition.text import Shown
from consult.models import Expert, Stage
from consult.services.access import consents
from consult.services.answering import entering, submitting
from consult.services.answering.entering import Part
from consult.services.answering.held_forms import Sender
from consult.services.mail import correspondence
from consult.services.panel import panel
from consult.services.rounds.stages import find_stage
from consult.web import held
from consult.web.access import StaffContext, config, for_staff
from consult.web.forms.blank import draw_part
from consult.web.forms.mending import anchor, has_input, told
from consult.web.forms.option_views import OptionView
from consult.web.forms.posted import sent
from consult.web.forms.rendering import RenderContext
from consult.web.forms.views import BlankPart
from consult.web.pages import rendering_of
from consult.web.staff.pages import go, page, plain
from consult.web.views import ProblemLine

blueprint = Blueprint("entering", __name__)
"""Inside `facilitate`, whose addresses it continues."""

Typed = Mapping[str, Sequence[str]]


BESIDE = ("channel", "agrees", "key")
"""What the sheet asks beside the answers: how they came, the consent, and which act it is."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A sheet that was sent and not taken: everything on it, and what is wrong."""

    typed: Mapping[str, list[str]]
    beside: Mapping[str, str]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The blank sheet of one expert; `consent` is asked only of who has not agreed yet.

    `key` makes submitting one act, however often it is sent.
    """

    code: str
    title: Shown | None
    parts: Sequence[BlankPart]
    channels: Sequence[OptionView]
    consent: OptionView | None
    privacy: str
    key: str
    back: str


@blueprint.route("/c/<slug>/facilitate/experts/<code>/enter/<stage>", methods=["GET", "POST"])
@for_staff("facilitator")
def sheet(ctx: StaffContext, code: str, stage: str) -> ResponseReturnValue:
    """The whole questionnaire on one page, blank; what is entered is submitted at once."""
    expert = panel.find_expert(ctx.session, ctx.consultation, code)
    found = find_stage(ctx.session, ctx.consultation.id, stage)
    sender = held.staff_form(about=expert)
    if request.method != "POST":
        entering.require_untouched(ctx.session, expert, found)
        return _show(ctx, expert, found, _refused(sender))
    parts = entering.blank_parts(ctx.session, ctx.consultation, ctx.definition, found)
    typed = {name: sent(f"item-{name}") for name in entering.input_names(parts)}
    beside = {name: request.form.get(name, "")[:64] for name in BESIDE}
    problems: list[Problem] = []
    if not _mistakes(ctx, expert, beside):
        try:
            _enter(ctx, expert, found, typed, beside)
        except submitting.NotReady as refusal:
            ctx.session.rollback()
            problems = [problem for _step, problem in refusal.found]
        else:
            words = _("The answers of %(code)s are submitted; a receipt is in the outbox.", code=code)
            return go(ctx, "facilitate.board", words)
    told = [(one.name, one.code, dict(one.numbers)) for one in problems]
    fields = {f"item-{name}": values for name, values in typed.items() if any(values)}
    return held.show_again(sender, {"fields": fields, "beside": beside, "problems": told})


def _refused(sender: Sender | None) -> Refused | None:
    kept = held.kept(sender)
    if kept is None:
        return None
    typed = {name[5:]: values for name, values in kept["fields"].items()}
    return Refused(typed, kept["beside"], [Problem(*one) for one in kept["problems"]])


def _enter(ctx: StaffContext, expert: Expert, stage: Stage, typed: Typed, beside: Mapping[str, str]) -> None:
    submission = entering.enter(
        ctx.session,
        ctx.consultation,
        ctx.definition,
        expert,
        stage,
        typed,
        channel=beside["channel"],
        agrees=bool(beside["agrees"]),
        idempotency_key=beside["key"],
        actor=ctx.actor,
    )
    correspondence.send_receipt(ctx.session, expert, ctx.definition, config(), stage, submission)


def _mistakes(ctx: StaffContext, expert: Expert, beside: Mapping[str, str]) -> list[ProblemLine]:
    """What is missing beside the answers themselves."""
    found = []
    if beside["channel"] not in entering.CHANNELS:
        found.append(ProblemLine(_("Say how the answers came."), anchor="channel-telephone"))
    if not _has_agreed(ctx, expert) and not beside["agrees"]:
        words = _("Without this consent no answers can be entered.")
        found.append(ProblemLine(words, anchor="agrees"))
    return found


def _has_agreed(ctx: StaffContext, expert: Expert) -> bool:
    return bool(consents.consent_of(ctx.session, expert))


def _show(ctx: StaffContext, expert: Expert, stage: Stage, refused: Refused | None) -> str:
    """The blank page, or what was refused."""
    parts = entering.blank_parts(ctx.session, ctx.consultation, ctx.definition, stage)
    beside = refused.beside if refused else dict.fromkeys(BESIDE, "")
    problems = refused.problems if refused else []
    mistakes = _mistakes(ctx, expert, beside) if refused else []
    rendering = rendering_of(
        ctx, refused.typed if refused else {}, problems=problems, shown_instances=_all_instances(parts)
    )
    view = EntryPage(
        code=expert.code,
        title=rendering.text(ctx.definition.stage(stage.key).title),
        parts=[draw_part(part, rendering) for part in parts],
        channels=_channels(beside["channel"]),
        consent=None if _has_agreed(ctx, expert) else _consent(ctx, expert, beside),
        privacy=url_for("enter.privacy", slug=ctx.slug),
        key=beside["key"] or secrets.token_urlsafe(16),
        back=url_for("facilitate.board", slug=ctx.slug),
    )
    shown = [*mistakes, *_told(parts, problems, rendering)]
    return page(ctx, "staff/enter.html", sheet=view, problems=shown)


def _channels(chosen: str) -> list[OptionView]:
    words = {"telephone": _("By telephone"), "paper": _("On paper")}
    return [OptionView(value, label, value == chosen) for value, label in words.items()]


def _consent(ctx: StaffContext, expert: Expert, beside: Mapping[str, str]) -> OptionView:
    """The consent that somebody gave by telephone or on paper, in its own words."""
    label = _(
        "%(code)s was told and agrees: “%(statement)s”",
        code=expert.code,
        statement=plain(ctx, ctx.definition.consent.statement),
    )
    return OptionView("yes", label, bool(beside["agrees"]))


def _told(parts: Sequence[Part], problems: Sequence[Problem], rendering: RenderContext) -> list[ProblemLine]:
    return [
        ProblemLine(
            told(part.asked, one, rendering, part.title if part.is_measure else None),
            anchor=anchor(part.asked, one.name),
        )
        for one in problems
        for part in parts
        if has_input(part.asked, one.name)
    ]


def _all_instances(parts: Sequence[Part]) -> dict[str, int]:
    """A blank page shows as many of a group as there may be: nothing is added while it is open."""
    return {one.key: one.question.repeat.max for part in parts for one in part.asked if isinstance(one.question, Group)}
