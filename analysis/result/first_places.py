"""Which measures come first, and how sure: were the panel drawn again, would they still?

Needs rows, so it is computed once, when a stage closes, and frozen with the rest.
"""

from dataclasses import dataclass

from analysis.arrays import Floats
from analysis.model.stage import FirstPlaces
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


def first_result(protocol: Protocol, given: FirstInput | None) -> FirstPlaces | None:
    """By measure, the probability of being among the first ``pick`` under resampling of experts.

    ``by_share``: by share in the highest band, of those who rated each measure; ``by_picks``: by
    number of picks. None for more than 2,000 experts and where there is nothing to rank.
    """
    if given is None:
        return None
    pick = protocol.priorities.pick if protocol.priorities else 5
    by_share, by_picks = (_chances(scores, pick) for scores in (given.high, given.picked))
    if not by_share and not by_picks:
        return None
    return FirstPlaces(pick=pick, draws=DRAWS, by_share=by_share, by_picks=by_picks)


def _chances(scores: Scores | None, pick: int) -> dict[str, float] | None:
    if scores is None or not _is_rankable(scores):
        return None
    return dict(zip(scores.measures, top_share_probabilities(scores.values, pick), strict=True))
