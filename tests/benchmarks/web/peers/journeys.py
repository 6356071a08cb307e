"""The ways through the peers' pages, request by request, each answer checked."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from tests.benchmarks.web.client import Ask, Journey, Reply
from tests.benchmarks.web.items import ITEMS

RATING = "8"
QUESTION = "matter here?"
"""What each item's text ends with."""
SAVED = "answers have been saved"
"""What the last page of either says."""
TOKEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken)" value="([^"]+)"')


def otree(start: str) -> Journey:
    """Start link, page, save, thanks; oTree's pages of a participant have neither cookie nor token."""
    opened = yield Ask("link", start)
    path = _led_to(opened, r"/p/\w+/thirty/Items/1")
    page = yield Ask("page", path, cookie=_cookies([opened]))
    _check_items(page)
    cookie = _cookies([opened, page])
    sent = yield Ask("save", path, {f"i{number:02}": RATING for number in range(1, ITEMS + 1)}, cookie)
    thanks = yield Ask("thanks", _led_to(sent, r"/p/\w+/thirty/Thanks/2"), cookie=_cookies([opened, page, sent]))
    _check_page(thanks, SAVED, 1)


def django_survey(start: str) -> Journey:
    """Page, save, confirmation; the link of an open survey is the page itself."""
    page = yield Ask("page", start)
    _check_items(page)
    form = dict(TOKEN.findall(page.page))
    if not form or not page.cookies:
        raise ValueError("a page without a token")
    form |= {f"question_{number}": RATING for number in range(1, ITEMS + 1)}
    sent = yield Ask("save", start, form, _cookies([page]))
    confirmation = yield Ask("confirm", _led_to(sent, r"/survey/confirm/\w+/"), cookie=_cookies([page, sent]))
    _check_page(confirmation, SAVED, 1)


def _cookies(replies: Iterable[Reply]) -> str:
    """All cookies that came, as they are sent back; of two with the same name, the later."""
    found = dict(cookie.split("=", 1) for reply in replies for cookie in reply.cookies)
    return "; ".join(f"{name}={value}" for name, value in found.items())


def _led_to(reply: Reply, path: str) -> str:
    """Where an answer leads. Raises ValueError unless that is a path of this pattern."""
    target = reply.headers.get("location", "")
    found = urlsplit(target).path
    if reply.status not in (302, 303, 307) or not re.fullmatch(path, found):
        raise ValueError(f"{reply.status} to {target!r} instead of {path}")
    return found


def _check_items(reply: Reply) -> None:
    """Raises ValueError unless this is a page that asks all items, with nine buttons each."""
    _check_page(reply, QUESTION, ITEMS)
    _check_page(reply, 'type="radio"', 9 * ITEMS)


def _check_page(reply: Reply, text: str, times: int) -> None:
    """Raises ValueError unless a page came that says ``text`` so many times."""
    if reply.status != 200:
        raise ValueError(f"{reply.status} instead of a page")
    if (found := reply.page.count(text)) != times:
        raise ValueError(f"{text!r} {found} times instead of {times}")
