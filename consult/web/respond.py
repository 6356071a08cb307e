"""Answering: the pages of a stage, the review, submitting, the receipt."""

import secrets
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.definition.answers import answer_type
from consult.definition.asked import Problem
from consult.errors import NotFound, StageNotOpen
from consult.services import correspondence, responding, submitting
from consult.services import feedback as showing
from consult.services.responding import Conflict, Respondent, Saved, Step
from consult.services.stages import takes_answers
from consult.web.access import ExpertPlace, config, for_expert
from consult.web.forms.mending import anchor, flat, title_of
from consult.web.forms.moments import when
from consult.web.forms.posted import input_names, read_posted, read_seen
from consult.web.forms.questions import Pen, draw
from consult.web.forms.ratings import draw_rating, needs_reason
from consult.web.forms.summary import answer_words
from consult.web.forms.words import problem_text, verdict_text
from consult.web.pages import frame, pen_of, respondent_of, sections

blueprint = Blueprint("respond", __name__)


@blueprint.get("/c/<slug>/stage/<stage>/")
@for_expert()
def first(place: ExpertPlace, stage: str) -> Answer:
    """The first page with something left to do, else the review."""
    given = respondent_of(place, stage)
    steps = given.steps()
    for step in steps:
        if responding.has_work_left(given, step):
            return redirect(_href(place, stage, step.key), 303)
    if steps:
        return redirect(url_for("respond.review", slug=place.slug, stage=stage), 303)
    return redirect(url_for("tasks.index", slug=place.slug), 303)


def _href(place: ExpertPlace, stage: str, page: str, **query: Any) -> str:
    return url_for("respond.page", slug=place.slug, stage=stage, page=page, **query)


@blueprint.route("/c/<slug>/stage/<stage>/<page>", methods=["GET", "POST"])
@for_expert()
def page(place: ExpertPlace, stage: str, page: str) -> str | tuple[str, int] | Answer:
    """One page: a few questions, or one measure."""
    frame(place)
    given = respondent_of(place, stage)
    if request.method != "POST" and not takes_answers(given.stage, place.definition.grace):
        return redirect(url_for("tasks.index", slug=place.slug), 303)
    step = given.step(page)
    if request.method != "POST":
        return _show(place, given, step)
    g.labels = _labels(place, step)
    posted = read_posted(place, given, step)
    saved = responding.save(place.session, given, step.asked, posted, read_seen(posted))
    _note_feedback(place, given, step)
    place.session.commit()
    if saved.conflicts or (saved.problems and request.form.get("go") == "next"):
        return _show(place, given, step, posted, saved), 422
    if request.form.get("go") != "next":
        return redirect(_same_page(place, given, step), 303)
    if _reason_is_wanted(place, given, step):
        return _show(place, given, step, posted, saved, ask_reason=True)
    return redirect(_next(place, given, step), 303)


def _labels(place: ExpertPlace, step: Step) -> dict[str, str]:
    """Words for the inputs of a page, for when it is refused and shown as a list."""
    pen = pen_of(place)
    found: dict[str, str] = {}
    for item in flat(step.asked):
        shown = pen.text(item.question.text)
        if shown is None:
            continue
        for name in answer_type(item).names(item):
            row = next((row for row in item.rows if name == f"{item.key}.{row.key}"), None)
            part = pen.text(row.label) if row else None
            found.setdefault(name, f"{shown.text}: {part.text}" if part else shown.text)
    return found


def _note_feedback(place: ExpertPlace, given: Respondent, step: Step) -> None:
    shown, form = request.form.get("result", ""), request.form.get("form", "")
    if step.wording is not None:
        submitting.note_shown(place.session, given, step, shown, form[:20])


def _reason_is_wanted(place: ExpertPlace, given: Respondent, step: Step) -> bool:
    """A reason is asked for once, never forced."""
    if step.wording is None or request.form.get("reason_asked"):
        return False
    known = showing.feedback_for(place.session, given, step.wording)
    return needs_reason(step, pen_of(place, given.typed), known)


