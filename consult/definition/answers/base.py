"""What every answer type can do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from consult.definition.asked import NO, AskedQuestion, Inputs, Problem


@dataclass(frozen=True, slots=True)
class Stored:
    """The value of one variable: a number, a text or a state, exactly one."""

    value: int | None = None
    text: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the data.

    `level` is nominal, binary, ordinal, interval, rank, number or text. Codes of a nominal
    variable are positions in `labels`; of a rank, the place, last for "not in the top".
    """

    key: str
    question: str
    level: str
    scale: str | None
    labels: tuple[str, ...]
    text: Mapping[str, str]
    disclosure: str
    recipient: str


def variable(
    asked: AskedQuestion,
    key: str,
    level: str,
    *,
    labels: tuple[str, ...] = (),
    text: Mapping[str, str] | None = None,
    scale: str | None = None,
) -> Variable:
    """A variable of a question, with the question's disclosure and recipient."""
    question = asked.question
    return Variable(
        key=key,
        question=asked.key,
        level=level,
        scale=scale,
        labels=labels,
        text=text or question.text,
        disclosure=question.disclosure,
        recipient=question.recipient,
    )


class AnswerType(Protocol):
    def names(self, asked: AskedQuestion) -> list[str]:
        """Names of the inputs of this question."""

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        """Everything wrong with what was typed, the required rule left out."""

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        """Values by variable key, for what was answered; nothing for what was not."""

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        """The inverse of `store`."""

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        """The columns of this question, asked whole (every option, row and instance)."""


def state_of(value: str) -> Stored | None:
    return Stored(state=value.removeprefix(NO)) if value.startswith(NO) else None


def allowed_states(asked: AskedQuestion) -> tuple[str, ...]:
    if asked.scale is not None:
        return tuple(asked.scale.no_answer)
    return tuple(getattr(asked.question, "no_answer", ()))


def is_bad_state(asked: AskedQuestion, value: str) -> bool:
    return value.startswith(NO) and value.removeprefix(NO) not in allowed_states(asked)


class NothingType:
    """Shown, never answered."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return []

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        return iter(())

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        return {}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        return {}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        return iter(())
