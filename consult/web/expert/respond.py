"""Answering: the pages of a stage, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.services.answering import feedback as showing
from consult.services.answering import gaps, saving, submitting
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.saving import Saved
from consult.services.rounds.stages import takes_answers
from consult.web import held
from consult.web.access import ExpertContext, for_expert
from consult.web.expert import conflicts
from consult.web.expert.answer_views import AnswerPage, ConflictView, Progress, QuestionsPage, Settled
from consult.web.forms.mending import anchor, place_name, told
from consult.web.forms.posted import input_names, read_posted, read_seen
from consult.web.forms.questions import draw
from consult.web.forms.ratings import draw_rating, needs_reason
from consult.web.forms.rendering import RenderContext
from consult.web.forms.views import GroupControl
from consult.web.forms.words import verdict_text
from consult.web.pages import frame, page_address, rendering_of, respondent_of
from consult.web.views import ProblemLine

blueprint = Blueprint("respond", __name__)


@blueprint.get("/c/<slug>/stage/<stage>/")
@for_expert()
def first(ctx: ExpertContext, stage: str) -> Answer:
    """The first page with something left to do, else the review."""
    respondent = respondent_of(ctx, stage)
    steps = respondent.steps()
    for step in steps:
        if gaps.has_work_left(respondent, step):
            return redirect(page_address(ctx, stage, step.key), 303)
    if steps:
        return redirect(url_for("submit.review", slug=ctx.slug, stage=stage), 303)
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
        return _show(ctx, respondent, step)
    g.labels = _labels(ctx, step)
    posted = read_posted(ctx, respondent, step)
    saved = saving.save(ctx.session, respondent, step.asked, posted, read_seen(posted))
    _note_feedback(ctx, respondent, step)
    goes_on = request.form.get("go") == "next"
    query = conflicts.hold(ctx, saved.conflicts)
    if goes_on and _asks_again(saved):
        query["check"] = "1"
    elif goes_on and not query and _reason_is_wanted(ctx, respondent, step):
        query["ask"] = "reason"
    ctx.session.commit()
    if goes_on and not query:
        return redirect(_next(ctx, respondent, step), 303)
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
    """A reason is asked for once, never forced."""
    if step.wording is None or request.form.get("reason_asked"):
        return False
    known = showing.feedback_for(ctx.session, respondent, step.wording)
    return needs_reason(step, rendering_of(ctx, respondent.typed), known)


def _here(ctx: ExpertContext, respondent: Respondent, step: Step, query: Mapping[str, str]) -> str:
    """This page again, at the place of the button that was pressed."""
    added, kept = request.form.get("add"), request.form.get("keep")
    more = dict(query)
    if added:
        shown = request.form.get(f"shown-{added}", "1")
        more[f"n-{added}"] = str(int(shown) + 1 if shown.isdecimal() and len(shown) < 4 else 2)
        more["_anchor"] = f"item-{added}"
    elif kept and f"{step.key}.{kept}" in input_names(step):
        more["_anchor"] = f"item-{step.key}.{kept}"
    return page_address(ctx, respondent.stage.key, step.key, **more)


def _next(ctx: ExpertContext, respondent: Respondent, step: Step) -> str:
    keys = [item.key for item in respondent.steps()]
    after = keys[keys.index(step.key) + 1 :] if step.key in keys else keys[:1]
    if after:
        return page_address(ctx, respondent.stage.key, after[0])
    return url_for("submit.review", slug=ctx.slug, stage=respondent.stage.key)


def _show(ctx: ExpertContext, respondent: Respondent, step: Step) -> str:
    frame(ctx)
    problems = saving.page_problems(respondent, step.asked) if request.args.get("check") else ()
    disputed = conflicts.unresolved(ctx, respondent, step)
    wanted = {item.key: request.args.get(f"n-{item.key}", 0, type=int) for item in step.asked}
    rendering = rendering_of(
        ctx,
        # Beside a conflict, what another device stored stands: the page's marks say it was seen.
        {**respondent.earlier, **respondent.typed, **{item.name: item.yours for item in disputed}},
        problems=problems,
        attributes=ctx.expert.attributes,
        shown_instances=wanted,
    )
    drawn = conflicts.draw(step, disputed, rendering)
    wrong = [ProblemLine(told(step.asked, one, rendering), anchor=anchor(step.asked, one.name)) for one in problems]
    beside = Beside(
        rendering,
        [*conflicts.not_chosen(drawn), *wrong],
        drawn,
        [item.name for item in disputed],
        asks_again=bool(problems),
    )
    show = _show_questions if step.wording is None else _show_rating
    return show(ctx, respondent, step, beside)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page shows beside its questions: problems, and answers changed on two devices.

    `disputed`: names of their inputs. `asks_again` when gaps or mistakes are pointed out.
    """

    rendering: RenderContext
    problems: Sequence[ProblemLine]
    conflicts: Sequence[ConflictView]
    disputed: Sequence[str]
    asks_again: bool


