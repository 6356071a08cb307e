"""Where a problem of an answer is mended: the control it belongs to, and what that is about."""

from collections.abc import Sequence

from consult.definition.answers import answer_type
from consult.definition.asked import Asked, Problem
from consult.services.responding import Step
from consult.web.forms.questions import Pen


def anchor(asked: Sequence[Asked], problem: Problem) -> str:
    """The id of the control a problem belongs to."""
    for item in flat(asked):
        if item.type == "matrix" and problem.name.startswith(f"{item.key}."):
            return f"item-{problem.name}"
        if problem.name == item.key or problem.name in answer_type(item).names(item):
            return f"item-{item.key}"
    return "main"


def flat(asked: Sequence[Asked]) -> list[Asked]:
    """Questions with those inside groups first, so that the innermost one is found."""
    inner = [part for item in asked for instance in item.instances for part in instance]
    return [*inner, *asked]


def title_of(step: Step, problem: Problem, pen: Pen) -> str:
    """What a problem of a page is about, for a list of problems of several pages."""
    if step.wording is not None:
        return str(pen.text(step.wording.title).text)  # type: ignore[union-attr]
    for item in flat(step.asked):
        if problem.name in (item.key, *answer_type(item).names(item)):
            shown = pen.text(item.question.text)
            return shown.text if shown else item.key
    return step.key
