"""The page of one measure: its criteria with what the panel said, reasons and a remark."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.forms.option_views import Choice, OptionView
from consult.web.forms.views import BandView, Ends, PointView


@dataclass(frozen=True, slots=True)
class Former:
    """The wording of the round before."""

    title: Shown | None
    text: Shown | None


@dataclass(frozen=True, slots=True)
class SideView:
    """What stands for one side: a reason, or in words that there is none to show."""

    label: str
    kind: str
    reason: Shown | None
    nothing: str


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """Reasons the panel gave for its ratings: one of each side, and all of them; or that there are none."""

    sides: Sequence[SideView]
    whole: Sequence[tuple[str, Shown | None]]
    """The side in words, empty where it is not told; and the reason."""
    nothing: str

    @property
    def has_more(self) -> bool:
        """Whether there are others than the one of each side."""
        return len(self.whole) > sum(side.reason is not None for side in self.sides)


@dataclass(frozen=True, slots=True)
class BesideBar:
    """A bar of the small chart beside the words; `height` and `x` in units of its view box."""

    count: int
    height: int
    x: int


@dataclass(frozen=True, slots=True)
class WhyAsked:
    """A sentence that says why a reason is asked, and the ratings it holds for."""

    ratings: Sequence[str]
    sentence: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class TextView:
    """A box for words; `is_open` where something stands in it or is asked for."""

    name: str
    value: str
    label: Shown | str | None
    hint: Shown | None
    max_length: int
    errors: Sequence[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ReasonBox:
    """The box for a reason; `asked` are the cases in which one is asked for.

    `kept_asks`: one is asked for the own former rating too.
    """

    box: TextView
    asked: Sequence[WhyAsked]
    kept_asks: bool


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One scale of the page; `previous` is the reader's former rating, `sentence` the panel's.

    `kept` is what keeping it answers, `kept_words` how that is written: a rating, or a no-answer.

    `short` stands beside the label where the question was read before, and opens it.
    """

    key: str
    name: str
    label: Shown | None
    question: Shown | None
    short: Shown | None
    points: Sequence[PointView]
    ends: Ends | None
    bands: Sequence[BandView] | None
    no_answer: Sequence[Choice]
    errors: Sequence[str]
    previous: int | None
    kept: str | None
    kept_words: str
    can_keep: bool
    sentence: str | None
    has_bars: bool
    beside: Sequence[BesideBar] | None
    reasons: ReasonsView | None
    why: ReasonBox | None

    @property
    def is_answered(self) -> bool:
        """Whether a rating or a no-answer is chosen."""
        return self.cannot_say or any(one.checked for one in self.points)

    @property
    def cannot_say(self) -> bool:
        """Whether a no-answer is chosen."""
        return any(one.checked for one in self.no_answer)


@dataclass(frozen=True, slots=True)
class UnclearView:
    """The box that says that the wording is unclear."""

    name: str
    option: OptionView


@dataclass(frozen=True, slots=True)
class PlayedPart:
    """What played a part in changing a rating, to choose from; `asks_who_stays`: it is asked of a kept one too."""

    name: str
    label: Shown | None
    options: Sequence[OptionView]
    asks_who_stays: bool

    @property
    def is_open(self) -> bool:
        """Whether anything is chosen."""
        return any(option.checked for option in self.options)


@dataclass(frozen=True, slots=True)
class EvidencePiece:
    """One dated piece of evidence, and what it is taken from."""

    date: str
    text: Shown | None
    sources: Sequence[Shown | None]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Pieces to be opened, or in words why there are none here."""

    pieces: Sequence[EvidencePiece]
    said: str


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
    played: PlayedPart | None
    evidence: EvidenceView | None
    remarks: Sequence[Shown | None]
    remark: TextView | None
    unclear: UnclearView | None

    @property
    def can_keep_all(self) -> bool:
        """Whether every criterion has a former rating that can be kept, and none is answered yet."""
        return all(one.kept is not None and one.can_keep and not one.is_answered for one in self.criteria)

    @property
    def open_remark(self) -> bool:
        """Whether what can be said of the measure as a whole is unfolded."""
        has_words = self.remark is not None and self.remark.is_open
        return has_words or (self.unclear is not None and self.unclear.option.checked)
