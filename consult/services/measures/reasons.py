"""Why something was done, in the consultation's first language or in several."""

from collections.abc import Mapping
from typing import Any, Protocol, TypedDict

from consult.definition.text import stripped

Reason = str | Mapping[str, str]
"""Words in the consultation's first language, or words by language with the first one in front."""


class Reasoned(Protocol):
    """A row with a reason: `reason`, and `reason_in` where there is more than one language."""

    reason: Any
    reason_in: Any


class Columns(TypedDict):
    """The two columns of a row that keeps a reason."""

    reason: str
    reason_in: dict[str, str] | None


def columns(reason: Reason) -> Columns:
    """The two columns of a row that keeps a reason."""
    if isinstance(reason, str):
        return {"reason": stripped(reason), "reason_in": None}
    words = {language: words for language, text in reason.items() if (words := stripped(text))}
    return {"reason": next(iter(words.values()), ""), "reason_in": words if len(words) > 1 else None}


def is_said(reason: Reason) -> bool:
    """Whether there are words at all."""
    return bool(columns(reason)["reason"])


def note(row: Reasoned, reason: Reason) -> None:
    """Keep a reason with a row that is there already."""
    for name, value in columns(reason).items():
        setattr(row, name, value)
