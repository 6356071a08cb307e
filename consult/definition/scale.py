"""Scales and code lists: what an answer may be."""

from typing import Annotated, Literal

from pydantic import Field, GetPydanticSchema, model_validator

from analysis.protocol.protocol import NO_OPINIONS
from consult.definition.text import Strict, Text

Withheld = Annotated[str, GetPydanticSchema(lambda _source, handler: handler(Literal[NO_OPINIONS]))]
"""A kind of no-answer that an expert may choose; the other kinds are found by the engine."""


class Band(Strict):
    """A named run of points of a scale, both ends included."""

    key: str
    start: int = Field(alias="from")
    end: int = Field(alias="to")
    label: Text | None = None


class Scale(Strict):
    """Ordered points with labels and named bands."""

    min: int
    max: int
    labels: dict[int, Text] = {}
    bands: tuple[Band, ...] = ()
    no_answer: tuple[Withheld, ...] = ()
    level: Literal["ordinal", "interval"] = "ordinal"

    @property
    def points(self) -> range:
        return range(self.min, self.max + 1)

    @model_validator(mode="after")
    def _check(self) -> "Scale":
        if self.max <= self.min:
            raise ValueError("max must be greater than min")
        if self.max - self.min > 100:
            raise ValueError("a scale has at most 101 points")
        outside = [point for point in self.labels if point not in self.points]
        if outside:
            raise ValueError(f"labels for points outside {self.min}–{self.max}: {outside}")
        position = self.min
        for band in self.bands:
            if band.start != position or band.end < band.start:
                raise ValueError(
                    f"bands must follow each other from {self.min} to {self.max} without gap; "
                    f"'{band.key}' starts at {band.start} instead of {position}"
                )
            position = band.end + 1
        if self.bands and position != self.max + 1:
            raise ValueError(f"bands end at {position - 1}, the scale at {self.max}")
        return self


class Option(Strict):
    """One thing to choose, or one row of a matrix."""

    key: str
    label: Text
    help: Text | None = None
    exclusive: bool = False
    other: bool = False
    show_if: "Condition | None" = None
    status: str | None = None
    nace: str | None = None
    zone: str | None = None
    languages: str | None = None
    member_from: str | None = Field(default=None, alias="from")
    member_to: str | None = Field(default=None, alias="to")


class Condition(Strict):
    """When something is shown; a question of this or an earlier stage decides."""

    question: str | None = None
    equals: str | None = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = Field(default=None, alias="in")
    includes: tuple[str, ...] | None = None
    excludes: tuple[str, ...] | None = None
    at_least: int | None = None
    answered: bool | None = None
    all_of: tuple["Condition", ...] | None = Field(default=None, alias="all")
    any_of: tuple["Condition", ...] | None = Field(default=None, alias="any")
    negated: "Condition | None" = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> "Condition":
        tests = [self.equals, self.one_of, self.includes, self.excludes, self.at_least, self.answered]
        given = sum(test is not None for test in tests)
        joined = sum(part is not None for part in (self.all_of, self.any_of, self.negated))
        if self.question is not None and (given != 1 or joined):
            raise ValueError("name one test beside 'question': is, in, includes, excludes, at_least or answered")
        if self.question is None and (given or joined != 1):
            raise ValueError("a condition is a 'question' with a test, or one of all, any, not")
        return self

    def questions(self) -> set[str]:
        """Keys of all questions this condition reads."""
        parts = (*(self.all_of or ()), *(self.any_of or ()))
        if self.negated is not None:
            parts = (*parts, self.negated)
        found = {self.question} if self.question is not None else set()
        return found.union(*(part.questions() for part in parts))


Option.model_rebuild()
