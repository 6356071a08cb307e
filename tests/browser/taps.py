"""`python -m tests.browser.taps`: how many taps, page loads, keys and screens the ways of an expert take.

Counted from the first page of a round to its receipt, on a phone: a tap is one press of a finger, a
load one page that the browser went to. The table is printed; `test_taps.py` holds it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import launched
from tests.browser.finger import Finger, Way, come_in
from tests.browser.holding import SLUG, Held, feed_back, held_at
from tests.browser.questions import fill_in
from tests.browser.readers import SIZES, reading, serving

PHONE, DESK = SIZES
ALL = 1000
"""More measures than a round has."""


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
    come_in(held, page, stage, by_itself=by_itself)
    while not page.url.endswith("/review") and len(finger.way.heights) < most:
        if page.url.partition("#")[0].endswith("/near"):
            _keep_in_list(finger)
        elif page.locator("fieldset.criterion").count():
            rate(finger, finger.look(), by_itself)
        else:
            finger.tap_on(".stays .primary:visible")  # a page of questions, all of them optional
    if page.url.endswith("/review"):
        finger.tap_on("main button[value=submit]")
    return finger.way


def _keep_in_list(finger: Finger) -> None:
    """Each measure of the short list by a press of its own, the page staying where it is."""
    keeps = finger.page.locator("button[name=keep]")
    while left := keeps.count():
        finger.tap("button[name=keep]")
        expect(keeps).to_have_count(left - 1)
    finger.tap_on(".stays .primary:visible")


def by_keys(held: Held, page: Page, stage: str, most: int) -> Way:
    """The same at a desk: digits and Enter alone."""
    way = Way()
    come_in(held, page, stage)
    for _ in range(most):
        for key in ("8", "5"):
            page.keyboard.press(key)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        way.keys += 3
        way.loads += 1
    return way


@dataclass(frozen=True)
class Row:
    """A way that is counted: at which stage, how, on what."""

    title: str
    stage: str
    rate: Rate | None
    by_itself: bool = False
    has_scripts: bool = True
    form: str = ""
    """The form of feedback, where it is another than the consultation's own."""


ROWS = (
    Row("round 1, by itself after the last tap", "round-1", rate_both, by_itself=True),
    Row("round 1, Save pressed", "round-1", rate_both),
    Row("round 1, no script", "round-1", rate_both, has_scripts=False),
    Row("round 2, keeping all", "round-2", keep_both),
    Row("round 2, keeping all, no script", "round-2", keep_both, has_scripts=False),
    Row("round 2, keeping all, short list", "round-2", keep_both, form="short_list"),
    Row("pre-event questionnaire, all that is required", "pre-event", None),
    Row("round 1, eight measures by keys", "round-1", None),
)


def count(browser: Browser, row: Row, most: int = ALL) -> Way:
    """Walk one of them on a consultation of its own."""
    width, height = DESK if row is ROWS[-1] else PHONE
    options = {
        "viewport": {"width": width, "height": height},
        "has_touch": row is not ROWS[-1],
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
        if row.form:
            feed_back(held, row.form)
        if row is ROWS[-1]:
            return by_keys(held, reader.page, row.stage, min(most, 8))
        if row.rate is None:
            return fill_in(held, reader.page, row.stage, most)
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
