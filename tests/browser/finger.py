"""A finger on a phone: taps, and counts taps, page loads, jumps and the heights of pages."""

from dataclasses import dataclass, field
from statistics import median

from playwright.sync_api import Page

from tests.browser.holding import SLUG, WALKERS, Held

BY_ITSELF = "consult-by-itself:"


@dataclass
class Way:
    """One way through a round, as it was counted."""

    taps: int = 0
    keys: int = 0
    loads: int = 0
    jumps: int = 0
    fresh: int = 0
    """Measures that had no former rating to keep: new ones, and those reworded in substance."""
    heights: list[float] = field(default_factory=list)
    """Of every measure's page, in screens."""

    @property
    def screens(self) -> float:
        """The height of a median page, in screens."""
        return median(self.heights)


@dataclass
class Finger:
    """Taps, counts, and notices where a page jumps to its top while one measure is rated."""

    page: Page
    way: Way = field(default_factory=Way)

    def tap(self, what: str) -> None:
        """Tap what stands there, without going anywhere; the page must stay where it is."""
        spot = self.page.locator(what).first
        spot.scroll_into_view_if_needed()
        spot.tap(trial=True)  # the tool brings what stands under the bar into view; that is no jump of the page
        before = self.page.evaluate("scrollY")
        spot.tap()
        self.way.taps += 1
        self.way.jumps += self.page.evaluate("scrollY") < before - 1

    def tap_on(self, what: str) -> None:
        """Tap what leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(what).first.tap()
        self.way.taps += 1
        self.way.loads += 1

    def look(self) -> str:
        """Measure the page that is open; returns the measure's key."""
        self.way.heights.append(self.page.evaluate("document.documentElement.scrollHeight / innerHeight"))
        return self.page.url.partition("?")[0].rpartition("/")[2]


def come_in(held: Held, page: Page, stage: str, *, by_itself: bool = False) -> None:
    """Come in by a personal link, past the consent, to the first page of a stage."""
    address = page.url.partition("/c/")[0]
    page.goto(address + held.link(WALKERS["en"]))
    with page.expect_navigation():
        page.locator("main button.primary").last.click()
    if page.url.endswith("/consent"):
        page.locator("main [name=language][value=en]").check()
        with page.expect_navigation():
            page.locator("main button.primary").last.click()
    if by_itself:
        page.goto(f"{address}/c/{SLUG}/")
        page.locator(f"#settings [data-key='{BY_ITSELF}']").check()
    page.goto(f"{address}/c/{SLUG}/stage/{stage}/")
