"""What is asked about one measure of a round: scales, each with its reason, a remark, the wording."""

from collections.abc import Iterator, Mapping, Sequence

from consult.definition.asked import AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.measure import CommentPrompt, Criterion
from consult.definition.question import FreeText, Multi, OptionSource, Rating
from consult.definition.routing import ask
from consult.definition.scale import Option
from consult.words.catalogues import catalogue
from consult.words.why import WHY_ASKED, WHY_CHANGED

_RATINGS: dict[tuple[int, str], tuple[Definition, tuple[AskedQuestion, ...]]] = {}
"""The questions of a measure's page, by definition and measure: the same for every expert."""


def rating_questions(definition: Definition, measure: str) -> tuple[AskedQuestion, ...]:
    """What is asked about one measure: for each criterion a rating and why, then the measure itself."""
    known = _RATINGS.get((id(definition), measure))
    if known is None or known[0] is not definition:
        known = (definition, tuple(_rating_questions(definition, measure)))
        _RATINGS[id(definition), measure] = known
    return known[1]


def _rating_questions(definition: Definition, measure: str) -> Iterator[AskedQuestion]:
    content = definition.measures
    assert content is not None
    questions: list[Rating | FreeText | Multi] = []
    for criterion in content.criteria:
        key = f"{measure}.{criterion.key}"
        questions.append(Rating(type="scale", key=key, text=criterion.question, scale=criterion.scale, required=False))
        if content.comment is not None:
            questions.append(_text(reason_key(key), content.comment, _of_criterion(criterion, content.comment)))
    for name, prompt in (("comment", content.remark or content.comment), ("unclear", content.unclear)):
        if prompt is not None:
            questions.append(_text(f"{measure}.{name}", prompt, prompt.text))
    if content.why_changed:
        questions.append(_why(f"{measure}.{WHY}", definition.languages))
    for question in questions:
        asked = ask(question, RoutingContext(definition))
        if asked is not None:
            yield asked


def reason_key(rating: str) -> str:
    """The input that says why something was rated so."""
    return f"{rating}.reason"


WHY = "why"
"""The input that says what played a part in changing the rating of a measure, or in keeping it."""


def _why(key: str, languages: Sequence[str]) -> Multi:
    """Fixed answers, in every language of the consultation."""
    options = [
        Option(key=code.value, label={language: _said(words, language) for language in languages})
        for code, words in WHY_CHANGED.items()
    ]
    text = {language: _said(WHY_ASKED, language) for language in languages}
    return Multi(type="multi", key=key, text=text, options=OptionSource(options=tuple(options)), required=False)


def _said(words: str, language: str) -> str:
    return str(catalogue(language).gettext(words))


def _text(key: str, prompt: CommentPrompt, text: Mapping[str, str]) -> FreeText:
    return FreeText(
        type="text", key=key, text=dict(text), hint=prompt.hint, required=False, max_length=prompt.max_length
    )


def _of_criterion(criterion: Criterion, prompt: CommentPrompt) -> dict[str, str]:
    """The prompt for a reason, under the name of its criterion, in every language both are in."""
    both = [language for language in prompt.text if language in criterion.label]
    return {language: f"{criterion.label[language]}: {prompt.text[language]}" for language in both}
