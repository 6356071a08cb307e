"""Nothing typed is lost, whatever becomes of connection, session, stage and window: random scripts.

`two_devices` says what happens and what must hold. TEST_SCRIPTS_IN_BROWSER says how many.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from consult.definition.asked import AskedQuestion
from consult.services.answering import saving
from consult.services.answering.responding import Respondent
from tests.browser.looking import Device
from tests.browser.two_devices import NothingLost, run_scripts
from tests.browser.typing_places import Scene, scene_of
from tests.sizes import size

ROUND_1 = 1
FORGETS = """(() => { const real = window.fetch, form = document.querySelector("form[data-expert]");
    window.fetch = (...sent) => real(...sent).catch((error) => { form?.reset(); throw error; }); })()"""
"""A page that empties itself when a request fails."""
BELIEVES = """(() => { const real = window.fetch, told = '{"marks": {}, "conflicts": []}';
    const taken = { headers: { "Consult-Answer": "1", "Consult-Location": location.pathname } };
    window.fetch = (...sent) => real(...sent).then(
        (answer) => answer.headers.has("Consult-Answer") ? answer : new Response(told, taken)); })()"""
"""A page that takes whatever answers for its server."""
KEEPS_NO_MARKS = """(() => { const real = Storage.prototype.setItem;
    const unmarked = (kept) => JSON.stringify(JSON.parse(kept).filter(([name]) => !name.startsWith("rev-")));
    Storage.prototype.setItem = function (key, value) {
        real.call(this, key, value.startsWith("[") ? unmarked(value) : value); }; })()"""
"""A page that brings words back as if it had seen what is stored by then."""
Steps = Callable[[NothingLost], None]


@pytest.fixture
def scene(tmp_path: Path, browser: Browser) -> Iterator[Scene]:
    with scene_of(browser, tmp_path) as opened:
        yield opened


def with_a_bug(script: str) -> type[NothingLost]:
    """Scripts in which this is done to every page that is opened to type on."""

    class Seeded(NothingLost):
        def open(self, here: Device) -> None:
            super().open(here)
            here.page.evaluate(script)

    return Seeded


def play(scene: Scene, kind: type[NothingLost], steps: Steps) -> None:
    """One script by hand, on a page of ratings; the first device is said to be one's own."""
    here = type("Machine", (kind,), {"scene": scene})()
    here.start(ROUND_1, (True, False))
    try:
        steps(here)
    finally:
        here.teardown()


def test_no_typed_value_is_lost(scene: Scene) -> None:
    run_scripts(scene, size("SCRIPTS_IN_BROWSER"))


def _typed_on_a_dead_network(here: NothingLost) -> None:
    here.lose_the_connection_while_typing(1, 0, "dead")
    here.wait_for_saving(1)


def _pressed_in_a_hotel(here: NothingLost) -> None:
    here.press_on_a_lost_connection(1, 1, "portal")
    here.wait_for_saving(1)


def _closed_and_stored_elsewhere(here: NothingLost) -> None:
    here.type(1, 2)
    here.wait_for_saving(1)
    here.close_the_window_and_come_back(0, 2, "dead")
    here.wait_for_saving(0)


def _stored_elsewhere(here: NothingLost) -> None:
    for device in (0, 1):
        here.type(device, 0)
        here.wait_for_saving(device)


BUGS = {
    "forgets": (FORGETS, _typed_on_a_dead_network, "lost"),
    "believes a portal": (BELIEVES, _pressed_in_a_hotel, "lost"),
    "keeps no marks": (KEEPS_NO_MARKS, _closed_and_stored_elsewhere, "overwritten unseen"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_what_must_hold_catches_a_page_with_a_bug(scene: Scene, bug: str) -> None:
    """A script by hand each, as a random one that comes to it costs a minute."""
    script, steps, told = BUGS[bug]
    with pytest.raises(AssertionError, match=told):
        play(scene, with_a_bug(script), steps)


def test_what_must_hold_catches_a_server_that_overwrites(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    real = saving.save

    def overwrite(
        session: Session,
        respondent: Respondent,
        asked: Iterable[AskedQuestion],
        posted: Mapping[str, list[str]],
        _seen: Mapping[str, str],
        *,
        is_sent: bool = False,
    ) -> saving.Saved:
        saving.hold(session, respondent)
        today = {name: saving.mark(respondent.drafts.get(name)) for name in posted}
        return real(session, respondent, asked, posted, today, is_sent=is_sent)

    monkeypatch.setattr(saving, "save", overwrite)
    with pytest.raises(AssertionError, match="overwritten unseen"):
        play(scene, NothingLost, _stored_elsewhere)
