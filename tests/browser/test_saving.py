"""Typing without a connection, on one's own device and on a shared one, and Back after leaving."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from consult.models import Draft
from tests.browser.readers import mark_own_device, personal_link, reading, serving, sign_out, words_box
from tests.web.visiting import SLUG, Library, open_library, page

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
