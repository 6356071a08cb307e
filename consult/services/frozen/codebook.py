"""Every variable of a consultation: what was asked, how answers are coded, and where they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.answers import answer_type
from consult.definition.answers.base import Variable
from consult.definition.asked import AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.routing import ask
from consult.definition.scale import Scale
from consult.definition.text import in_language
from consult.definition.variables import rating_variables
from consult.models import Consultation, Measure, Stage
from consult.services.definitions import definition_of
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.services.rounds.stages import stages_of
from consult.words.catalogues import in_every_language
from consult.words.dates import Windows, fill_dates
from consult.words.phrases import N_

NOT_IN_TOP = "not_in_top"
"""What a row file says of an option that was not put into any of the places asked for."""

TICKED = {"0": N_("no"), "1": N_("yes")}
"""What a row file says of an option that was ticked or not, with its label."""

Words = Mapping[str, str]

Cell = str | int | float | bool | None
"""What stands in a cell of a table."""


@dataclass(frozen=True, slots=True)
class CodebookVariable:
    """One variable. `values` are codes as files show them, each with its label."""

    key: str
    question: str
    stages: tuple[str, ...]
    text: Words
    item: Words
    level: str
    scale: str | None
    values: Mapping[str, Words]
    codes: tuple[str, ...]
    states: tuple[str, ...]
    disclosure: str
    earlier: str | None
    is_rating: bool = False
    is_free_text: bool = False

    @property
    def file(self) -> str:
        """The row file it is in, or an empty string."""
        if self.level == "text":
            shown = self.is_free_text or self.disclosure != "never"
            return "free-texts.csv" if shown else ""
        if self.disclosure == "never":
            return ""
        return "ratings-long.csv" if self.is_rating else "answers-long.csv"

    def shown(self, value: int) -> str:
        """A stored value as files show it: an option's key, a place, or the number itself."""
        if self.level in ("nominal", "rank") and 0 <= value - self._first < len(self.codes):
            return self.codes[value - self._first]
        return str(value)

    def is_asked_with(self, other: "CodebookVariable") -> bool:
        """Whether one questionnaire asks both."""
        return bool(set(self.stages) & set(other.stages))

    @property
    def _first(self) -> int:
        return 1 if self.level == "rank" else 0


class Reader:
    """Texts in one language, with the schedule's dates filled in."""

    def __init__(self, definition: Definition, windows: Windows, zone: str, language: str) -> None:
        self.languages = definition.languages
        self.language = language
        self._windows, self._zone = windows, zone

    def __call__(self, words: Words | None) -> str:
        lang, text = in_language(words, self.language, self.languages)
        return fill_dates(text, self._windows, self._zone, lang)


def reader(session: Session, consultation: Consultation, language: str | None = None) -> Reader:
    """Texts of a consultation in a language, by default its first."""
    definition = definition_of(session, consultation.id)
    stages = stages_of(session, consultation.id)
    windows = {stage.key: (stage.opens_at, stage.closes_at) for stage in stages}
    chosen = language or definition.languages[0]
    return Reader(definition, windows, consultation.zone, chosen)


def codebook(session: Session, consultation: Consultation) -> dict[str, CodebookVariable]:
    """All variables by key: questionnaires in the order of their stages, then the ratings."""
    definition = definition_of(session, consultation.id)
    known = measures.newest_wordings(session, consultation.id)
    found: dict[str, CodebookVariable] = {}
    for stage in stages_of(session, consultation.id):
        for variable in _asked_in(definition, stage.key, known):
            if variable.key in found:
                earlier = found[variable.key]
                found[variable.key] = replace(earlier, stages=(*earlier.stages, stage.key))
            else:
                found[variable.key] = variable
    rounds = _rounds_by_measure(session, consultation)
    for wording in known:
        for variable in _ratings_of(definition, wording, rounds.get(wording.key, ())):
            found[variable.key] = variable
    return found


def _asked_in(definition: Definition, stage: str, known: list[Wording]) -> Iterator[CodebookVariable]:
    questionnaire = definition.questionnaire_of(stage)
    titles = tuple((item.key, item.title) for item in known)
    context = RoutingContext(definition, measures={"all": titles})
    for question in questionnaire.questions() if questionnaire else ():
        asked = ask(question, context, whole=True)
        if asked is None or question.recipient != "analysis":
            continue
        parts = [part for instance in asked.instances for part in instance] or [asked]
        for part in parts:
            for variable in answer_type(part).variables(part):
                if variable.recipient == "analysis":
                    yield _codebook_variable(part, variable, stage, question.reask)


def _codebook_variable(asked: AskedQuestion, variable: Variable, stage: str, reask: str | None) -> CodebookVariable:
    values = _values(asked, variable)
    own_text = variable.text != asked.question.text
    states = asked.scale.no_answer if asked.scale else getattr(asked.question, "no_answer", ())
    return CodebookVariable(
        key=variable.key,
        question=asked.key,
        stages=(stage,),
        text=asked.question.text,
        item=variable.text if own_text else {},
        level=variable.level,
        scale=variable.scale,
        values=values,
        codes=tuple(values) if variable.level in ("nominal", "rank") else (),
        states=tuple(states) if variable.level != "text" else (),
        disclosure=variable.disclosure,
        earlier=reask + variable.key.removeprefix(asked.key) if reask else None,
        is_free_text=asked.type == "text",
    )


def _values(asked: AskedQuestion, variable: Variable) -> dict[str, Words]:
    if asked.scale is not None and variable.scale is not None:
        return scale_values(asked.scale)
    if variable.level == "binary":
        return {value: in_every_language(words) for value, words in TICKED.items()}
    if variable.level == "rank":
        return {place: {} for place in (*variable.labels[:-1], NOT_IN_TOP)}
    labels = {option.key: option.label for option in asked.options}
    return {key: labels.get(key, {}) for key in variable.labels}


def scale_values(scale: Scale) -> dict[str, Words]:
    """The points of a scale with their labels, as files show them."""
    return {str(point): scale.labels.get(point, {}) for point in scale.points}


def _ratings_of(definition: Definition, wording: Wording, rounds: tuple[str, ...]) -> Iterator[CodebookVariable]:
    assert definition.measures is not None
    questions = {item.key: item.question for item in definition.measures.criteria}
    for variable in rating_variables(wording.key, definition):
        scale = definition.scales[variable.scale or ""]
        yield CodebookVariable(
            key=variable.key,
            question=wording.key,
            stages=rounds,
            text=questions[variable.key.partition(".")[2]],
            item=wording.title,
            level=variable.level,
            scale=variable.scale,
            values=scale_values(scale),
            codes=(),
            states=tuple(scale.no_answer),
            disclosure=variable.disclosure,
            earlier=None,
            is_rating=True,
        )


def _rounds_by_measure(session: Session, consultation: Consultation) -> dict[str, tuple[str, ...]]:
    """The rounds each measure was put into, in order, of those that have opened."""
    stages = session.scalars(
        select(Stage)
        .where(Stage.consultation_id == consultation.id, Stage.kind == "round")
        .order_by(Stage.round_number)
    )
    found: dict[str, tuple[str, ...]] = {}
    for stage in stages:
        for wording in measures.wordings_in_stage(session, stage):
            found[wording.key] = (*found.get(wording.key, ()), stage.key)
    return found


def theme_of(measure: Measure, definition: Definition) -> Words:
    """The title of a measure's theme."""
    themes = definition.measures.themes if definition.measures else ()
    return next((theme.title for theme in themes if theme.key == measure.theme), {})
