"""One browser of a person: what was typed on it, what it showed, and what stands on its page now."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error, Page

from tests.browser import connections
from tests.browser.readers import wait_until
from tests.browser.typing_places import Leaf

BUTTON = ", ".join(f"main form[{one}] button.primary:visible" for one in ("data-expert", "data-send=once"))
"""What sends a page that was typed on; the button that submits a stage is another one."""
SETTLED = """["saved", "conflict", "offline", "refused", "foreign", ""].includes(
    document.getElementById("autosave")?.dataset.state || "")"""
ARRIVED = """(document.documentElement.dataset.mark !== "old" && document.readyState !== "loading")
    || document.querySelector(":invalid") !== null"""
"""Another page, or the same one where the browser itself refused a value."""

LOOK = """(name) => {
    const main = document.querySelector("main");
    if (document.readyState !== "complete") return null;
    if (!main) return {};
    const isNew = !("looked" in document.documentElement.dataset);
    document.documentElement.dataset.looked = "yes";
    const fields = {};
    for (const one of main.querySelectorAll("[name^='item-']")) {
        if (/^(radio|checkbox)$/.test(one.type) && !one.checked) continue;
        (fields[one.name.slice(5)] ??= []).push(one.value);
    }
    const picks = [...main.querySelectorAll("[name^='pick-'][value=theirs]")].map((one) => one.name.slice(5));
    const is_form = main.querySelector(`form[data-expert] [name='item-${name}']`) !== null;
    return {is_new: isNew, fields, picks, is_form, text: main.innerText};
}"""
"""What a reader sees once scripts have done their part; whether it is looked at for the first time."""


@dataclass
class Look:
    """The page of a device at one moment. `is_form`: it is the page that is typed on.

    `picks`: answers shown in two versions.
    """

    is_new: bool = False
    fields: dict[str, list[str]] = field(default_factory=dict)
    picks: list[str] = field(default_factory=list)
    is_form: bool = False
    text: str = ""

    def holds(self, name: str, value: str) -> bool:
        return value in self.fields.get(name, []) or (not self.is_form and value in self.text)


@dataclass
class Device:
    """One browser: its page, what was typed on it and is not known to be stored, what it showed."""

    page: Page
    number: int
    leaf: Leaf
    is_own: bool
    typed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    cut: str = connections.WELL

    @property
    def is_well(self) -> bool:
        return self.cut == connections.WELL

    def connect(self, cut: str) -> None:
        connections.mend(self.page.context, self.cut)
        connections.pull(self.page.context, cut)
        self.cut = cut

    def see(self, name: str, values: list[str] | None) -> None:
        self.seen.setdefault(name, set()).update(values or ())

    def look(self, patience: int = 200) -> Look:
        """What stands on the page; nothing when it is none of ours."""
        for _ in range(patience if self.typed else 1):
            with suppress(Error):  # between two pages there is nothing to see
                found: dict[str, Any] | None = self.page.evaluate(LOOK, self.leaf.names[0])
                if found is not None:
                    return Look(**found)
            self.page.wait_for_timeout(40)
        return Look()

    def fill(self, name: str, value: str) -> bool:
        """Type; False when the page, sent before, left just now."""
        try:
            self.leaf.fill(self.page, name, value)
        except Error:
            self.page.wait_for_timeout(500)
            if self.look().is_form:
                raise
            return False
        self.typed[name] = value
        self.see(name, [value])
        return True

    def settle(self) -> None:
        """Wait for what saves by itself."""
        self.page.wait_for_timeout(950 if self.typed else 0)
        wait_until(self.page, SETTLED, 20)

    def press(self) -> None:
        """The button of the page, one's own version chosen where there are two; then what comes of it."""
        if not self.page.locator(BUTTON).count():
            return
        with suppress(Error):  # what was sent before may arrive now, and the page is another one
            for box in self.page.locator("main input[type=radio][value=yours]").all():
                box.check()
            self.page.evaluate("document.documentElement.dataset.mark = 'old'")
            self.page.locator(BUTTON).last.click(timeout=3_000)
        if not self.is_well:
            self.page.wait_for_timeout(200)
            return
        try:
            wait_until(self.page, ARRIVED, 30)
        except TimeoutError as error:
            raise AssertionError(f"{self.page.url}: the button led nowhere") from error
