"""What the landing says of who sees what follows from the questions: some go to the secretariat by name, or none."""

from pathlib import Path

import pytest

from tests.browser.holding import definition, held_at
from tests.web.visiting import open_library

BY_NAME = "A few questions go to the secretariat with your name; each says so."


@pytest.mark.parametrize(("stage", "is_said"), [("pre-event", True), ("round-3", False)])
def test_it_is_said_while_a_stage_with_such_a_question_is_ahead(tmp_path: Path, stage: str, is_said: bool) -> None:
    with held_at(tmp_path, stage) as held, held.during(stage):
        text = held.app.test_client().get(held.link(1)).text
        later = [one.key for one in definition().stages if not held.stage(one.key).closed_at]
    sheets = [sheet for key in later if (sheet := definition().questionnaire_of(key))]
    asks = any(one.recipient == "secretariat" for sheet in sheets for one in sheet.questions())
    assert "never how anybody rated" in text
    assert (BY_NAME in text) is asks is is_said


def test_where_no_question_is_addressed_to_it_nothing_is_said(tmp_path: Path) -> None:
    with open_library(tmp_path, "round-1") as library:
        text = library.app.test_client().get(library.link(1)).text
    assert "never how anybody rated" in text and BY_NAME not in text
