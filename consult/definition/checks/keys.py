"""Keys: how they are written, and that none is used twice."""

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding, Place
from consult.definition.question import Group

KEY = re.compile(r"[A-Za-z0-9_-]+")

RESERVED = ("other", "own", "detail", "confirm")
"""Endings of the inputs beside a question's own, such as `PRE-07.other`."""

TAKEN_COLUMNS = ("name", "email", "language")
"""Columns every panel file has, beside those of the attributes."""

Named = tuple[Place, str]


def key_syntax(content: Content) -> Iterator[Finding]:
    """A key has letters, digits, underscores and hyphens."""
    for group in _groups(content):
        for place, key in group:
            if not KEY.fullmatch(key):
                fix = "use letters, digits, _ and - only"
                yield Finding(place, f"the key '{key}' has a sign that a key cannot have", fix)


def unique_keys(content: Content) -> Iterator[Finding]:
    """Within one list, every key stands once, whatever the case of its letters."""
    for group in _groups(content):
        seen: dict[str, str] = {}
        for place, key in group:
            known = seen.get(key.casefold())
            if known == key:
                yield Finding(place, f"the key '{key}' stands in this list twice", "rename one")
            elif known is not None:
                yield Finding(place, _alike(key, known), "rename one")
            seen.setdefault(key.casefold(), key)


def unique_question_keys(content: Content) -> Iterator[Finding]:
    """Over the whole consultation, a question's key names one question, and no measure.

    Keys that differ only in the case of their letters are one: files and programs mix them up.
    """
    seen = {key.casefold(): (key, "a measure") for key in content.measure_keys}
    for spot in content.spots:
        key = spot.question.key
        if spot.group is not None:
            continue
        known, user = seen.setdefault(key.casefold(), (key, f"a question of '{spot.questionnaire}'"))
        if known is not key:
            message = f"the key '{key}' is already used by {user}"
            if known != key:
                message = f"{_alike(key, known)}, used by {user}"
            yield Finding((*spot.place, "key"), message, "give this question another key")


def _alike(key: str, known: str) -> str:
    return f"the key '{key}' differs from '{known}' only in capital letters"


def reserved_keys(content: Content) -> Iterator[Finding]:
    """Options, rows, fields and attributes do not take names the program needs itself."""
    named: list[Named] = []
    for place, options in content.option_lists():
        named += [((*place, at, "key"), option.key) for at, option in enumerate(options)]
    named += [((*spot.place, "key"), spot.question.key) for spot in content.spots if spot.group]
    for place, key in named:
        if key.casefold() in RESERVED:
            yield Finding(place, f"the key '{key}' is reserved", f"write something like 'x_{key}'")
    for at, attribute in enumerate(content.definition.panel.attributes):
        if attribute.key.casefold() in TAKEN_COLUMNS:
            message = f"every panel file has a column '{attribute.key}' already"
            yield Finding(("panel", "attributes", at, "key"), message, "choose another name")


def _groups(content: Content) -> Iterator[list[Named]]:
    """Lists of keys that must differ from each other, each key with its place."""
    definition = content.definition
    for place, options in content.option_lists():
        yield _named(place, options)
    for name, scale in definition.scales.items():
        yield _named(("scales", name, "bands"), scale.bands)
    yield _named(("sources",), definition.sources)
    yield _named(("stages",), definition.stages)
    yield _named(("consent", "uses"), definition.consent.uses)
    yield _named(("panel", "attributes"), definition.panel.attributes)
    if definition.panel.reporting_groups:
        yield _named(("panel", "reporting_groups", "groups"), definition.panel.reporting_groups.groups)
    if definition.measures:
        for part in ("criteria", "themes", "measures"):
            yield _named(("measures", part), getattr(definition.measures, part))
    for part in ("lists", "scales", "schedules", "questionnaires"):
        yield [((part, key), key) for key in getattr(definition, part)]
    yield from _in_questionnaires(content)


def _in_questionnaires(content: Content) -> Iterator[list[Named]]:
    for name, questionnaire in content.definition.questionnaires.items():
        yield _named(("questionnaires", name, "sections"), questionnaire.sections)
    for spot in content.spots:
        if spot.group is None:
            yield [((*spot.place, "key"), spot.question.key)]
        if isinstance(spot.question, Group):
            yield _named((*spot.place, "fields"), spot.question.fields)


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


def _named(place: Place, items: Iterable[Keyed]) -> list[Named]:
    return [((*place, at, "key"), item.key) for at, item in enumerate(items)]
