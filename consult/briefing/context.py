"""What a briefing is made of, and how its makers read it: texts, stages, measures, sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NotRequired, TypedDict

from analysis.model.stage import PairResult, Participation, ReleasedStage, VariableResult
from consult.briefing.model import UNDATED, Cell, Line, Run
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.released_texts import MeasureTexts
from consult.statuses import Statuses
from consult.words.catalogues import catalogue
from consult.words.phrases import Translate

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StageGiven:
    """One stage: its window in words, who took part, and what was released of it."""

    key: str
    kind: str
    round: int | None
    title: Words
    opens: str
    closes: str
    participation: Participation | None = None
    numbers: ReleasedStage | None = None
    texts: Mapping[str, MeasureTexts] = field(default_factory=dict)
    digest: str = ""

    @property
    def released(self) -> ReleasedStage:
        """What was released of a stage that has a result."""
        assert self.numbers is not None
        return self.numbers

    @property
    def pairs(self) -> Mapping[str, PairResult]:
        """Questions that were asked before; none without a result."""
        return self.numbers.pairs if self.numbers is not None else {}


class Reasoned(TypedDict):
    """What somebody wrote down with their reason; `reason_in` by language, where it was said in more."""

    reason: str | None
    reason_in: NotRequired[Words | None]


class VersionGiven(Reasoned):
    """One wording of a measure, and whether ratings before and after it compare."""

    number: int
    content: Mapping[str, Any]
    is_pairable: bool | None


class FateGiven(Reasoned):
    """What became of a measure at a stage, and into which other one it went."""

    stage: str | None
    fate: str
    into: str | None


class ProposalGiven(Reasoned):
    """A measure put forward, and the one that it became."""

    title: str
    title_in: NotRequired[Words | None]
    text: str
    fate: str
    measure: str | None


class DeviationGiven(Reasoned):
    """A departure from the protocol."""

    stage: str | None
    kind: str
    facts: NotRequired[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MeasureGiven:
    """A measure with all its wordings (`number`, `content`, `is_pairable`, `reason`), which of
    them stood in which stage, and its fates in order (`stage`, `fate`, `reason`, `into`)."""

    key: str
    theme: str
    versions: tuple[VersionGiven, ...]
    asked: Mapping[str, int] = field(default_factory=dict)
    fates: tuple[FateGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefingInput:
    """Everything, without a name in it. `dates`: placeholders of texts, and what to write.

    `free_texts`: how many texts were given to each question.
    `statuses`: what every measure came to; None before a round is frozen.
    `frozen_on` in words and `frozen_at`: when the newest result was frozen.
    """

    definition: Definition
    language: str
    stages: tuple[StageGiven, ...]
    measures: tuple[MeasureGiven, ...] = ()
    proposals: tuple[ProposalGiven, ...] = ()
    deviations: tuple[DeviationGiven, ...] = ()
    registration: Mapping[str, str] | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    free_texts: Mapping[str, int] = field(default_factory=dict)
    statuses: Statuses | None = None
    frozen_on: str = ""
    frozen_at: datetime = UNDATED


class BriefingContext:
    """What every maker of a section has at hand. Collects the sources that were cited."""

    def __init__(self, given: BriefingInput) -> None:
        self.given = given
        self.definition = given.definition
        self.t: Translate = catalogue(given.language)
        self.sources: dict[str, str] = {}

    def read(self, words: Words | None) -> str:
        """A text in the briefing's language, with the schedule's dates filled in."""
        text = in_language(words, self.given.language, self.definition.languages).text
        for placeholder, date in self.given.dates.items():
            text = text.replace(placeholder, date)
        return text

    def cite(self, key: str, text: str) -> str:
        """Note what a source key means, and give the key."""
        self.sources.setdefault(key, text)
        return key

    @cached_property
    def context(self) -> RoutingContext:
        """What resolves the options and rows of questions."""
        titles = tuple((item.key, item.versions[-1]["content"]["title"]) for item in self.given.measures)
        return RoutingContext(self.definition, measures={"all": titles})

    @cached_property
    def by_key(self) -> dict[str, StageGiven]:
        return {stage.key: stage for stage in self.given.stages}

    @cached_property
    def rounds(self) -> tuple[StageGiven, ...]:
        """Rounds with a result, in order."""
        found = [item for item in self.given.stages if item.round and item.numbers is not None]
        return tuple(sorted(found, key=lambda item: item.round or 0))

    @cached_property
    def surveys(self) -> tuple[StageGiven, ...]:
        """Questionnaires with a result, in order; those of rounds left out."""
        return tuple(item for item in self.given.stages if item.kind == "survey" and item.numbers is not None)

    def block(self, stage: StageGiven, variable: str) -> VariableResult | None:
        """The released figures of one variable of a questionnaire."""
        return stage.numbers.variables.get(variable) if stage.numbers is not None else None

    def cite_variable(self, stage: StageGiven, variable: str, n: int | None, text: str) -> str:
        """The key of a variable's figures: `pre-event PRE-25.D01 n=20`."""
        return self.cite(f"{stage.key} {variable} n={n}", f"{self.read(stage.title)}: {text}")

    @cached_property
    def panel_size(self) -> int:
        """How many experts were invited, at the most."""
        return max((item.participation.invited or 0 for item in self.given.stages if item.participation), default=0)


def sentence(text: str) -> str:
    """The text with a full stop, if it has no end of its own."""
    return text if text.rstrip().endswith((".", "?", "!")) else f"{text}."


def plain(text: str) -> Line:
    """A line of one run without a source."""
    return (Run(text),)


def number(text: str, source: str = "") -> Cell:
    """A cell set as a number."""
    return Cell(text, source, is_number=True)


def reference(key: str) -> Cell:
    """The cell at the end of a row that leads to the row's source."""
    return Cell("", key)
