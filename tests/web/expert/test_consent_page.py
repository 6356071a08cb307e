"""The consent: what to know first, the whole text with headings, all of it in one language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar

from consult import clock
from consult.models import Expert
from consult.services.access import invitations
from consult.services.panel import importing
from consult.services.running import publishing
from tests.services.conftest import BEFORE, panel_file, reworked, town_library
from tests.web.visiting import SLUG, Browser, Library, enter, open_library

DEEP = "other"
PRIVACY = {
    "version": "3",
    "points": [
        {"title": "Answers and name are kept apart", "text": "Nobody sees both."},
        {"title": "You can leave", "text": "At any time."},
    ],
    "text": "## What is stored\nYour name & address.\n\nNothing else.\n\n## Who sees it\nThe office.",
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "first-look") as opened:
        yield opened


def _at_consent(library: Library) -> Browser:
    """Somebody new at the consent of a consultation whose privacy text has points and headings."""
    definition = reworked(town_library(), privacy=PRIVACY)
    with library.database.writing() as session:
        with clock.set_to(BEFORE):
            made = publishing.publish(session, definition, actor="test", slug=DEEP)
            importing.import_panel(session, made, definition, panel_file(1), "test")
        expert = session.query(Expert).filter_by(consultation_id=made.id).one()
        token = invitations.create_invitation(session, expert)
    browser = library.browser()
    browser.get(f"/i/{token}")
    browser.press("", "")
    assert browser.path == f"/c/{DEEP}/consent"
    return browser


def test_points_come_first_and_the_whole_text_has_headings(library: Library) -> None:
    browser = _at_consent(library)
    points = ["".join(one.itertext()).split() for one in browser.tree.xpath("//ol[@class='points']/li")]
    assert points == [
        ["Answers", "and", "name", "are", "kept", "apart", "Nobody", "sees", "both."],
        ["You", "can", "leave", "At", "any", "time."],
    ]
    assert browser.tree.xpath("//details//h3/text()") == ["What is stored", "Who sees it"]
    assert "Your name & address." in browser.main and "Nothing else." in browser.main
    assert "##" not in browser.main


def test_the_privacy_page_has_the_same_headings(library: Library) -> None:
    browser = _at_consent(library)
    browser.open(f"/c/{DEEP}/privacy")
    assert browser.tree.xpath("//h2/text()")[:2] == ["What is stored", "Who sees it"]


def test_without_points_the_whole_text_stands_open(library: Library) -> None:
    browser = library.browser()
    browser.get(library.link(14))
    browser.press("", "")
    assert not browser.tree.xpath("//ol[@class='points']")
    assert not browser.tree.xpath("//details[contains(., 'Your name and address are kept')]")
    assert "Your name and address are kept" in browser.main


@pytest.mark.parametrize("place", ["consent", "privacy", "public"])
def test_a_page_that_must_be_whole_is_in_one_language_and_says_so(library: Library, place: str) -> None:
    """Asked for in Danish, of a consultation in English: all of it English, but for the one line that says so."""
    browser = _at_consent(library)
    browser.open(f"/c/{DEEP}/{place}?lang=da")
    assert browser.tree.get("lang") == "en"
    (note,) = browser.tree.xpath("//main/p[@role='note']")
    assert note.xpath("./span/@lang") == ["da"] and "English" in note.text_content()
    others = browser.tree.xpath("//main//*[@lang and not(ancestor-or-self::p[@role='note'])]/@lang")
    assert set(others) <= {"en", "ru"} | _codes(browser)
    browser.open(f"/c/{DEEP}/{place}?lang=en")
    assert not browser.tree.xpath("//main/p[@role='note']")


def _codes(browser: Browser) -> set[str]:
    """The languages that the page offers by name."""
    return set(browser.tree.xpath("//nav[contains(@class, 'langs')]//a/@lang"))


def test_all_dates_come_in_one_file(library: Library) -> None:
    """Of what lies ahead: no stage that is over, each stage once, and it is no consent to fetch it."""
    browser = library.browser()
    enter(browser, library.link(1))
    answer = browser.client.get(f"/c/{SLUG}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    entries = [str(one["uid"]).partition(".")[0] for one in Calendar.from_ical(answer.data).walk("VEVENT")]
    assert len(entries) == len(set(entries)) > 1
    with clock.set_to(library.stage(entries[-1]).closes_at):
        browser = library.browser()
        enter(browser, library.link(1))
        late = browser.client.get(f"/c/{SLUG}/calendar.ics")
    assert entries[-1].encode() not in late.data
