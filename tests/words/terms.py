"""One word for a term: where a catalogue says a term of the experts in another word than elsewhere.

`make messages` prints what this finds. The table of terms is `terms.toml`.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parents[2] / "consult/words/translations"
WHOLE = ("ru",)
"""Catalogues that speak to staff as well; of them the texts count that the others have too."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the experts' pages: how English says it, and with which stems each language does."""

    english: re.Pattern[str]
    stems: dict[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A text that says a term in some other word, or leaves it out."""

    language: str
    term: str
    english: str
    said: str

    def __str__(self) -> str:
        return f"{self.language}: '{self.term}' in another word: “{self.english}” → “{self.said}”"


@cache
def terms() -> tuple[Term, ...]:
    """The table."""
    return tuple(
        Term(
            re.compile(rf"\b({row.pop('english')})\b", re.IGNORECASE),
            {language: re.compile(stem, re.IGNORECASE) for language, stem in row.items()},
        )
        for row in _table()["term"]
    )


@cache
def silent() -> dict[str, frozenset[str]]:
    """By language, the English texts whose translation does well without the word; `all`: everywhere."""
    return {language: frozenset(texts) for language, texts in _table()["silent"].items()}


def _table() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "terms.toml").read_text(encoding="utf-8"))


def second_renderings(catalogue: Catalog, language: str, among: frozenset[str] | None = None) -> Iterator[Found]:
    """Every text of a catalogue, or of those texts `among`, in which a term has none of its stems."""
    left_out = silent().get("all", frozenset()) | silent().get(language, frozenset())
    for message in catalogue:
        english = _english(message)
        if not english or english in left_out or (among is not None and english not in among):
            continue
        for term in terms():
            if said := term.english.search(PLACEHOLDER.sub("", english)):
                wrong = [form for form in _forms(message) if form and not _says(term, language, form)]
                yield from (Found(language, said.group(), english, form) for form in wrong[:1])


def _says(term: Term, language: str, form: str) -> bool:
    return term.stems[language].search(PLACEHOLDER.sub("", form)) is not None


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _forms(message: Message) -> Sequence[str]:
    return (message.string,) if isinstance(message.string, str) else message.string


def catalogue(language: str) -> Catalog:
    """A catalogue as it is stored."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def languages() -> list[str]:
    """Every language that has a catalogue."""
    return sorted(folder.name for folder in CATALOGUES.iterdir())


@cache
def for_experts() -> frozenset[str]:
    """The English of every text that a catalogue for experts alone translates."""
    drafts = (catalogue(language) for language in languages() if language not in WHOLE)
    return frozenset(_english(message) for draft in drafts for message in draft if any(_forms(message)))


def all_second_renderings() -> Iterator[Found]:
    """What is found in any catalogue, in the texts that experts read."""
    for language in languages():
        yield from second_renderings(catalogue(language), language, for_experts())


if __name__ == "__main__":
    for one in all_second_renderings():
        print(one)
