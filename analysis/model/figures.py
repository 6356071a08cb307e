"""The blocks that every part of a frozen result is made of. Loads neither numpy nor scipy.

Field by field what stands in its JSON: a field without a default is always there, one with a
default may be left out. The key is the field's name; where that is a word of Python,
``about`` says it. What ``about`` says of a field goes into the JSON Schema.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.protocol.states import NoAnswer


def about(text: str = "", key: str = "") -> Mapping[str, str]:
    """What a field means, and its key in JSON where that is not its name."""
    return {"about": text, "key": key}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Figures that stand together.

    ``suppressed``: the rule by which figures in it were withheld; they are None. ``reasons``: why
    a figure is undefined, by its key; ``<key>_reason`` in JSON.
    """

    suppressed: str | None = None
    reasons: Mapping[str, str | None] = field(default_factory=dict)


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
