"""Where a page stands among those of its stage, and how much is left: never more by going on."""

from math import ceil

from flask import url_for

from consult.definition.routing import pages
from consult.services.answering import gaps
from consult.services.answering.responding import Respondent, Step
from consult.web.access import ExpertContext
from consult.web.expert.answer_views import Progress


def progress(ctx: ExpertContext, respondent: Respondent, step: Step) -> Progress:
    """Over measures for a measure, else over the parts of the questionnaire.

    Minutes are those that the definition says of the stage, shared out by what is left to do.
    """
    return _of_measures(ctx, respondent, step) if step.wording is not None else _of_questions(ctx, respondent, step)


def of_list(ctx: ExpertContext, respondent: Respondent) -> Progress:
    """How many measures are done, for a page that shows several."""
    return _of_measures(ctx, respondent, None)


def _of_measures(ctx: ExpertContext, respondent: Respondent, step: Step | None) -> Progress:
    steps = [item for item in respondent.steps() if item.wording is not None]
    here = step.key if step is not None else ""
    left = sum(item.key == here or gaps.has_work_left(respondent, item) for item in steps)
    return Progress(
        current=[item.key for item in steps].index(here) + 1 if here else len(steps) - left,
        total=len(steps),
        left=left,
        done=len(steps) - left,
        most=len(steps),
        minutes=_minutes(ctx, respondent, left / len(steps)),
        all_href=url_for("whole_list.ratings", slug=ctx.slug, stage=respondent.stage.key),
        counts="measures",
    )


def _of_questions(ctx: ExpertContext, respondent: Respondent, step: Step) -> Progress:
    """What an answer may still open counts as left from the start, so that the total stays."""
    questionnaire = ctx.definition.questionnaire_of(respondent.stage.key)
    assert questionnaire is not None and step.page is not None
    possible = pages(questionnaire)
    number = [page.key for page in possible].index(step.key)
    asked = {item.key: item for item in respondent.steps()}
    todo = [
        gaps.has_work_left(respondent, asked[page.key]) if page.key in asked else at > number
        for at, page in enumerate(possible)
    ]
    todo[number] = True
    sections = [section.key for section in questionnaire.sections]
    is_parted = len(sections) > 1
    left = sum(todo)
    return Progress(
        current=sections.index(step.page.section.key) + 1 if is_parted else number + 1,
        total=len(sections) if is_parted else len(possible),
        left=left,
        done=len(possible) - left,
        most=len(possible),
        minutes=_minutes(ctx, respondent, left / (len(possible) + len(respondent.wordings))),
        all_href=url_for("submit.review", slug=ctx.slug, stage=respondent.stage.key),
        counts="parts" if is_parted else "pages",
    )


def _minutes(ctx: ExpertContext, respondent: Respondent, share: float) -> int | None:
    whole = ctx.definition.stage(respondent.stage.key).minutes
    return ceil(whole * share) if whole else None
