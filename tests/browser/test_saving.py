"""Typing without a connection, on one's own device and on a shared one, and Back after leaving."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from consult.models import Draft
from tests.browser.connections import Slow
from tests.browser.readers import Reader, mark_own_device, personal_link, reading, serving, sign_out, words_box
from tests.web.visiting import SLUG, Library, open_library, page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PERSON = 3
WORDS = "A reason that was typed in a train"
UNSENT = "Object.keys(localStorage).filter((key) => key.startsWith('consult-unsent:')).length"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-1") as opened:
        yield opened


def _stored(library: Library) -> list[str]:
    return library.drafts(Draft, PERSON).get("L1.wish.reason", [])


def test_typed_words_are_saved_without_a_button(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-1", "L1"))
        words_box(reader.page).fill(WORDS)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "saved")
        assert _stored(library) == [WORDS]
        reader.go()
        assert _stored(library) == [WORDS]
        assert reader.told == []


def _hold_next_page(library: Library, is_let_go: threading.Event) -> threading.Event:
    """Let the page after L1 wait; tells when it was asked for."""
    inner, is_asked = library.app.wsgi_app, threading.Event()

    def slow(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "GET" and "/stage/round-1/" in path and not path.endswith("/L1"):
            is_asked.set()
            is_let_go.wait(20)
        return inner(environ, start_response)

    library.app.wsgi_app = slow  # type: ignore[method-assign]
    return is_asked


def test_who_types_before_the_next_page_is_there_stays_and_is_saved(library: Library, browser: Browser) -> None:
    """The page was sent and taken; the next one is slow to come."""
    is_let_go = threading.Event()
    is_asked = _hold_next_page(library, is_let_go)
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-1", "L1"))
        words_box(reader.page).fill(WORDS)
        reader.page.evaluate(
            "document.querySelectorAll('main button.primary').forEach((one) => setTimeout(() => one.click()))"
        )
        assert is_asked.wait(10) and _stored(library) == [WORDS]
        reader.page.keyboard.type("!")
        is_let_go.set()
        reader.page.wait_for_timeout(2_000)
        assert _stored(library) == [f"{WORDS}!"]
        assert reader.page.url.endswith("/L1")
        reader.go()
        assert not reader.page.url.endswith("/L1")


def test_words_typed_offline_are_sent_when_the_connection_is_back(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-1", "L1"))
        reader.page.context.set_offline(True)
        words_box(reader.page).fill(WORDS)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "offline")
        reader.page.locator("main button.primary").last.click()
        assert reader.page.locator("textarea").first.input_value() == WORDS
        assert _stored(library) == []
        assert reader.page.evaluate(UNSENT) == 0, "kept on a device nobody said is their own"
        reader.page.context.set_offline(False)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "saved")
        assert _stored(library) == [WORDS]


def test_an_own_device_keeps_words_until_they_are_sent(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-1", "L1"))
        mark_own_device(reader.page)
        reader.page.context.set_offline(True)
        words_box(reader.page).fill(WORDS)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "offline")
        assert reader.page.evaluate(UNSENT) == 1
        context = reader.page.context
        reader.page.close()
        context.set_offline(False)
        again = context.new_page()
        again.goto(address + page("round-1", "L1"))
        assert again.locator("textarea").first.input_value() == WORDS
        expect(again.locator("#autosave")).to_have_attribute("data-state", "saved")
        assert _stored(library) == [WORDS]
        assert again.evaluate(UNSENT) == 0


def test_back_after_signing_out_shows_nothing(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-1", "L1"))
        words_box(reader.page).fill(WORDS)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "saved")
        sign_out(reader.page)
        reader.page.go_back()
        reader.page.wait_for_load_state()
        assert WORDS not in reader.page.content()
        assert all(WORDS not in box.input_value() for box in reader.page.locator("textarea").all())


# Two devices, and words that come late


def _elsewhere(library: Library, **typed: str) -> None:
    """The same person stores something on another device."""
    other = library.browser(PERSON)
    other.open(page("round-1", "L1"))
    other.press(typed={f"L1.{name.replace('_', '.')}": value for name, value in typed.items()})


def _left_unsent(reader: Reader) -> Page:
    """Words typed without a connection on one's own device, whose window is closed; a new one."""
    reader.goto(page("round-1", "L1"))
    mark_own_device(reader.page)
    reader.page.context.set_offline(True)
    words_box(reader.page, "item-L1.comment").fill(WORDS)
    expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "offline")
    again = reader.page.context.new_page()
    reader.page.close()
    return again


def test_what_is_typed_while_a_page_is_sent_stays_and_is_saved(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-1", "L1"))
        words_box(reader.page).fill("A")
        with Slow(reader.page):
            reader.page.locator("main button.primary:visible").last.click()
            reader.page.wait_for_timeout(200)
            words_box(reader.page).fill(WORDS)
            reader.page.wait_for_timeout(1_500)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "saved")
        assert reader.page.url.endswith("/L1"), "taken away in the middle of a word"
        assert _stored(library) == [WORDS]
        reader.go()
        assert not reader.page.url.endswith("/L1")
        assert reader.page.locator("#conflicts").count() == 0
        assert reader.told == []


def test_a_rating_kept_by_the_button_stays_when_somebody_types_on(tmp_path: Path, browser: Browser) -> None:
    """The button fills in the former rating, which the page that stays does not show."""
    with open_library(tmp_path, "round-2") as library, serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        reader.goto(page("round-2", "L1"))
        own = reader.page.locator("button.keep").get_attribute("data-kept")
        with Slow(reader.page):
            reader.page.locator("main button.primary:visible").last.click()
            reader.page.wait_for_timeout(200)
            words_box(reader.page, "item-L1.comment").fill(WORDS)
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "saved")
        found = library.drafts(Draft, PERSON)
        assert (found["L1.comment"], found["L1.wish"]) == ([WORDS], [own])


def test_words_that_come_back_leave_alone_what_was_stored_meanwhile(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        again = _left_unsent(reader)
        _elsewhere(library, wish_reason="Stored elsewhere")
        again.context.set_offline(False)
        again.goto(address + page("round-1", "L1"))
        expect(again.locator("#autosave")).to_have_attribute("data-state", "saved")
        found = library.drafts(Draft, PERSON)
        assert (found["L1.comment"], found["L1.wish.reason"]) == ([WORDS], ["Stored elsewhere"])


def test_words_that_come_back_are_held_against_what_was_stored_meanwhile(library: Library, browser: Browser) -> None:
    """Both versions are shown, and one's own is there again even if that page was closed, too."""
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        again = _left_unsent(reader)
        _elsewhere(library, comment="Stored elsewhere")
        again.context.set_offline(False)
        for _ in range(2):
            again.goto(address + page("round-1", "L1"))
            expect(again.locator("#autosave")).to_have_attribute("data-state", "conflict")
            with again.expect_navigation():
                again.locator("main button.primary:visible").last.click()
            told = again.locator("#conflicts").inner_text()
            assert WORDS in told and "Stored elsewhere" in told
            assert library.drafts(Draft, PERSON)["L1.comment"] == ["Stored elsewhere"]
        again.locator("#conflicts [value=yours]").check()
        with again.expect_navigation():
            again.locator("main button.primary:visible").last.click()
        assert library.drafts(Draft, PERSON)["L1.comment"] == [WORDS]
        assert again.evaluate(UNSENT) == 0
