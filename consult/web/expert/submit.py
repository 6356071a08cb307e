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
from consult.web.access import ExpertPlace, config, for_expert
from consult.web.expert.answer_views import Gaps, ReceiptPage, ReviewPage
from consult.web.forms.mending import anchor, place_name, told
from consult.web.forms.moments import when
from consult.web.forms.pen import Pen
from consult.web.pages import frame, page_address, pen_of, respondent_of, sections
from consult.web.views import Link, ProblemLine

blueprint = Blueprint("submit", __name__)


@blueprint.route("/c/<slug>/stage/<stage>/review", methods=["GET", "POST"])
@for_expert()
def review(place: ExpertPlace, stage: str) -> str | Answer:
    """All answers on one page, and the button that submits them."""
    given = respondent_of(place, stage)
    if request.method != "POST":
        if not takes_answers(given.stage, place.definition.grace):
            return redirect(url_for("tasks.index", slug=place.slug), 303)
        return _show_review(place, given)
    try:
        key = request.form.get("key", "")[:64]
        submitted = submitting.submit(place.session, given, idempotency_key=key)
        correspondence.send_receipt(place.session, place.expert, place.definition, config(), given.stage, submitted)
    except submitting.NotReady:
        place.session.rollback()
        return redirect(url_for("submit.review", slug=place.slug, stage=stage, check=1), 303)
    except StageNotOpen:
        place.session.rollback()
        raise
    place.session.commit()
    return redirect(url_for("submit.receipt", slug=place.slug, stage=stage), 303)


def _show_review(place: ExpertPlace, given: Respondent) -> str:
    frame(place)
    pen = pen_of(place, {**given.earlier, **given.typed})
    parts = sections(given, pen, place.slug)
    found = gaps.obstacles(given) if request.args.get("check") else []
    problems = [
        ProblemLine(told(step.asked, problem, pen, step.measure_title), href=_at(place, given, step, problem.name))
        for step, problem in found
    ]
    view = ReviewPage(
        stage_title=pen.text(place.definition.stage(given.stage.key).title),
        sections=parts,
        gaps=_gaps(place, given, pen),
        closes=when(given.stage.closes_at, place),
        key=secrets.token_urlsafe(16),
        back_href=url_for("tasks.index", slug=place.slug),
    )
    return render_template("expert/review.html", review=view, problems=problems)


def _gaps(place: ExpertPlace, given: Respondent, pen: Pen) -> Gaps:
    """Every gap with the way to it: what is needed, what was left open, what was not reached."""
    found: dict[str, list[Link]] = {"needed": [], "open": [], "not_reached": []}
    for gap in gaps.gaps(given):
        kind = "needed" if gap.is_needed else "open" if gap.is_reached else "not_reached"
        name = place_name(gap.step.asked, gap.name, pen, gap.step.measure_title)
        found[kind].append(Link(_at(place, given, gap.step, gap.name), name))
    return Gaps(found["needed"], found["open"], found["not_reached"])


def _at(place: ExpertPlace, given: Respondent, step: Step, name: str) -> str:
    """The page of a step, at one of its inputs."""
    return page_address(place, given.stage.key, step.key, _anchor=anchor(step.asked, name))


@blueprint.get("/c/<slug>/stage/<stage>/receipt")
@for_expert()
def receipt(place: ExpertPlace, stage: str) -> str:
    """What was submitted, with its code."""
    given = respondent_of(place, stage)
    submitted = submitting.newest_submission(place.session, given)
    if submitted is None:
        raise NotFound(Refusal(Code.NOTHING_SUBMITTED))
    frame(place)
    pen = pen_of(place, {**given.earlier, **given.typed})
    is_open = takes_answers(given.stage, place.definition.grace)
    if submitting.has_changed_since(place.session, given, submitted):
        flash(_changed_words(is_open), "warn")
    view = ReceiptPage(
        stage_title=pen.text(place.definition.stage(stage).title),
        code=submitted.receipt,
        submitted_at=when(submitted.submitted_at, place),
        closes=when(given.stage.closes_at, place) if is_open else None,
        next_href=url_for("tasks.index", slug=place.slug),
        reopen_href=url_for("submit.review", slug=place.slug, stage=stage) if is_open else None,
        sections=sections(given, pen),
    )
    return render_template("expert/receipt.html", receipt=view)


def _changed_words(is_open: bool) -> str:
    if is_open:
        return _("You changed answers since: submit again, or the earlier ones count.")
    return _("You changed answers since and did not submit them: the earlier ones count.")
