"""Where a problem of an answer is mended: the control it belongs to, and what that is about."""

from collections.abc import Mapping, Sequence
from functools import reduce

from flask_babel import gettext as _

from consult.definition.answers import answer_type
from consult.definition.asked import AskedQuestion, Problem
from consult.web.forms.rendering import RenderContext
from consult.web.forms.words import problem_text


def anchor(asked: Sequence[AskedQuestion], name: str) -> str:
    """The id of the control that an input belongs to."""
    for item in flat(asked):
        if item.type == "matrix" and name.startswith(f"{item.key}."):
            return f"item-{name}"
        if name == item.key or name in answer_type(item).names(item):
            return f"item-{item.key}"
    return "main"


def has_input(asked: Sequence[AskedQuestion], name: str) -> bool:
    """Whether one of these questions has this input, or is called so."""
    return any(name == one.key or name in answer_type(one).names(one) for one in flat(asked))


def flat(asked: Sequence[AskedQuestion]) -> list[AskedQuestion]:
    """Questions with those inside groups first, so that the innermost one is found."""
    inner = [part for item in asked for instance in item.instances for part in instance]
    return [*inner, *asked]


def place_name(
    asked: Sequence[AskedQuestion], name: str, rendering: RenderContext, title: Mapping[str, str] | None = None
) -> str:
    """What an input is about: the measure (`title`), the question, its row or its instance."""
    for item in asked:
        parts = _parts(item, name, rendering)
        if parts:
            labels = [*_said(title, rendering), *parts]
            return reduce(lambda rest, label: headed(label, rest), reversed(labels))
    return name


def told(
    asked: Sequence[AskedQuestion], problem: Problem, rendering: RenderContext, title: Mapping[str, str] | None = None
) -> str:
    """A problem for a list of several: what it is about, and what is wrong."""
    return f"{place_name(asked, problem.name, rendering, title)} – {problem_text(problem)}"


def _parts(item: AskedQuestion, name: str, rendering: RenderContext) -> list[str]:
    """The labels that lead to an input of this question; none when it has no such input."""
    own = _said(item.question.text, rendering) or [item.key]
    for number, instance in enumerate(item.instances, start=1):
        for inner in instance:
            if parts := _parts(inner, name, rendering):
                return [*own, _("Number %(number)s", number=number), *parts]
    if name != item.key and name not in answer_type(item).names(item):
        return []
    row = next((row for row in item.rows if name == f"{item.key}.{row.key}"), None)
    return [*own, *(_said(row.label, rendering) if row else ())]


def _said(text: Mapping[str, str] | None, rendering: RenderContext) -> list[str]:
    shown = rendering.text(text)
    return [shown.text] if shown else []


def headed(label: str, words: str) -> str:
    """A label and what belongs to it, however the label ends."""
    bare = label.rstrip(" .:")
    return f"{bare} {words}" if bare.endswith(("?", "!")) else f"{bare}: {words}"
