"""Two people at one real browser: saving while one types, and what the device keeps of each.

Random scripts as of one person at two devices, in which a second person comes in by their link, in
another tab of the same browser. TEST_TWO_PEOPLE_IN_BROWSER says how many.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.stateful import initialize, rule
from playwright.sync_api import Browser, Page, expect

from consult.models import Draft, Submission
from consult.web import access
from tests.browser.looking import Device
from tests.browser.readers import mark_own_device, own_device, personal_link, reading, serving, sign_out, words_box
from tests.browser.two_devices import DEVICES, INPUTS, OWN, NothingLost, run_scripts
from tests.browser.typing_places import Scene, scene_of
from tests.sizes import size
from tests.web.visiting import SLUG, Library, open_library, page

ONE, TWO, OTHER = 3, 5, 12
WORDS = "A reason that was typed at a shared desk"
RATING = page("round-1", "L1")
KEPT = "() => JSON.stringify({...localStorage})"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-1") as opened:
        yield opened


def come_in(tab: Page, address: str, library: Library, number: int) -> None:
    tab.goto(address + personal_link(library, SLUG, number))
    with tab.expect_navigation():
        tab.locator("main button.primary:visible").last.click()


def box(tab: Page) -> str:
    return tab.locator("textarea").first.input_value()


def state(tab: Page, said: str) -> None:
    expect(tab.locator("#autosave")).to_have_attribute("data-state", said)


def test_typing_stops_being_saved_once_another_person_is_in(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        mine, asked = reader.page, list[str]()
        mine.on("request", lambda sent: asked.append(sent.url) if sent.url.endswith("/autosave") else None)
        come_in(mine, address, library, ONE)
        mine.goto(address + RATING)
        theirs = mine.context.new_page()
        come_in(theirs, address, library, TWO)
        words_box(mine).fill(WORDS)
        state(mine, "foreign")
        told = mine.locator("#autosave").inner_text()
        assert "opened for Person 3" in told and "signed in as Person 5" in told
        assert "Nothing was stored" in told and "stays on this page" in told
        words_box(mine).fill(WORDS + " and more")
        mine.wait_for_timeout(2_500)
        assert len(asked) == 1, "what is another person's is not sent again by itself"
        assert not any("L1.wish.reason" in library.drafts(Draft, one) for one in (ONE, TWO))
        with mine.expect_navigation():
            mine.locator("main button.primary:visible").last.click()
        assert WORDS + " and more" in mine.locator("main").inner_text()
        come_in(theirs, address, library, ONE)
        with mine.expect_navigation():
            mine.locator("main button.primary:visible").last.click()
        assert library.drafts(Draft, ONE)["L1.wish.reason"] == [WORDS + " and more"]
        assert "L1.wish.reason" not in library.drafts(Draft, TWO)
        assert reader.told == []


def test_a_device_keeps_what_each_typed_apart(library: Library, browser: Browser) -> None:
    """Neither sees the other's words, and signing out or submitting drops only one's own."""
    with serving(library) as address, reading(browser, address) as reader:
        mine = reader.page
        come_in(mine, address, library, ONE)
        mine.goto(address + RATING)
        mark_own_device(mine)
        mine.context.set_offline(True)
        words_box(mine).fill(WORDS)
        state(mine, "offline")
        context = mine.context
        theirs = context.new_page()
        mine.close()
        context.set_offline(False)
        come_in(theirs, address, library, TWO)
        theirs.goto(address + RATING)
        assert box(theirs) == "", "the words of another person"
        assert not own_device(theirs).is_checked()
        assert WORDS in theirs.evaluate(KEPT)
        theirs.locator("input[name='item-L1.wish'][value='4']").check(force=True)
        state(theirs, "saved")
        theirs.goto(address + page("round-1", "review"))
        with theirs.expect_navigation():
            theirs.locator("main button.primary:visible").last.click()
        assert theirs.url.endswith("/receipt")
        assert len(library.rows(Submission, expert_id=library.expert(TWO).id)) == 2
        sign_out(theirs)
        theirs.wait_for_timeout(300)
        assert WORDS in theirs.evaluate(KEPT), "signing out is for oneself only"
        come_in(theirs, address, library, ONE)
        theirs.goto(address + RATING)
        assert box(theirs) == WORDS
        state(theirs, "saved")
        assert library.drafts(Draft, ONE)["L1.wish.reason"] == [WORDS]
        sign_out(theirs)
        expect(theirs.locator("h1")).to_have_text("You are signed out")
        assert theirs.evaluate(KEPT) == "{}", "of who signed out nothing is kept"


def test_what_is_kept_is_named_by_nobodys_handle(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        come_in(reader.page, address, library, ONE)
        reader.page.goto(address + RATING)
        mark_own_device(reader.page)
        kept = reader.page.evaluate(KEPT)
        expert = library.expert(ONE)
        assert "consult-own-device:" in kept
        assert not any(one in kept for one in (expert.handle, expert.code, expert.pseudonym))


class TwoPeople(NothingLost):
    """A second person comes in where the first is typing; pages are opened by the first only."""

    @initialize(own=OWN)
    def start(self, own: tuple[bool, bool]) -> None:  # type: ignore[override]
        self.scene.place(0).forget(OTHER)
        super().start(0, own)

    @rule(device=DEVICES, place=INPUTS)
    def another_comes_in_while_typing(self, device: int, place: int) -> None:
        self.another_comes_in(device)
        self.type(device, place)

    @rule(device=DEVICES)
    def another_comes_in(self, device: int) -> None:
        here, before = self.devices[device], self.stored()
        if here.is_well:
            self.enter_beside(here, OTHER)
            self.check(here, before)

    def check(self, acting: Device, before: dict[str, list[str]]) -> None:
        super().check(acting, before)
        assert self.place.stored(OTHER) == {}, "stored for the wrong person"


@pytest.fixture
def scene(tmp_path: Path, browser: Browser) -> Iterator[Scene]:
    with scene_of(browser, tmp_path) as opened:
        yield opened


def test_nothing_goes_to_the_wrong_person(scene: Scene) -> None:
    run_scripts(scene, size("TWO_PEOPLE_IN_BROWSER"), TwoPeople)


def test_what_must_hold_catches_a_seeded_bug(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes a form from whoever is in; one script, as a random one costs a minute."""
    monkeypatch.setattr(access, "require_own", lambda *_: None)
    machine = type("Machine", (TwoPeople,), {"scene": scene})()
    machine.start((False, False))
    machine.another_comes_in_while_typing(0, 1)
    with pytest.raises(AssertionError, match="wrong person"):
        machine.wait_for_saving(0)
    machine.teardown()
