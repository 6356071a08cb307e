"""What an expert has not answered yet, and what stands between them and submitting."""

from dataclasses import dataclass

from consult.definition.answers import GAPS, answer_type, is_answered, problems
from consult.definition.asked import AskedQuestion, Problem
from consult.services.answering.responding import Respondent, Step


@dataclass(frozen=True, slots=True)
class Gap:
    """An answer that is not there: on a page that was sent without it, or that was not sent yet."""

    step: Step
    name: str
    is_reached: bool
    is_needed: bool


def gaps(respondent: Respondent) -> list[Gap]:
    """Every answer asked for and not there, row by row, ratings included."""
    found = [(step, problem.name, problem.code) for step, problem in open_problems(respondent) if problem.code in GAPS]
    ratings = [
        (step, item.key, "required")
        for step in respondent.steps()
        if step.wording is not None
        for item in step.asked
        if is_missing(respondent, step, item)
    ]
    return [
        Gap(step, name, name in respondent.drafts, code == "indispensable") for step, name, code in [*ratings, *found]
    ]


def obstacles(respondent: Respondent) -> list[tuple[Step, Problem]]:
    """What stands between this expert and submitting: other gaps count as left open."""
    return [(step, problem) for step, problem in open_problems(respondent) if problem.code != "required"]


def open_problems(respondent: Respondent) -> list[tuple[Step, Problem]]:
    """Everything that is missing or wrong on any page."""
    typed = respondent.context().inputs
    return [(step, problem) for step in respondent.steps() for item in step.asked for problem in problems(item, typed)]


def has_work_left(respondent: Respondent, step: Step) -> bool:
    """Whether a page was not visited yet, or lacks an answer it needs."""
    names = [name for item in step.asked for name in answer_type(item).names(item)]
    if names and not any(name in respondent.drafts for name in names):
        return True
    return any(is_missing(respondent, step, item) for item in step.asked)


def is_missing(respondent: Respondent, step: Step, item: AskedQuestion) -> bool:
    """Whether a needed answer is missing: a required one, or a rating."""
    needed = item.type == "scale" if step.wording else item.question.required
    return needed and item.type != "info" and not is_answered(item, respondent.typed)


def unanswered(respondent: Respondent) -> tuple[int, bool]:
    """How much has no answer yet, and whether that counts measures instead of questions."""
    missing = [
        [is_missing(respondent, step, item) for item in step.asked]
        for step in respondent.steps()
        if (step.wording is not None) == bool(respondent.wordings)
    ]
    if respondent.wordings:
        return sum(any(items) for items in missing), True
    return sum(map(sum, missing)), False
