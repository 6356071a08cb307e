"""Answer types: how each is checked, stored and read back. A new type is one entry here.

An answer type turns what was typed (`Inputs`) into stored values, one per variable, and back.
"""

from collections.abc import Iterator, Mapping

from consult.definition.answers.base import AnswerType, NothingType, Stored, Variable
from consult.definition.answers.choices import ConsentType, MultiType, SingleType
from consult.definition.answers.numbers import NumberType, PointsType
from consult.definition.answers.points import MatrixType, ScaleType
from consult.definition.answers.ranking import RankType
from consult.definition.answers.texts import TextType
from consult.definition.asked import AskedQuestion, Inputs, Problem, first, given
from consult.definition.question import Group


class GroupType(NothingType):
    """Repeated small sets of questions; each instance is whole or empty."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [name for item in _inner(asked) for name in answer_type(item).names(item)]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        question = asked.question
        assert isinstance(question, Group)
        filled = 0
        for instance in asked.instances:
            if not any(is_answered(item, inputs) for item in instance):
                continue
            filled += 1
            for item in instance:
                yield from problems(item, inputs)
        if filled and filled < question.repeat.min:
            yield Problem(asked.key, "too_few", {"min": question.repeat.min, "chosen": filled})

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        found: dict[str, Stored] = {}
        for item in _inner(asked):
            found |= answer_type(item).store(item, inputs)
        return found

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for item in _inner(asked):
            found |= answer_type(item).read(item, stored)
        return found

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        for item in _inner(asked):
            yield from answer_type(item).variables(item)


def _inner(asked: AskedQuestion) -> Iterator[AskedQuestion]:
    for instance in asked.instances:
        yield from instance


ANSWER_TYPES: dict[str, AnswerType] = {
    "info": NothingType(),
    "consent": ConsentType(),
    "single": SingleType(),
    "multi": MultiType(),
    "matrix": MatrixType(),
    "scale": ScaleType(),
    "number": NumberType(),
    "rank": RankType(),
    "points": PointsType(),
    "text": TextType(),
    "group": GroupType(),
}


def answer_type(asked: AskedQuestion) -> AnswerType:
    """The answer type of a question."""
    return ANSWER_TYPES[asked.type]


def is_answered(asked: AskedQuestion, inputs: Inputs) -> bool:
    """Whether anything was typed or chosen."""
    confirm = f"{asked.key}.confirm"
    names = answer_type(asked).names(asked)
    return any(given(inputs, name) for name in names if name != confirm)


GAPS = ("required", "indispensable")
"""Problems of an answer that is not there; all others are of one that is."""


def problems(asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
    """Everything wrong with the answer to one question, required answers included."""
    found = list(answer_type(asked).check(asked, inputs))
    yield from found
    question = asked.question
    if not (question.required or question.indispensable) or found:
        return
    code = "indispensable" if question.indispensable else "required"
    if asked.type == "matrix":
        for name in answer_type(asked).names(asked):
            if not first(inputs, name):
                yield Problem(name, code)
    elif asked.type != "info" and not is_answered(asked, inputs):
        names = answer_type(asked).names(asked)
        yield Problem(names[0] if names else asked.key, code)


def store(asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
    """Values by variable key for one valid answer."""
    return answer_type(asked).store(asked, inputs)


__all__ = ["ANSWER_TYPES", "GAPS", "Stored", "answer_type", "is_answered", "problems", "store"]
