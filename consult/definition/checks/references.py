"""References: every name written somewhere names something that is there."""

import difflib
from collections.abc import Iterable, Iterator

from consult.definition.checks.content import ACTORS, BARRIERS, TOPICS, Content, sources_of
from consult.definition.checks.finding import Finding, Place
from consult.definition.question import FreeText, Group, Matrix, Multi, Rank, Rating, Single


def _unknown(place: Place, what: str, name: str, known: Iterable[str]) -> Iterator[Finding]:
    """A finding when `name` is not among the known names."""
    names = list(known)
    if name in names:
        return
    near = difflib.get_close_matches(name, names, 1)
    fix = f"known: {', '.join(names[:12])}" if names else "there is none"
    if near:
        fix = f"did you mean '{near[0]}'?"
    yield Finding(place, f"there is no {what} '{name}'", fix)


def known_lists(content: Content) -> Iterator[Finding]:
    """Every list that options, rows or attributes name is in lists.yaml."""
    lists = content.definition.lists
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            if source.list_ is not None:
                yield from _unknown((*spot.place, where, "list"), "list", source.list_, lists)
    for at, attribute in enumerate(content.definition.panel.attributes):
        yield from _unknown(("panel", "attributes", at, "list"), "list", attribute.list_, lists)


def nothing_empty(content: Content) -> Iterator[Finding]:
    """Lists have entries, questionnaires sections, sections questions, groups fields."""
    definition = content.definition
    empty: list[tuple[Place, str, str]] = [
        (("lists", name), "the list", "entry") for name, found in definition.lists.items() if not found
    ]
    for name, questionnaire in definition.questionnaires.items():
        place: Place = ("questionnaires", name, "sections")
        if not questionnaire.sections:
            empty.append((place, "the questionnaire", "section"))
        for at, section in enumerate(questionnaire.sections):
            if not section.questions:
                empty.append(((*place, at, "questions"), "the section", "question"))
    for spot in content.spots:
        if isinstance(spot.question, Group) and not spot.question.fields:
            empty.append(((*spot.place, "fields"), "the group", "field"))
    for place, what, part in empty:
        yield Finding(place, f"{what} has no {part}", f"write at least one {part}")


def known_scales(content: Content) -> Iterator[Finding]:
    """Every scale that a question or a criterion names is in lists.yaml."""
    scales = content.definition.scales
    for spot in content.spots:
        question = spot.question
        if isinstance(question, Matrix | Rating) and question.scale is not None:
            yield from _unknown((*spot.place, "scale"), "scale", question.scale, scales)
    if content.definition.measures:
        for at, item in enumerate(content.definition.measures.criteria):
            place = ("measures", "criteria", at, "scale")
            yield from _unknown(place, "scale", item.scale, scales)


def known_questions(content: Content) -> Iterator[Finding]:
    """Every question that is referred to is asked somewhere."""
    known = content.by_key
    for place, spot, condition in content.conditions():
        name = str(condition.question)
        if spot.group and name not in known and name in {part.key for part in spot.group.fields}:
            message = f"'{spot.question.key}' reads '{name}', a field of its own group"
            fix = "read a question that stands before the group"
            yield Finding((*place, "question"), message, fix)
        else:
            yield from _unknown((*place, "question"), "question", name, known)
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            if source.question is not None:
                place = (*spot.place, where, "question")
                yield from _unknown(place, "question", source.question, known)
        for name in ("without", "reask", "rated_in"):
            value = getattr(spot.question, name, None)
            if value is not None:
                yield from _unknown((*spot.place, name), "question", value, known)


def known_groups(content: Content) -> Iterator[Finding]:
    """`group` names a group, and `label` and `proposal` name text fields of it."""
    groups = {spot.key: spot.question for spot in content.spots if spot.question.type == "group"}
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            if source.group is None:
                continue
            place = (*spot.place, where)
            yield from _unknown((*place, "group"), "group", source.group, groups)
            group = groups.get(source.group)
            if isinstance(group, Group):
                fields = _text_fields(group)
                yield from _unknown((*place, "label"), "text field", str(source.label), fields)
        if isinstance(spot.question, Group) and spot.question.proposal:
            fields = _text_fields(spot.question)
            for part in ("title", "text"):
                name = getattr(spot.question.proposal, part)
                place = (*spot.place, "proposal", part)
                yield from _unknown(place, "text field", name, fields)


def _text_fields(group: Group) -> list[str]:
    return [part.key for part in group.fields if isinstance(part, FreeText)]


