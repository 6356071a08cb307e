"""Answers in words: labels where every point has one, numbers where only some do, one's own words at their place."""

import pytest

from consult.definition.choosing import RoutingContext
from consult.definition.loader import load
from consult.definition.routing import ask
from consult.places import data_folder
from consult.services.answering.rating_questions import rating_questions
from consult.web.forms.rendering import RenderContext
from consult.web.forms.summary import answer_words

NDPC = load(data_folder("questionnaires") / "ndpc-2020")


def words(key: str, inputs: dict[str, list[str]]) -> list[str]:
    """What a question of the first questionnaire reads as, line by line."""
    sheet = NDPC.questionnaire_of("pre-event")
    assert sheet is not None
    question = next(one for one in sheet.questions() if one.key == key)
    asked = ask(question, RoutingContext(NDPC, inputs, {}, {}, seed="s"))
    assert asked is not None
    return answer_words(asked, rendering(inputs)).splitlines()


def rendering(inputs: dict[str, list[str]]) -> RenderContext:
    return RenderContext("en", ("en", "ru"), "Europe/Riga", {}, inputs)


@pytest.mark.parametrize(("point", "told"), [("0", "No change"), ("3", "Much more")])
def test_a_scale_with_a_label_at_every_point_is_told_in_labels(point: str, told: str) -> None:
    assert words("PRE-21", {"PRE-21": [point]}) == [told]


@pytest.mark.parametrize(("point", "told"), [("9", "9 (Of the highest importance)"), ("8", "8")])
def test_a_scale_with_labels_at_some_points_is_told_in_numbers(point: str, told: str) -> None:
    asked = next(one for one in rating_questions(NDPC, "M01") if one.key == "M01.importance")
    assert answer_words(asked, rendering({"M01.importance": [point]})) == told


def test_ones_own_option_stands_at_its_place_in_ones_own_words() -> None:
    first = NDPC.lists["driver"][0]
    inputs = {"PRE-26.1": [first.key], "PRE-26.2": ["own"], "PRE-26.own": ["A big client asks"]}
    assert words("PRE-26", inputs) == [f"First: {first.label['en']}", "Second: A big client asks"]
