"""One line of the verdict board, and what it sorts by."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypedDict

from consult.definition.text import Shown

Order = Mapping[str, float | Fraction | None]
"""What each column of the board sorts by; None goes last."""
SortKey = tuple[tuple[bool, float | Fraction], ...]


class Mark(TypedDict):
    """A verdict in words, and how it is coloured."""

    label: str
    kind: str


class BoardRow(TypedDict):
    key: str
    title: Shown
    stage: str
    round: int | None
    n: int
    median: str
    half: str
    high: str
    interval: str
    share: Fraction | None
    verdict: Mark
    reason: str
    certainty: str
    stability: str
    is_stable: bool
    outcome: str
    status: str
    suppressed: str
    order: Order


"""One line of the verdict board, as the page takes it."""
