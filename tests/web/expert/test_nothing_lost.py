"""Two devices, a bad connection, expiring sessions, a closing stage: no typed value is lost.

After every sending, each value typed since the page was opened is stored on the server, or stands
on the page that came back. What one device stored, another that did not touch it never overwrites.
TEST_SCRIPTS says how many random scripts are played.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, update

from consult import clock
from consult.models import Draft, LoginSession, Submission
from consult.services.answering import saving
from consult.web import errors
from consult.web.views import Action
from tests.sizes import size
from tests.web.visiting import Browser, Library, enter, open_library, page

STAGE, EXPERT = "first-look", 13
PAGES = {
    "visits": {"visits": ("never", "rarely", "monthly", "weekly")},
    "budget": {
        "budget.building": ("1", "2", "5", "abc", "10"),
        "budget.staff": ("0", "3", "5", "half"),
        "missing": tuple(f"words{number} of a person" for number in range(9)),
    },
}
DEVICES = st.sampled_from((0, 1))


@dataclass
class Device:
    """A browser with a page open, and what was typed into it since."""

    browser: Browser
    page: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)


class World:
    """One library for all scripts of this process."""

    stack = ExitStack()
    library: Library | None = None

    @classmethod
    def get(cls) -> Library:
        if cls.library is None:
            folder = Path(cls.stack.enter_context(TemporaryDirectory()))
            cls.library = cls.stack.enter_context(open_library(folder, STAGE))
        return cls.library


class NothingLost(RuleBasedStateMachine):
    """A person at two devices."""

    @initialize()
    def start(self) -> None:
        self.library = World.get()
        self.expert = self.library.expert(EXPERT)
        with self.library.database.writing() as session:
            session.execute(delete(Draft).where(Draft.expert_id == self.expert.id))
        self.moment = clock.utc_now()
        self.devices = [Device(self.library.browser(EXPERT)) for _ in range(2)]

    def stored(self) -> dict[str, list[str]]:
        return self.library.drafts(Draft, EXPERT)

    def open(self, device: int, key: str) -> None:
        here = self.devices[device]
        is_there = here.browser.open(page(STAGE, key)) == 200
        here.page, here.typed, here.seen = key if is_there else "", {}, self.stored()

    @rule(key=st.sampled_from(("budget", "budget", "visits")))
    def open_on_both(self, key: str) -> None:
        """The same page on both devices, unless something stands unsent on one of them."""
        for device, here in enumerate(self.devices):
            if not here.typed or here.browser.status != 200:
                self.open(device, key)

    @rule(device=DEVICES, place=st.integers(0, 2), number=st.integers(0, 8))
    def type(self, device: int, place: int, number: int) -> None:
        here = self.devices[device]
        if not here.page or here.browser.status != 200:
            self.open(device, "budget")
        fields = list(PAGES.get(here.page, {}).items())
        if fields:
            name, values = fields[place % len(fields)]
            here.typed[name] = values[number % len(values)]

    @rule(device=DEVICES)
    def send(self, device: int) -> None:
        self._send(self.devices[device])

    @rule(device=DEVICES)
    def send_and_lose_the_answer(self, device: int) -> None:
        """The server got it; the page that should have come back did not arrive."""
        here = self.devices[device]
        if not here.page or here.browser.status != 200:
            return
        text, address, status = here.browser.text, here.browser.address, here.browser.status
        before, typed = self.stored(), dict(here.typed)
        here.browser.press("go", "next", typed)
        self._check(here, before, typed)
        here.browser.text, here.browser.address, here.browser.status = text, address, status

    @rule(device=DEVICES)
    def session_expires(self, device: int) -> None:
        with self.library.database.writing() as session:
            session.execute(
                update(LoginSession).where(LoginSession.expert_id == self.expert.id).values(revoked_at=clock.utc_now())
            )

    @rule(device=DEVICES)
    def token_expires(self, device: int) -> None:
        with self.devices[device].browser.client.session_transaction() as cookie:
            cookie.pop("csrf_token", None)

    @rule(device=DEVICES)
    def send_after_the_close(self, device: int) -> None:
        with clock.set_to(self.library.stage(STAGE).closes_at + timedelta(days=1)):
            self._send(self.devices[device], must_store=False)

    @precondition(lambda self: any(here.browser.status == 401 for here in self.devices))
    @rule()
    def come_back(self) -> None:
        """In another tab the personal link is opened; then the same page is sent again."""
        for here in self.devices:
            if here.browser.status == 401:
                kept = here.browser.text, here.browser.address
                enter(here.browser, self.library.link(EXPERT))
                here.browser.text, here.browser.address = kept
                here.browser.status = 200
                if not here.page or not here.browser.tree.xpath("//main//form"):
                    here.page, here.typed = "", {}
                    continue
                before, typed = self.stored(), dict(here.typed)
                here.browser.press("", "")
                self._check(here, before, typed)
                self._settle(here)

    def _send(self, here: Device, *, must_store: bool = True) -> None:
        if not here.page or here.browser.status != 200:
            return
        before, typed = self.stored(), dict(here.typed)
        here.browser.press("go", "next", self._with_choices(here, typed))
        self._check(here, before, typed)
        if not must_store:
            assert self.stored() == before
        self._settle(here)

    def _with_choices(self, here: Device, typed: dict[str, str]) -> dict[str, str]:
        """On a conflict page one's own version is chosen."""
        picks = {name for name in here.browser.tree.xpath("//main//input/@name") if str(name).startswith("pick-")}
        return {**typed, **{str(name): "yours" for name in picks}}

    def _check(self, here: Device, before: dict[str, list[str]], typed: dict[str, str]) -> None:
        after = self.stored()
        for name, value in typed.items():
            is_stored = value in after.get(name, [])
            assert is_stored or value in here.browser.text, (name, value, here.browser.status)
        for name, values in before.items():
            if name not in typed and values and after.get(name) != values:
                assert here.seen.get(name) == values or "pick-" in here.browser.text, name

    def _settle(self, here: Device) -> None:
        """After an answer the page is a new one; a refused page keeps what was typed."""
        if here.browser.status == 200 and "pick-" not in here.browser.text:
            key = here.browser.path.rsplit("/", 1)[1]
            here.page, here.typed, here.seen = key if key in PAGES else "", {}, self.stored()

    def teardown(self) -> None:
        if hasattr(self, "library"):
            assert not self.library.rows(Submission, expert_id=self.expert.id)


