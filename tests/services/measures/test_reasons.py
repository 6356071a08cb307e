"""Why something was done is kept in the first language, and in others where it was said there."""

import pytest

from consult.definition.text import by_language
from consult.services.measures import reasons


@pytest.mark.parametrize(
    ("said", "first", "known"),
    [
        (" Too late ", "Too late", None),
        ({"en": "Too late"}, "Too late", None),
        ({"en": "Too late", "ru": " "}, "Too late", None),
        ({"en": "Too late ", "ru": "Поздно"}, "Too late", {"en": "Too late", "ru": "Поздно"}),
        ({}, "", None),
        ("", "", None),
    ],
)
def test_columns_hold_each_language_once(said: reasons.Reason, first: str, known: dict[str, str] | None) -> None:
    assert reasons.columns(said) == {"reason": first, "reason_in": known}


@pytest.mark.parametrize("said", ["", "  ", {}, {"en": " "}])
def test_nothing_is_no_reason(said: reasons.Reason) -> None:
    assert not reasons.is_said(said)
    assert reasons.is_said("Too late")


def test_words_without_a_language_are_read_in_every_one() -> None:
    assert by_language("Too late", None) == {"": "Too late"}
    assert by_language("Too late", {"ru": "Поздно"}) == {"ru": "Поздно"}
    assert by_language(None, None) == by_language("", None) == {}
