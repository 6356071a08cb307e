"""One page of a stage as it is drawn: a few questions, or one measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for

from consult.optional_uses import OptionalUse
from consult.services.access.objections import objects_to
from consult.services.answering import feedback as showing
from consult.services.answering import gaps, saving
from consult.services.answering.change_notes import asks_who_stays
from consult.services.answering.evidence import evidence_for
from consult.services.answering.responding import Respondent, Step
from consult.web import held
from consult.web.access import ExpertContext
from consult.web.expert import conflicts
from consult.web.expert.answer_views import AnswerPage, ConflictView, QuestionsPage
from consult.web.expert.progress import progress
from consult.web.expert.reviewing import measure_without
from consult.web.expert.saved_answers import saved_choice
from consult.web.expert.way import next_address
from consult.web.forms.mending import anchor, told
from consult.web.forms.pieces import question_piece
from consult.web.forms.posted import input_names
from consult.web.forms.ratings import RatingPage, draw_rating
from consult.web.forms.rendering import RenderContext
from consult.web.pages import frame, page_address, rendering_of
from consult.web.views import Link, ProblemLine


def visit(args: Mapping[str, str]) -> dict[str, str]:
    """What an address says of the visit: whether the reader came from another page of the stage."""
    return {"on": "1"} if "on" in args else {}


def show(ctx: ExpertContext, respondent: Respondent, step: Step) -> str:
    """One page as it stands: what is stored, what is wrong, what another device changed."""
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
    drawn_page = _show_questions if step.wording is None else _show_rating
    return drawn_page(ctx, respondent, step, beside)


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
    """The frame of the page: where it is sent, and where else it leads."""
    stage, keys = respondent.stage.key, [item.key for item in respondent.steps()]
    number = keys.index(step.key)
    query = visit(request.args) | ({held.KEY: request.args[held.KEY]} if beside.disputed else {})
    again = ["yes"] if beside.asks_again else []
    return AnswerPage(
        stage_title=beside.rendering.text(ctx.definition.stage(stage).title),
        round_number=respondent.stage.round_number,
        progress=progress(ctx, respondent, step),
        action=page_address(ctx, stage, step.key, **query),
        # The page shows what is stored now, so its marks are today's.
        revisions={name: saving.mark(respondent.drafts.get(name)) for name in input_names(step)},
        hidden={"conflict": beside.disputed, "again": again, **hidden},
        back_href=page_address(ctx, stage, keys[number - 1], on="1")
        if number
        else url_for("tasks.index", slug=ctx.slug),
        skip_href=next_address(ctx, respondent, step) if beside.asks_again else None,
        is_undo=bool(number) and "auto" in request.args,
        saved=saved_choice(ctx, respondent),
        left_open=_left_open(ctx, respondent, beside.rendering),
        goes_by_itself=respondent.stage.round_number == 1 and step.wording is not None,
    )


def _left_open(ctx: ExpertContext, respondent: Respondent, rendering: RenderContext) -> Link | None:
    """What the page before was left without, and the way back to it; what was rated since is not."""
    wanted = request.args.get("unrated")
    step = next((one for one in respondent.steps() if one.key == wanted and one.wording is not None), None)
    missing = [item.key for item in step.asked if gaps.is_missing(respondent, step, item)] if step else []
    if step is None or not missing:
        return None
    words = measure_without(ctx.definition, step, missing, rendering)
    return Link(page_address(ctx, respondent.stage.key, step.key, on="1"), words)


def _show_questions(ctx: ExpertContext, respondent: Respondent, step: Step, beside: Beside) -> str:
    assert step.page is not None
    rendering, section = beside.rendering, step.page.section
    is_lone = len(step.asked) == 1 and rendering.text(step.asked[0].question.text) is not None
    questions = [question_piece(item, rendering, lone=is_lone) for item in step.asked]
    hidden = {
        f"shown-{item.key}": str(piece.shown)
        for item, piece in zip(step.asked, questions, strict=True)
        if piece.shown is not None
    }
    return render_template(
        "expert/page.html",
        page=_answer_page(ctx, respondent, step, beside, hidden),
        view=QuestionsPage(
            section_title=rendering.text(section.title),
            intro=rendering.text(section.intro) if section.questions[0].key == step.key else None,
            questions=questions,
            is_lone=is_lone,
        ),
        problems=beside.problems,
        conflicts=beside.conflicts,
    )


def _show_rating(ctx: ExpertContext, respondent: Respondent, step: Step, beside: Beside) -> str:
    assert step.wording is not None
    asks_reason = "ask" in request.args
    known = showing.feedback_for(ctx.session, respondent, step.wording)
    is_new = showing.is_new(ctx.session, respondent, step.wording)
    hidden = {"result": known.result, "form": known.form} if known is not None else {}
    if asks_reason:
        hidden["reason_asked"] = "yes"
    return render_template(
        "expert/rating.html",
        page=_answer_page(ctx, respondent, step, beside, hidden),
        rating=draw_rating(
            RatingPage(
                respondent,
                step,
                beside.rendering,
                known,
                evidence_for(respondent, step, known),
                is_new=is_new,
                is_first="on" not in request.args,
                asks_reason=asks_reason,
                asks_who_stays=asks_who_stays(ctx.session, respondent, step.wording),
                objects_to_reasons=objects_to(ctx.session, ctx.expert, ctx.definition, OptionalUse.REASONS),
            )
        ),
        problems=beside.problems,
        conflicts=beside.conflicts,
    )
