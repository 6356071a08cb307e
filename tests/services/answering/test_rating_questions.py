"""What is asked about one measure: for each criterion a rating and why, a remark, the wording."""

from consult.services.answering.rating_questions import rating_questions
from tests.services.conftest import reworked, town_library


def test_a_measure_is_rated_on_every_criterion_and_commented() -> None:
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["measures"]
    second = {"key": "cost", "label": "Cost", "question": "How dear would it be?", "scale": "WISH5"}
    content |= {
        "criteria": [*content["criteria"], second],
        "unclear": {"text": "What is unclear?", "hint": "Words only", "max_length": 90},
    }
    found = rating_questions(reworked(town_library(), measures=content), "L1")
    assert [(item.key, item.type) for item in found] == [
        ("L1.wish", "scale"),
        ("L1.wish.reason", "text"),
        ("L1.cost", "scale"),
        ("L1.cost.reason", "text"),
        ("L1.comment", "text"),
        ("L1.unclear", "text"),
    ]
    wish, _, cost, why, comment, unclear = found
    assert not any(item.question.required for item in found), "a rating left out is a gap, and holds nothing back"
    assert wish.scale is not None and list(wish.scale.points) == [1, 2, 3, 4, 5]
    assert (cost.question.text, why.question.text, comment.question.text) == (
        {"en": "How dear would it be?"},
        {"en": "Cost: Why do you see it this way?"},
        {"en": "Why do you see it this way?"},
    ), "without a prompt of its own a remark is asked for as a reason is"
    lengths = [getattr(item.question, "max_length", None) for item in (comment, unclear)]
    assert (lengths, unclear.question.hint) == ([400, 90], {"en": "Words only"})


def test_a_remark_has_a_prompt_of_its_own() -> None:
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["measures"]
    content |= {"remark": {"text": "A word on the whole", "max_length": 70}}
    found = {item.key: item.question for item in rating_questions(reworked(town_library(), measures=content), "L1")}
    assert found["L1.comment"].text == {"en": "A word on the whole"}
    assert found["L1.wish.reason"].text["en"].endswith("Why do you see it this way?")


def test_what_is_not_prompted_for_is_not_asked() -> None:
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["measures"]
    del content["comment"]
    found = rating_questions(reworked(town_library(), measures=content), "L2")
    assert [item.key for item in found] == ["L2.wish"]


def test_each_definition_and_measure_has_its_own_questions() -> None:
    """They are kept: what is kept of one must not be given for another."""
    one, other = town_library(), reworked(town_library())
    assert rating_questions(one, "L1") is rating_questions(one, "L1")
    assert rating_questions(one, "L2")[0].key == "L2.wish"
    assert rating_questions(other, "L1") is not rating_questions(one, "L1")
