"""What stands in the log when something fails: kind and place, nothing that a person typed."""

import logging

import pytest
from sqlalchemy import text

from tests.web.visiting import Library, page

CANARY = "canary-of-an-answer-7c1"


def test_an_insert_that_fails_leaves_no_answer_in_the_log(
    first_look: Library, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = first_look.browser(13)
    browser.open(page("first-look", "budget"))
    first_look.app.testing = False
    with first_look.database.writing() as session:
        session.execute(text("CREATE TRIGGER seeded BEFORE INSERT ON draft BEGIN SELECT RAISE(ABORT, 'seeded'); END"))
    with caplog.at_level(logging.INFO):
        browser.press("go", "next", {"missing": CANARY})
    said = caplog.text + "".join(capfd.readouterr())
    assert browser.status == 500 and CANARY in browser.text
    assert "IntegrityError" in said and "saving.py" in said
    assert CANARY not in said


def test_an_error_of_any_kind_is_noted_without_its_text(
    first_look: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*given: object, **named: object) -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"no {CANARY}") from error

    first_look.app.testing = False
    link = first_look.link(13)
    monkeypatch.setattr("consult.services.access.invitations.find", fail)
    browser = first_look.browser()
    assert browser.open(link) == 500
    assert CANARY not in caplog.text and link not in caplog.text
    assert "KeyError\nwhich led to\n" in caplog.text and "ValueError" in caplog.text
    assert "enter.landing" in caplog.text
