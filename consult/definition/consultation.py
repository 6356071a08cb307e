"""The whole definition: everything a consultation's folder says."""

import hashlib
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from analysis.protocol.protocol import Protocol
from consult.canonical import canonical_json
from consult.definition.measure import Measures
from consult.definition.question import AnyQuestion, Disclosure, Questionnaire
from consult.definition.rules import ProtocolText, build_protocol
from consult.definition.scale import Option, Scale
from consult.definition.text import Strict, Text

KEBAB = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LOCAL_TIME = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$"


class Contact(Strict):
    name: Text
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class Privacy(Strict):
    version: str
    text: Text


class Use(Strict):
    key: str
    text: Text


class ConsentText(Strict):
    version: str
    statement: Text
    uses: tuple[Use, ...] = ()


class Attribute(Strict):
    """A column of the panel file: a declared property of an expert."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    list_: str = Field(alias="list")
    disclosure: Disclosure = "never"
    required: bool = True


class ReportingGroup(Strict):
    key: str
    label: Text
    values: tuple[str, ...]


class ReportingGroups(Strict):
    attribute: str
    groups: tuple[ReportingGroup, ...]


class PanelText(Strict):
    attributes: tuple[Attribute, ...] = ()
    reporting_groups: ReportingGroups | None = None


class AgendaPoint(Strict):
    at: str
    minutes: int
    title: Text


class StageText(Strict):
    """One step: what it is. When it runs is said by a schedule."""

    key: str = Field(pattern=KEBAB)
    kind: Literal["survey", "event", "round"]
    title: Text
    questionnaire: str | None = None
    round: int | None = Field(default=None, ge=1)
    minutes: int | None = None
    agenda: tuple[AgendaPoint, ...] = ()

    @model_validator(mode="after")
    def _fits_kind(self) -> "StageText":
        if (self.kind == "round") != (self.round is not None):
            raise ValueError(
                "'round: <number>' belongs to every stage of kind round, and only there"
            )
        if self.kind == "survey" and self.questionnaire is None:
            raise ValueError("a survey names its questionnaire")
        if self.kind == "event" and self.questionnaire is not None:
            raise ValueError("an event has no questionnaire; make a survey stage for it")
        return self


class Window(Strict):
    opens: str = Field(pattern=LOCAL_TIME)
    closes: str = Field(pattern=LOCAL_TIME)


class Schedule(Strict):
    title: Text | None = None
    default: bool = False
    stages: dict[str, Window]


class SourceText(Strict):
    key: str
    label: Text


class Definition(Strict):
    """The published content of a consultation's folder, whole."""

    format: Literal["1"]
    slug: str = Field(pattern=KEBAB, max_length=60)
    title: Text
    short_title: Text
    purpose: Text
    organiser: Text
    disclaimer: Text | None = None
    contact: Contact
    zone: str
    languages: tuple[str, ...] = Field(min_length=1)
    nominal_date: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    privacy: Privacy
    consent: ConsentText
    panel: PanelText = PanelText()
    stages: tuple[StageText, ...]
    schedules: dict[str, Schedule]
    grace: int = Field(default=60, ge=0, le=86_400)
    protocol: ProtocolText = ProtocolText()
    lists: dict[str, tuple[Option, ...]] = {}
    scales: dict[str, Scale] = {}
    sources: tuple[SourceText, ...] = ()
    measures: Measures | None = None
    questionnaires: dict[str, Questionnaire] = {}

    def canonical(self) -> str:
        """Canonical JSON of the definition: sorted keys, no spaces."""
        return canonical_json(self.model_dump(mode="json", by_alias=True, exclude_none=True))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, 64 hex digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def stage(self, key: str) -> StageText:
        return next(stage for stage in self.stages if stage.key == key)

    def questionnaire_of(self, stage_key: str) -> Questionnaire | None:
        name = self.stage(stage_key).questionnaire
        return self.questionnaires[name] if name is not None else None

    @cached_property
    def questions(self) -> dict[str, AnyQuestion]:
        """Every question by its key (keys are unique over the consultation)."""
        return {
            question.key: question
            for questionnaire in self.questionnaires.values()
            for question in questionnaire.questions()
        }

    @cached_property
    def rules(self) -> Protocol:
        """The protocol as `analysis` reads it."""
        criteria = self.measures.criteria if self.measures else ()
        return build_protocol(self.protocol, self.scales, criteria)

    @cached_property
    def default_schedule(self) -> str:
        """The schedule marked default, else the first."""
        marked = [key for key, schedule in self.schedules.items() if schedule.default]
        return marked[0] if marked else next(iter(self.schedules))

    def scale_of(self, criterion: str) -> Scale:
        """The scale a criterion is rated on."""
        assert self.measures is not None
        key = next(item.scale for item in self.measures.criteria if item.key == criterion)
        return self.scales[key]
