"""Questions as pages show them: one view of what all have, and the control of each type."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.forms.option_views import Choice, OptionView
from consult.web.forms.ranking_views import RankControl


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of the panel rated a point; `height` in pixels."""

    count: int
    height: int
    is_median: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """One point of a scale; `short` is how its number is written, empty where it has none.

    `ends_band`: another band begins after it.
    """

    value: str
    label: Shown | None
    checked: bool
    short: str = ""
    bar: Bar | None = None
    ends_band: bool = False


@dataclass(frozen=True, slots=True)
class Ends:
    """Words for the ends of a scale, and for its middle."""

    low: Shown | None
    middle: Shown | None
    high: Shown | None


@dataclass(frozen=True, slots=True)
class BandView:
    """A named band of a scale, from one point to another."""

    start: int
    end: int
    label: Shown | None


@dataclass(frozen=True, slots=True)
class NoControl:
    """Words only: nothing is answered."""


@dataclass(frozen=True, slots=True)
class ConsentControl:
    option: OptionView


@dataclass(frozen=True, slots=True)
class SingleControl:
    """One option; `prefill` is the one that the panel file offers, as a button."""

    options: Sequence[OptionView]
    no_answer: Sequence[Choice]
    prefill: Shown | None


@dataclass(frozen=True, slots=True)
class MultiControl:
    options: Sequence[OptionView]
    no_answer: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class ScaleControl:
    points: Sequence[PointView]
    ends: Ends | None
    no_answer: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One item of a matrix; its points are those of a scale, or options in a row."""

    name: str
    label: Shown | None
    hint: Shown | None
    errors: Sequence[str]
    points: Sequence[PointView]
    no_answer: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class MatrixControl:
    """Rows of the same choice; `is_tight` where its words fit beside each other on a phone."""

    rows: Sequence[MatrixRow]
    ends: Ends | None
    is_tight: bool


@dataclass(frozen=True, slots=True)
class NumberControl:
    """A number as it was typed; `confirm` asks whether a large one is right."""

    value: str
    unit: Shown | None
    confirm: OptionView | None
    confirm_name: str


@dataclass(frozen=True, slots=True)
class PointsRow:
    """Something that points are given to, and those typed."""

    name: str
    label: Shown | None
    value: str


@dataclass(frozen=True, slots=True)
class PointsControl:
    total: int
    sum: int
    rows: Sequence[PointsRow]
    no_answer: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class TextControl:
    value: str
    lines: int
    max_length: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One of several of the same kind, with the questions about it."""

    title: str
    questions: Sequence["QuestionView"]


@dataclass(frozen=True, slots=True)
class GroupControl:
    """Questions asked of several of a kind; `shown` of them are on the page."""

    instances: Sequence[Instance]
    can_add: bool
    shown: int


Control = (
    NoControl
    | ConsentControl
    | SingleControl
    | MultiControl
    | ScaleControl
    | MatrixControl
    | NumberControl
    | RankControl
    | PointsControl
    | TextControl
    | GroupControl
)
"""What a question is answered with, by its type."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as `expert/types/<type>.html` draws it; `needed` where nothing goes without."""

    key: str
    type: str
    id: str
    name: str
    text: Shown | None
    hint: Shown | None
    required: bool
    needed: bool
    errors: Sequence[str]
    control: Control


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """A question on a sheet of all; `depends` when it is asked only after certain answers."""

    question: QuestionView
    depends: bool


@dataclass(frozen=True, slots=True)
class BlankPart:
    """A section or a measure with all that may be asked there."""

    title: Shown | None
    intro: Shown | None
    questions: Sequence[BlankQuestion]
