"""What only Russian has: its letters, its quotes, and the names that stay as they are."""

import re

from tests.web.catalogues import NAMES, PLACEHOLDER, pairs

WITHOUT_LETTERS = {"n", "%(part)d in %(whole)d", "%(point)s means"}
"""Messages that Russian says with signs only."""


def test_russian_is_russian() -> None:
    """Cyrillic letters in every message, names alone in Latin ones, «quotes», no double spaces."""
    offenders = [
        (english, other)
        for english, other in pairs("ru")
        if (
            set(re.findall("[A-Za-z]+", PLACEHOLDER.sub("", english))) - NAMES
            and not re.search("[а-яё№]", other, re.IGNORECASE)
            and english not in WITHOUT_LETTERS
        )
        or set(re.findall("[A-Za-z]{2,}", PLACEHOLDER.sub("", other))) - NAMES
        or re.search(r"[“”\"„]|  | - ", other)
        or other.count("«") != other.count("»")
    ]
    assert offenders == []
