"""A synthetic person at Chromium: reads a page, answers it with the mouse or the keys alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from consult.demo.browser import Control, Form, read_form
from consult.demo.people import Person
from consult.demo.walk import MAX_PAGES, page_answers
from tests.browser.readers import LOOKS, TOO_WIDE, UNFOLD, Look, Reader
from tests.web.markup import faults

ROUNDS_OF_A_PAGE = 2
"""A group that begins above what was unfolded is come back to."""
MAX_KEYS = 400
"""More presses of Tab than any page has places to stop."""
FOCUSED = """() => {
    const one = document.activeElement;
    const seen = one.matches("input.vh, .point input") ? one.parentElement : one;
    const style = getComputedStyle(one), around = getComputedStyle(seen);
    const box = one.closest(".point")?.querySelector(".box");
    const shown = [style, around, ...(box ? [getComputedStyle(box)] : [])];
    return {
        kind: one.type || one.tagName.toLowerCase(), name: one.name || "", value: one.value || "",
        within: one.tagName === "SUMMARY" && !one.parentElement.open
            ? [...one.parentElement.querySelectorAll("[name]")].map((inside) => inside.name) : [],
        checked: one.checked === true, primary: one.matches("button.primary"), id: one.id,
        visible: shown.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    };
}"""


@dataclass
class Walker:
    """One person's way, page by page; `Sight` for the synthetic panel's answers."""

    reader: Reader
    person: Person
    look_in: Look | None
    """The size and colours of the walk, put back after a page was seen in others; None to look at
    no page that closely."""
    is_whole: bool = False
    """Every page in all sizes and colours; else each page in the next one."""
    seen: list[str] = field(default_factory=list)
    address: str = ""
    text: str = ""
    form: Form = field(default_factory=Form)

    @property
    def place(self) -> str:
        """The page that is open, whatever its address says beside."""
        return self.address.partition("?")[0]

    def look(self) -> None:
        """Read the page that is open, and hold it against everything a page keeps to."""
        page = self.reader.page
        self.address = page.url
        self.text = page.content()
        self.form = read_form(self.text)
        where = self.address.removeprefix(self.reader.address)
        self.seen.append(where)
        assert faults(self.text) == [], where
        assert page.evaluate(TOO_WIDE) == 0, where
        if self.look_in is not None:
            turn = len(self.seen) % len(LOOKS)
            looks = LOOKS if self.is_whole else LOOKS[turn : turn + 1]
            self.reader.examine_looks(where, looks, *self.look_in)
        assert self.reader.told == [], where

    def goto(self, path: str) -> None:
        self.reader.goto(path)
        self.look()

    def press(self, button: str = "button.primary:visible") -> None:
        with self.reader.page.expect_navigation():
            self.reader.page.locator(f"main {button}").last.click()
        self.look()

    def come_in(self, link: str) -> None:
        """By the personal link, past the consent where it is asked for."""
        self.goto(link)
        self.press()
        if self.address.endswith("/consent"):
            self.reader.page.locator(f"main [name=language][value={self.person.language}]").check()
            self.press()

    def stage(self, stage: str, number: int | None, pages: int = MAX_PAGES) -> int:
        """Answer every page up to the review, or so many; returns how many there were."""
        self.goto(stage)
        count = 0
        while count < pages and not self.place.endswith("/review"):
            asked = "reason_asked" in dict(self.form.hidden)
            before = self.place
            if not asked:
                self.fill_in(number)
            self.press()
            again = "reason_asked" in dict(self.form.hidden) and not asked
            assert self.place != before or again, f"{before} does not lead on"
            count += not again
            assert count < MAX_PAGES, "no end"
        return count

    def fill_in(self, number: int | None) -> None:
        """Answer the page that is open, with the mouse; what is folded is opened first."""
        self.reader.page.evaluate(UNFOLD)
        for name, values in page_answers(self, self.person, number).items():
            if name != "go":
                self._give(self.form.controls[name], values)

    def _give(self, control: Control, values: list[str]) -> None:
        here = self.reader.page.locator(f'main [name="{control.name}"]')
        if control.kind == "select":
            here.select_option(values[0])
        elif control.kind == "text":
            here.fill(values[0])
        else:
            for value in values:
                self.reader.page.locator(f'main [name="{control.name}"][value="{value}"]').check()


@dataclass
class Typist(Walker):
    """The same person without a mouse: Tab, arrows, space, digits and Enter."""

    def look(self) -> None:
        super().look()
        assert self.reader.page.evaluate("document.activeElement.tagName") in ("BODY", "DIV", "SECTION")

    def press(self, button: str = "button.primary:visible") -> None:
        """Go on with Tab until the button of the page has the focus, then Enter."""
        for at in self._stops():
            if at["primary"]:
                break
        self._enter()

    def _enter(self) -> None:
        with self.reader.page.expect_navigation():
            self.reader.page.keyboard.press("Enter")
        self.look()

    def _stops(self) -> Iterator[dict[str, object]]:
        """Every place Tab stops at, from where the focus is; each shows that it has it."""
        for _ in range(MAX_KEYS):
            self.reader.page.keyboard.press("Tab")
            at: dict[str, object] = self.reader.page.evaluate(FOCUSED)
            if at["kind"] == "body":
                return
            assert at["visible"], (self.address, at)
            yield at
        raise AssertionError(f"{self.address}: Tab never comes to an end")

    def fill_in(self, number: int | None) -> None:
        """Answer the page that is open by keys; on a measure's page the digits rate."""
        wanted = page_answers(self, self.person, number)
        self._skip()
        keys = self.reader.page.keyboard
        first = [name for name in wanted if name.endswith((".importance", ".feasibility"))]
        if number and first and all(wanted[name][0].isdigit() for name in first):
            for name in first:
                keys.press(wanted.pop(name)[0])
        left = {name: values for name, values in wanted.items() if name != "go"}
        for _ in range(ROUNDS_OF_A_PAGE):
            if not left:
                return
            self._pass(left)
            self.reader.page.evaluate("document.getElementById('main').focus()")
        assert left == {}, (self.address, left)

    def _pass(self, left: dict[str, list[str]]) -> None:
        """Once down the page, up to its button, giving what is left to give."""
        for at in self._stops():
            name = str(at["name"])
            folded = set(left) & set(at["within"])  # type: ignore[call-overload]
            if folded:
                name = self._unfold(folded.pop(), left)
                at = self.reader.page.evaluate(FOCUSED)
            if at["primary"] or name not in left or self._is_folded(name, left[name][0]):
                if at["primary"]:
                    break
                continue
            self._type(at, left)
            if not left:
                return

    def _unfold(self, name: str, left: dict[str, list[str]]) -> str:
        """Open what an answer is folded into; where that leads on to one to give there, its name, else nothing."""
        self.reader.page.keyboard.press("Enter")
        self.reader.page.wait_for_timeout(50)
        there = str(self.reader.page.evaluate("document.activeElement.name || ''"))
        is_given_here = there in left and self.reader.page.evaluate(
            "(one) => !!document.activeElement.closest('details')?.querySelector(one)",
            f'[name="{there}"][value="{left[there][0]}"]',
        )
        return there if is_given_here else ""

    def _is_folded(self, name: str, value: str) -> bool:
        """Whether this answer stands in what is folded."""
        where = f'main [name="{name}"][value="{value}"]'
        return bool(
            self.reader.page.evaluate("(one) => !!document.querySelector(one)?.closest('details:not([open])')", where)
        )

    def _skip(self) -> None:
        """The first stop leads past the head of the page."""
        keys = self.reader.page.keyboard
        keys.press("Tab")
        if self.reader.page.evaluate("document.activeElement.matches('a.skip')"):
            keys.press("Enter")
            assert self.reader.page.evaluate("document.activeElement.id") == "main"

    def _type(self, at: dict[str, object], left: dict[str, list[str]]) -> None:
        keys, name = self.reader.page.keyboard, str(at["name"])
        if at["kind"] == "checkbox":
            if at["value"] in left[name]:
                keys.press("Space")
                left[name].remove(str(at["value"]))
            if left[name]:
                return
        elif at["kind"] == "radio" or at["kind"] == "select-one":
            self._turn(left[name][0])
        else:
            keys.insert_text(left[name][0])
        del left[name]

    def _turn(self, value: str) -> None:
        """Arrows through a group of radios or a list until this value is chosen."""
        keys, page = self.reader.page.keyboard, self.reader.page
        if page.evaluate("document.activeElement.type") == "radio":
            keys.press("Space")
        for _ in range(60):
            if page.evaluate("document.activeElement.value") == value:
                return
            keys.press("ArrowDown")
        raise AssertionError(f"{self.address}: no arrow leads to {value}")
