"""Free text."""

from collections.abc import Iterator, Mapping

from consult.definition.answers.base import NothingType, Stored, Variable, variable
from consult.definition.asked import AskedQuestion, Inputs, Problem, first
from consult.definition.question import FreeText


class TextType(NothingType):
    """Free text."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [asked.key]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        question = asked.question
        assert isinstance(question, FreeText)
        words = _lines(first(inputs, asked.key))
        if len(words) > question.max_length:
            numbers = {"max": question.max_length, "over": len(words) - question.max_length}
            yield Problem(asked.key, "too_long", numbers)
        elif words and len(words) < question.min_length:
            yield Problem(asked.key, "too_short", {"min": question.min_length})

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        words = _lines(first(inputs, asked.key))
        return {asked.key: Stored(text=words)} if words else {}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        known = stored.get(asked.key)
        return {asked.key: [known.text]} if known is not None and known.text else {}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        yield variable(asked, asked.key, "text")


def _lines(words: str) -> str:
    """The same text with one kind of line break, however it was typed."""
    return words.replace("\r\n", "\n").replace("\r", "\n")
