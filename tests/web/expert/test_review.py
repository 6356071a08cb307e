"""The review counts measures that are left and answers that are missing, with one way to each measure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.visiting import Library, open_library, page

MEASURES = 7


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-1") as opened:
        yield opened


def test_measures_left_each_with_one_way_to_it(library: Library) -> None:
    browser = library.browser(1)
    browser.open(page("round-1", "review"))
    assert f"{MEASURES} measures left" in browser.main
    assert f"Submit although {MEASURES} answers are missing" in browser.main
    assert f"Not reached yet ({MEASURES})" in browser.main
    browser.open(page("round-1", ""))
    first = browser.path.rpartition("/")[2]
    title = browser.tree.xpath("string(//h1)").strip()
    browser.press("go", "next")
    assert f"Left open on the page before: {title}" in browser.main
    browser.open(page("round-1", first))
    browser.press("go", "next", {f"{first}.wish": "4"})
    assert "Left open" not in browser.main
    browser.open(page("round-1", "review"))
    assert f"{MEASURES - 1} measures left" in browser.main and f"Not reached yet ({MEASURES - 1})" in browser.main


def test_the_receipt_holds_what_was_answered_and_nothing_else(library: Library) -> None:
    browser = library.browser(1)
    browser.open(page("round-1", "L1"))
    browser.press("go", "next", {"L1.wish": "4", "L1.wish.reason": "Because of the noise"})
    browser.open(page("round-1", "review"))
    browser.press("go", "submit")
    assert browser.main.count("Because of the noise") == 1
    assert "no answer" not in browser.main and "not answered" not in browser.main
    assert len(browser.tree.xpath("//dl[@class='answers']/div")) == 1
