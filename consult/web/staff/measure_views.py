"""What the measures editor shows: proposals, comments, measures and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.forms.moments import Moment
from consult.web.views import Tag


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A proposal without its author; `measure`: the key of the one it became, or is part of."""

    handle: str
    title: Shown
    text: Shown
    is_waiting: bool
    is_rated: bool
    state: Tag
    measure: str | None
    reason: Shown


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in the list: its newest wording, what was decided last, and what it came to."""

    key: str
    title: Shown
    theme: str
    version: int
    fate: str
    status: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class MeasuresEditor:
    """Proposals beside the list of measures; `waiting`: comments to moderate.

    `standing`: whether what the measures came to is final; empty before a round is frozen.
    `is_finished`: nothing about them can be changed any more.
    """

    standing: str
    is_finished: bool

    proposals: Sequence[ProposalCard]
    measures: Sequence[MeasureRow]
    waiting: int


@dataclass(frozen=True, slots=True)
class CommentCard:
    """A comment without its writer; `shown`: the words fed back, where they are others."""

    handle: str
    kind: str
    text: Shown
    shown: Shown | None
    reason: str | None
    state: Tag
    is_over: bool


@dataclass(frozen=True, slots=True)
class CommentGroup:
    """The comments on one measure in one round."""

    stage: Shown
    key: str
    title: Shown
    comments: Sequence[CommentCard]


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """One of several `pages` of comments in the state `show`; `counts`: how many are in each.

    `thinned`: titles of stages whose comments are listed no more.
    """

    show: str
    counts: dict[str, int]
    groups: Sequence[CommentGroup]
    thinned: Sequence[Shown]
    pages: Sequence[str]
    current: str


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One wording of a measure; `is_pairable` where earlier ratings count for it."""

    number: int
    is_pairable: bool
    when: Moment
    title: Shown
    text: Shown
    reason: Shown


@dataclass(frozen=True, slots=True)
class FateLine:
    """One line of a measure's history: what became of it, where, and why."""

    fate: str
    stage: str
    into: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One measure with every wording it had and everything that became of it."""

    key: str
    title: Shown
    is_final: bool
    versions: Sequence[VersionCard]
    fates: Sequence[FateLine]
