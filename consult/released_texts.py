"""What was released of a round in words: reasons by criterion and side, and what was said of measures.

Read from every format a release was ever written in; what was released is never rewritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Words = Mapping[str, str]
"""A text by language."""
Side = Literal["high", "low", "other"]
"""Which end of the scale a reason speaks for; `other`: from the middle, or not told apart."""
SIDES: tuple[Side, ...] = get_args(Side)


@dataclass(frozen=True, slots=True)
class SidedReasons:
    """Reasons for the ratings of one measure under one criterion, as they were released."""

    high: Sequence[Words] = ()
    low: Sequence[Words] = ()
    other: Sequence[Words] = ()

    def of(self, side: Side) -> Sequence[Words]:
        """Those of one side."""
        return {"high": self.high, "low": self.low, "other": self.other}[side]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.high) + len(self.low) + len(self.other)


NO_REASONS = SidedReasons()
"""For a criterion that none were released for."""


@dataclass(frozen=True, slots=True)
class MeasureTexts:
    """What was released of one measure: reasons by criterion, and remarks on it as a whole."""

    criteria: Mapping[str, SidedReasons] = field(default_factory=dict)
    remarks: Sequence[Words] = ()

    def of(self, criterion: str) -> SidedReasons:
        """The reasons for one criterion; none where none were released."""
        return self.criteria.get(criterion, NO_REASONS)

    @property
    def count(self) -> int:
        """How many reasons and remarks there are."""
        return sum(one.count for one in self.criteria.values()) + len(self.remarks)


NOTHING = MeasureTexts()
"""Of a measure that nothing was released of."""


def texts_by_measure(content: Mapping[str, Any] | None, deciding: str) -> dict[str, MeasureTexts]:
    """What a release of texts says, by measure; empty without one.

    Up to format 2 a reason was given for a measure, and its side was that of the rating under the
    criterion that decides: there it stands.
    """
    if content is None:
        return {}
    if content.get("format", 1) < 3:
        return {key: MeasureTexts({deciding: _sided(sides)}) for key, sides in content["reasons"].items()}
    keys = [*content["reasons"], *(key for key in content["remarks"] if key not in content["reasons"])]
    return {
        key: MeasureTexts(
            {criterion: _sided(sides) for criterion, sides in content["reasons"].get(key, {}).items()},
            content["remarks"].get(key, ()),
        )
        for key in keys
    }


def fates_by_measure(content: Mapping[str, Any]) -> dict[str, str]:
    """What became of each measure, as a release of texts says it."""
    return {key: str(one["fate"]) for key, one in content["fates"].items()}


def _sided(sides: Mapping[str, Sequence[Words]]) -> SidedReasons:
    return SidedReasons(sides.get("high", ()), sides.get("low", ()), sides.get("other", ()))
