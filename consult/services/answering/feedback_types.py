"""What is fed back to one expert about one measure: types alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.definition.asked import NO
from consult.released_texts import NO_REASONS, SidedReasons, Words
from consult.services.measures.measures import Wording


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """The panel's ratings of one measure under one criterion, in the round before, and why.

    `own_words`: the kind of no-answer that the reader gave instead of a rating. `is_explained`: the
    reader gave a reason for the own rating before.
    """

    n: int | None
    median: float | None
    q1: float | None
    q3: float | None
    counts: Sequence[int] | None
    own: int | None
    own_words: str | None = None
    reasons: SidedReasons = NO_REASONS
    is_explained: bool = False

    @property
    def kept(self) -> str | None:
        """What keeping it answers, as it is typed; None where there is nothing to keep."""
        if self.own is not None:
            return str(self.own)
        return f"{NO}{self.own_words}" if self.own_words is not None else None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything shown beside one measure; `result`: the name of the frozen result it is of."""

    result: str
    form: str
    criteria: Mapping[str, CriterionFeedback]
    remarks: Sequence[Words]
    former: Wording | None
    is_pairable: bool
    groups: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
