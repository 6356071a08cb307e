"""What is chosen from, as templates draw it: options, kinds of no-answer, a line of one's own words."""

from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.views import Words


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A line to type in beside a choice; without a label it asks which one is meant."""

    name: str
    value: str
    label: Words | None = None


@dataclass(frozen=True, slots=True)
class OptionView:
    """One radio button or checkbox; an `exclusive` one stands beside no other."""

    value: str
    label: Words | None
    checked: bool
    help: Shown | None = None
    exclusive: bool = False
    other: OwnWords | None = None
    detail: OwnWords | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, or a kind of no-answer, without more about it."""

    value: str
    label: Words | None
    checked: bool = False
