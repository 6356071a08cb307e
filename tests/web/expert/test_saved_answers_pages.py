"""That saved answers count at the close is said where one agrees, on every page and in mails, and chosen there."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Consultation, Draft, Stage, Submission
from consult.services.rounds import stages
from consult.services.running import stage_acts
from tests.services.answering.saved import MEASURES, counting
from tests.web.expert.beside import OTHER, first_round
from tests.web.visiting import Browser, Library, open_library

ROUND = f"/c/{OTHER}/stage/round-1"
COUNTS = "If you do not submit, pages you went on from count when the round closes"
COUNTS_NOT = "Only what you submit will count."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-2") as opened:
        yield opened


def times(library: Library) -> tuple[datetime, datetime]:
    with library.database.reading() as session:
        made = session.scalars(select(Consultation).filter_by(slug=OTHER)).one()
        stage = stages.find_stage(session, made.id, "round-1")
        return stage.opens_at, stage.closes_at


@pytest.fixture
def browser(library: Library) -> Iterator[Browser]:
    """The first of three experts in a first round whose saved answers count."""
    with first_round(library, counting()) as found:
        yield found


def drafts(library: Library) -> dict[str, list[str]]:
    with library.database.reading() as session:
        found = session.execute(
            select(Draft.name, Draft.values)
            .join(Stage, Stage.id == Draft.stage_id)
            .join(Consultation, Consultation.id == Stage.consultation_id)
            .where(Consultation.slug == OTHER)
        )
        return {name: values for name, values in found if values}


def close(library: Library) -> None:
    with library.database.writing() as session:
        made = session.scalars(select(Consultation).filter_by(slug=OTHER)).one()
        stage_acts.close_stage(session, made, stages.find_stage(session, made.id, "round-1"), actor="t", reason="Now.")


def rate_all(browser: Browser) -> None:
    for measure in MEASURES:
        browser.open(f"{ROUND}/{measure}")
        browser.press("go", "next", {f"{measure}.wish": "5"})


def test_it_is_said_where_one_agrees(library: Library, browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/consent")
    assert "Saved answers may count" in browser.text


@pytest.mark.parametrize("where", ["L1", "review"])
def test_it_is_said_on_every_page_and_chosen_there(library: Library, browser: Browser, where: str) -> None:
    browser.open(f"{ROUND}/{where}")
    assert COUNTS in browser.text
    browser.press("go", "do-not-count")
    assert browser.path == f"{ROUND}/{where}"
    assert COUNTS_NOT in browser.text and COUNTS not in browser.text
    assert drafts(library)["do_not_count"] == ["yes"]
    browser.press("go", "count")
    assert COUNTS in browser.text and "do_not_count" not in drafts(library)


def test_what_was_typed_on_the_page_is_kept_by_that_press(library: Library, browser: Browser) -> None:
    browser.open(f"{ROUND}/L1")
    browser.press("go", "do-not-count", {"L1.wish": "4"})
    assert drafts(library)["L1.wish"] == ["4"]


def test_after_the_close_it_is_said_and_there_is_no_receipt(library: Library, browser: Browser) -> None:
    rate_all(browser)
    browser.open(f"/c/{OTHER}/")
    assert "Everything is answered." in browser.text and "It counts once" not in browser.text
    _, closes = times(library)
    with clock.set_to(closes):
        close(library)
        browser.open(f"/c/{OTHER}/")
        assert "Not submitted: the pages you went on from counted when the round closed." in browser.text
        assert f"{ROUND}/receipt" not in browser.text
        assert browser.open(f"{ROUND}/receipt") == 404
        browser.open(f"/c/{OTHER}/my-data")
        assert "saved, counted at the close" in browser.text


def test_once_submitted_nothing_is_said(library: Library, browser: Browser) -> None:
    rate_all(browser)
    browser.open(f"{ROUND}/review")
    browser.press("go", "submit")
    browser.open(f"{ROUND}/L1")
    assert COUNTS not in browser.text and COUNTS_NOT not in browser.text


def test_a_choice_that_comes_too_late_is_refused(library: Library, browser: Browser) -> None:
    rate_all(browser)
    browser.open(f"{ROUND}/review")
    _, closes = times(library)
    with clock.set_to(closes):
        close(library)
        browser.press("go", "do-not-count")
        assert "do_not_count" not in drafts(library)
    with library.database.reading() as session:
        assert session.scalars(select(Submission.channel).order_by(Submission.id.desc())).first() == "draft"
