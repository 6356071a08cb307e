"""Sentences for codes and numbers: in people, complete, and never a bare code."""

import gettext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.consensus import judge
from analysis.protocol import Band, ConsensusRule, Protocol, Quantiles, Scale, presets
from analysis.tables import Histogram
from consult.briefing.wording import (
    CLASSES,
    OUTCOMES,
    STABILITY,
    SUPPRESSED,
    certainty,
    counted,
    said,
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
    words = verdict_sentence(verdict["code"], verdict["numbers"], ENGLISH, BANDS)
    start = {"in": "In:", "out": "Out:", "none": "No verdict:", "not_judged": "Not judged:"}
    assert words.startswith(start[verdict["verdict"]]) and words.endswith(".")
    assert "%(" not in words and "_" not in words


def test_thresholds_are_said_as_people() -> None:
    table = Histogram.of([1, 0, 1, 0, 0, 1, 5, 5, 5], {})
    verdict = judge(Protocol().consensus, SCALE, Quantiles(), table, 20, 3)
    assert verdict_sentence(verdict["code"], verdict["numbers"], ENGLISH, BANDS) == (
        "In: 15 of 18 rated it 7–9 (14 needed); 2 of 18 rated it 1–3 (at most 2 allowed)."
    )


def test_withheld_numbers_are_said_to_be_withheld() -> None:
    words = verdict_sentence("in", {"n": 6, "respondents": 9, "needed": 6}, ENGLISH)
    assert "withheld" in words


@pytest.mark.parametrize(
    ("verdict", "margin", "outcome", "words"),
    [
        ("in", 3, "agreed", "firm: 3 votes would have to change"),
        ("in", 1, "agreed", "one vote from failing"),
        ("none", 1, "middling", "one vote short"),
        ("none", 4, "stable_dissent", "divided"),
        ("not_judged", None, "not_judged", "not judged"),
        ("in", 3, "still_moving", "still moving"),
        ("none", None, "middling", "margin not known"),
    ],
)
def test_certainty_in_words(verdict: str, margin: int | None, outcome: str, words: str) -> None:
    block = {"verdict": {"verdict": verdict, "margin": margin}, "outcome": outcome}
    assert certainty(block, ENGLISH) == words


def test_no_table_of_words_forgets_a_code() -> None:
    assert set(OUTCOMES) == {
        "agreed", "not_prioritised", "middling", "stable_dissent", "still_moving", "not_judged"
    }  # fmt: skip
    assert {"act_now", "prepare_hard", "prepare_disputed", "contested"} <= set(CLASSES)
    assert len(STABILITY) == 7 and len(SUPPRESSED) == 6
    assert said(OUTCOMES, "a code of tomorrow", ENGLISH) == "a code of tomorrow"
