"""A way through a round takes no more taps, loads and screens than were promised.

TEST_WALKS=1 counts whole rounds, else a few measures of each.
"""

import pytest
from playwright.sync_api import Browser

from tests.browser.taps import ALL, ROWS, Finger, Row, Way, count
from tests.sizes import size

IS_WHOLE = size("WALKS") > 0
SOME = 5
LIMITS = {
    "round 1, by itself after the last tap": (66, 34),
    "round 1, Save pressed": (98, 34),
    "round 1, no script": (98, 34),
    "round 2, keeping all": (36, 34),
    "round 2, keeping all, no script": (36, 34),
    "round 2, keeping all, short list": (45, 34),
}
"""Taps and loads of a whole round of 32 measures, its proposals and its submission."""
EACH = {
    "round 1, by itself after the last tap": 2,
    "round 1, Save pressed": 3,
    "round 1, no script": 3,
    "round 2, keeping all": 1,
    "round 2, keeping all, no script": 1,
    "round 2, keeping all, short list": 1,
}
"""Taps of one measure; in the second round of one that was rated in the first."""
EVERYDAY = ("round 1, by itself after the last tap", "round 2, keeping all", "round 2, keeping all, no script")
BY_FINGER = [row for row in ROWS if row.rate is not None and (IS_WHOLE or row.title in EVERYDAY)]


def _is_within(row: Row, way: Way) -> bool:
    """What has no former rating is rated afresh: two taps more than to keep it."""
    taps = way.taps - 2 * way.fresh
    if IS_WHOLE:
        most, loads = LIMITS[row.title]
        return taps <= most and way.loads <= loads
    return way.loads == SOME and taps == EACH[row.title] * SOME


@pytest.mark.parametrize("row", BY_FINGER, ids=lambda row: row.title)
def test_a_round_by_thumb(browser: Browser, row: Row) -> None:
    """No page jumps to its top while one is at a measure; a median measure of a whole round fits the phone."""
    way = count(browser, row, ALL if IS_WHOLE else SOME)
    assert _is_within(row, way), way
    assert way.jumps == 0
    if row.has_scripts and IS_WHOLE:
        assert way.screens <= 1.1, sorted(way.heights)


def test_the_questionnaire_before_the_event_by_thumb(browser: Browser) -> None:
    """All that is required, with three sectors and a joint project planned; every day its first three pages."""
    way = count(browser, ROWS[-2], ALL if IS_WHOLE else 3)
    assert way.taps <= (95 if IS_WHOLE else 9), way
    assert sum(way.heights) <= (40 if IS_WHOLE else 6.5) and way.jumps == 0, way.heights


def test_eight_measures_by_keys(browser: Browser) -> None:
    way = count(browser, ROWS[-1], 8)
    assert (way.keys, way.loads) == (24, 8)


def test_a_jump_would_be_seen(browser: Browser) -> None:
    """What counts jumps must see one: here each tap throws the reader to the top."""
    seeded = Row("a page that jumps", "round-1", _jumping)
    assert count(browser, seeded, 1).jumps == 2


def _jumping(finger: Finger, key: str, _goes_by_itself: bool) -> None:
    finger.page.evaluate("addEventListener('click', () => scrollTo(0, 0), true)")
    for criterion in ("importance", "feasibility"):
        finger.page.evaluate("scrollTo(0, 60)")
        finger.tap(f"label:has([name='item-{key}.{criterion}'][value='8'])")
    finger.tap_on(".stays .primary:visible")
