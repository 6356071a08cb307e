"""Answering: the pages of a stage, one after the other."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.services.answering import feedback as showing
from consult.services.answering import gaps, saving, submitting
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.saving import Saved
from consult.services.rounds.stages import takes_answers
from consult.web import held
from consult.web.access import ExpertPlace, for_expert
from consult.web.expert import conflicts
from consult.web.forms.mending import anchor, place_name, told
from consult.web.forms.pen import Pen
from consult.web.forms.posted import input_names, read_posted, read_seen
from consult.web.forms.questions import draw
from consult.web.forms.ratings import draw_rating, needs_reason
from consult.web.forms.words import verdict_text
from consult.web.pages import frame, page_address, pen_of, respondent_of

blueprint = Blueprint("respond", __name__)


@blueprint.get("/c/<slug>/stage/<stage>/")
@for_expert()
def first(place: ExpertPlace, stage: str) -> Answer:
    """The first page with something left to do, else the review."""
    given = respondent_of(place, stage)
    steps = given.steps()
    for step in steps:
        if gaps.has_work_left(given, step):
            return redirect(page_address(place, stage, step.key), 303)
    if steps:
        return redirect(url_for("submit.review", slug=place.slug, stage=stage), 303)
    return redirect(url_for("tasks.index", slug=place.slug), 303)


@blueprint.route("/c/<slug>/stage/<stage>/<page>", methods=["GET", "POST"])
@for_expert()
def page(place: ExpertPlace, stage: str, page: str) -> str | Answer:
    """One page: a few questions, or one measure. Sent, it leads on, or here again."""
    frame(place)
    given = respondent_of(place, stage)
    if request.method != "POST" and not takes_answers(given.stage, place.definition.grace):
        return redirect(url_for("tasks.index", slug=place.slug), 303)
    step = given.step(page)
    if request.method != "POST":
        return _show(place, given, step)
    g.labels = _labels(place, step)
    posted = read_posted(place, given, step)
    saved = saving.save(place.session, given, step.asked, posted, read_seen(posted))
    _note_feedback(place, given, step)
    goes_on = request.form.get("go") == "next"
    query = conflicts.hold(place, saved.conflicts)
    if goes_on and _asks_again(saved):
        query["check"] = "1"
    elif goes_on and not query and _reason_is_wanted(place, given, step):
        query["ask"] = "reason"
    place.session.commit()
    if goes_on and not query:
        return redirect(_next(place, given, step), 303)
    return redirect(_here(place, given, step, query), 303)


def _asks_again(saved: Saved) -> bool:
    """Gaps are asked about once, then they may stay; what is wrong is asked about every time."""
    is_known = bool(request.form.get("again"))
    return any(problem.code != "required" or not is_known for problem in saved.problems)


def _labels(place: ExpertPlace, step: Step) -> dict[str, str]:
    """Words for the inputs of a page, for when it is refused and shown as a list."""
    pen = pen_of(place)
    return {name: place_name(step.asked, name, pen) for name in input_names(step)}


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


def _here(place: ExpertPlace, given: Respondent, step: Step, query: dict[str, str]) -> str:
    """This page again, at the place of the button that was pressed."""
    added, kept = request.form.get("add"), request.form.get("keep")
    more: dict[str, Any] = dict(query)
    if added:
        shown = request.form.get(f"shown-{added}", "1")
        more[f"n-{added}"] = int(shown) + 1 if shown.isdecimal() and len(shown) < 4 else 2
        more["_anchor"] = f"item-{added}"
    elif kept and f"{step.key}.{kept}" in input_names(step):
        more["_anchor"] = f"item-{step.key}.{kept}"
    return page_address(place, given.stage.key, step.key, **more)


def _next(place: ExpertPlace, given: Respondent, step: Step) -> str:
    keys = [item.key for item in given.steps()]
    after = keys[keys.index(step.key) + 1 :] if step.key in keys else keys[:1]
    if after:
        return page_address(place, given.stage.key, after[0])
    return url_for("submit.review", slug=place.slug, stage=given.stage.key)


def _show(place: ExpertPlace, given: Respondent, step: Step) -> str:
    frame(place)
    steps = given.steps()
    number = next(index for index, item in enumerate(steps) if item.key == step.key)
    problems = saving.page_problems(given, step.asked) if request.args.get("check") else ()
    disputed = conflicts.unresolved(place, given, step)
    wanted = {item.key: request.args.get(f"n-{item.key}", 0, type=int) for item in step.asked}
    pen = pen_of(
        place,
        # Beside a conflict, what another device stored stands: the page's marks say it was seen.
        {**given.earlier, **given.typed, **{item.name: item.yours for item in disputed}},
        problems=problems,
        attributes=place.expert.attributes,
        shown_instances=wanted,
    )
    query = {held.KEY: request.args[held.KEY]} if disputed else {}
    view: dict[str, Any] = {
        "stage_title": pen.text(place.definition.stage(given.stage.key).title),
        "progress": {"current": number + 1, "total": len(steps)},
        "action": page_address(place, given.stage.key, step.key, **query),
        # The page shows what is stored now, so its marks are today's.
        "revisions": {name: saving.mark(given.drafts.get(name)) for name in input_names(step)},
        "hidden": {
            "conflict": [item.name for item in disputed],
            "again": ["yes"] if problems else [],
        },
        "back_href": page_address(place, given.stage.key, steps[number - 1].key)
        if number
        else url_for("tasks.index", slug=place.slug),
        "skip_href": _next(place, given, step) if problems else None,
    }
    drawn = conflicts.draw(step, disputed, pen)
    wrong = [
        {"anchor": anchor(step.asked, one.name), "text": told(step.asked, one, pen)}
        for one in problems
    ]
    shown = {"problems": [*conflicts.not_chosen(drawn), *wrong], "conflicts": drawn}
    if step.wording is not None:
        return _show_rating(place, given, step, pen, view, shown)
    return _show_questions(step, pen, view, shown)


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
    return render_template("expert/page.html", page=view, **shown)


def _show_rating(
    place: ExpertPlace,
    given: Respondent,
    step: Step,
    pen: Pen,
    view: dict[str, Any],
    shown: dict[str, Any],
) -> str:
    assert step.wording is not None
    ask_reason = "ask" in request.args and _reason_is_wanted(place, given, step)
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
    return render_template("expert/rating.html", rating={**view, **drawn}, **shown)


def _settled(place: ExpertPlace, given: Respondent, pen: Pen) -> list[dict[str, Any]]:
    """Measures settled in earlier rounds, with the verdict on the criterion that decides."""
    content = given.definition.measures
    assert content is not None
    deciding = next(item.key for item in content.criteria if item.decides)
    return [
        {
            "title": pen.text(wording.title),
            "verdict": verdict_text(numbers.criteria[deciding].verdict.verdict),
        }
        for wording, numbers in showing.settled_measures(place.session, given)
    ]