def _answer_page(
    ctx: ExpertContext, respondent: Respondent, step: Step, beside: Beside, hidden: Mapping[str, str]
) -> AnswerPage:
    """The frame of the page: its progress is over measures for a measure, else over all pages."""
    stage, keys = respondent.stage.key, [item.key for item in respondent.steps()]
    number = keys.index(step.key)
    query = {held.KEY: request.args[held.KEY]} if beside.disputed else {}
    measures = [item for item in respondent.steps() if item.wording is not None]
    again = ["yes"] if beside.asks_again else []
    return AnswerPage(
        stage_title=beside.rendering.text(ctx.definition.stage(stage).title),
        progress=Progress(number + 1, len(measures if step.wording is not None else keys)),
        action=page_address(ctx, stage, step.key, **query),
        # The page shows what is stored now, so its marks are today's.
        revisions={name: saving.mark(respondent.drafts.get(name)) for name in input_names(step)},
        hidden={"conflict": beside.disputed, "again": again, **hidden},
        back_href=page_address(ctx, stage, keys[number - 1]) if number else url_for("tasks.index", slug=ctx.slug),
        skip_href=_next(ctx, respondent, step) if beside.asks_again else None,
    )


def _show_questions(ctx: ExpertContext, respondent: Respondent, step: Step, beside: Beside) -> str:
    assert step.page is not None
    rendering, section = beside.rendering, step.page.section
    questions = [draw(item, rendering) for item in step.asked]
    hidden = {
        f"shown-{question.key}": str(question.control.shown)
        for question in questions
        if isinstance(question.control, GroupControl)
    }
    return render_template(
        "expert/page.html",
        page=_answer_page(ctx, respondent, step, beside, hidden),
        view=QuestionsPage(
            section_title=rendering.text(section.title),
            intro=rendering.text(section.intro) if section.questions[0].key == step.key else None,
            questions=questions,
        ),
        problems=beside.problems,
        conflicts=beside.conflicts,
    )


def _show_rating(ctx: ExpertContext, respondent: Respondent, step: Step, beside: Beside) -> str:
    assert step.wording is not None
    asks_reason = "ask" in request.args and _reason_is_wanted(ctx, respondent, step)
    known = showing.feedback_for(ctx.session, respondent, step.wording)
    is_new = showing.is_new(ctx.session, respondent, step.wording)
    hidden = {"result": known.result, "form": known.form} if known is not None else {}
    if asks_reason:
        hidden["reason_asked"] = "yes"
    return render_template(
        "expert/rating.html",
        page=_answer_page(ctx, respondent, step, beside, hidden),
        rating=draw_rating(respondent, step, beside.rendering, known, is_new=is_new, asks_reason=asks_reason),
        settled=_settled(ctx, respondent, beside.rendering),
        problems=beside.problems,
        conflicts=beside.conflicts,
    )


def _settled(ctx: ExpertContext, respondent: Respondent, rendering: RenderContext) -> list[Settled]:
    """Measures settled in earlier rounds, with the verdict on the criterion that decides."""
    content = respondent.definition.measures
    assert content is not None
    deciding = content.deciding.key
    return [
        Settled(rendering.text(wording.title), verdict_text(numbers.criteria[deciding].verdict.verdict))
        for wording, numbers in showing.settled_measures(ctx.session, respondent)
    ]
