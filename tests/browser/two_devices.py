"""Random scripts of one person at two real browsers, played on one page of the town library.

Connections are cut, some without the browser knowing; sessions end, the stage closes, a window is
closed and opened again. After every step each value typed is stored on the server, or stands on the
page it was typed on or on the one that came instead; what one device stored, another never
overwrites unless it showed it.
"""

from contextlib import ExitStack

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from playwright.sync_api import Error

from consult import clock
from tests.browser.connections import CUTS, WELL, Slow
from tests.browser.looking import BUTTON, Device, Look
from tests.browser.readers import mark_own_device, own_device
from tests.browser.typing_places import Scene

DEVICES = st.sampled_from((0, 1))
INPUTS = st.integers(0, 2)
CUT = st.sampled_from(CUTS)
PLACES = st.sampled_from((0, 1, 2))
OWN = st.tuples(st.booleans(), st.booleans())


class NothingLost(RuleBasedStateMachine):
    """A person at two devices; which of them are said to be the person's own, is drawn."""

    scene: Scene

    @initialize(place=PLACES, own=OWN)
    def start(self, place: int, own: tuple[bool, bool]) -> None:
        self.place = self.scene.place(place)
        self.scene.played[self.place.leaf.stage] += 1
        self.stack, self.count, self.writers = ExitStack(), 0, dict[tuple[str, str], Device]()
        self.stack.enter_context(clock.set_to(self.place.moment))
        self.place.forget()
        self.devices: list[Device] = []
        for number in range(2):
            context = self.scene.browser.new_context()
            self.stack.callback(context.close)
            self.stack.callback(context.unroute_all, behavior="ignoreErrors")
            context.set_default_timeout(20_000)
            self.devices.append(Device(context.new_page(), number, self.place.leaf, own[number]))
            self.open(self.devices[number])

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    # What happens

    @rule(device=DEVICES, place=INPUTS)
    def type(self, device: int, place: int) -> None:
        here, before = self._at(device), self.stored()
        self._type(here, place)
        self.check(here, before)

    @rule(device=DEVICES)
    def wait_for_saving(self, device: int) -> None:
        here, before = self.devices[device], self.stored()
        here.settle()
        self.check(here, before)

    @rule(device=DEVICES)
    def press(self, device: int) -> None:
        """Send the page by its button; without a connection it stays."""
        here, before = self._at(device), self.stored()
        here.press()
        self.check(here, before)
        if here.is_well and not here.typed:
            self.open(here)

    @rule(device=DEVICES, place=INPUTS)
    def type_on_while_it_is_sent(self, device: int, place: int) -> None:
        """The button was pressed and the answer takes its time."""
        here, before = self._at(device), self.stored()
        if not (here.is_well and here.look().is_form):
            return
        with Slow(here.page):
            here.page.locator(BUTTON).last.click()
            here.page.wait_for_timeout(100)
            self._type(here, place)
        here.settle()
        self.check(here, before)

    @rule(device=DEVICES, cut=CUT)
    def connection(self, device: int, cut: str) -> None:
        """Lost, or found again."""
        here, before = self.devices[device], self.stored()
        here.connect(cut if here.is_well else WELL)
        here.settle()
        self.check(here, before)

    @rule(device=DEVICES, place=INPUTS, cut=CUT)
    def lose_the_connection_while_typing(self, device: int, place: int, cut: str) -> None:
        """The network is pulled under a half-typed page."""
        if not self.devices[device].is_well:
            self.connection(device, WELL)
        self.type(device, place)
        self.connection(device, cut)

    @rule(device=DEVICES, place=INPUTS, cut=CUT)
    def press_on_a_lost_connection(self, device: int, place: int, cut: str) -> None:
        """What was typed goes nowhere by the button, nor by itself."""
        self.lose_the_connection_while_typing(device, place, cut)
        self.press(device)

    @rule()
    def session_ends(self) -> None:
        self.place.end_sessions()

    @rule(device=DEVICES)
    def come_in_again(self, device: int) -> None:
        """In another tab the personal link is opened; the page typed on stays where it is."""
        here = self.devices[device]
        if here.is_well:
            self.enter_beside(here, self.place.leaf.person)

    @rule(device=DEVICES)
    def send_after_the_close(self, device: int) -> None:
        """The stage closes under the open page."""
        here = self._at(device)
        with self.place.closed():
            here.page.wait_for_timeout(300)  # what was on its way before the close has arrived
            before = self.stored()
            here.press()
            for one in self.devices:
                one.settle()
            assert self.stored() == before, "stored after the close"
            self.check(here, before)
        if here.is_well and not here.typed:
            self.open(here)

    @rule(device=DEVICES)
    def turn_to_the_page_again(self, device: int) -> None:
        """The page is opened anew, once nothing is left that could still be sent."""
        here, before = self.devices[device], self.stored()
        here.settle()
        self.check(here, before)
        if here.is_well and not (here.typed and here.page.locator(BUTTON).count()):
            here.typed = {}
            self.open(here)

    @rule(device=DEVICES, place=INPUTS, cut=CUT)
    def close_the_window_and_come_back(self, device: int, place: int, cut: str) -> None:
        """On one's own device what was not sent is there again, whatever closed the window."""
        here = self.devices[device]
        if not here.is_own:
            return
        self.lose_the_connection_while_typing(device, place, cut)
        before = self.stored()
        context = here.page.context
        left, here.page = here.page, context.new_page()
        left.close()
        here.connect(WELL)
        self.place.let_in(context)
        here.page.goto(self.place.address)
        self.check(here, before)

    # What must hold

    def stored(self) -> dict[str, list[str]]:
        return self.place.stored()

    def check(self, acting: Device, before: dict[str, list[str]]) -> None:
        """Pages are looked at before the server is asked: what is typed goes that way only."""
        looks = [(here, here.look()) for here in self.devices]
        after = self.stored()
        for here, look in looks:
            self._note(here, look, before, after)
        for name, values in before.items():
            written = after.get(name, [])
            if values and written != values:
                writer = self.writers.get((name, *written), acting) if written else acting
                is_known = bool(written) and writer.seen.get(name, set()).issuperset(values)
                assert is_known, (f"overwritten unseen at {writer.number}", name, values, written)
        for here, look in looks:
            for name, value in list(here.typed.items()):
                if after.get(name) == [value]:
                    del here.typed[name]
                else:
                    assert look.holds(name, value), ("lost", name, value, here.number, here.page.url)

    def _note(self, here: Device, look: Look, before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
        """What a page shows, its reader has seen; of two versions, also the other one."""
        if not look.is_new:
            return
        for name in self.place.leaf.names:
            here.see(name, look.fields.get(name))
        for name in look.picks:
            here.see(name, before.get(name))
            here.see(name, after.get(name))

    # How a person does it

    def open(self, here: Device) -> None:
        """Whoever opens a page comes in first; sessions end under pages that are open."""
        self.place.let_in(here.page.context)
        try:
            here.page.goto(self.place.address)
        except Error as error:  # what waited to be sent went just now, and led on: again, as a person would
            if "ERR_ABORTED" not in str(error):
                raise
            here.page.wait_for_load_state()
            here.page.goto(self.place.address)
        is_first = not here.seen and here.page.locator("#settings").count() > 0
        if here.is_own and is_first and not own_device(here.page).is_checked():
            mark_own_device(here.page)
        self._note(here, here.look(), {}, {})

    def enter_beside(self, here: Device, person: int) -> None:
        """By a personal link in another tab."""
        tab = here.page.context.new_page()
        tab.goto(self.place.link(person))
        with tab.expect_navigation():
            tab.locator("main button.primary:visible").last.click()
        tab.close()

    def _at(self, device: int) -> Device:
        """A device whose page can be typed on, where that needs no more than opening it."""
        here = self.devices[device]
        if here.is_well and not here.typed and not here.look().is_form:
            self.open(here)
        return here

    def _type(self, here: Device, place: int) -> None:
        """Something that was never seen there: what stands already would be no change."""
        name, self.count = self.place.leaf.names[place], self.count + 1
        known = here.seen.get(name, set()) | {here.typed.get(name, "")}
        fresh = [one for one in self.place.leaf.values(name, here.number, self.count) if one not in known]
        if not fresh or not here.look().is_form:
            return
        if here.fill(name, fresh[0]):
            self.writers[name, fresh[0]] = here
            self.scene.played["values typed"] += 1


def run_scripts(scene: Scene, scripts: int, kind: type[NothingLost] = NothingLost) -> None:
    machine = type("Machine", (kind,), {"scene": scene})
    quick = settings(
        max_examples=scripts,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=False,
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(machine, settings=quick)
    finally:
        print(f"Played: {dict(scene.played)}")
