"""What may be said of counts: no side that is empty, no movement nobody measured."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.criterion import CriterionResult
from analysis.protocol.protocol import ConsensusRule, DissentRule, Quantiles, presets
from analysis.protocol.rules import StabilityRule
from analysis.protocol.states import StabilityState
from analysis.result.blocks import band_shares
from analysis.result.judging import stability_result
from analysis.result.stage import stage_result
from analysis.tables.histograms import Histogram
from analysis.verdict.consensus import judge
from analysis.verdict.leaning import CLASS_READINGS, READINGS, class_reading, is_divided, leaning, reading
from tests.analysis.consultation import NINE, PROTOCOL, measure, stage

THIRD = (1, 3)
PANELS = st.lists(st.integers(0, 12), min_size=9, max_size=9)


ANY = stage_result(PROTOCOL, stage(measure("M01", [5] * 20))).measures["M01"]


def block(counts: list[int], state: str = "stable", rule: ConsensusRule | None = None) -> CriterionResult:
    """As a result holds it: n, shares, verdict and stability are those of these ratings."""
    table = Histogram.of(counts, {})
    verdict = judge(rule or ConsensusRule(), NINE, Quantiles(), table, table.n, 3)
    found = ANY.criteria["importance"]
    return replace(
        found,
        n=table.n,
        shares=band_shares(table.counts, NINE),
        verdict=verdict,
        stability=replace(found.stability, state=StabilityState(state)),
    )


def said(low: int, middle: int, high: int, state: str = "stable") -> str:
    return reading(block([0, low, 0, 0, middle, 0, 0, high, 0], state), DissentRule())


@pytest.mark.parametrize(
    ("low", "middle", "high", "code"),
    [
        (0, 5, 11, "nearly_in"),  # 11 of 16 high, nobody low, one short
        (0, 10, 1, "uncertain"),
        (7, 4, 0, "leaning_out"),  # 7 of 11 low, two short
        (6, 0, 10, "divided"),
        (9, 1, 6, "divided"),
        (0, 16, 0, "uncertain"),
        (5, 1, 12, "leaning_in"),
        (14, 5, 0, "nearly_out"),
        (1, 0, 17, "agreed"),
        (17, 0, 1, "not_prioritised"),
        (0, 2, 3, "not_judged"),
    ],
)
def test_counts_have_words_of_their_own(low: int, middle: int, high: int, code: str) -> None:
    assert said(low, middle, high) == code


@given(PANELS, st.integers(0, 5), st.integers(1, 8))
def test_a_panel_with_an_empty_side_is_never_divided(counts: list[int], part: int, more: int) -> None:
    """Whatever the rule's share, and though IPRAS may call such a panel disagreement."""
    share = (part, part + more)
    one_sided = [*counts[:6], 0, 0, 0]
    for panel in (one_sided, one_sided[::-1]):
        found = Histogram.of(panel, {})
        low, high = (int(found.counts[at].sum()) for at in (slice(0, 3), slice(6, 9)))
        assert not is_divided(low, high, found.n, share)
        assert reading(block(panel), DissentRule(share)) != "divided"


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_divided_needs_the_share_on_both_sides(low: int, middle: int, high: int) -> None:
    n = low + middle + high
    expected = low > 0 and high > 0 and 3 * low >= n and 3 * high >= n
    assert is_divided(low, high, n, THIRD) is expected


@given(PANELS, st.sampled_from(sorted(presets())))
def test_every_panel_has_a_reading_and_mirrored_the_mirrored_one(counts: list[int], name: str) -> None:
    mirror = {"agreed": "not_prioritised", "nearly_in": "nearly_out", "leaning_in": "leaning_out"}
    mirror |= {there: here for here, there in mirror.items()}
    rule = presets()[name]
    found = reading(block(counts, rule=rule), DissentRule())
    assert found in READINGS
    back = reading(block(counts[::-1], rule=rule), DissentRule())
    assert back == mirror.get(found, found)


@pytest.mark.parametrize("both", [(0, 0, 18), (0, 5, 11), (6, 0, 10)])
def test_what_nobody_measured_has_not_moved(both: tuple[int, int, int]) -> None:
    assert said(*both, state="not_assessed") == "stability_unknown"
    assert said(*both, state="moving") == "still_moving"
    once = stability_result(StabilityRule(), NINE, None, 1)
    found = replace(block([0] * 8 + [18]), stability=once)
    assert reading(found, DissentRule()) == "stability_unknown"


def test_withheld_shares_lean_nowhere() -> None:
    found = block([0, 0, 0, 0, 16, 0, 0, 0, 0])
    assert reading(replace(found, shares=None), DissentRule()) == "no_verdict"


def test_equal_sides_lean_nowhere() -> None:
    assert leaning(4, 4, 20, (9, 9), (1, 2)) == "uncertain"
    assert leaning(0, 8, 16, (5, 12), THIRD) == "leaning_in"  # half is enough
    assert leaning(0, 7, 16, (5, 12), THIRD) == "uncertain"


def test_a_wide_spread_with_an_empty_side_is_not_divided() -> None:
    """IPRAS calls it disagreement (``test_outcome``), and nobody rated low."""
    assert reading(block([0, 0, 0, 6, 1, 0, 0, 0, 6]), DissentRule()) == "uncertain"


@pytest.mark.parametrize(
    ("n", "short", "code"),
    [
        (20, (2, 9), "nearly_in"),  # one in ten
        (20, (3, 9), "uncertain"),
        (29, (3, 9), "uncertain"),
        (30, (3, 9), "nearly_in"),
        (5, (1, 4), "nearly_in"),  # a single one of however few
        (5, (2, 4), "uncertain"),
        (20, (9, 2), "nearly_out"),
        (20, (2, 2), "uncertain"),  # as near to both is near to none
        (20, (None, 2), "nearly_out"),
        (20, (None, None), "uncertain"),
    ],
)
def test_nearly_is_one_in_ten(n: int, short: tuple[int | None, int | None], code: str) -> None:
    assert leaning(1, 1, n, short, THIRD) == code


def test_classes_are_made_of_readings() -> None:
    assert class_reading("agreed", None) == class_reading("agreed", "agreed") == "act_now"
    assert class_reading("agreed", "not_prioritised") == "prepare_hard"
    assert class_reading("not_prioritised", "agreed") == "low_priority"
    for one in READINGS:
        assert class_reading(one, "uncertain") in CLASS_READINGS
        if one not in ("agreed", "not_prioritised"):
            assert class_reading("agreed", one) == "prepare_open"
            assert class_reading(one, "agreed") == one
