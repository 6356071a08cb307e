"""Going through a questionnaire with a finger: everything required, answered with the fewest taps."""

from playwright.sync_api import Page

from tests.browser.finger import Finger, Way, come_in
from tests.browser.holding import Held

MOST_PAGES = 100
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


def fill_in(held: Held, page: Page, stage: str, most: int = MOST_PAGES) -> Way:
    """Come in, answer everything required of a questionnaire, or of so many pages, and submit it.

    A select is two taps, a field one: what is typed is not counted.
    """
    finger = Finger(page)
    come_in(held, page, stage)
    while not page.url.endswith("/review") and len(finger.way.heights) < most:
        finger.look()
        _answer_page(finger)
        finger.tap_on(".stays .primary:visible")
    if page.url.endswith("/review"):
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
