"""A ranking in Chromium: places by taps and by keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.holding import SLUG, WALKERS, held_at
from tests.browser.readers import reading, serving

QUESTION = "PRE-29"
"""Three places among more options than a screen holds."""
CHOSEN = """() => Object.fromEntries(
    [...document.querySelectorAll("[data-ranking] input:checked")].map((one) => [one.name.slice(-1), one.value]))"""
RATE = """() => {
    const all = [...document.querySelectorAll("main input[type=radio]")].filter((one) => /\\d$/.test(one.value));
    const names = [...new Set(all.map((one) => one.name))];
    names.forEach((name, at) => all.filter((one) => one.name === name).at(at < 4 ? -1 : 0).click());
}"""
"""Four rows rated highest, the others lowest."""
OPTIONS = (
    """() => [...new Set([...document.querySelectorAll("[data-ranking] input[type=radio]")].map((one) => one.value))]"""
)


@contextmanager
def _asked(folder: Path, browser: Browser) -> Iterator[Page]:
    """The page of the ranking, nothing placed."""
    with (
        held_at(folder, "pre-event") as held,
        held.during("pre-event"),
        serving(held) as address,
        reading(browser, address) as reader,
    ):
        reader.goto(held.link(WALKERS["en"]))
        reader.page.locator("main button.primary:visible").last.click()
        reader.page.locator("main [name=language][value=en]").check()
        reader.page.locator("main button.primary:visible").last.click()
        reader.goto(f"/c/{SLUG}/stage/pre-event/{QUESTION}")
        yield reader.page


def _choose(page: Page, place: int, option: str) -> None:
    page.locator(f"[data-ranking] input[name='item-{QUESTION}.{place}'][value='{option}']").check()


def _arrow_to(page: Page, option: str) -> None:
    for _ in range(40):
        if page.evaluate("document.activeElement.value") == option:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {option}")


def test_arrows_go_over_what_has_a_place_and_leave_it_there(tmp_path: Path, browser: Browser) -> None:
    with _asked(tmp_path, browser) as page:
        first, second, third = page.evaluate(OPTIONS)[:3]
        _choose(page, 1, second)
        _choose(page, 2, first)
        page.locator(f"[data-ranking] input[name='item-{QUESTION}.2'][value='{first}']").focus()
        _arrow_to(page, third)
        assert page.evaluate(CHOSEN) == {"1": second, "2": third}


def test_who_takes_one_place_gives_up_the_other(tmp_path: Path, browser: Browser) -> None:
    with _asked(tmp_path, browser) as page:
        first, second, third = page.evaluate(OPTIONS)[:3]
        _choose(page, 1, first)
        _choose(page, 2, first)
        assert page.evaluate(CHOSEN) == {"2": first}
        _choose(page, 3, second)
        _choose(page, 2, third)
        assert page.evaluate(CHOSEN) == {"2": third, "3": second}  # another place was chosen between


def test_the_fold_leads_on_to_the_next_place_by_key(tmp_path: Path, browser: Browser) -> None:
    with _asked(tmp_path, browser) as page:
        page.goto(page.url.replace(QUESTION, "PRE-28"))
        page.evaluate(RATE)
        with page.expect_navigation():
            page.locator("main button.primary:visible").last.click()
        page.goto(page.url.partition("stage/")[0] + f"stage/pre-event/{QUESTION}")
        first = page.evaluate(OPTIONS)[0]
        _choose(page, 1, first)
        page.locator("[data-ranking] summary").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.type === 'radio'")
        assert page.evaluate("document.activeElement.name") == f"item-{QUESTION}.2"
        assert page.evaluate("document.activeElement.closest('details') !== null")


def test_a_place_that_becomes_empty_is_announced(tmp_path: Path, browser: Browser) -> None:
    with _asked(tmp_path, browser) as page:
        first = page.evaluate(OPTIONS)[0]
        _choose(page, 1, first)
        assert page.locator("#said").inner_text() == ""
        _choose(page, 2, first)
        assert page.locator("#said").inner_text() == "First is empty now"
