"""What is asked about one measure of a round: a scale for each criterion, a reason, the wording."""

from collections.abc import Iterator

from consult.definition.asked import AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.question import FreeText, Rating
from consult.definition.routing import ask

_RATINGS: dict[tuple[int, str], tuple[Definition, tuple[AskedQuestion, ...]]] = {}
"""The questions of a measure's page, by definition and measure: the same for every expert."""


def rating_questions(definition: Definition, measure: str) -> tuple[AskedQuestion, ...]:
    """What is asked about one measure: a rating for each criterion, a reason, the wording."""
    known = _RATINGS.get((id(definition), measure))
    if known is None or known[0] is not definition:
        known = (definition, tuple(_rating_questions(definition, measure)))
        _RATINGS[id(definition), measure] = known
    return known[1]


def _rating_questions(definition: Definition, measure: str) -> Iterator[AskedQuestion]:
    content = definition.measures
    assert content is not None
    questions: list[Rating | FreeText] = [
        Rating(
            type="scale",
            key=f"{measure}.{criterion.key}",
            text=criterion.question,
            scale=criterion.scale,
            required=False,
        )
        for criterion in content.criteria
    ]
    for name, prompt in (("comment", content.comment), ("unclear", content.unclear)):
        if prompt is not None:
            questions.append(
                FreeText(
                    type="text",
                    key=f"{measure}.{name}",
                    text=prompt.text,
                    hint=prompt.hint,
                    required=False,
                    max_length=prompt.max_length,
                )
            )
    for question in questions:
        asked = ask(question, RoutingContext(definition))
        if asked is not None:
            yield asked
