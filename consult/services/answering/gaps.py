"""What an expert has not answered yet, and what stands between them and submitting."""

from dataclasses import dataclass

from consult.definition.answers import GAPS, answer_type, is_answered, problems
from consult.definition.asked import Asked, Problem
from consult.services.answering.responding import Respondent, Step


@dataclass(frozen=True, slots=True)
class Gap:
    """An answer that is not there: on a page that was sent without it, or that was not sent yet."""

    step: Step
    name: str
    is_reached: bool
    is_needed: bool


def gaps(given: Respondent) -> list[Gap]:
    """Every answer asked for and not there, row by row, ratings included."""
    found = [(step, problem.name, problem.code) for step, problem in open_problems(given) if problem.code in GAPS]
    ratings = [
        (step, item.key, "required")
        for step in given.steps()
        if step.wording is not None
        for item in step.asked
        if is_missing(given, step, item)
    ]
    return [Gap(step, name, name in given.drafts, code == "indispensable") for step, name, code in [*ratings, *found]]


def obstacles(given: Respondent) -> list[tuple[Step, Problem]]:
    """What stands between this expert and submitting: other gaps count as left open."""
    return [(step, problem) for step, problem in open_problems(given) if problem.code != "required"]


def open_problems(given: Respondent) -> list[tuple[Step, Problem]]:
    """Everything that is missing or wrong on any page."""
    typed = given.around().inputs
    return [(step, problem) for step in given.steps() for item in step.asked for problem in problems(item, typed)]


def has_work_left(given: Respondent, step: Step) -> bool:
    """Whether a page was not visited yet, or lacks an answer it needs."""
    names = [name for item in step.asked for name in answer_type(item).names(item)]
    if names and not any(name in given.drafts for name in names):
        return True
    return any(is_missing(given, step, item) for item in step.asked)


def is_missing(given: Respondent, step: Step, item: Asked) -> bool:
    """Whether a needed answer is missing: a required one, or a rating."""
    needed = item.type == "scale" if step.wording else item.question.required
    return needed and item.type != "info" and not is_answered(item, given.typed)


def unanswered(given: Respondent) -> tuple[int, bool]:
    """How much has no answer yet, and whether that counts measures instead of questions."""
    missing = [
        [is_missing(given, step, item) for item in step.asked]
        for step in given.steps()
        if (step.wording is not None) == bool(given.wordings)
    ]
    if given.wordings:
        return sum(any(items) for items in missing), True
    return sum(map(sum, missing)), False
