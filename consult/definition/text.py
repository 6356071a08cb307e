"""Texts for readers: one string per language, with fall-back."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

PLACEHOLDER = re.compile(r"\{(date|time|datetime) ([a-z0-9][a-z0-9-]*)\.(opens|closes)\}")


UNSEEN = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))
"""Kinds of characters that leave no mark: spaces, controls, what has no width."""
FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that leave none either."""


class Strict(BaseModel):
    """Base of every definition model: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def is_blank(words: str) -> bool:
    """Whether nothing of the words can be seen."""
    if words.isascii() and words.isalnum():
        return False  # nearly all that is chosen, and quicker told
    return all(unicodedata.category(one) in UNSEEN or one in FILLERS for one in words)


def stripped(words: str | None) -> str:
    """Words without the space around; empty when nothing can be seen of them."""
    return "" if words is None or is_blank(words) else words.strip()


def _as_text(value: Any, info: ValidationInfo) -> Any:
    """A plain string is a text in the consultation's first language."""
    if isinstance(value, str):
        language = (info.context or {}).get("language", "en")
        value = {language: value}
    if isinstance(value, Mapping):
        empty = [language for language, words in value.items() if is_blank(str(words))]
        if empty:
            raise ValueError(f"the text is empty in {', '.join(map(str, empty))}")
        if not value:
            raise ValueError("the text has no language")
    return value


Text = Annotated[dict[str, str], BeforeValidator(_as_text)]


class Shown(NamedTuple):
    """One text as a reader sees it: in which language, and the words."""

    lang: str
    text: str


def in_language(text: Mapping[str, str] | None, language: str, order: Sequence[str] = ()) -> Shown:
    """The words in `language`, else in the first language of `order` that has them.

    An absent text gives an empty string in the asked language.
    """
    if not text:
        return Shown(language, "")
    for candidate in (language, *order, *text):
        if candidate in text:
            return Shown(candidate, text[candidate].strip())
    return Shown(language, "")


def by_language(words: str | None, known: Mapping[str, str] | None) -> Mapping[str, str]:
    """Words somebody wrote, by language; "" stands for a language that was not noted."""
    return known or ({"": words} if words else {})
