"""Readings, classes and what would change them: words that the counts make true."""

import gettext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.criterion import CriterionResult
from analysis.model.stage import MeasureResult
from analysis.protocol.protocol import Protocol
from analysis.result.stage import stage_result
from analysis.result.stage_input import MeasureInput, StageInput
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from consult.definition.measure import Criterion, Measures
from consult.words.certainty import Redraws, stopped, what_would_change
from consult.words.readings import Classes, reading_words, sides_sentence
from tests.briefing.made import definition

ENGLISH = gettext.NullTranslations()
BANDS = {"low": "1–3", "middle": "4–6", "high": "7–9"}
RULES: Protocol = definition("ndpc-2020").rules
ENDS = RULES.dissent.bands


def found(low: int, middle: int, high: int, respondents: int | None = None) -> CriterionResult:
    """A measure rated the same way twice, on importance, as a frozen result holds it."""
    counts = [0, low, 0, 0, middle, 0, 0, high, 0]
    pairs = PairTable.from_rows(((at, at, n) for at, n in enumerate(counts)), 9)
    measure = MeasureInput("M01", {"importance": Histogram.of(counts, {})}, {"importance": pairs}, None, 2)
    taken = {"submitted": respondents or sum(counts)}
    given = StageInput("round-2", "round", 2, taken, measures=(measure,))
    return stage_result(RULES, given).measures["M01"].criteria["importance"]


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ((0, 5, 11), "nearly agreed, 1 rating short"),
        ((0, 10, 1), "no agreement either way"),
        ((7, 4, 0), "leaning low"),
        ((6, 0, 10), "lasting disagreement"),
        ((0, 2, 14), "agreed"),
    ],
)
def test_what_was_disputed_has_words_of_its_own(panel: tuple[int, int, int], words: str) -> None:
    assert reading_words(found(*panel), RULES.dissent, ENGLISH) == words


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_disagreement_names_people_on_both_sides(low: int, middle: int, high: int) -> None:
    if low + middle + high == 0:
        return
    block = found(low, middle, high)
    words = sides_sentence(block, RULES.dissent, BANDS, ENGLISH)
    said = reading_words(block, RULES.dissent, ENGLISH)
    assert bool(words) == (said == "lasting disagreement")
    if words:
        assert low and high and f"{low} of {block.n}" in words and f"{high} of" in words


@pytest.mark.parametrize(
    ("panel", "before", "words"),
    [
        ((0, 3, 13), (), "2 ratings would have to change"),
        ((0, 3, 13), (16, 16), "2 ratings would have to change"),
        (
            (0, 3, 13),
            (20, 18),
            "2 ratings would have to change; “no verdict” if 2 of the 4 who stopped had rated it lowest",
        ),
        (
            (0, 0, 16),
            (18, 16),
            "3 ratings would have to change; it would stand even if all 2 who stopped had rated it lowest or highest",
        ),
        (
            (0, 5, 11),
            (17, 16),
            "1 rating short of “in”; it would stand even if the 1 who stopped had rated it lowest or highest",
        ),
        ((0, 4, 11), (18,), "1 rating short of “in”; “in” if 1 of the 3 who stopped had rated it highest"),
        ((0, 16, 0), (), "nobody rated it high or low"),
        ((8, 0, 8), (), "6 ratings short of “in or out”"),
        ((0, 2, 3), (9,), "not judged"),
    ],
)
def test_what_would_change_a_result_is_one_statement(
    panel: tuple[int, int, int], before: tuple[int, ...], words: str
) -> None:
    """Those who stopped since the fullest round, not since the round before only."""
    block = found(*panel)
    missing = stopped(RULES, "importance", block, before, 2)
    assert what_would_change(block, ENDS, ENGLISH, missing) == words


def test_redraws_belong_to_the_statement() -> None:
    words = what_would_change(found(0, 3, 13), ENDS, ENGLISH, None, Redraws(5, 56))
    assert words.endswith("; among the first 5 in 56 of 100 panels drawn again")


def rated(**criteria: CriterionResult) -> MeasureResult:
    return MeasureResult(rounds_rated=2, criteria=criteria, heading=None, settled=False)


def _classes(*own: dict[str, Any]) -> Classes:
    criteria = tuple(
        Criterion(
            key=key,
            label={"en": key.capitalize()},
            question={"en": "?"},
            scale="S",
            decides=key == "importance",
            **words,
        )
        for key, words in zip(("importance", "feasibility"), own, strict=False)
    )
    content = Measures.model_construct(criteria=criteria, themes=(), measures=())
    return Classes(content, RULES.dissent, ENGLISH, lambda words: (words or {})["en"])


@pytest.mark.parametrize(
    ("feasibility", "words"),
    [
        ((0, 2, 14), "Importance: agreed; Feasibility: agreed"),
        ((0, 5, 11), "Importance: agreed; Feasibility: nearly agreed, 1 rating short"),
        ((14, 2, 0), "Importance: agreed; Feasibility: agreed as low"),
        ((6, 0, 10), "Importance: agreed; Feasibility: lasting disagreement"),
    ],
)
def test_a_class_says_what_its_figures_say(feasibility: tuple[int, int, int], words: str) -> None:
    measure = rated(importance=found(0, 2, 14), feasibility=found(*feasibility))
    assert _classes({}, {}).words(measure) == words


def test_a_consultation_may_name_its_classes() -> None:
    named = _classes(
        {"agreed": {"en": "important"}},
        {"agreed": {"en": "startable by 2024"}, "agreed_low": {"en": "unlikely by 2024"}},
    )
    high, low = found(0, 2, 14), found(14, 2, 0)
    assert named.words(rated(importance=high, feasibility=high)) == "important; startable by 2024"
    assert named.words(rated(importance=high, feasibility=low)) == "important; unlikely by 2024"
    assert named.words(rated(importance=low, feasibility=high)) == "not prioritised"
    assert _classes({}).words(rated(importance=high)) == "Importance: agreed"
