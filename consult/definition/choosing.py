"""What a question offers to choose from: its own list, or what was chosen elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consult.definition.answers.numbers import whole as whole_number
from consult.definition.asked import Choosable, Inputs, first, given
from consult.definition.consultation import Definition
from consult.definition.question import Group, OptionSource
from consult.definition.scale import Condition, Option


def _choosable(option: Option) -> Choosable:
    return Choosable(option.key, option.label, option.help, option.exclusive, option.other)


MeasureChoice = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RoutingContext:
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


def whole_list(source: OptionSource, context: RoutingContext) -> tuple[Choosable, ...]:
    """Everything a source could ever offer, in its own order: the codes of a variable."""
    if source.options is not None:
        found = tuple(_choosable(option) for option in source.options)
    elif source.list_ is not None:
        found = tuple(_choosable(option) for option in context.definition.lists[source.list_])
    elif source.question is not None:
        asked_before = context.definition.questions[source.question]
        found = whole_list(asked_before.sources()[0], context)
    elif source.group is not None:
        group = context.definition.questions[source.group]
        assert isinstance(group, Group)
        numbers = range(1, group.repeat.max + 1)
        language = context.definition.languages[0]
        found = tuple(Choosable(str(number), {language: str(number)}) for number in numbers)
    else:
        found = tuple(Choosable(key, title) for key, title in context.measures.get("all", ()))
    return tuple(option for option in found if option.key not in source.without)


def offered(source: OptionSource, context: RoutingContext) -> tuple[Choosable, ...]:
    """What a source offers this expert now."""
    whole = whole_list(source, context)
    if source.options is not None:
        shown = {option.key for option in source.options if holds(option.show_if, context.definition, context.inputs)}
        return tuple(option for option in whole if option.key in shown)
    if source.question is not None:
        return tuple(_chosen(source.question, whole, context.inputs))
    if source.group is not None:
        return tuple(_own_texts(source, whole, context))
    if source.measures is not None:
        keys = {key for key, _ in context.measures.get(source.measures, ())}
        return tuple(option for option in whole if option.key in keys)
    if source.priorities is not None:
        picked = dict(context.priorities.get(source.priorities, ()))
        kept = (key for key in picked if key not in source.without)
        return tuple(Choosable(key, picked[key]) for key in kept)
    return whole


def _chosen(question: str, whole: tuple[Choosable, ...], inputs: Inputs) -> Iterator[Choosable]:
    chosen = set(chosen_values(question, inputs))
    own = first(inputs, f"{question}.other")
    for option in whole:
        if option.key in chosen and not option.exclusive:
            label = dict.fromkeys(option.label, own) if option.other and own else None
            yield Choosable(option.key, label or option.label)


def _own_texts(source: OptionSource, whole: tuple[Choosable, ...], context: RoutingContext) -> Iterator[Choosable]:
    for option in whole:
        words = first(context.inputs, f"{source.group}.{option.key}.{source.label}")
        if words:
            yield Choosable(option.key, {context.definition.languages[0]: words})


def offered_keys(source: OptionSource, context: RoutingContext) -> tuple[str, ...]:
    return tuple(option.key for option in whole_list(source, context))


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
    chosen = chosen_values(condition.question, inputs)
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


def chosen_values(question: str, inputs: Inputs) -> list[str]:
    """All values given to a question, whatever its type."""
    rows = f"{question}."
    found = given(inputs, question)
    for name in inputs:
        if name.startswith(rows) and not name.endswith((".other", ".detail", ".confirm", ".own")):
            found += given(inputs, name)
    return found
