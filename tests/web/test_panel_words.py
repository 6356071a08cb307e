"""What the panel rated, in words: every figure in them is a count, whatever the panel."""

import re
from collections.abc import Iterator
from statistics import median

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.definition.scale import Band, Scale
from consult.services.answering.feedback_types import CriterionFeedback
from consult.web.forms.panel_words import panel_words

BANDS = (("low", 1, 3), ("middle", 4, 6), ("high", 7, 9))
NINE = Scale(min=1, max=9, bands=tuple(Band(**{"key": key, "from": start, "to": end}) for key, start, end in BANDS))
SPAN = re.compile(r"(\d+) of (\d+) rated (?:from )?(\d)(?: (?:or|to) (\d))?")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def quartile(ratings: list[int], part: float) -> float:
    """Type 7 of Hyndman and Fan (1996)."""
    place = (len(ratings) - 1) * part
    below = int(place)
    above = min(below + 1, len(ratings) - 1)
    return ratings[below] + (place - below) * (ratings[above] - ratings[below])


def feedback(counts: list[int]) -> CriterionFeedback:
    ratings = sorted(point for point, count in enumerate(counts, 1) for _ in range(count))
    return CriterionFeedback(
        n=len(ratings),
        median=median(ratings),
        q1=quartile(ratings, 0.25),
        q3=quartile(ratings, 0.75),
        counts=counts,
        own=None,
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([0, 0, 0, 0, 0, 0, 4, 8, 2], "12 of 14 rated 7 or 8, nobody below 7; median 8."),
        ([0, 1, 9, 2, 2, 0, 0, 0, 0], "11 of 14 rated 3 or 4; median 3."),
        (
            [1, 2, 2, 0, 0, 0, 3, 5, 1],
            "9 of 14 rated from 7 to 9, 5 of 14 rated from 1 to 3, nobody between; median 7.",
        ),
        ([2, 2, 1, 1, 0, 0, 3, 3, 2], "8 of 14 rated from 7 to 9, 5 of 14 rated from 1 to 3; median 7."),
        ([0, 0, 0, 0, 9, 0, 0, 0, 0], "9 of 9 rated 5; median 5."),
        ([0, 3, 9, 1, 0, 0, 0, 0, 0], "9 of 13 rated 3; median 3."),
        ([0, 0, 0, 2, 3, 9, 0, 0, 0], "12 of 14 rated 5 or 6, nobody above 6; median 6."),
    ],
)
def test_counts_in_words(counts: list[int], said: str) -> None:
    assert panel_words(feedback(counts), NINE) == said


def test_below_the_floor_there_is_the_median_or_nothing() -> None:
    few = CriterionFeedback(n=7, median=5.5, q1=None, q3=None, counts=None, own=3)
    assert panel_words(few, NINE) == "The median of 7 answers was 5.5."
    fewer = CriterionFeedback(n=None, median=None, q1=None, q3=None, counts=None, own=3)
    assert panel_words(fewer, NINE) == "Too few answered to show what the panel said."


@settings(max_examples=400, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=9, max_size=9).filter(lambda counts: sum(counts) >= 8))
def test_every_statement_is_true_of_the_counts(counts: list[int]) -> None:
    said = panel_words(feedback(counts), NINE)
    n, spans = sum(counts), SPAN.findall(said)
    assert 1 <= len(spans) <= 2, said
    for count, of, low, high in spans:
        assert int(of) == n and int(count) == sum(counts[int(low) - 1 : int(high or low)]), said
    if len(spans) == 1:
        assert 2 * int(spans[0][0]) >= n, "half or more of the panel"
    if below := re.search(r"nobody below (\d)", said):
        assert sum(counts[: int(below[1]) - 1]) == 0 and int(below[1]) > 1
    if above := re.search(r"nobody above (\d)", said):
        assert sum(counts[int(above[1]) :]) == 0 and int(above[1]) < 9
    assert ("nobody between" in said) == (len(spans) == 2 and sum(counts[3:6]) == 0)
