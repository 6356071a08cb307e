"""Verdict and stability together: outcome, class, dissent and what is settled."""

import pytest

from analysis.protocol.protocol import Band, DissentRule, Quantiles, Scale
from analysis.statistics.appropriateness import ipras
from analysis.tables.histograms import Histogram
from analysis.verdict.outcome import is_dissent, is_settled, measure_class, outcome
from tests.analysis.consultation import NINE, histogram

SEVEN = Scale("seven", 1, 7, (Band("low", 1, 2), Band("middle", 3, 5), Band("high", 6, 7)))


def test_dissent_by_ipras_is_off_on_other_scales_unless_asked_for() -> None:
    """Its constant was validated on 1 to 9 only; on 1 to 7 a centred spread of 2 passes it."""
    quantiles, rule = Quantiles(), DissentRule()
    wide_on_nine = Histogram.of([0, 0, 0, 6, 1, 0, 0, 0, 6], {}).counts
    assert is_dissent(rule, NINE, quantiles, wide_on_nine), "one side is empty, and IPRAS objects"
    counts = Histogram.of([0, 3, 0, 4, 0, 3, 0], {}).counts
    assert bool(ipras(counts, 1, 7, 2).disagreement)
    assert not is_dissent(rule, SEVEN, quantiles, counts)
    assert is_dissent(DissentRule(ipras=True), SEVEN, quantiles, counts)
    assert not is_dissent(DissentRule(ipras=False), NINE, quantiles, wide_on_nine)


def test_outcome_and_class() -> None:
    assert outcome("in", "stable", False) == "agreed"
    assert outcome("in", "moving", False) == "still_moving"
    assert outcome("out", "stable", False) == "not_prioritised"
    assert outcome("none", "stable", True) == "stable_dissent"
    assert outcome("none", "stable", False) == "middling"
    assert outcome("not_judged", "stable", False) == "not_judged"
    assert outcome("in", "not_assessed", False) == "still_moving"
    assert measure_class("agreed", "agreed") == "act_now"
    assert measure_class("agreed", None) == "act_now"
    assert measure_class("agreed", "not_prioritised") == "prepare_hard"
    for disputed in ("middling", "stable_dissent", "still_moving", "not_judged"):
        assert measure_class("agreed", disputed) == "prepare_disputed"
    assert measure_class("stable_dissent", "agreed") == "contested"
    assert measure_class("not_prioritised", "agreed") == "low_priority"


@pytest.mark.parametrize(
    ("low", "middle", "high", "expected"),
    [(5, 5, 5, True), (5, 6, 4, False), (4, 6, 5, False), (8, 0, 7, True), (0, 0, 15, False), (0, 0, 0, False)],
)
def test_two_camps_are_a_third_each(low: int, middle: int, high: int, expected: bool) -> None:
    """RAND/UCLA (Fitch et al. 2001): a third of fifteen is five."""
    counts = histogram(*[2] * low, *[5] * middle, *[8] * high).counts
    assert is_dissent(DissentRule(ipras=False), NINE, Quantiles(), counts) is expected


def test_nobody_dissents_where_nobody_rated() -> None:
    assert is_dissent(DissentRule(ipras=True), NINE, Quantiles(), histogram().counts) is False


@pytest.mark.parametrize(
    ("verdicts", "stabilities", "round_number", "expected"),
    [
        (["in", "out"], ["stable", "stable"], 2, True),
        (["in", "out"], ["stable", "stable"], 3, True),
        (["in", "out"], ["stable", "stable"], 1, False),
        (["in", "none"], ["stable", "stable"], 2, False),
        (["in", "not_judged"], ["stable", "stable"], 2, False),
        (["in", "in"], ["stable", "moving"], 2, False),
        (["in", "in"], ["not_assessed", "stable"], 2, False),
        ([], [], 2, False),
    ],
)
def test_settled_is_decided_and_stable_from_the_round_the_protocol_names(
    verdicts: list[str], stabilities: list[str], round_number: int, expected: bool
) -> None:
    assert is_settled(verdicts, stabilities, round_number, first=2) is expected