def _same_page(place: ExpertPlace, given: Respondent, step: Step) -> str:
    added = request.form.get("add")
    if not added:
        return _href(place, given.stage.key, step.key)
    shown = request.form.get(f"shown-{added}", "1")
    more = int(shown) + 1 if shown.isdecimal() and len(shown) < 4 else 2
    return _href(place, given.stage.key, step.key, **{f"n-{added}": more}, _anchor=f"item-{added}")


def _next(place: ExpertPlace, given: Respondent, step: Step) -> str:
    keys = [item.key for item in given.steps()]
    after = keys[keys.index(step.key) + 1 :] if step.key in keys else keys[:1]
    if after:
        return _href(place, given.stage.key, after[0])
    return url_for("respond.review", slug=place.slug, stage=given.stage.key)


def _show(
    place: ExpertPlace,
    given: Respondent,
    step: Step,
    posted: dict[str, list[str]] | None = None,
    saved: Saved | None = None,
    *,
    ask_reason: bool = False,
) -> str:
    frame(place)
    steps = given.steps()
    number = next(index for index, item in enumerate(steps) if item.key == step.key)
    problems = saved.problems if saved else ()
    disputed = [item.name for item in saved.conflicts] if saved else []
    wanted = {item.key: request.args.get(f"n-{item.key}", 0, type=int) for item in step.asked}
    pen = pen_of(
        place,
        # Beside a conflict, what another device stored stands: the page's marks say it was seen.
        {**given.earlier, **given.typed, **{name: (posted or {})[name] for name in disputed}},
        problems=problems,
        attributes=place.expert.attributes,
        shown_instances=wanted,
    )
    view: dict[str, Any] = {
        "stage_title": pen.text(place.definition.stage(given.stage.key).title),
        "progress": {"current": number + 1, "total": len(steps)},
        "action": _href(place, given.stage.key, step.key),
        # The page shows what is stored now, so its marks are today's.
        "revisions": {name: responding.mark(given.drafts.get(name)) for name in input_names(step)},
        "hidden": {"conflict": disputed} if saved else {},
        "back_href": _href(place, given.stage.key, steps[number - 1].key)
        if number
        else url_for("tasks.index", slug=place.slug),
        "skip_href": _next(place, given, step) if problems else None,
    }
    conflicts = [_conflict(step, item, pen) for item in saved.conflicts] if saved else []
    shown = {
        "problems": [
            {"anchor": anchor(step.asked, item), "text": problem_text(item)} for item in problems
        ],
        "conflicts": conflicts,
    }
    if step.wording is not None:
        return _show_rating(place, given, step, pen, view, shown, ask_reason=ask_reason)
    return _show_questions(step, pen, view, shown)


def _conflict(step: Step, conflict: Conflict, pen: Pen) -> dict[str, Any]:
    owner = next(
        item for item in flat(step.asked) if conflict.name in answer_type(item).names(item)
    )
    return {
        "name": f"pick-{conflict.name}",
        "label": pen.text(owner.question.text),
        "yours": answer_words(owner, replace(pen, inputs={conflict.name: conflict.yours})),
        "theirs": answer_words(owner, replace(pen, inputs={conflict.name: conflict.theirs})),
    }


def _show_questions(step: Step, pen: Pen, view: dict[str, Any], shown: dict[str, Any]) -> str:
    assert step.page is not None
    questions = [draw(item, pen) for item in step.asked]
    for question in questions:
        if question["type"] == "group":
            view["hidden"][f"shown-{question['key']}"] = question["shown"]
    view |= {
        "section_title": pen.text(step.page.section.title),
        "heading": None,
        "intro": pen.text(step.page.section.intro)
        if step.page.section.questions[0].key == step.key
        else None,
        "questions": questions,
    }
    return render_template("respond/page.html", page=view, **shown)


def _show_rating(
    place: ExpertPlace,
    given: Respondent,
    step: Step,
    pen: Pen,
    view: dict[str, Any],
    shown: dict[str, Any],
    *,
    ask_reason: bool,
) -> str:
    assert step.wording is not None
    known = showing.feedback_for(place.session, given, step.wording)
    is_new = showing.is_new(place.session, given, step.wording)
    drawn = draw_rating(given, step, pen, known, is_new=is_new)
    if drawn["comment"]:
        drawn["comment"]["asked"] = ask_reason
    if known is not None:
        view["hidden"] |= {"result": known.result, "form": known.form}
    if ask_reason:
        view["hidden"]["reason_asked"] = "yes"
    measures = [item for item in given.steps() if item.wording is not None]
    view["progress"]["total"] = len(measures)
    view["settled"] = _settled(place, given, pen)
    return render_template("respond/rating.html", rating={**view, **drawn}, **shown)


