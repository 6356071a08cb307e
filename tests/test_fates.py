"""What the program notes of a measure's fate: its codes, its words, and the prose of before."""

import json
import re

import pytest

from consult.fates import CODES, FateCode, GoesInto, Noted, StableVerdicts, columns, noted, noted_in_prose, told
from consult.web.languages import INTERFACE
from consult.words import catalogues
from consult.words.fates import fate_reason

BOTH = StableVerdicts((("use-fulness", "in"), ("cost", "out")))
CRITERIA = {"use-fulness": "Ю", "cost": "Я"}
WORDS = {
    ("en", GoesInto("round-2")): "goes into “Ж”",
    ("ru", GoesInto("round-2")): "войдёт в этап «Ж»",
    ("en", BOTH): "Ю: in, stable; Я: out, stable",
}


@pytest.mark.parametrize("one", [GoesInto("round-2"), BOTH])
def test_what_is_stored_is_read_again(one: Noted) -> None:
    stored = json.loads(json.dumps(columns(one), sort_keys=True))
    assert noted(stored["code"], stored["facts"]) == one
    assert noted(None, {}) is None
    assert set(CODES.values()) == set(FateCode)


@pytest.mark.parametrize(
    ("fate", "reason", "found"),
    [
        ("carried", "goes into round-2", GoesInto("round-2")),
        ("settled", "importance: in, stable", StableVerdicts((("importance", "in"),))),
        ("settled", "use-fulness: in, stable; cost: out, stable", BOTH),
        ("carried", "goes into the next round", None),
        ("settled", "importance: in", None),
        ("settled", "importance: in, stable; and cheap", None),
        ("settled", "importance: good, stable", None),
        ("reworded", "goes into round-2", None),
        ("dropped", "cost: out, stable", None),
        ("settled", None, None),
        ("settled", "", None),
    ],
)
def test_prose_of_the_time_before_codes(fate: str, reason: str | None, found: object) -> None:
    assert noted_in_prose(fate, reason) == found
    old = told({"fate": fate, "reason": reason, "into": None})
    if found is None:
        assert old == {"code": None, "facts": {}, "reason": reason}
    else:
        assert (noted(old["code"], old["facts"]), old["reason"]) == (found, None)


def test_a_fate_with_a_code_is_taken_as_it_stands() -> None:
    now = {"fate": "carried", "into": None, "code": None, "facts": {}, "reason": "goes into round-2"}
    assert told(now) == {"code": None, "facts": {}, "reason": "goes into round-2"}


@pytest.mark.parametrize("language", INTERFACE)
@pytest.mark.parametrize("one", [GoesInto("round-2"), BOTH])
def test_what_was_noted_has_words_in_every_language(one: Noted, language: str) -> None:
    words = fate_reason(one, catalogues.catalogue(language), lambda key: "Ж", CRITERIA)
    if (language, one) in WORDS:
        assert words == WORDS[language, one]
    assert "%" not in words
    assert language == "en" or not re.search("[A-Za-z]{2,}", words)