SCRIPTS = settings(
    max_examples=size("SCRIPTS"),
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=[Phase.generate],
    derandomize=True,
)


def test_no_typed_value_is_lost() -> None:
    run_state_machine_as_test(NothingLost, settings=SCRIPTS)


def _blind(drafts: Mapping[str, Draft]) -> Callable[[Mapping[str, list[str]]], dict[str, str]]:
    return lambda posted: {name: saving.mark(drafts.get(name)) for name in posted}


@pytest.mark.parametrize("seeded", ["last one wins", "refusals forget", "invalid is dropped"])
def test_the_scripts_catch_a_seeded_bug(seeded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the scripts are for: each of these ways of losing words is found."""
    if seeded == "last one wins":
        honest = saving.save

        def overwrite(session, given, asked, posted, seen, **sent):  # type: ignore[no-untyped-def]
            return honest(session, given, asked, posted, _blind(given.drafts)(posted), **sent)

        monkeypatch.setattr(saving, "save", overwrite)
    elif seeded == "refusals forget":
        monkeypatch.setattr(errors, "typed", list)
        monkeypatch.setattr(errors, "send_again", lambda: Action("/", "-"))
    else:
        honest = saving.save

        def only_valid(session, given, asked, posted, seen, **sent):  # type: ignore[no-untyped-def]
            kept = {key: [v for v in vs if v.isdigit() or not key.startswith("budget.")] for key, vs in posted.items()}
            return honest(session, given, asked, kept, seen, **sent)

        monkeypatch.setattr(saving, "save", only_valid)
    quick = settings(SCRIPTS, max_examples=600, print_blob=False, report_multiple_bugs=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(NothingLost, settings=quick)
