"""What the board shows: its stages, the panel, its mails, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.models import Stage
from consult.services.panel.panel import Member
from consult.web.forms.moments import Moment
from consult.web.views import Tag


@dataclass(frozen=True, slots=True)
class Taken:
    """How many experts came how far in a stage."""

    invited: int
    consented: int
    started: int
    submitted: int


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage on the time line: how many came how far, and what may be done to it."""

    key: str
    title: Shown
    state: Tag
    is_now: bool
    is_event: bool
    opens: Moment
    closes: Moment
    taken: Taken
    acts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Locked:
    """When the protocol was registered, and the beginning of its digest."""

    digest: str
    when: Moment


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits to be decided or read."""

    comments: int
    proposals: int
    letters: int


@dataclass(frozen=True, slots=True)
class UndecidedMail:
    """A mail of which nobody knows whether it arrived, or that failed."""

    handle: str
    purpose: str
    who: str
    stage: str | None
    state: str
    error: str | None


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One expert, and how far they are in the stage asked for: whether, never what."""

    member: Member
    language: str
    group: str
    consent: str
    state: Tag
    is_open: bool
    may_be_entered: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything at a glance. `asked`: the stage the panel is listed for.

    `standing`: whether what became of the measures is final; empty before a round is frozen.
    `mails` and `deviations` are rows of cells; `choices` pairs of a stage's key and title.
    """

    is_facilitator: bool
    stages: Sequence[StageCard]
    registration: Locked | None
    waiting: Waiting
    mails: Sequence[Sequence[str | int]]
    undecided: Sequence[UndecidedMail]
    deviations: Sequence[Sequence[str | None]]
    standing: str
    may_finish: bool
    choices: Sequence[tuple[str, str]]
    asked: Stage | None
    panel: Sequence[PanelRow]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Acts by staff, each a row of cells, and whether the chain holds; `last` is its last hash."""

    rows: Sequence[Sequence[str | int]]
    breaks: Sequence[str]
    last: str | None
