"""Which measures come first, and how sure: were the panel drawn again, would they still?

Needs rows, so it is computed once, when a stage closes, and frozen with the rest.
"""

from dataclasses import dataclass
from typing import Any

from analysis.arrays import Floats
from analysis.protocol.protocol import Protocol
from analysis.statistics.top import DRAWS, top_share_probabilities

LARGEST_PANEL = 2_000
"""Above this many experts the draws would take longer than they tell: chance is small there."""


@dataclass(frozen=True, eq=False)
class Scores:
    """One row per expert, one column per measure, in no order that means anything.

    ``values``: 1 or 0 (rated in the highest band; picked), NaN where the expert did not rate it.
    """

    measures: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, eq=False)
class FirstInput:
    """Who rated what high under the deciding criterion, and who picked what as a priority."""

    high: Scores | None = None
    picked: Scores | None = None


def _is_rankable(scores: Scores) -> bool:
    experts, measures = scores.values.shape
    return bool(measures > 1 and 1 < experts <= LARGEST_PANEL)


def first_result(protocol: Protocol, given: FirstInput | None) -> dict[str, Any] | None:
    """By measure, the probability of being among the first ``pick`` under resampling of experts.

    ``by_share``: by share in the highest band, of those who rated each measure; ``by_picks``: by
    number of picks. None for more than 2,000 experts and where there is nothing to rank.
    """
    pick = protocol.priorities.pick if protocol.priorities else 5
    result: dict[str, Any] = {"pick": pick, "draws": DRAWS, "by_share": None, "by_picks": None}
    if given is None:
        return None
    if given.high is not None and _is_rankable(given.high):
        chances = top_share_probabilities(given.high.values, pick)
        result["by_share"] = dict(zip(given.high.measures, chances, strict=True))
    if given.picked is not None and _is_rankable(given.picked):
        chances = top_share_probabilities(given.picked.values, pick)
        result["by_picks"] = dict(zip(given.picked.measures, chances, strict=True))
    return result if result["by_share"] or result["by_picks"] else None
