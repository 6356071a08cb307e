"""Marking texts for translation, and saying the words of a code."""

from collections.abc import Mapping
from typing import Protocol


def N_(message: str) -> str:
    """Mark a message for the catalogue that is translated where it is used."""
    return message


class Translate(Protocol):
    """What sentences need of a catalogue."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...

    def info(self) -> dict[str, str]: ...


def language_of(translate: Translate) -> str:
    """The language a catalogue speaks, by its header; English where it is the code's own words."""
    return translate.info().get("language", "en")


def said(words: Mapping[str, str], code: str, translate: Translate) -> str:
    """The words for a code; the code itself where a later version of the analysis is ahead."""
    return translate.gettext(words[code]) if code in words else code
