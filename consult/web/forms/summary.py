"""Answers in words, for the review, the receipt and one's own data."""

from collections.abc import Iterator, Mapping

from consult.definition.answers import answer_type
from consult.definition.answers.numbers import whole
from consult.definition.answers.ranking import OWN
from consult.definition.asked import NO, AskedQuestion, given
from consult.web.forms.mending import headed
from consult.web.forms.rendering import RenderContext
from consult.web.forms.words import no_answer_text, place_text
from consult.web.views import AnswerRow


def answer_words(asked: AskedQuestion, rendering: RenderContext) -> str:
    """One question's answer in words; empty when there is none."""
    return "\n".join(line for line in _lines(asked, rendering) if line)


def _lines(asked: AskedQuestion, rendering: RenderContext) -> Iterator[str]:
    for instance in asked.instances:
        inner = [(item, answer_words(item, rendering)) for item in instance]
        if any(words for _, words in inner):
            yield "; ".join(headed(_plain(rendering, item.question.text), words) for item, words in inner if words)
    if asked.instances:
        return
    labels = {item.key: _plain(rendering, item.label) for item in (*asked.options, *asked.rows)}
    for name in answer_type(asked).names(asked):
        if name.endswith(".confirm") or (name == f"{asked.key}.{OWN}" and asked.type == "rank"):
            continue  # what is one's own stands at its place
        part = name.removeprefix(asked.key).removeprefix(".")
        words = ", ".join(_value(asked, rendering, labels, value) for value in given(rendering.inputs, name))
        if words:
            is_part = part in labels or part.isdigit()
            yield headed(_part(part, labels), words) if is_part else words


def _part(part: str, labels: dict[str, str]) -> str:
    return labels.get(part) or place_text(int(part))


def _value(asked: AskedQuestion, rendering: RenderContext, labels: dict[str, str], value: str) -> str:
    if value.startswith(NO):
        return no_answer_text(value.removeprefix(NO))
    point = whole(value) if asked.scale is not None else None
    if asked.scale is not None and point is not None:
        label = rendering.text(asked.scale.labels.get(point))
        if label is None:
            return value
        is_worded = len(asked.scale.labels) == asked.scale.max - asked.scale.min + 1
        return label.text if is_worded else f"{value} ({label.text})"
    if value == OWN and asked.type == "rank":
        return next(iter(given(rendering.inputs, f"{asked.key}.{OWN}")), "")
    return labels.get(value, value)


def _plain(rendering: RenderContext, text: Mapping[str, str] | None) -> str:
    shown = rendering.text(text)
    return shown.text if shown else ""


def answer_row(
    asked: AskedQuestion, rendering: RenderContext, change_href: str | None, *, is_wanted: bool
) -> AnswerRow:
    """One line of a summary; an answer that is wanted and not there is said to be missing."""
    words = answer_words(asked, rendering)
    return AnswerRow(rendering.text(asked.question.text), words, is_wanted and not words, change_href)
