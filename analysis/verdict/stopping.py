"""What those who stopped taking part could have changed, from the counts of those who stayed."""

from typing import NamedTuple

from analysis.protocol.protocol import ConsensusRule
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import raw_verdict


class Tipping(NamedTuple):
    """How few of those who stopped would have given another verdict by rating at one end.

    ``needed``: the fewest, all at ``end`` (``low`` or ``high``), and the ``verdict`` there would
    be; all three None where not even all ``gone`` of them at either end would do.
    """

    gone: int
    needed: int | None
    end: str | None
    verdict: str | None


def tipping(
    rule: ConsensusRule, context: ClauseContext, counts: Counts, gone: int, round_number: int | None
) -> Tipping:
    """The tipping point of a verdict: bounds instead of guesses about who is missing.

    Ratings are added at the ends of the scale only, as in the worst and the best case; the lower
    end is named where both do.
    """
    stands = raw_verdict(rule, counts, context, round_number)
    for added in range(1, gone + 1):
        for end, place in (("low", 0), ("high", -1)):
            wider = counts.copy()
            wider[place] += added
            verdict = raw_verdict(rule, wider, context, round_number)
            if verdict != stands:
                return Tipping(gone, added, end, verdict)
    return Tipping(gone, None, None, None)
