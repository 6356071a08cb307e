"""A question as one expert is asked it: options and rows resolved, routing applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.definition.question import AnyQuestion
from consult.definition.scale import Scale
from consult.definition.text import is_blank

Inputs = Mapping[str, Sequence[str]]
"""What an expert typed: input name -> values as a form sends them."""

NO = "no:"
"""A value `no:dont_know` says which kind of no-answer was chosen."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """One option or row as shown: its label in every language."""

    key: str
    label: Mapping[str, str]
    help: Mapping[str, str] | None = None
    exclusive: bool = False
    other: bool = False


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with everything needed to show it, check it and store it.

    `key` is the question's key, within a group `GROUP.n.field`.
    """

    key: str
    question: AnyQuestion
    options: tuple[Choosable, ...] = ()
    rows: tuple[Choosable, ...] = ()
    scale: Scale | None = None
    refused: frozenset[str] = frozenset()
    instances: tuple[tuple["AskedQuestion", ...], ...] = ()
    labels: tuple[str, ...] = field(default=())
    rated: Mapping[str, int] = field(default_factory=dict)
    """What this expert rated the options of a ranking before, where it asks for that order."""
    rated_on: Scale | None = None

    @property
    def type(self) -> str:
        return self.question.type


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer: where, which rule, and its numbers.

    The words are found by the reader's side, in the reader's language.
    """

    name: str
    code: str
    numbers: Mapping[str, object] = field(default_factory=dict)


def given(inputs: Inputs, name: str) -> list[str]:
    """The values of one input that are not blank, stripped; without the NUL PostgreSQL refuses."""
    found = (value.replace("\x00", "").strip() for value in inputs.get(name, ()))
    return [value for value in found if not is_blank(value)]


def first(inputs: Inputs, name: str) -> str:
    """The first non-empty value of one input, or an empty string."""
    values = given(inputs, name)
    return values[0] if values else ""
