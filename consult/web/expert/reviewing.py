"""All answers of a stage to look over: by theme of the measures, or by section."""

from collections.abc import Collection

from flask import url_for

from consult.definition.consultation import Definition
from consult.definition.text import Shown
from consult.services.answering.responding import Respondent, Step
from consult.web.expert.answer_views import ReviewPart
from consult.web.forms.mending import headed
from consult.web.forms.rendering import RenderContext
from consult.web.forms.summary import answer_row, answer_words
from consult.web.views import AnswerRow


def answered_parts(respondent: Respondent, rendering: RenderContext) -> list[ReviewPart]:
    """Every answer that is there, to be read; nothing of what is not."""
    parts = review_parts(respondent, rendering, None)
    found = [ReviewPart(part.title, [row for row in part.answers if row.value]) for part in parts]
    return [part for part in found if part.answers]


def review_parts(respondent: Respondent, rendering: RenderContext, slug: str | None) -> list[ReviewPart]:
    """Every answer that is there or wanted, with the way to it by `slug`; what is optional and empty is left out."""
    found: dict[str, ReviewPart] = {}
    for step in respondent.steps():
        href = url_for("respond.page", slug=slug, stage=respondent.stage.key, page=step.key) if slug else None
        rows = [_measure(respondent, step, rendering, href)] if step.wording else _questions(step, rendering, href)
        title = _title(respondent, step, rendering)
        part = found.setdefault(title.text if title else "", ReviewPart(title, []))
        found[title.text if title else ""] = ReviewPart(part.title, [*part.answers, *rows])
    return [part for part in found.values() if part.answers]


def _title(respondent: Respondent, step: Step, rendering: RenderContext) -> Shown | None:
    """The theme of a measure, the section of a page."""
    content = respondent.definition.measures
    if step.wording is None or content is None:
        return rendering.text(step.page.section.title) if step.page else None
    theme = step.wording.measure.theme
    return rendering.text(next((item.title for item in content.themes if item.key == theme), None))


def _measure(respondent: Respondent, step: Step, rendering: RenderContext, href: str | None) -> AnswerRow:
    """A measure in one row: its ratings, and what was written to them."""
    assert step.wording is not None and respondent.definition.measures is not None
    labels = {
        f"{step.wording.key}.{criterion.key}": rendering.text(criterion.label)
        for criterion in respondent.definition.measures.criteria
    }
    lines, is_missing = [], False
    for item in step.asked:
        words, label = answer_words(item, rendering), labels.get(item.key)
        is_missing |= label is not None and not words
        if words:
            lines.append(headed(label.text, words) if label is not None else words)
    return AnswerRow(rendering.text(step.wording.title), "\n".join(lines), is_missing, href)


def _questions(step: Step, rendering: RenderContext, href: str | None) -> list[AnswerRow]:
    rows = [
        answer_row(item, rendering, href, is_wanted=item.question.required)
        for item in step.asked
        if item.type != "info"
    ]
    return [row for row in rows if row.value or row.missing]


def measure_without(definition: Definition, step: Step, missing: Collection[str], rendering: RenderContext) -> str:
    """A measure that lacks ratings: its title, and the criteria where only some of them are missing."""
    title = rendering.text(step.measure_title)
    criteria = definition.measures.criteria if definition.measures else ()
    labels = [rendering.text(one.label) for one in criteria if f"{step.key}.{one.key}" in missing]
    words = title.text if title is not None else step.key
    if len(labels) == len(criteria):
        return words
    return headed(words, ", ".join(label.text for label in labels if label is not None))
