"""The page of a measure under the finger: asking at the tap, keeping all, going on by itself and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from consult.models import Draft
from tests.browser.readers import SIZES, Reader, personal_link, reading, serving, words_box
from tests.web.visiting import SLUG, Library, open_library, page

PERSON = 3

LOW = 560
"""A phone with its keyboard away, of a height at which what asks would open under the bar."""
IS_SEEN = """(one) => {
    const bar = document.querySelector(".stays").getBoundingClientRect(), here = one.getBoundingClientRect();
    return here.top >= 0 && here.bottom <= bar.top + 1;
}"""


@contextmanager
def someone(tmp_path: Path, browser: Browser, stage: str) -> Iterator[tuple[Library, Reader]]:
    """A person at the first measure of a round, on a phone."""
    phone = {"viewport": {"width": SIZES[0][0], "height": SIZES[0][1]}, "has_touch": True}
    with (
        open_library(tmp_path, stage) as library,
        serving(library) as address,
        reading(browser, address, **phone) as reader,
    ):
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        yield library, reader


def point(reader: Reader, measure: str, value: str) -> Locator:
    return reader.page.locator(f"label:has([name='item-{measure}.wish'][value='{value}'])")


def choose_by_itself(reader: Reader) -> None:
    reader.goto(f"/c/{SLUG}/")
    reader.page.locator("#settings [data-key='consult-by-itself:']").check()


def test_a_reason_is_asked_for_at_the_tap_and_says_why(tmp_path: Path, browser: Browser) -> None:
    with someone(tmp_path, browser, "round-2") as (library, reader):
        reader.goto(page("round-2", "L1"))
        own = reader.page.locator(".mine input").get_attribute("value")
        reader.page.set_viewport_size({"width": SIZES[0][0], "height": LOW})
        why = reader.page.locator("details.why")
        assert why.get_attribute("open") is None
        far = "1" if int(own or "") >= 3 else "5"
        point(reader, "L1", far).tap()
        expect(why).to_have_attribute("open", "")
        assert f"You rated {own} before." in why.locator(".asked:visible").first.inner_text()
        assert why.evaluate(IS_SEEN), "what asks stands above the bar, not under it"
        reader.go()
        assert not reader.page.url.endswith("/L1"), "it was asked here, and is not asked again"
        assert library.drafts(Draft, PERSON)["L1.wish"] == [far]


def test_what_is_written_stays_open_whatever_is_tapped_next(tmp_path: Path, browser: Browser) -> None:
    with someone(tmp_path, browser, "round-2") as (_library, reader):
        reader.goto(page("round-2", "L1"))
        words_box(reader.page, "item-L1.wish.reason").fill("A word")
        point(reader, "L1", "3").tap()
        assert reader.page.locator("details.why").get_attribute("open") is not None


def test_one_press_keeps_what_is_left_and_says_so(tmp_path: Path, browser: Browser) -> None:
    with someone(tmp_path, browser, "round-2") as (library, reader):
        reader.goto(page("round-2", "L1"))
        own = reader.page.locator(".mine input").get_attribute("value")
        button = reader.page.locator(".stays .primary:visible")
        expect(button).to_have_text("Keep it and go on")
        reader.page.locator("button.keep").tap()
        expect(button).to_have_text("Save and go on")
        reader.go()
        assert library.drafts(Draft, PERSON)["L1.wish"] == [own]


def test_after_the_last_tap_it_goes_on_by_itself_and_back(tmp_path: Path, browser: Browser) -> None:
    with someone(tmp_path, browser, "round-1") as (library, reader):
        choose_by_itself(reader)
        reader.goto(page("round-1", ""))
        first = reader.page.url.rpartition("/")[2]  # everyone has an order of their own
        with reader.page.expect_navigation():
            point(reader, first, "4").tap()
        assert library.drafts(Draft, PERSON)[f"{first}.wish"] == ["4"]
        undo = reader.page.locator(".stays a")
        expect(undo).to_have_text("Undo")
        with reader.page.expect_navigation():
            undo.tap()
        assert f"/{first}" in reader.page.url
        point(reader, first, "2").tap()
        reader.page.wait_for_timeout(900)
        assert f"/{first}" in reader.page.url, "what was rated already waits for the button"


@pytest.mark.parametrize("way", ["not chosen", "by keyboard", "with a reason open", "in round 2"])
def test_it_does_not_go_on_by_itself(tmp_path: Path, browser: Browser, way: str) -> None:
    stage = "round-2" if way == "in round 2" else "round-1"
    with someone(tmp_path, browser, stage) as (_library, reader):
        if way == "in round 2":
            reader.goto(f"/c/{SLUG}/")
            assert reader.page.locator("#settings [data-key='consult-by-itself:']").count() == 0, "nothing to choose"
        elif way != "not chosen":
            choose_by_itself(reader)
        reader.goto(page(stage, "L1"))
        if way == "by keyboard":
            reader.page.locator("[name='item-L1.wish']").first.focus()
            reader.page.keyboard.press("Space")
        else:
            if way == "with a reason open":
                reader.page.locator("details.why > summary").tap()
            point(reader, "L1", "4").tap()
        reader.page.wait_for_timeout(900)
        assert "/L1" in reader.page.url
        assert reader.page.locator("[name='item-L1.wish']:checked").count() == 1
