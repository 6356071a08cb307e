"""The parts of `consultation.yaml`: contact, consent, panel, stages, schedules."""

from typing import Literal

from pydantic import Field, model_validator

from consult.definition.question import Disclosure
from consult.definition.text import Strict, Text
from consult.optional_uses import OptionalUse

KEBAB = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LOCAL_TIME = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$"


class Contact(Strict):
    name: Text
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class PrivacyPoint(Strict):
    """One of the few things to know before the whole text."""

    title: Text
    text: Text


class Privacy(Strict):
    """The privacy text; a paragraph that begins with `## ` has its first line as heading."""

    version: str
    points: tuple[PrivacyPoint, ...] = Field(default=(), max_length=7)
    text: Text


class Use(Strict):
    """What answers are used for. `optional`: one may object to it and stay, and what is left out then."""

    key: str
    text: Text
    optional: OptionalUse | None = None


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
            raise ValueError("'round: <number>' belongs to every stage of kind round, and only there")
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
