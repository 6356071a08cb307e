"""The end of a stage: all answers to look over, submitting them, the receipt."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.errors import NotFound, StageNotOpen
from consult.refusals.codes import Code, Refusal
from consult.services.answering import gaps, submitting
from consult.services.answering.responding import Respondent, Step
from consult.services.mail import correspondence
from consult.services.rounds.stages import takes_answers
from consult.web.access import ExpertContext, config, for_expert
from consult.web.expert import pace
from consult.web.expert.answer_views import Gaps, ReceiptPage, ReviewPage
from consult.web.expert.reviewing import answered_parts, measure_without, review_parts
from consult.web.expert.saved_answers import chosen, saved_choice
from consult.web.forms.mending import anchor, place_name, told
from consult.web.forms.moments import when
from consult.web.forms.rendering import RenderContext
from consult.web.pages import frame, page_address, rendering_of, respondent_of
from consult.web.views import Link, ProblemLine

blueprint = Blueprint("submit", __name__)


@blueprint.route("/c/<slug>/stage/<stage>/review", methods=["GET", "POST"])
@for_expert()
def review(ctx: ExpertContext, stage: str) -> str | Answer:
    """All answers on one page, and the button that submits them."""
    respondent = respondent_of(ctx, stage)
    if request.method == "POST" and chosen(ctx, respondent):
        ctx.session.commit()
        return redirect(url_for("submit.review", slug=ctx.slug, stage=stage), 303)
    if request.method != "POST":
        if not takes_answers(respondent.stage, ctx.definition.grace):
            return redirect(url_for("tasks.index", slug=ctx.slug), 303)
        return _show_review(ctx, respondent)
    try:
        key = request.form.get("key", "")[:64]
        made, is_new = submitting.submit_once(ctx.session, respondent, idempotency_key=key)
        if is_new and made.number == 1:
            pace.submitted(ctx, respondent.stage)
        if is_new:  # else its receipt was sent with it
            correspondence.send_receipt(ctx.session, ctx.expert, ctx.definition, config(), respondent.stage, made)
    except submitting.NotReady:
        ctx.session.rollback()
        return redirect(url_for("submit.review", slug=ctx.slug, stage=stage, check=1), 303)
    except StageNotOpen:
        ctx.session.rollback()
        raise
    ctx.session.commit()
    return redirect(url_for("submit.receipt", slug=ctx.slug, stage=stage), 303)


def _show_review(ctx: ExpertContext, respondent: Respondent) -> str:
    frame(ctx)
    rendering = rendering_of(ctx, {**respondent.earlier, **respondent.typed})
    found = gaps.obstacles(respondent) if request.args.get("check") else []
    problems = [
        ProblemLine(
            told(step.asked, problem, rendering, step.measure_title), href=_at(ctx, respondent, step, problem.name)
        )
        for step, problem in found
    ]
    view = ReviewPage(
        stage_title=rendering.text(ctx.definition.stage(respondent.stage.key).title),
        parts=review_parts(respondent, rendering, ctx.slug),
        gaps=_gaps(ctx, respondent, rendering),
        closes=when(respondent.stage.closes_at, ctx),
        key=secrets.token_urlsafe(16),
        back_href=url_for("tasks.index", slug=ctx.slug),
        saved=saved_choice(ctx, respondent),
    )
    return render_template("expert/review.html", review=view, problems=problems)


def _gaps(ctx: ExpertContext, respondent: Respondent, rendering: RenderContext) -> Gaps:
    """Every gap with the way to it: what is needed, what was left open, what was not reached."""
    found: dict[str, list[Link]] = {"needed": [], "open": [], "not_reached": []}
    of_measures: dict[tuple[str, str], list[gaps.Gap]] = {}
    missing = gaps.gaps(respondent)
    for gap in missing:
        kind = "needed" if gap.is_needed else "open" if gap.is_reached else "not_reached"
        if gap.step.wording is not None:
            of_measures.setdefault((kind, gap.step.key), []).append(gap)
            continue
        name = place_name(gap.step.asked, gap.name, rendering)
        found[kind].append(Link(_at(ctx, respondent, gap.step, gap.name), name))
    for (kind, _key), several in of_measures.items():
        step, names = several[0].step, [gap.name for gap in several]
        words = measure_without(ctx.definition, step, names, rendering)
        found[kind].append(Link(_at(ctx, respondent, step, names[0]), words))
    return Gaps(
        found["needed"],
        found["open"],
        found["not_reached"],
        count=len(missing),
        measures=len({key for _kind, key in of_measures}),
        others=sum(gap.step.wording is None for gap in missing),
    )


def _at(ctx: ExpertContext, respondent: Respondent, step: Step, name: str) -> str:
    """The page of a step, at one of its inputs."""
    return page_address(ctx, respondent.stage.key, step.key, _anchor=anchor(step.asked, name))


@blueprint.get("/c/<slug>/stage/<stage>/receipt")
@for_expert()
def receipt(ctx: ExpertContext, stage: str) -> str:
    """What was submitted, with its code."""
    respondent = respondent_of(ctx, stage)
    submitted = submitting.newest_submission(ctx.session, respondent)
    if submitted is None or submitted.receipt is None:
        raise NotFound(Refusal(Code.NOTHING_SUBMITTED))
    frame(ctx)
    rendering = rendering_of(ctx, {**respondent.earlier, **respondent.typed})
    is_open = takes_answers(respondent.stage, ctx.definition.grace)
    if submitting.has_changed_since(ctx.session, respondent, submitted):
        flash(_changed_words(is_open), "warn")
    view = ReceiptPage(
        stage_title=rendering.text(ctx.definition.stage(stage).title),
        code=submitted.receipt,
        submitted_at=when(submitted.submitted_at, ctx),
        closes=when(respondent.stage.closes_at, ctx) if is_open else None,
        next_href=url_for("tasks.index", slug=ctx.slug),
        reopen_href=url_for("submit.review", slug=ctx.slug, stage=stage) if is_open else None,
        parts=answered_parts(respondent, rendering),
    )
    return render_template("expert/receipt.html", receipt=view)


def _changed_words(is_open: bool) -> str:
    if is_open:
        return _("You changed answers since: submit again, or the earlier ones count.")
    return _("You changed answers since and did not submit them: the earlier ones count.")
