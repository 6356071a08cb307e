"""One word for a term, in every catalogue that experts read."""

import re

import pytest
from babel.messages.catalog import Catalog

from tests.sources import ROOT
from tests.words.terms import (
    Found,
    Term,
    all_second_renderings,
    for_experts,
    languages,
    second_renderings,
    silent,
    terms,
)

ORDINARY = {"table"}
"""Words of the glossary that experts' pages use for something else: a table beside a chart."""


def test_no_term_is_said_in_two_words() -> None:
    assert [str(one) for one in all_second_renderings()] == []


def test_a_second_word_is_found() -> None:
    """In any form of a plural, and only there."""
    seeded = Catalog(locale="da")
    seeded.add("All measures", "Alle tiltag")
    seeded.add("Which measures", "Hvilke foranstaltninger")
    seeded.add(("%(num)s measure left", "%(num)s measures left"), ("%(num)s tiltag tilbage", "%(num)s forslag tilbage"))
    seeded.add("Round %(measure)s", "Runde %(measure)s")
    seeded.add("Theme", "Emne")
    seeded.add("Measure", "")
    assert list(second_renderings(seeded, "da")) == [
        Found("da", "measures", "Which measures", "Hvilke foranstaltninger"),
        Found("da", "measures", "%(num)s measures left", "%(num)s forslag tilbage"),
    ]
    assert list(second_renderings(seeded, "da", frozenset({"All measures"}))) == []


def test_every_term_has_a_word_in_every_language() -> None:
    assert terms()
    for term in terms():
        assert sorted(term.stems) == languages(), term.english.pattern


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.english.pattern)
def test_every_term_is_read_by_experts(term: Term) -> None:
    assert any(term.english.search(text) for text in for_experts())


def test_every_text_that_does_without_the_word_is_there() -> None:
    assert set().union(*silent().values()) - for_experts() == set()


def test_the_words_of_the_glossary_are_terms() -> None:
    """Those that experts read: a word of the glossary that comes onto a page needs its row."""
    rows = re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = {word for row in rows[1:] for word in row.split(", ")} - ORDINARY
    read = {word for word in words for text in for_experts() if re.search(rf"\b{word}s?\b", text, re.IGNORECASE)}
    assert len(read) > 15
    assert {word for word in read if not any(term.english.search(word) for term in terms())} == set()
