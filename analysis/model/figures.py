"""The blocks that every part of a frozen result is made of. Loads neither numpy nor scipy.

Field by field what stands in its JSON: a field without a default is always there, one with a
default may be left out. The key is the field's name; where that is a word of Python,
``about`` says it. What ``about`` says of a field goes into the JSON Schema.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, NamedTuple, TypeVar

from analysis.protocol.states import NoAnswer

B = TypeVar("B", bound="Block")


def about(text: str = "", key: str = "") -> Mapping[str, str]:
    """What a field means, and its key in JSON where that is not its name."""
    return {"about": text, "key": key}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Figures that stand together.

    ``suppressed``: the rule by which figures in it were withheld; they are None. ``reasons``: why
    a figure is undefined, by its key; ``<key>_reason`` in JSON. ``nulls``: keys that may be left
    out and stand in JSON as null, without a reason.
    """

    suppressed: str | None = None
    reasons: Mapping[str, str | None] = field(default_factory=dict)
    nulls: frozenset[str] = frozenset()

    def has(self, part: "Part") -> bool:
        """Whether the part stands in JSON, be it as null."""
        known = part.key in self.nulls or part.key in self.reasons
        return known or not part.is_optional or getattr(self, part.name) is not None


class Part(NamedTuple):
    """One figure of a block: its name here, its key in JSON, what it means, whether it may be left out."""

    name: str
    key: str
    about: str
    is_optional: bool


_PARTS: dict[type[Block], tuple[Part, ...]] = {}
"""What was asked for once, by model."""


def parts_of(block: type[Block]) -> tuple[Part, ...]:
    """What stands in a block's JSON, in the order of its fields; ``reasons`` and ``nulls`` are no figures."""
    if block not in _PARTS:
        _PARTS[block] = tuple(
            Part(
                name=one.name,
                key=one.metadata.get("key") or one.name,
                about=one.metadata.get("about", ""),
                is_optional=one.default is not MISSING or one.default_factory is not MISSING,
            )
            for one in fields(block)
            if one.name not in ("reasons", "nulls")
        )
    return _PARTS[block]


def shared(block: Block, kind: type[Block]) -> dict[str, Any]:
    """What a block says in the fields of a model that it extends: to make another one that does."""
    return {one.name: getattr(block, one.name) for one in fields(kind)}


def withheld(block: B, names: Iterable[str], code: str) -> B:
    """The block with None in place of those of these figures that stand in it, and why."""
    wanted = frozenset(names)
    taken = [part for part in parts_of(type(block)) if part.name in wanted and block.has(part)]
    nulls = {part.key for part in taken if part.is_optional and part.key not in block.reasons}
    without = dict.fromkeys(part.name for part in taken)
    return replace(block, **without, suppressed=code, nulls=block.nulls | nulls)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleEnds(Block):
    """The scale that was rated on."""

    key: str
    lo: int
    hi: int
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainShare(Block):
    """A count of ``n``."""

    count: int
    n: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(PlainShare):
    """A count of ``n`` with the ends of its 95 % interval (Wilson)."""

    low: float | None
    high: float | None
    wilson: tuple[float, float] | None


Shares = Mapping[str, Share]
"""By band, or by label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Block):
    """How many chose what."""

    n: int = field(metadata=about("How many chose a value."))
    answered: int = field(metadata=about("How many chose a value or withheld an opinion."))
    counts: tuple[int, ...] | None = field(metadata=about("By point, lowest first, or by label."))
    no_answer: Mapping[NoAnswer, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wilcoxon(Block):
    """Signed-rank test of a change; ``p_holm`` is adjusted over all of its family."""

    statistic: float | None
    p: float | None
    method: str
    p_holm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificanceTest(Block):
    """A test of a difference; adjusted over its family (Holm; Benjamini and Hochberg)."""

    statistic: float | None
    df: float | None
    p: float | None
    method: str | None
    reason: str | None = None
    p_holm: float | None = None
    p_bh: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval(Block):
    """A figure and the ends of its 95 % interval."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient(Interval):
    """A coefficient of agreement; ``error`` is its standard error over measures."""

    error: float | None
