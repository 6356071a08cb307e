"""What the pages of a stage show, from its questions to the receipt: a view for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from consult.definition.text import Shown
from consult.web.forms.moments import Moment
from consult.web.forms.pieces import QuestionPiece
from consult.web.forms.views import BlankPart
from consult.web.views import AnswerRow, Link, Words


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One answer in two versions, in words: as on this page, and as stored from elsewhere."""

    name: str
    id: str
    label: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class SavedChoice:
    """What becomes at the close of answers that are only saved: in words, and the button for the other."""

    words: Words
    button: str
    value: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a page is: which of how many `counts`, how many are left to do, and about how long they take.

    `done` of `most` draws the bar; `all_href` leads to all measures or answers.
    """

    current: int
    total: int
    left: int
    done: int
    most: int
    minutes: int | None
    all_href: str
    counts: Literal["measures", "parts", "pages"]

    @property
    def is_out_of_order(self) -> bool:
        """Whether other measures are left than those that follow: then their number is told."""
        return self.counts == "measures" and self.left != self.total - self.current + 1


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The frame of a page that is answered: where it is sent, and where else it leads.

    `revisions`: the mark of what is stored, by input. `skip_href` only when gaps are asked about.
    `is_undo`: the page before led here by itself. `goes_by_itself`: this one may, when it is chosen.
    `left_open`: what was not rated on the page before.
    """

    stage_title: Shown | None
    round_number: int | None
    progress: Progress
    action: str
    revisions: Mapping[str, str]
    hidden: Mapping[str, str | Sequence[str]]
    back_href: str
    skip_href: str | None
    is_undo: bool
    goes_by_itself: bool
    saved: SavedChoice | None
    left_open: Link | None


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """A few questions of one section; its introduction stands on the first page only.

    `is_lone`: there is one question, whose wording is the heading.
    """

    section_title: Shown | None
    intro: Shown | None
    questions: Sequence[QuestionPiece]
    is_lone: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A measure that is asked no more, and the panel's verdict in words under each criterion."""

    title: Shown | None
    verdicts: Sequence[tuple[Shown | None, Words]]


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """The whole questionnaire, to be read or printed."""

    title: Shown | None
    parts: Sequence[BlankPart]


@dataclass(frozen=True, slots=True)
class ListedRating:
    """One's own rating beside the panel's median, as written; `words` of a no-answer.

    `is_former`: of the round before, nothing is rated yet; `is_open`: neither is there.
    """

    own: str
    words: str
    median: str
    differs: bool
    is_former: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A measure of the list; `href` while it can be rated."""

    title: Shown | None
    is_new: bool
    ratings: Sequence[ListedRating]
    href: str | None


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """Measures that are open, or rated."""

    title: str
    rows: Sequence[ListedRow]


@dataclass(frozen=True, slots=True)
class RatingsPage:
    """All measures of a round; `has_panel` where the panel's ratings stand beside."""

    stage_title: Shown | None
    criteria: Sequence[Shown | None]
    filters: Sequence[Link]
    has_panel: bool
    has_former: bool
    groups: Sequence[ListedGroup]
    settled: Sequence[Settled]
    review_href: str | None


@dataclass(frozen=True, slots=True)
class ShortRow:
    """A measure of the short list: ratings and numbers of reasons by criterion, and how it stands."""

    key: str
    title: Shown | None
    text: Shown | None
    href: str
    ratings: Sequence[tuple[Shown | None, ListedRating]]
    reasons: Sequence[tuple[Shown | None, str]]
    is_open: bool
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ShortListPage:
    """The short list, how many measures come in full and how many are open of both."""

    stage_title: Shown | None
    action: str
    progress: Progress
    in_full: int
    in_full_open: int
    in_full_href: str | None
    listed_open: int
    back_href: str
    rows: Sequence[ShortRow]
    saved: SavedChoice | None
    goes_by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Gaps:
    """Answers that are not there, with the way to each question or measure: by whether and why they matter.

    `count` is of answers; `measures` of measures that lack any, `others` of the answers beside.
    """

    needed: Sequence[Link]
    open: Sequence[Link]
    not_reached: Sequence[Link]
    count: int
    measures: int
    others: int


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """The answers to the measures of a theme, or to a section; how many of them are there."""

    title: Shown | None
    answers: Sequence[AnswerRow]

    @property
    def answered(self) -> int:
        """How many of them have all that was wanted."""
        return sum(not row.missing for row in self.answers)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """All answers before they are submitted; `key` makes that one act, however often it is sent."""

    stage_title: Shown | None
    parts: Sequence[ReviewPart]
    gaps: Gaps
    closes: Moment
    key: str
    back_href: str
    saved: SavedChoice | None


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What was submitted; `closes` and `reopen_href` only while it can be changed."""

    stage_title: Shown | None
    code: str
    submitted_at: Moment
    closes: Moment | None
    next_href: str
    reopen_href: str | None
    parts: Sequence[ReviewPart]
