"""Which questions come next, and what they look like for one expert. Pure."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from consult.definition.answers import answer_type
from consult.definition.answers.numbers import whole as whole_number
from consult.definition.asked import Asked, Choosable, Inputs, first, given
from consult.definition.consultation import Definition
from consult.definition.question import (
    AnyQuestion,
    Group,
    Matrix,
    Multi,
    Questionnaire,
    Section,
    Single,
    Source,
)
from consult.definition.scale import Condition, Option

MeasureChoice = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything beside the question that decides how it is asked.

    `inputs` holds the answers of this and of earlier stages; `measures` the measures by kind
    (`all`, `surviving`, `in_stage`); `priorities` the picks of frozen results by stage; `seed`
    makes random orders the expert's own and repeatable.
    """

    definition: Definition
    inputs: Inputs = field(default_factory=dict)
    measures: Mapping[str, tuple[MeasureChoice, ...]] = field(default_factory=dict)
    priorities: Mapping[str, tuple[MeasureChoice, ...]] = field(default_factory=dict)
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Questions shown together; `key` is that of the first one."""

    key: str
    section: Section
    questions: tuple[AnyQuestion, ...]


def pages(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """Cut a questionnaire into pages on which no question depends on another.

    So routing works on the server alone: what an answer opens stands on a later page.
    """
    found: list[Page] = []
    for section in questionnaire.sections:
        run: list[AnyQuestion] = []
        for question in section.questions:
            depends = question.reads() & {earlier.key for earlier in run}
            if run and (depends or question.new_page):
                found.append(Page(run[0].key, section, tuple(run)))
                run = []
            run.append(question)
        if run:
            found.append(Page(run[0].key, section, tuple(run)))
    return tuple(found)


def holds(condition: Condition | None, definition: Definition, inputs: Inputs) -> bool:
    """Whether a condition holds for what was answered so far. No condition always holds."""
    if condition is None:
        return True
    if condition.all_of is not None:
        return all(holds(part, definition, inputs) for part in condition.all_of)
    if condition.any_of is not None:
        return any(holds(part, definition, inputs) for part in condition.any_of)
    if condition.negated is not None:
        return not holds(condition.negated, definition, inputs)
    assert condition.question is not None
    chosen = _values(condition.question, inputs)
    if condition.equals is not None:
        return chosen == [condition.equals]
    if condition.one_of is not None:
        return bool(chosen) and chosen[0] in condition.one_of
    if condition.includes is not None:
        return bool(set(chosen) & set(condition.includes))
    if condition.excludes is not None:
        return bool(chosen) and not set(chosen) & set(condition.excludes)
    if condition.at_least is not None:
        numbers = (whole_number(value) for value in chosen)
        return any(number is not None and number >= condition.at_least for number in numbers)
    return bool(chosen) == condition.answered


def _values(question: str, inputs: Inputs) -> list[str]:
    """All values given to a question, whatever its type."""
    rows = f"{question}."
    found = given(inputs, question)
    for name in inputs:
        if name.startswith(rows) and not name.endswith((".other", ".detail", ".confirm", ".own")):
            found += given(inputs, name)
    return found


def _choosable(option: Option) -> Choosable:
    return Choosable(option.key, option.label, option.help, option.exclusive, option.other)


def whole_list(source: Source, around: Surroundings) -> tuple[Choosable, ...]:
    """Everything a source could ever offer, in its own order: the codes of a variable."""
    if source.options is not None:
        found = tuple(_choosable(option) for option in source.options)
    elif source.list_ is not None:
        found = tuple(_choosable(option) for option in around.definition.lists[source.list_])
    elif source.question is not None:
        asked_before = around.definition.questions[source.question]
        found = whole_list(asked_before.sources()[0], around)
    elif source.group is not None:
        group = around.definition.questions[source.group]
        assert isinstance(group, Group)
        numbers = range(1, group.repeat.max + 1)
        language = around.definition.languages[0]
        found = tuple(Choosable(str(number), {language: str(number)}) for number in numbers)
    else:
        found = tuple(Choosable(key, title) for key, title in around.measures.get("all", ()))
    return tuple(option for option in found if option.key not in source.without)


def offered(source: Source, around: Surroundings) -> tuple[Choosable, ...]:
    """What a source offers this expert now."""
    whole = whole_list(source, around)
    if source.options is not None:
        shown = {
            option.key
            for option in source.options
            if holds(option.show_if, around.definition, around.inputs)
        }
        return tuple(option for option in whole if option.key in shown)
    if source.question is not None:
        return tuple(_chosen(source.question, whole, around.inputs))
    if source.group is not None:
        return tuple(_own_texts(source, whole, around))
    if source.measures is not None:
        keys = {key for key, _ in around.measures.get(source.measures, ())}
        return tuple(option for option in whole if option.key in keys)
    if source.priorities is not None:
        picked = dict(around.priorities.get(source.priorities, ()))
        kept = (key for key in picked if key not in source.without)
        return tuple(Choosable(key, picked[key]) for key in kept)
    return whole


def _chosen(question: str, whole: tuple[Choosable, ...], inputs: Inputs) -> Iterator[Choosable]:
    chosen = set(_values(question, inputs))
    own = first(inputs, f"{question}.other")
    for option in whole:
        if option.key in chosen and not option.exclusive:
            label = dict.fromkeys(option.label, own) if option.other and own else None
            yield Choosable(option.key, label or option.label)


def _own_texts(
    source: Source, whole: tuple[Choosable, ...], around: Surroundings
) -> Iterator[Choosable]:
    for option in whole:
        words = first(around.inputs, f"{source.group}.{option.key}.{source.label}")
        if words:
            yield Choosable(option.key, {around.definition.languages[0]: words})


def _keys(source: Source, around: Surroundings) -> tuple[str, ...]:
    return tuple(option.key for option in whole_list(source, around))


def ask(
    question: AnyQuestion, around: Surroundings, key: str | None = None, *, whole: bool = False
) -> Asked | None:
    """The question as asked now, or None when routing skips it.

    With `whole`, routing is left aside: every option, row and instance there could be.
    """
    if not whole and not holds(question.show_if, around.definition, around.inputs):
        return None
    pick = whole_list if whole else offered
    key = key or question.key
    options: tuple[Choosable, ...] = ()
    rows: tuple[Choosable, ...] = ()
    labels: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()
    source = getattr(question, "options", None)
    if source is not None:
        options, labels = pick(source, around), _keys(source, around)
    if isinstance(question, Matrix):
        rows = pick(question.rows, around)
        if question.row_order == "random" and not whole:
            rows = tuple(random.Random(f"{around.seed}:{question.key}").sample(rows, len(rows)))
    if not whole and (
        (question.type != "info" and source is not None and not options)
        or (isinstance(question, Matrix) and not rows)
    ):
        return None
    if isinstance(question, Single | Multi) and question.without is not None:
        refused = frozenset(_values(question.without, around.inputs))
    scale_key = getattr(question, "scale", None)
    scale = around.definition.scales[scale_key] if scale_key is not None else None
    instances = (
        _instances(question, around, key, whole=whole) if isinstance(question, Group) else ()
    )
    return Asked(key, question, options, rows, scale, refused, instances, labels)


def _instances(
    group: Group, around: Surroundings, key: str, *, whole: bool
) -> tuple[tuple[Asked, ...], ...]:
    found = []
    for number in range(1, group.repeat.max + 1):
        fields = (
            ask(part, around, f"{key}.{number}.{part.key}", whole=whole) for part in group.fields
        )
        found.append(tuple(part for part in fields if part is not None))
    return tuple(found)


def ask_page(page: Page, around: Surroundings) -> tuple[Asked, ...]:
    """The questions of a page that this expert is asked; empty when all are skipped."""
    found = (ask(question, around) for question in page.questions)
    return tuple(question for question in found if question is not None)


def heeded(
    questionnaire: Questionnaire, around: Surroundings, typed: Inputs
) -> dict[str, list[str]]:
    """The inputs that count: none of a question that is skipped, of a row or option not offered.

    `around` holds the answers of earlier stages. Each question sees only what counts of those
    before it: what hung on an answer that was taken back falls with it.
    """
    own = {question.key for question in questionnaire.questions()}
    counted = {name: list(values) for name, values in around.inputs.items()}
    for name, values in typed.items():
        if name.partition(".")[0] not in own:
            counted[name] = list(values)
    for question in questionnaire.questions():
        asked = ask(question, replace(around, inputs=counted))
        if asked is not None:
            counted |= _offered_only(asked, typed)
    return counted


def _offered_only(asked: Asked, typed: Inputs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for instance in asked.instances:
        for inner in instance:
            found |= _offered_only(inner, typed)
    gone = set(asked.labels) - {option.key for option in asked.options}
    for name in answer_type(asked).names(asked) if not asked.instances else ():
        if name in typed:
            found[name] = [value for value in typed[name] if value.strip() not in gone]
    return found
