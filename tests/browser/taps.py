"""`python -m tests.browser.taps`: how many taps, page loads, keys and screens the ways of an expert take.

Counted from the first page of a round to its receipt, on a phone: a tap is one press of a finger, a
load one page that the browser went to. The table is printed; `test_taps.py` holds it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.browser.conftest import launched
from tests.browser.holding import SLUG, WALKERS, Held, held_at
from tests.browser.readers import SIZES, reading, serving

PHONE, DESK = SIZES
BY_ITSELF = "consult-by-itself:"
ALL = 1000
"""More measures than a round has."""


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


Rate = Callable[[Finger, str, bool], None]
"""Rates the measure whose page is open, and goes on; told whether pages go on by themselves."""


def rate_both(finger: Finger, key: str, goes_by_itself: bool) -> None:
    """Both criteria by a tap each."""
    finger.tap(f"label:has([name='item-{key}.importance'][value='8'])")
    last = f"label:has([name='item-{key}.feasibility'][value='5'])"
    if goes_by_itself:
        finger.tap_on(last)
    else:
        finger.tap(last)
        finger.tap_on(".stays .primary:visible")


def keep_both(finger: Finger, _key: str, _goes_by_itself: bool) -> None:
    """Both former ratings by one press; where there are none, by a tap each."""
    if finger.page.locator("button[name=go][value=keep]:visible").count():
        finger.tap_on("button[name=go][value=keep]")
    else:
        finger.way.fresh += 1
        rate_both(finger, _key, False)


def through(held: Held, page: Page, stage: str, rate: Rate, *, by_itself: bool = False, most: int = ALL) -> Way:
    """Come in, rate so many measures of a round and, at the end of them, submit."""
    finger = Finger(page)
    _come_in(held, page, stage, by_itself=by_itself)
    while not page.url.endswith("/review") and len(finger.way.heights) < most:
        if page.locator("fieldset.criterion").count():
            rate(finger, finger.look(), by_itself)
        else:
            finger.tap_on(".stays .primary:visible")  # a page of questions, all of them optional
    if page.url.endswith("/review"):
        finger.tap_on("main button[value=submit]")
    return finger.way


def by_keys(held: Held, page: Page, stage: str, most: int) -> Way:
    """The same at a desk: digits and Enter alone."""
    way = Way()
    _come_in(held, page, stage)
    for _ in range(most):
        for key in ("8", "5"):
            page.keyboard.press(key)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        way.keys += 3
        way.loads += 1
    return way


CHOSEN = {"item-PRE-13": ("planned",), "item-PRE-15": ("ps_health", "ps_edu_school", "ps_tourism")}
"""What is chosen where the way of the questions hangs on it; anywhere else the first choice."""
TO_ANSWER = """() => {
    const head = ":scope > :is(legend, h1, h2, label) .optional";
    const isOptional = (question) => !!question &&
        (!!question.querySelector(head) || isOptional(question.parentElement.closest(".q")));
    return [...document.querySelectorAll("main form [name]:not([type=hidden], button)")]
        .filter((one) => !one.closest("details, .more, .apart") && !one.name.endsWith(".own"))
        .filter((one) => !isOptional(one.closest(".q")))
        .map((one) => [one.tagName === "SELECT" ? "select" : one.type, one.name, one.value]);
}"""
"""What stands on a page to be answered: the kind, the name and the value of each control that is required."""


def fill_in(held: Held, page: Page, stage: str) -> Way:
    """Come in, answer everything required of a questionnaire, and submit it.

    A select is two taps, a field one: what is typed is not counted.
    """
    finger = Finger(page)
    _come_in(held, page, stage)
    while not page.url.endswith("/review"):
        finger.look()
        _answer_page(finger)
        finger.tap_on(".stays .primary:visible")
        assert len(finger.way.heights) < ALL, "no end"
    finger.tap_on("main button[value=submit]")
    return finger.way


def _answer_page(finger: Finger) -> None:
    done: set[str] = set()
    ranked: set[str] = set()
    for kind, name, value in finger.page.evaluate(TO_ANSWER):
        is_place = name.rpartition(".")[2].isdigit()
        if kind in ("radio", "checkbox"):
            is_wanted = name not in done and not (is_place and value in ranked)
            if value in CHOSEN[name] if name in CHOSEN else is_wanted:
                if not finger.page.locator(f"[name='{name}']:checked").count() or name in CHOSEN:
                    _tap_choice(finger, name, value)
                ranked |= {value} if is_place else set()
                done.add(name)
        elif name not in done:
            _fill(finger, kind, name)
            done.add(name)


def _tap_choice(finger: Finger, name: str, value: str) -> None:
    one = f"[name='{name}'][value='{value}']"
    finger.tap(f"label:has({one}), {one} + label")


def _fill(finger: Finger, kind: str, name: str) -> None:
    field = finger.page.locator(f"main [name='{name}']")
    points = finger.page.locator(f"main [data-total]:has([name='{name}'])")
    if kind == "select":
        field.select_option(index=int(name.rpartition(".")[2]))
        finger.way.taps += 2
    elif not points.count():
        finger.tap(f"[name='{name}']")
        field.fill("10")
    elif points.locator("[name]").first.get_attribute("name") == name:
        finger.tap(f"[name='{name}']")
        field.fill(points.get_attribute("data-total") or "")


def _come_in(held: Held, page: Page, stage: str, *, by_itself: bool = False) -> None:
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


@dataclass(frozen=True)
class Row:
    """A way that is counted: at which stage, how, on what."""

    title: str
    stage: str
    rate: Rate | None
    by_itself: bool = False
    has_scripts: bool = True


ROWS = (
    Row("round 1, by itself after the last tap", "round-1", rate_both, by_itself=True),
    Row("round 1, Save pressed", "round-1", rate_both),
    Row("round 1, no script", "round-1", rate_both, has_scripts=False),
    Row("round 2, keeping all", "round-2", keep_both),
    Row("round 2, keeping all, no script", "round-2", keep_both, has_scripts=False),
    Row("round 1, eight measures by keys", "round-1", None),
)


def count(browser: Browser, row: Row, most: int = ALL) -> Way:
    """Walk one of them on a consultation of its own."""
    width, height = PHONE if row.rate is not None else DESK
    options = {
        "viewport": {"width": width, "height": height},
        "has_touch": row.rate is not None,
        "java_script_enabled": row.has_scripts,
    }
    with (
        TemporaryDirectory() as folder,
        held_at(Path(folder), row.stage) as held,
        serving(held) as address,
        reading(browser, address, **options) as reader,
        held.during(row.stage),
    ):
        reader.page.goto(address + f"/c/{SLUG}/help")
        if row.rate is None:
            return by_keys(held, reader.page, row.stage, min(most, 8))
        return through(held, reader.page, row.stage, row.rate, by_itself=row.by_itself, most=most)


def main() -> None:
    """Print the table."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    print(f"{'':40} {'taps':>5} {'fresh':>6} {'keys':>5} {'loads':>6} {'jumps':>6} {'screens':>8}")
    with launched() as browser:
        for row in ROWS:
            way = count(browser, row)
            screens = f"{way.screens:.2f}" if way.heights else ""
            counts = f"{way.taps:5} {way.fresh:6} {way.keys:5} {way.loads:6} {way.jumps:6}"
            print(f"{row.title:40} {counts} {screens:>8}", flush=True)


if __name__ == "__main__":
    main()
