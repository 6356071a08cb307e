"""A line of the panel file: its columns and what follows from them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.characters import one_line
from consult.definition.consultation import Definition

FILE = "panel.csv"

PERSON = ("name", "email", "language")

GROUP = "group"

Named = Sequence[tuple[str, Mapping[str, str]]]
"""Things to choose from: key and label in every language."""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One expert as the file says; attributes by key, the reporting group derived from them."""

    line: int
    name: str
    email: str
    language: str
    attributes: Mapping[str, str]
    group: str | None


def columns(definition: Definition) -> list[str]:
    """The columns of the panel file: the person, the declared attributes, the reporting group."""
    keys = [attribute.key for attribute in definition.panel.attributes]
    return [*PERSON, *keys, *([] if GROUP in keys else [GROUP])]


def derived_group(definition: Definition, value: str | None) -> str | None:
    """The reporting group that a value of the grouping attribute belongs to."""
    groups = definition.panel.reporting_groups
    for group in groups.groups if groups is not None else ():
        if value in group.values:
            return group.key
    return None


def folded(text: str) -> str:
    """Text for comparing: case, white space and the form of accents do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shown_cell(text: str) -> str:
    """A cell as it may stand in a message: short, on one line, nothing in it hidden."""
    clean = one_line(text[:60])
    return f"'{clean}…'" if len(text) > 60 else f"'{clean}'"


def listed_keys(found: Named, limit: int = 12) -> str:
    keys = [key for key, _ in found]
    more = f" and {len(keys) - limit} more" if len(keys) > limit else ""
    return ", ".join(keys[:limit]) + more
