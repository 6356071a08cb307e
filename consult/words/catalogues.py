"""The catalogues of translated texts, and in which language a reader is spoken to."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "translations"

ENGLISH = "en"
"""The language the sentences are written in here."""


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into a language; English, as written here, where there are none."""
    return Translations.load(str(CATALOGUES), [language.replace("-", "_")])


def spoken(language: str) -> str:
    """The language the sentences of a mail are in for a reader of `language`."""
    return language if isinstance(catalogue(language), Translations) else ENGLISH
