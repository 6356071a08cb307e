"""Two real browsers, a connection that comes and goes, a session that ends, a round that closes.

After every step each value typed is stored on the server or still stands on the page it was typed
on; and what one device stored, another that had not seen it never overwrites.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from playwright.sync_api import Browser, Page
from sqlalchemy import delete, update

from consult import clock
from consult.models import Draft, LoginSession
from tests.browser.readers import serving, wait_until
from tests.sizes import size
from tests.web.visiting import Library, open_library, page

SCRIPTS = size("SCRIPTS_IN_BROWSER")
"""How many random scripts are played; 200 take about a quarter of an hour."""
STAGE, PERSON, KEY = "first-look", 13, "budget"
FIELDS = ("missing", "budget.building", "budget.staff")
DEVICES = st.sampled_from((0, 1))
SETTLED = """() => ["saved", "conflict", "offline", "refused", "foreign", ""].includes(
    document.getElementById("autosave")?.dataset.state || "")"""
STANDING = """() => [...document.querySelectorAll("main input, main textarea")]
    .map((one) => one.value).join("\\n") + "\\n" + document.querySelector("main").innerText"""


@dataclass
class Device:
    """One browser: its page, what was typed on it and is not known to be stored, what it saw."""

    page: Page
    typed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)
    is_offline: bool = False

    @property
    def is_form(self) -> bool:
        """Whether the page of the questionnaire is open, to be typed on."""
        return self.page.locator(f"main [name='item-{FIELDS[0]}']:not([type=hidden])").count() == 1

    def standing(self) -> str:
        return str(self.page.evaluate(STANDING))


class Scene:
    """What all scripts of one test share: a library, its server, a browser."""

    library: Library
    address: str
    browser: Browser


class NothingLost(RuleBasedStateMachine):
    """A person at two devices."""

    scene: type[Scene]

    @initialize()
    def start(self) -> None:
        library = self.scene.library
        with library.database.writing() as session:
            session.execute(delete(Draft).where(Draft.expert_id == library.expert(PERSON).id))
        self.devices = []
        for _ in range(2):
            context = self.scene.browser.new_context()
            context.set_default_timeout(8_000)
            self.devices.append(Device(context.new_page()))
            self._enter(self.devices[-1].page)
            self.open(self.devices[-1])

    def teardown(self) -> None:
        for here in getattr(self, "devices", ()):
            here.page.context.close()

    # What happens

    @rule(device=DEVICES, place=st.integers(0, 2), number=st.integers(0, 99))
    def type(self, device: int, place: int, number: int) -> None:
        here = self.devices[device]
        if not here.is_form:
            return
        name = FIELDS[place]
        value = f"words {number} at {device}" if place == 0 else str(number)
        before = self.stored()
        here.page.locator(f"main [name='item-{name}']").fill(value)
        here.typed[name] = value
        self.check(here, before)

    @rule(device=DEVICES)
    def wait_for_saving(self, device: int) -> None:
        here, before = self.devices[device], self.stored()
        self._settle(here)
        self.check(here, before)

    @rule(device=DEVICES)
    def press(self, device: int) -> None:
        """Send the page by its button; without a connection it stays."""
        here, before = self.devices[device], self.stored()
        if not here.page.locator("main form button.primary").count():
            return
        for box in here.page.locator("main input[type=radio][value=yours]").all():
            box.check()
        was = here.page.evaluate("document.documentElement.dataset.mark = 'old'")
        assert was == "old"
        here.page.locator("main form button.primary:visible").last.click()
        if not here.is_offline:
            self._arrived(here)
        self.check(here, before)
        if not here.is_offline and not here.typed:
            self.open(here)

    @rule(device=DEVICES)
    def connection(self, device: int) -> None:
        """Lost, or found again."""
        here, before = self.devices[device], self.stored()
        here.is_offline = not here.is_offline
        here.page.context.set_offline(here.is_offline)
        self._settle(here)
        self.check(here, before)

    @rule(device=DEVICES, place=st.integers(0, 2), number=st.integers(100, 199))
    def lose_the_connection_while_typing(self, device: int, place: int, number: int) -> None:
        """The network is pulled under a half-typed page."""
        if self.devices[device].is_offline:
            self.connection(device)
        self.type(device, place, number)
        self.connection(device)

    @rule()
    def session_ends(self) -> None:
        expert = self.scene.library.expert(PERSON).id
        with self.scene.library.database.writing() as session:
            session.execute(
                update(LoginSession).where(LoginSession.expert_id == expert).values(revoked_at=clock.utc_now())
            )

    @precondition(lambda self: any(not here.is_offline for here in self.devices))
    @rule(device=DEVICES)
    def come_in_again(self, device: int) -> None:
        """In another tab the personal link is opened; the page typed on stays where it is."""
        here = self.devices[device]
        if here.is_offline:
            return
        tab = here.page.context.new_page()
        self._enter(tab)
        tab.close()

    @rule(device=DEVICES)
    def send_after_the_close(self, device: int) -> None:
        """The stage closes under the open page."""
        before = self.stored()
        with clock.set_to(self.scene.library.stage(STAGE).closes_at + timedelta(days=1)):
            self.press(device)
            for here in self.devices:
                self._settle(here)
            assert self.stored() == before

    @rule(device=DEVICES)
    def turn_to_the_page_again(self, device: int) -> None:
        """Once nothing is left unsent, the page is opened anew."""
        here = self.devices[device]
        self._settle(here)
        self.check(here, self.stored())
        if not here.typed and not here.is_offline:
            self.open(here)

    # What must hold

    def stored(self) -> dict[str, list[str]]:
        return self.scene.library.drafts(Draft, PERSON)

    def check(self, acting: Device, before: dict[str, list[str]]) -> None:
        after = self.stored()
        for here in self.devices:
            standing = here.standing() if here.typed else ""
            for name, value in list(here.typed.items()):
                if after.get(name) == [value]:
                    here.seen[name] = [value]
                    del here.typed[name]
                else:
                    assert value in standing, (name, value, here.page.url)
        for name, values in before.items():
            if after.get(name) != values and values:
                known = acting.seen.get(name) in (values, after.get(name))
                assert known or "pick" in acting.page.content(), (name, values, after.get(name))

    # How a person does it

    def open(self, here: Device) -> None:
        here.page.goto(self.scene.address + page(STAGE, KEY))
        here.typed, here.seen = {}, self.stored()

    def _enter(self, tab: Page) -> None:
        tab.goto(self.scene.address + self.scene.library.link(PERSON))
        with tab.expect_navigation():
            tab.locator("main button.primary:visible").last.click()

    def _arrived(self, here: Device) -> None:
        """Another page, or the same one where the browser itself refused a value."""
        try:
            wait_until(
                here.page,
                "(document.documentElement.dataset.mark !== 'old'"
                " && document.readyState !== 'loading')"
                " || document.querySelector(':invalid') !== null",
            )
        except TimeoutError as error:
            raise AssertionError(f"{here.page.url}: the button led nowhere") from error

    def _settle(self, here: Device) -> None:
        here.page.wait_for_timeout(950 if here.typed else 0)
        wait_until(here.page, SETTLED)


@pytest.fixture
def scene(tmp_path: Path, browser: Browser) -> Iterator[type[Scene]]:
    with open_library(tmp_path, STAGE) as library, serving(library) as address:
        Scene.library, Scene.address, Scene.browser = library, address, browser
        yield Scene


def run_scripts(scene: type[Scene], scripts: int, kind: type[NothingLost] = NothingLost) -> None:
    machine = type("Machine", (kind,), {"scene": scene})
    quick = settings(
        max_examples=scripts,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=False,
    )
    run_state_machine_as_test(machine, settings=quick)


def test_no_typed_value_is_lost(scene: type[Scene]) -> None:
    run_scripts(scene, SCRIPTS)


def test_a_page_that_forgets_is_found(scene: type[Scene]) -> None:
    """What the scripts are for: a page that empties itself when it cannot be saved."""

    class Forgetful(NothingLost):
        def open(self, here: Device) -> None:
            super().open(here)
            form = "document.querySelector('form[data-expert]')"
            here.page.evaluate(f"addEventListener('offline', () => {form}.reset())")

    machine = type("Machine", (Forgetful,), {"scene": scene})
    found = settings(
        max_examples=25,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=False,
        report_multiple_bugs=False,
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=found)
