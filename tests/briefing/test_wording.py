"""Sentences for codes and numbers: in people, complete, and never a bare code."""

import gettext

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.model.criterion import StabilityResult, VerdictNumbers
from analysis.model.figures import Tally
from analysis.model.reader import read
from analysis.model.stage import VariableResult
from analysis.protocol.protocol import Band, ConsensusRule, Protocol, Quantiles, Scale, presets
from analysis.result.blocks import centre
from analysis.tables.histograms import Histogram
from analysis.verdict.consensus import judge
from analysis.verdict.leaning import READINGS as CODES
from consult.words.missing import SUPPRESSED, missing_sentence
from consult.words.phrases import said
from consult.words.readings import READINGS
from consult.words.wording import (
    STABILITY,
    counted,
    middle_points,
    stability_sentence,
    verdict_reason,
    verdict_sentence,
)

ENGLISH = gettext.NullTranslations()
BANDS = {"low": "1–3", "middle": "4–6", "high": "7–9"}
SCALE = Scale("S", 1, 9, (Band("low", 1, 3), Band("middle", 4, 6), Band("high", 7, 9)))


@given(st.integers(0, 60), st.integers(0, 60))
def test_shares_only_from_twenty_answers_on(count: int, more: int) -> None:
    words = counted(count, count + more, ENGLISH)
    assert words.startswith(f"{count} of {count + more}")
    assert ("%" in words) == (count + more >= 20)


@pytest.mark.parametrize("rule", presets().values(), ids=list(presets()))
@given(counts=st.lists(st.integers(0, 9), min_size=9, max_size=9), absent=st.integers(0, 15))
def test_every_verdict_has_a_sentence(rule: ConsensusRule, counts: list[int], absent: int) -> None:
    table = Histogram.of(counts, {})
    verdict = judge(rule, SCALE, Quantiles(), table, table.n + absent, 3)
    words = verdict_sentence(verdict.code, verdict.numbers, ENGLISH, BANDS)
    start = {"in": "In:", "out": "Out:", "none": "No verdict:", "not_judged": "Not judged:"}
    assert words.startswith(start[verdict.verdict]) and words.endswith(".")
    assert "%(" not in words and "_" not in words


def test_thresholds_are_said_as_people() -> None:
    table = Histogram.of([1, 0, 1, 0, 0, 1, 5, 5, 5], {})
    verdict = judge(Protocol().consensus, SCALE, Quantiles(), table, 20, 3)
    assert verdict_sentence(verdict.code, verdict.numbers, ENGLISH, BANDS) == (
        "In: 15 of 18 rated it 7–9 (14 needed); 2 of 18 rated it 1–3 (at most 2 allowed)."
    )


def test_withheld_numbers_are_said_to_be_withheld() -> None:
    told = VerdictNumbers(n=6, respondents=9, needed=6, denominator="respondents")
    words = verdict_sentence("in", told, ENGLISH)
    assert "withheld" in words


def test_the_reason_stands_beside_the_verdict_without_saying_it_again() -> None:
    table = Histogram.of([0, 0, 0, 0, 0, 0, 6, 6, 6], {})
    verdict = judge(Protocol().consensus, SCALE, Quantiles(), table, 20, 3)
    words = verdict_reason(verdict.code, verdict.numbers, ENGLISH, BANDS)
    assert words.startswith("18 of 18 rated it 7–9 (14 needed)") and "In:" not in words


STABLE = {"within_one": 16, "pairs": 16}


def stability(state: str, codes: list[str], numbers: dict[str, int] | None) -> StabilityResult:
    content = {
        "state": state,
        "code": codes[0],
        "codes": codes,
        "numbers": numbers,
        "wilcoxon": None,
        "kappa_quadratic": None,
    }
    return read(StabilityResult, content)


@pytest.mark.parametrize(
    ("state", "codes", "numbers", "words"),
    [
        (
            "stable",
            ["stable"],
            STABLE,
            "Stable: ratings changed little since the round before. 16 of 16 stayed within 1 point.",
        ),
        (
            "moving",
            ["net_change"],
            STABLE,
            "Still moving: more changed band one way than the other than the rule allows, though 16 "
            "of 16 stayed within 1 point.",
        ),
        (
            "moving",
            ["share_within", "net_change"],
            {"within_one": 9, "pairs": 16},
            "Still moving: too many moved further than the rule allows; more changed band one way "
            "than the other than the rule allows; only 9 of 16 stayed within 1 point.",
        ),
        ("moving", ["median_shift"], {"pairs": 6}, "Still moving: the median moved by more than the rule allows."),
        ("not_assessed", ["rated_once"], None, "Stability not known: rated in one round only."),
    ],
)
def test_stability_never_contradicts_itself(
    state: str, codes: list[str], numbers: dict[str, int] | None, words: str
) -> None:
    assert stability_sentence(stability(state, codes, numbers), ENGLISH, 1) == words


def test_the_rule_says_how_far_people_may_move() -> None:
    found = stability("stable", ["stable"], STABLE)
    assert stability_sentence(found, ENGLISH, 5).endswith("16 of 16 stayed within 5 points.")


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9))
@example([0, 0, 0, 9, 0, 8, 9, 0, 9])
def test_the_middle_is_told_in_people_at_points_there_are(counts: list[int]) -> None:
    """At least half of the panel, at whole points, whatever lies between two quartiles."""
    known = centre(np.asarray(counts), SCALE, 7)
    found = middle_points(counts, 1, known.q1.value, known.q3.value)
    if sum(counts) == 0:
        assert found is None
        return
    assert found is not None
    count, low, high = found
    assert 2 * count >= sum(counts) and 1 <= low <= high <= 9
    assert count == sum(counts[low - 1 : high]) and counts[low - 1] and counts[high - 1]


def test_seven_and_a_quarter_is_said_as_seven_or_eight() -> None:
    assert middle_points([0, 0, 0, 0, 0, 0, 4, 8, 2], 1, 7.25, 8.0) == (12, 7, 8)
    assert middle_points([0, 0, 9, 0, 3, 0, 0, 0, 0], 1, 3.0, 3.5) == (9, 3, 3)
    assert middle_points([0, 0, 0, 9, 0, 8, 9, 0, 9], 1, 5.0, 8.0) == (35, 4, 9)


def tally(n: int, answered: int, suppressed: str | None, kind: type[Tally] = Tally) -> Tally:
    labels = {"labels": ("a", "b")} if kind is VariableResult else {}
    more = {"share_interval": "wilson", "shares": None} if kind is VariableResult else {}
    return kind(n=n, answered=answered, counts=None, no_answer=None, suppressed=suppressed, **labels, **more)


def test_nobody_and_withheld_are_told_apart() -> None:
    why = "median_below_floor"
    nobody = "Nobody answered this, or nobody was asked."
    assert missing_sentence(tally(0, 0, why), ENGLISH) == nobody
    assert "no opinion" in missing_sentence(tally(0, 3, why), ENGLISH)
    assert missing_sentence(tally(3, 3, why), ENGLISH) == "Not shown: too few answered for a median."
    ticked = tally(3, 3, why, VariableResult)
    assert missing_sentence(ticked, ENGLISH) == "Not shown: too few answered for a distribution."
    assert missing_sentence(tally(12, 12, None), ENGLISH) == missing_sentence(None, ENGLISH) == ""


def test_no_table_of_words_forgets_a_code() -> None:
    assert set(READINGS) == set(CODES)
    assert len(STABILITY) == 8 and len(SUPPRESSED) == 6
    assert said(READINGS, "a code of tomorrow", ENGLISH) == "a code of tomorrow"
