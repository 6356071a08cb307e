"""What an expert's pages show, those apart that are answered (`answer_views`): a view for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.expert.parties import Party
from consult.web.forms.moments import Moment
from consult.web.signins import SignIns
from consult.web.views import AnswerSection, Link, Tag, TextBlock, Words


@dataclass(frozen=True, slots=True)
class AskedStage:
    """A stage before it begins: how long it takes, and until when."""

    title: Shown | None
    minutes: int | None
    closes: Moment


@dataclass(frozen=True, slots=True)
class LiveLink:
    """Where an invitation leads. `action` opens a session, `until` is the end of the link."""

    @property
    def minutes(self) -> int:
        """How long all stages take together, as far as it is said."""
        return sum(stage.minutes or 0 for stage in self.stages)

    organiser: Shown | None
    title: Shown | None
    purpose: Shown | None
    stages: Sequence[AskedStage]
    privacy_points: Sequence[str]
    until: Moment
    action: str
    not_me: str


@dataclass(frozen=True, slots=True)
class LinkOver:
    """A link that lets nobody in; one that was never made has no address of its own to go on to."""

    organiser: Words | None
    title: Words | None
    again: str | None
    not_me: str | None


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language of the consultation, in its own words."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class PointToKnow:
    """One of the few things to know before the whole text."""

    title: Shown | None
    text: Shown | None


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The gate at first entry; no languages where there is only one.

    `minutes`: of all stages ahead together, 0 where it is not said; `reading_minutes`: of the privacy text.
    """

    organiser: Shown | None
    version: str
    points: Sequence[PointToKnow]
    minutes: int
    calendar: str
    privacy: Sequence[TextBlock]
    reading_minutes: int
    uses: Sequence[tuple[Shown | None, bool]]
    statement: Shown | None
    languages: Sequence[LanguageChoice]


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    privacy: Sequence[TextBlock]
    parties: Sequence[Party]


@dataclass(frozen=True, slots=True)
class StageTask:
    """A stage on "My tasks"; each moment, note and address only where it applies.

    `left`: measures, or questions, that are not answered yet.
    """

    title: Shown | None
    state: Tag
    opens: Moment | None
    closes: Moment | None
    closed: Moment | None
    minutes: int | None
    pace: int | None
    left: int | None
    counts_measures: bool
    note: str | None
    href: str | None
    link: str | None
    links: Sequence[Link]
    is_nearest: bool = False


@dataclass(frozen=True, slots=True)
class TasksPage:
    """What is to be done now, if anything, with what changed before it; all stages; where else to go."""

    intro: Shown | None
    now: StageTask | None
    changes: Sequence[str]
    stages: Sequence[StageTask]
    links: Sequence[Link]
    has_first_round_ahead: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known of the reader."""

    label: Words | None
    value: Words | None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class MyProposal:
    """A proposal of the reader's, what became of it and why."""

    title: str
    fate: str
    reason: Shown


@dataclass(frozen=True, slots=True)
class AnsweredStage:
    """The reader's answers to one stage, and when they were submitted last, or that they counted as saved."""

    title: Shown | None
    submitted_at: Moment | None
    is_counted_at_close: bool
    sections: Sequence[AnswerSection]


@dataclass(frozen=True, slots=True)
class UseOfAnswers:
    """What answers are used for; `objects` is None where it is a condition of taking part.

    `objected` says what an objection leads to.
    """

    text: Shown | None
    objects: bool | None
    objected: str
    action: str


@dataclass(frozen=True, slots=True)
class MyData:
    """Everything stored about the reader."""

    paragraphs: Sequence[str]
    facts: Sequence[Fact]
    consents: Sequence[ConsentLine]
    privacy_href: str
    uses: Sequence[UseOfAnswers]
    proposals: Sequence[MyProposal]
    stages: Sequence[AnsweredStage]
    sign_ins: SignIns
    download: Link
