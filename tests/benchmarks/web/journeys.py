"""The ways through consult's pages, request by request, each answer checked."""

import re
from urllib.parse import urlsplit

from tests.benchmarks.web.client import Ask, Journey, Reply
from tests.benchmarks.web.items import ITEMS
from tests.benchmarks.web.world import SLUG, Way

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
RATING = "8"
RATED_MEASURES = 5


def hidden(reply: Reply) -> dict[str, str]:
    """What the form of a page carries beside what is typed. Raises ValueError unless a page came."""
    if reply.status != 200:
        raise ValueError(f"{reply.status} instead of a page")
    main = reply.page.partition("<main")[2]
    return dict(HIDDEN.findall(main))


def led_to(reply: Reply, end: str) -> str:
    """Where an answer leads. Raises ValueError unless that ends so."""
    target = reply.headers.get("location", "")
    path = urlsplit(target).path
    if reply.status not in (302, 303) or not path.endswith(end):
        raise ValueError(f"{reply.status} to {target!r} instead of {end}")
    return path


def typed() -> dict[str, str]:
    return {f"item-i{number:02}": RATING for number in range(1, ITEMS + 1)}


def _page_to_receipt(cookie: str) -> Journey:
    base = f"/c/{SLUG}/stage/thirty/"
    page = yield Ask("page", f"{base}i01", cookie=cookie)
    sent = yield Ask("save", f"{base}i01", {**hidden(page), **typed(), "go": "next"}, cookie)
    led_to(sent, "/review")
    review = yield Ask("review", f"{base}review", cookie=cookie)
    sent = yield Ask("submit", f"{base}review", {**hidden(review), "go": "submit"}, cookie)
    led_to(sent, "/receipt")
    receipt = yield Ask("receipt", f"{base}receipt", cookie=cookie)
    if receipt.status != 200:
        raise ValueError(f"{receipt.status} instead of a receipt")


def bare(way: Way) -> Journey:
    """Page, save, review, submit, receipt; in a session that stands."""
    yield from _page_to_receipt(way.cookie)


def whole(way: Way) -> Journey:
    """Link, consent, tasks, page, save, review, submit, receipt."""
    landing = yield Ask("link", way.link)
    opened = yield Ask("enter", way.link, hidden(landing), _jar(landing, ""))
    cookie = _jar(opened, "")
    first = yield Ask("first", led_to(opened, "/"), cookie=cookie)
    consent = yield Ask("consent", led_to(first, "/consent"), cookie=cookie)
    said = yield Ask("agree", f"/c/{SLUG}/consent", {**hidden(consent), "consent": "yes"}, cookie)
    cookie = _jar(said, cookie)
    tasks = yield Ask("tasks", f"/c/{SLUG}/", cookie=cookie)
    if tasks.status != 200:
        raise ValueError(f"{tasks.status} instead of tasks")
    yield from _page_to_receipt(cookie)


def rated(way: Way) -> Journey:
    """Five measures of a second round, each with the panel's ratings and one's own, then the review."""
    base, cookie = f"/c/{SLUG}/stage/round-2/", way.cookie
    for number in range(1, RATED_MEASURES + 1):
        key = f"L{number:02}"
        page = yield Ask("page", f"{base}{key}", cookie=cookie)
        typed = {f"item-{key}.{criterion}": RATING for criterion in ("important", "feasible")}
        sent = yield Ask("save", f"{base}{key}", {**hidden(page), **typed, "go": "next"}, cookie)
        if sent.status != 303:
            raise ValueError(f"{sent.status} instead of the next page")
    review = yield Ask("review", f"{base}review", cookie=cookie)
    hidden(review)


def _jar(reply: Reply, before: str) -> str:
    """The session's cookie after an answer."""
    return next((one for one in reply.cookies if one.startswith("consult=")), before)
