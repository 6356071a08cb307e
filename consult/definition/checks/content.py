"""The definition as the checks read it: questions, sources, conditions and texts with places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from consult.definition.checks.finding import Place
from consult.definition.consultation import Definition
from consult.definition.parts import StageText
from consult.definition.question import AnyQuestion, Group, Matrix, OptionSource
from consult.definition.scale import Condition, Option

ACTORS = "action_level"
BARRIERS = "barrier"
TOPICS = "topic"

MAX_CHAIN = 20
"""Options taken from a question that takes its own from a question, and so on."""


@dataclass(frozen=True, slots=True)
class QuestionLocation:
    """A question and where it stands; `number` counts through its questionnaire."""

    place: Place
    question: AnyQuestion
    questionnaire: str
    number: int
    group: Group | None = None

    @property
    def key(self) -> str:
        return f"{self.group.key}.{self.question.key}" if self.group else self.question.key


class Content:
    """One reading of a definition, shared by all rules."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    @cached_property
    def spots(self) -> tuple[QuestionLocation, ...]:
        """Every question, fields of groups included, in the order of the stages."""
        return tuple(self._spots())

    def _spots(self) -> Iterator[QuestionLocation]:
        late = len(self.definition.stages)
        files = sorted(self.definition.questionnaires, key=lambda key: self._position(key, late))
        for key in files:
            questionnaire, number = self.definition.questionnaires[key], 0
            for at, section in enumerate(questionnaire.sections):
                for index, question in enumerate(section.questions):
                    number += 1
                    place = ("questionnaires", key, "sections", at, "questions", index)
                    yield QuestionLocation(place, question, key, number)
                    if isinstance(question, Group):
                        for within, part in enumerate(question.fields):
                            inner = (*place, "fields", within)
                            yield QuestionLocation(inner, part, key, number, question)

    def _position(self, questionnaire: str, otherwise: int) -> int:
        return self.stage_of[questionnaire][0] if questionnaire in self.stage_of else otherwise

    @cached_property
    def by_key(self) -> dict[str, QuestionLocation]:
        """Questions that can be referred to: all but the fields of groups. The first of a key."""
        found: dict[str, QuestionLocation] = {}
        for spot in self.spots:
            if spot.group is None:
                found.setdefault(spot.question.key, spot)
        return found

    @cached_property
    def stage_of(self) -> dict[str, tuple[int, StageText]]:
        """The position and stage that use a questionnaire."""
        found: dict[str, tuple[int, StageText]] = {}
        for position, stage in enumerate(self.definition.stages):
            if stage.questionnaire is not None:
                found.setdefault(stage.questionnaire, (position, stage))
        return found

    @cached_property
    def measure_keys(self) -> tuple[str, ...]:
        measures = self.definition.measures
        return tuple(measure.key for measure in measures.measures) if measures else ()

    def list_keys(self, name: str) -> tuple[str, ...]:
        return tuple(option.key for option in self.definition.lists.get(name, ()))

    def is_earlier(self, spot: QuestionLocation, other: QuestionLocation) -> bool:
        """Whether `other` has been asked when `spot` is."""
        if spot.questionnaire == other.questionnaire:
            return other.number < spot.number
        here, there = self.stage_of.get(spot.questionnaire), self.stage_of.get(other.questionnaire)
        return there is not None and (here is None or there[0] < here[0])

    def keys_of(self, source: OptionSource, chain: int = 0) -> tuple[str, ...] | None:
        """Everything a source can ever offer; None when that is not known beforehand."""
        found: tuple[str, ...] | None
        if source.options is not None:
            found = tuple(option.key for option in source.options)
        elif source.list_ is not None:
            found = self.list_keys(source.list_) if source.list_ in self.definition.lists else None
        elif source.question is not None:
            found = self._keys_of_question(source.question, chain)
        elif source.measures is not None or source.priorities is not None:
            found = None
        else:
            spot = self.by_key.get(source.group or "")
            limit = spot.question.repeat.max if spot and isinstance(spot.question, Group) else 0
            found = tuple(str(number) for number in range(1, limit + 1)) or None
        return found and tuple(key for key in found if key not in source.without)

    def _keys_of_question(self, key: str, chain: int) -> tuple[str, ...] | None:
        spot = self.by_key.get(key)
        source = options_of(spot.question) if spot else None
        return self.keys_of(source, chain + 1) if source and chain < MAX_CHAIN else None

    def option_lists(self) -> Iterator[tuple[Place, tuple[Option, ...]]]:
        """Every list of options or rows, with its place."""
        for name, options in self.definition.lists.items():
            yield ("lists", name), options
        for spot in self.spots:
            for where, source in sources_of(spot.question):
                if source.options is not None:
                    yield (*spot.place, where), source.options

    def conditions(self) -> Iterator[tuple[Place, QuestionLocation, Condition]]:
        """Every simple condition (a question with a test), with the question it routes."""
        for spot in self.spots:
            if spot.question.show_if:
                yield from _simple((*spot.place, "show_if"), spot, spot.question.show_if)
            for where, source in sources_of(spot.question):
                for index, option in enumerate(source.options or ()):
                    if option.show_if:
                        place = (*spot.place, where, index, "show_if")
                        yield from _simple(place, spot, option.show_if)

    @cached_property
    def texts(self) -> tuple[tuple[Place, Mapping[str, str]], ...]:
        """Every text for readers, with its place."""
        return tuple(_texts(self.definition, ()))


def options_of(question: AnyQuestion) -> OptionSource | None:
    """What is chosen from: the options; a matrix of a scale has none."""
    found: OptionSource | None = getattr(question, "options", None)
    return found


def sources_of(question: AnyQuestion) -> Iterator[tuple[str, OptionSource]]:
    """Option and row sources by the name of their key."""
    if isinstance(question, Matrix):
        yield "rows", question.rows
    options = options_of(question)
    if options is not None:
        yield "options", options


def _simple(
    place: Place, spot: QuestionLocation, condition: Condition
) -> Iterator[tuple[Place, QuestionLocation, Condition]]:
    if condition.question is not None:
        yield place, spot, condition
    for index, part in enumerate(condition.all_of or ()):
        yield from _simple((*place, "all", index), spot, part)
    for index, part in enumerate(condition.any_of or ()):
        yield from _simple((*place, "any", index), spot, part)
    if condition.negated is not None:
        yield from _simple((*place, "not"), spot, condition.negated)


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, str]]]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*place, field.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*place, index))
    elif isinstance(value, Mapping):
        if value and all(isinstance(words, str) for words in value.values()):
            yield place, value
        else:
            for key, item in value.items():
                yield from _texts(item, (*place, str(key)))
