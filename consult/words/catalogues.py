"""The catalogues of translated texts, and in which language a reader is spoken to."""

from collections.abc import Mapping
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


@cache
def in_every_language(message: str) -> Mapping[str, str]:
    """A text of the catalogues by language: English first, then every language that has one.

    Where a catalogue leaves it untranslated, the language has the English words.
    """
    languages = sorted(found.name.replace("_", "-") for found in CATALOGUES.iterdir() if found.is_dir())
    return {language: catalogue(language).gettext(message) for language in (ENGLISH, *languages)}


def spoken(language: str) -> str:
    """The language the sentences of a mail are in for a reader of `language`."""
    return language if isinstance(catalogue(language), Translations) else ENGLISH
