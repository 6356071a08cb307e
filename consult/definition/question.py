"""Questionnaires: sections of questions of eleven types."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from consult.definition.scale import Condition, Option, Withheld
from consult.definition.text import Strict, Text

Disclosure = Literal["open", "grouped", "never"]
Recipient = Literal["analysis", "secretariat"]


class OptionSource(Strict):
    """Where options or rows come from when they are not written in place."""

    options: tuple[Option, ...] | None = None
    list_: str | None = Field(default=None, alias="list")
    question: str | None = None
    measures: Literal["all", "surviving", "in_stage"] | None = None
    priorities: str | None = None
    group: str | None = None
    label: str | None = None
    without: tuple[str, ...] = Field(default=(), alias="except")

    @model_validator(mode="after")
    def _one_kind(self) -> "OptionSource":
        kinds = (self.options, self.list_, self.question, self.measures, self.priorities, self.group)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                "name exactly one source: a list in place, or list, question, measures, priorities or group"
            )
        if (self.group is None) != (self.label is None):
            raise ValueError("'group' and 'label' go together: label names the field to show")
        if self.options is not None and not self.options:
            raise ValueError("the list is empty")
        return self


def _as_source(value: Any) -> Any:
    return {"options": value} if isinstance(value, list) else value


Options = Annotated[OptionSource, BeforeValidator(_as_source)]


class Base(Strict):
    """What every question has."""

    key: str
    text: Text
    hint: Text | None = None
    required: bool = True
    """Asked once more when it is passed over; it can be left open all the same."""
    indispensable: bool = False
    """Nothing is submitted without it."""
    show_if: Condition | None = None
    disclosure: Disclosure = "open"
    recipient: Recipient = "analysis"
    reask: str | None = None
    new_page: bool = False
    topic: str | None = None

    def sources(self) -> tuple[OptionSource, ...]:
        """Option and row sources of this question."""
        return ()

    def reads(self) -> set[str]:
        """Keys of the questions whose answers decide what this one looks like."""
        found = self.show_if.questions() if self.show_if else set()
        for source in self.sources():
            found |= {key for key in (source.question, source.group) if key}
            for option in source.options or ():
                if option.show_if:
                    found |= option.show_if.questions()
        return found


class Info(Base):
    type: Literal["info"]
    required: bool = False


class Consent(Base):
    type: Literal["consent"]


class Choice(Base):
    """Shared by the two choosing types."""

    options: Options
    without: str | None = None
    no_answer: tuple[Withheld, ...] = ()

    def sources(self) -> tuple[OptionSource, ...]:
        return (self.options,)

    def reads(self) -> set[str]:
        return super().reads() | ({self.without} if self.without else set())


class Single(Choice):
    type: Literal["single"]
    prefill: str | None = None


class Detail(Strict):
    text: Text
    max_length: int = 300


class Multi(Choice):
    type: Literal["multi"]
    min: int = 0
    max: int | None = None
    detail: Detail | None = None


class Matrix(Base):
    type: Literal["matrix"]
    rows: Options
    scale: str | None = None
    options: Options | None = None
    row_order: Literal["fixed", "random"] = "fixed"

    def sources(self) -> tuple[OptionSource, ...]:
        return (self.rows,) if self.options is None else (self.rows, self.options)

    @model_validator(mode="after")
    def _scale_or_options(self) -> "Matrix":
        if (self.scale is None) == (self.options is None):
            raise ValueError("a matrix has either a scale or options")
        return self


class Rating(Base):
    type: Literal["scale"]
    scale: str


class Number(Base):
    type: Literal["number"]
    min: int = 0
    max: int = 1_000_000
    unit: Text | None = None
    confirm_above: int | None = None


class Rank(Base):
    type: Literal["rank"]
    options: Options
    top: int | None = None
    own: bool = False
    rated_in: str | None = None
    """The matrix in which the same options were rated: they come in the order of one's own ratings."""

    def sources(self) -> tuple[OptionSource, ...]:
        return (self.options,)

    def reads(self) -> set[str]:
        return super().reads() | ({self.rated_in} if self.rated_in else set())


class Points(Base):
    type: Literal["points"]
    options: Options
    total: int = Field(gt=0)
    dont_know: bool = False

    def sources(self) -> tuple[OptionSource, ...]:
        return (self.options,)


class FreeText(Base):
    type: Literal["text"]
    min_length: int = 0
    max_length: int = Field(default=800, le=5000)
    lines: int = 4


PlainQuestion = Annotated[
    Info | Consent | Single | Multi | Matrix | Rating | Number | Rank | Points | FreeText, Field(discriminator="type")
]


class Repeat(Strict):
    min: int = Field(default=0, ge=0)
    max: int = Field(gt=0, le=20)

    @model_validator(mode="after")
    def _ordered(self) -> "Repeat":
        if self.min > self.max:
            raise ValueError("repeat: min is greater than max")
        return self


class ProposalFields(Strict):
    """Which fields of a group become a proposal's title and text."""

    title: str
    text: str


class Group(Base):
    type: Literal["group"]
    repeat: Repeat
    fields: tuple[PlainQuestion, ...]
    proposal: ProposalFields | None = None

    def sources(self) -> tuple[OptionSource, ...]:
        return tuple(source for field in self.fields for source in field.sources())

    def reads(self) -> set[str]:
        return super().reads().union(*(field.reads() for field in self.fields))


AnyQuestion = Info | Consent | Single | Multi | Matrix | Rating | Number | Rank | Points | FreeText | Group


class Section(Strict):
    key: str
    title: Text
    intro: Text | None = None
    topic: str | None = None
    questions: tuple[Annotated[AnyQuestion, Field(discriminator="type")], ...]


class Questionnaire(Strict):
    """What a survey stage asks, or what a round asks beside the ratings."""

    key: str
    title: Text
    intro: Text | None = None
    sections: tuple[Section, ...]

    def questions(self) -> Iterator[AnyQuestion]:
        for section in self.sections:
            yield from section.questions
