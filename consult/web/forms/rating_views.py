"""The page of one measure: its criteria with what the panel said, reasons and a comment."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.forms.views import BandView, Choice, Ends, OptionView, PointView


@dataclass(frozen=True, slots=True)
class Former:
    """The wording of the round before."""

    title: Shown | None
    text: Shown | None


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason the panel gave; `who`: from which side, None where it is not told."""

    text: Shown | None
    who: str | None


@dataclass(frozen=True, slots=True)
class BesideBar:
    """A bar of the small chart beside the words; `height` and `x` in units of its view box."""

    count: int
    height: int
    x: int


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One scale of the page; `previous` is the reader's former rating, `sentence` the panel's."""

    key: str
    name: str
    question: Shown | None
    points: Sequence[PointView]
    ends: Ends | None
    bands: Sequence[BandView] | None
    no_answer: Sequence[Choice]
    errors: Sequence[str]
    previous: int | None
    can_keep: bool
    sentence: str | None
    has_bars: bool
    beside: Sequence[BesideBar] | None


@dataclass(frozen=True, slots=True)
class CommentView:
    """The box for a reason; `asked` when the page came back to ask for one."""

    name: str
    value: str
    text: Shown | None
    hint: Shown | None
    asked: bool
    max_length: int
    errors: Sequence[str]


@dataclass(frozen=True, slots=True)
class UnclearView:
    """The box that says that the wording is unclear."""

    name: str
    option: OptionView


@dataclass(frozen=True, slots=True)
class RatingView:
    """One measure to be rated, the frame of the page left out."""

    theme: Shown | None
    title: Shown | None
    text: Shown | None
    actors: Sequence[Shown | None]
    is_new: bool
    changed: Former | None
    criteria: Sequence[CriterionView]
    reasons: Sequence[ReasonView]
    comment: CommentView | None
    unclear: UnclearView | None