def _settled(place: ExpertPlace, given: Respondent, pen: Pen) -> list[dict[str, Any]]:
    """Measures settled in earlier rounds, with the verdict on the criterion that decides."""
    content = given.definition.measures
    assert content is not None
    deciding = next(item.key for item in content.criteria if item.decides)
    return [
        {
            "title": pen.text(wording.title),
            "verdict": verdict_text(numbers["criteria"][deciding]["verdict"]),
        }
        for wording, numbers in showing.settled_measures(place.session, given)
    ]


@blueprint.route("/c/<slug>/stage/<stage>/review", methods=["GET", "POST"])
@for_expert()
def review(place: ExpertPlace, stage: str) -> str | tuple[str, int] | Answer:
    """All answers on one page, and the button that submits them."""
    given = respondent_of(place, stage)
    if request.method != "POST":
        if not takes_answers(given.stage, place.definition.grace):
            return redirect(url_for("tasks.index", slug=place.slug), 303)
        return _show_review(place, given)
    try:
        key = request.form.get("key", "")[:64]
        submitted = submitting.submit(place.session, given, idempotency_key=key)
        correspondence.send_receipt(
            place.session, place.expert, place.definition, config(), given.stage, submitted
        )
    except submitting.NotReady as refusal:
        place.session.rollback()
        return _show_review(place, given, refusal.found), 422
    except StageNotOpen:
        place.session.rollback()
        raise
    place.session.commit()
    return redirect(url_for("respond.receipt", slug=place.slug, stage=stage), 303)


def _show_review(
    place: ExpertPlace, given: Respondent, found: list[tuple[Step, Problem]] | None = None
) -> str:
    frame(place)
    pen = pen_of(place, {**given.earlier, **given.typed})
    parts = sections(given, pen, place.slug)
    missing = sum(row["missing"] for part in parts for row in part["answers"])
    problems = [
        {
            "anchor": "main",
            "href": _href(place, given.stage.key, step.key),
            "text": f"{title_of(step, problem, pen)}: {problem_text(problem)}",
        }
        for step, problem in found or []
    ]
    view = {
        "stage_title": pen.text(place.definition.stage(given.stage.key).title),
        "sections": parts,
        "missing": missing,
        "closes": when(given.stage.closes_at, place),
        "hidden": {"key": secrets.token_urlsafe(16)},
        "back_href": url_for("tasks.index", slug=place.slug),
    }
    return render_template("respond/review.html", review=view, problems=problems)


@blueprint.get("/c/<slug>/stage/<stage>/receipt")
@for_expert()
def receipt(place: ExpertPlace, stage: str) -> str:
    """What was submitted, with its code."""
    given = respondent_of(place, stage)
    submitted = submitting.newest_submission(place.session, given)
    if submitted is None:
        raise NotFound("nothing was submitted here")
    frame(place)
    pen = pen_of(place, {**given.earlier, **given.typed})
    is_open = takes_answers(given.stage, place.definition.grace)
    if submitting.has_changed_since(place.session, given, submitted):
        flash(
            _("You changed answers since: submit again, or the earlier ones count.")
            if is_open
            else _("You changed answers since and did not submit them: the earlier ones count."),
            "warn",
        )
    view = {
        "stage_title": pen.text(place.definition.stage(stage).title),
        "code": submitted.receipt,
        "submitted_at": when(submitted.submitted_at, place),
        "closes": when(given.stage.closes_at, place) if is_open else None,
        "next_href": url_for("tasks.index", slug=place.slug),
        "reopen_href": url_for("respond.review", slug=place.slug, stage=stage) if is_open else None,
        "sections": sections(given, pen),
    }
    return render_template("respond/receipt.html", receipt=view)