def known_exceptions(content: Content) -> Iterator[Finding]:
    """What `except` leaves out is in the list, and something remains."""
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            if not source.without:
                continue
            place = (*spot.place, where, "except")
            known = content.keys_of(source.model_copy(update={"without": ()}))
            for at, name in enumerate(source.without if known is not None else ()):
                yield from _unknown((*place, at), "option", name, known or ())
            if known and set(known) <= set(source.without):
                yield Finding(place, "every option is left out", "leave at least two in")


def known_measures(content: Content) -> Iterator[Finding]:
    """Measures name themes, sources, actors and barriers that exist; rows of measures need them."""
    definition = content.definition
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            if source.measures is not None and definition.measures is None:
                message = "the consultation has no measures"
                yield Finding((*spot.place, where), message, "write a file measures.yaml")
    if definition.measures is None:
        return
    themes = [theme.key for theme in definition.measures.themes]
    sources = [source.key for source in definition.sources]
    for at, measure in enumerate(definition.measures.measures):
        place: Place = ("measures", "measures", at)
        yield from _unknown((*place, "theme"), "theme", measure.theme, themes)
        named = (("actors", ACTORS, measure.actors), ("barriers", BARRIERS, measure.barriers))
        for part, name, keys in named:
            for index, key in enumerate(keys):
                what = f"entry of the list '{name}'"
                yield from _unknown((*place, part, index), what, key, content.list_keys(name))
        for piece, evidence in enumerate(measure.evidence):
            for index, key in enumerate(evidence.sources):
                inner = (*place, "evidence", piece, "sources", index)
                yield from _unknown(inner, "source", key, sources)


def known_attributes(content: Content) -> Iterator[Finding]:
    """`prefill` and the reporting groups name attributes of the panel."""
    panel = content.definition.panel
    known = [attribute.key for attribute in panel.attributes]
    for spot in content.spots:
        if isinstance(spot.question, Single) and spot.question.prefill is not None:
            place = (*spot.place, "prefill")
            yield from _unknown(place, "attribute", spot.question.prefill, known)
    if panel.reporting_groups:
        place = ("panel", "reporting_groups", "attribute")
        yield from _unknown(place, "attribute", panel.reporting_groups.attribute, known)


def known_stages(content: Content) -> Iterator[Finding]:
    """Stages name questionnaires, schedules name all stages, priorities name a round."""
    definition = content.definition
    for at, stage in enumerate(definition.stages):
        if stage.questionnaire is not None:
            place: Place = ("stages", at, "questionnaire")
            files = definition.questionnaires
            yield from _unknown(place, "questionnaire file", stage.questionnaire, files)
    keys = [stage.key for stage in definition.stages]
    for name, schedule in definition.schedules.items():
        for key in schedule.stages:
            yield from _unknown(("schedules", name, "stages", key), "stage", key, keys)
        for key in keys:
            if key not in schedule.stages:
                message = f"the schedule '{name}' does not say when '{key}' runs"
                fix = f'add a line \'{key}: {{opens: "…", closes: "…"}}\''
                yield Finding(("schedules", name, "stages"), message, fix)
    rounds = [stage.key for stage in definition.stages if stage.kind == "round"]
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            if source.priorities is not None:
                place = (*spot.place, where, "priorities")
                yield from _unknown(place, "round", source.priorities, rounds)


def known_topics(content: Content) -> Iterator[Finding]:
    """`topic` names an entry of the list `topic`."""
    known = content.list_keys(TOPICS)
    for key, questionnaire in content.definition.questionnaires.items():
        for at, section in enumerate(questionnaire.sections):
            if section.topic is not None:
                place: Place = ("questionnaires", key, "sections", at, "topic")
                yield from _unknown(place, "entry of the list 'topic'", section.topic, known)
    for spot in content.spots:
        if spot.question.topic is not None:
            place = (*spot.place, "topic")
            yield from _unknown(place, "entry of the list 'topic'", spot.question.topic, known)


def choosing_sources(content: Content) -> Iterator[Finding]:
    """Options taken from a question, and `without`, need a question in which one chooses."""
    for spot in content.spots:
        named = [((*spot.place, where, "question"), source.question) for where, source in sources_of(spot.question)]
        named.append(((*spot.place, "without"), getattr(spot.question, "without", None)))
        for place, key in named:
            other = content.by_key.get(key or "")
            if other and not isinstance(other.question, Single | Multi | Rank):
                message = f"nothing is chosen in '{key}', a question of type {other.question.type}"
                yield Finding(place, message, "name a question of type single, multi or rank")
