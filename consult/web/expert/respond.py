"""Answering: the pages of a stage, one after the other."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.services.answering import feedback as showing
from consult.services.answering import saving, submitting
from consult.services.answering.draft_marks import mark
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.saving import Saved
from consult.services.rounds.by_itself import GOES_BY_ITSELF
from consult.services.rounds.stages import takes_answers
from consult.web.access import ExpertContext, for_expert
from consult.web.expert import conflicts, pace
from consult.web.expert.answer_pages import show, visit
from consult.web.expert.saved_answers import chosen
from consult.web.expert.way import first_address, next_address
from consult.web.forms.mending import place_name
from consult.web.forms.posted import KEEP_ALL, input_names, marks_after, read_posted, read_seen
from consult.web.forms.ratings import needs_reason
from consult.web.pages import frame, page_address, rendering_of, respondent_of

blueprint = Blueprint("respond", __name__)


@blueprint.get("/c/<slug>/stage/<stage>/")
@for_expert()
def first(ctx: ExpertContext, stage: str) -> Answer:
    """The first page with something left to do, else the review."""
    respondent = respondent_of(ctx, stage)
    if respondent.steps():
        return redirect(first_address(ctx, respondent), 303)
    return redirect(url_for("tasks.index", slug=ctx.slug), 303)


@blueprint.route("/c/<slug>/stage/<stage>/<page>", methods=["GET", "POST"])
@for_expert()
def page(ctx: ExpertContext, stage: str, page: str) -> str | Answer:
    """One page: a few questions, or one measure. Sent, it leads on, or here again."""
    frame(ctx)
    respondent = respondent_of(ctx, stage)
    if request.method != "POST" and not takes_answers(respondent.stage, ctx.definition.grace):
        return redirect(url_for("tasks.index", slug=ctx.slug), 303)
    step = respondent.step(page)
    if request.method != "POST":
        pace.shown(ctx, respondent.stage)
        return show(ctx, respondent, step)
    g.labels = partial(_labels, ctx, step)
    posted = read_posted(ctx, respondent, step)
    pace.passed(ctx, respondent.stage)
    goes_on = request.form.get("go") in ("next", KEEP_ALL)
    saved = saving.save(ctx.session, respondent, step.asked, posted, read_seen(posted), is_sent=goes_on)
    _note_feedback(ctx, respondent, step)
    chosen(ctx, respondent)
    if request.form.get("auto") and goes_on:
        mark(ctx.session, respondent, GOES_BY_ITSELF, is_said=True)
    query = conflicts.hold(ctx, saved.conflicts)
    if goes_on and _asks_again(saved):
        query["check"] = "1"
    elif goes_on and not query and _reason_is_wanted(ctx, respondent, step):
        query["ask"] = "reason"
    g.marks = marks_after(respondent, step, saved)
    ctx.session.commit()
    if goes_on and not query:
        return redirect(next_address(ctx, respondent, step), 303)
    return redirect(_here(ctx, respondent, step, query), 303)


def _asks_again(saved: Saved) -> bool:
    """Gaps are asked about once, then they may stay; what is wrong is asked about every time."""
    is_known = bool(request.form.get("again"))
    return any(problem.code != "required" or not is_known for problem in saved.problems)


def _labels(ctx: ExpertContext, step: Step) -> dict[str, str]:
    """Words for the inputs of a page, for when it is refused and shown as a list."""
    rendering = rendering_of(ctx)
    return {name: place_name(step.asked, name, rendering) for name in input_names(step)}


def _note_feedback(ctx: ExpertContext, respondent: Respondent, step: Step) -> None:
    shown, form = request.form.get("result", ""), request.form.get("form", "")
    if step.wording is not None:
        submitting.note_shown(ctx.session, respondent, step, shown, form[:20])


def _reason_is_wanted(ctx: ExpertContext, respondent: Respondent, step: Step) -> bool:
    """A reason is asked for once, never forced; for what is kept the page asked before."""
    if step.wording is None or request.form.get("reason_asked") or request.form.get("go") == KEEP_ALL:
        return False
    known = showing.feedback_for(ctx.session, respondent, step.wording)
    return needs_reason(step, rendering_of(ctx, respondent.typed), known)


def _here(ctx: ExpertContext, respondent: Respondent, step: Step, query: Mapping[str, str]) -> str:
    """This page again, at the place of the button that was pressed."""
    added, kept = request.form.get("add"), request.form.get("keep")
    more = {**visit(request.args), **query}
    if added:
        shown = request.form.get(f"shown-{added}", "1")
        more[f"n-{added}"] = str(int(shown) + 1 if shown.isdecimal() and len(shown) < 4 else 2)
        more["_anchor"] = f"item-{added}"
    elif kept and f"{step.key}.{kept}" in input_names(step):
        more["_anchor"] = f"item-{step.key}.{kept}"
    return page_address(ctx, respondent.stage.key, step.key, **more)
