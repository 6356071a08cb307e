"""The tipping point of a verdict: against adding one rating after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.protocol.protocol import ConsensusRule, Quantiles, RoundClauses, ShareClause
from analysis.tables.histograms import Histogram
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import raw_verdict
from analysis.verdict.stopping import Tipping, tipping
from tests.analysis.consultation import NINE, histogram

PANELS = st.lists(st.integers(0, 12), min_size=9, max_size=9)


@given(PANELS, st.integers(0, 4))
def test_the_tipping_point_is_the_fewest_at_one_end(counts: list[int], gone: int) -> None:
    """Against trying: one fewer at either end changes nothing, as many do."""
    table, bench, rule = Histogram.of(counts, {}), ClauseContext(NINE, Quantiles(), 0), ConsensusRule()
    stands = raw_verdict(rule, table.counts, bench, 3)

    def with_added(added: int, place: int) -> str:
        wider = np.array(table.counts)
        wider[place] += added
        return raw_verdict(rule, wider, bench, 3)

    found = tipping(rule, bench, table.counts, gone, 3)
    least = next((t for t in range(1, gone + 1) if {with_added(t, 0), with_added(t, 8)} != {stands}), None)
    assert (found.gone, found.needed) == (gone, least)
    if least is not None:
        assert with_added(least, 0 if found.end == "low" else 8) == found.verdict != stands


@pytest.mark.parametrize(
    ("middle", "high", "gone", "expected"),
    [
        (5, 15, 0, Tipping(0, None, None, None)),
        (5, 15, 1, Tipping(1, 1, "low", "none")),  # 15 of 21 are below three quarters
        (5, 12, 2, Tipping(2, None, None, None)),  # 14 of 19 are
        (5, 12, 3, Tipping(3, 3, "high", "in")),  # 15 of 20 are not
        (5, 12, 9, Tipping(9, 3, "high", "in")),
    ],
)
def test_who_left_could_have_tipped_the_verdict(middle: int, high: int, gone: int, expected: Tipping) -> None:
    counts = histogram(*[5] * middle, *[8] * high).counts
    assert tipping(ConsensusRule(), ClauseContext(NINE, Quantiles(), 0), counts, gone, 3) == expected


def test_the_rule_of_its_round_tips() -> None:
    """With half enough in round 2, eleven of twenty are in until three more rate low."""
    half = (ShareClause("high", ">=", 1, 2),), (ShareClause("low", ">=", 1, 2),)
    rule = ConsensusRule(rounds=(RoundClauses(2, *half),))
    counts, bench = histogram(*[5] * 9, *[8] * 11).counts, ClauseContext(NINE, Quantiles(), 0)
    assert tipping(rule, bench, counts, 5, 2) == Tipping(5, 3, "low", "none")
    assert tipping(rule, bench, counts, 5, 3) == Tipping(5, None, None, None)
