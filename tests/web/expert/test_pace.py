"""Minutes are counted once, when somebody submits first, and told to everybody after the close."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Pace
from consult.services.rounds import pace
from tests.web.visiting import SLUG, Browser, Library, open_library, page


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-1") as opened:
        yield opened


def counted(library: Library) -> list[tuple[int, int]]:
    with library.database.reading() as session:
        return [tuple(row) for row in session.execute(select(Pace.minutes, Pace.people))]


def answer(browser: Browser, start: datetime, seconds: int) -> None:
    """Two pages, each looked at for so long, then the review."""
    for place, key in enumerate(("L1", "L2")):
        shown = start + timedelta(minutes=10 * place)
        with clock.set_to(shown):
            browser.open(page("round-1", key))
        with clock.set_to(shown + timedelta(seconds=seconds)):
            browser.press("go", "next", {f"{key}.wish": "5"})
    with clock.set_to(start + timedelta(minutes=30)):
        browser.open(page("round-1", "review"))
        with browser.client.session_transaction() as cookie:
            kept = dict(cookie["pace"])
        form = dict(browser.main_form().form_values())
        browser.press("go", "submit")
        with browser.client.session_transaction() as cookie:
            cookie["pace"] = kept  # the answer never came, and the same form is sent again
        browser.client.post(page("round-1", "review"), data={**form, "go": "submit"})


@pytest.mark.parametrize(("seconds", "minutes"), [(50, 2), (300, 10), (4000, 10)])
def test_what_is_spent_on_pages_counts_and_no_page_for_more_than_five_minutes(
    library: Library, seconds: int, minutes: int
) -> None:
    start = library.stage("round-1").opens_at + timedelta(hours=1)
    with clock.set_to(start):
        browser = library.browser(1)
    answer(browser, start, seconds)
    assert counted(library) == [(minutes, 1)]
    answer(browser, start + timedelta(hours=3), seconds)
    assert counted(library) == [(minutes, 1)], "who submits again was counted before"


def test_after_the_close_half_of_the_panel_is_told(library: Library) -> None:
    stage = library.stage("round-1")
    with library.database.writing() as session:
        for _ in range(8):
            pace.count(session, library.stage("round-1"), 7 * 60)
    with clock.set_to(stage.opens_at + timedelta(hours=1)):
        browser = library.browser(1)
        browser.open(f"/c/{SLUG}/")
        assert "needed at most" not in browser.text
    library.close("round-1")
    browser.open(f"/c/{SLUG}/")
    assert "Half of those who answered needed at most 7 min." in browser.text
