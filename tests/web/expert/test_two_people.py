"""Two people at one browser, in several tabs: nothing goes to the wrong one, nothing typed is lost.

Pages of both stand open in tabs while links are opened, pages sent, saved, submitted, printed and
left in any order. What one typed is never stored, submitted or printed as the other's, and it is
stored as theirs or stands on the page that came back. TEST_TWO_PEOPLE says how many random scripts
are played.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consult import clock
from consult.models import (
    Answer,
    Comment,
    Consent,
    Draft,
    Expert,
    HeldForm,
    LoginSession,
    SecretariatAnswer,
    Submission,
)
from consult.web import access
from tests.services import playing
from tests.services.conftest import town_library
from tests.sizes import size
from tests.web.expert.test_nothing_lost import STAGE, World
from tests.web.visiting import SLUG, Browser, enter, page

PEOPLE = (1, 3)
PAGES = {"visits": ("visits",), "budget": ("budget.building", "budget.staff", "missing")}
ANYBODY, TABS = st.sampled_from((0, 1)), st.sampled_from((0, 1))
OWN = {"leave": f"/c/{SLUG}/leave", "my-data": f"/c/{SLUG}/my-data", "consent": f"/c/{SLUG}/consent"}
BUTTONS = {"leave": ("", "", "Withdraw"), "my-data": ("", "", "file"), "consent": ("consent", "no", "")}
KEYS = st.sampled_from((*PAGES, *PAGES, "review", *OWN))


def words(person: int, number: int) -> dict[str, str]:
    """What only this person types: every value tells whose it is."""
    return {
        "visits": ("never", "weekly")[person],
        "budget.building": str(2 * number + person),
        "budget.staff": str(2 * number + person),
        "missing": f"person {person} says {number}",
    }


def owner(name: str, value: str) -> int:
    """Whose value it is, by the value alone."""
    if name == "visits":
        return ("never", "weekly").index(value)
    return int(value) % 2 if value.isdecimal() else int(value.split()[1])


@dataclass
class Tab:
    """A page in a tab: for whom it was opened, and what was typed since."""

    browser: Browser
    person: int | None = None
    key: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether there is a page that can be sent."""
        return self.person is not None and bool(self.browser.tree.xpath("//main//form"))


class TwoPeople(RuleBasedStateMachine):
    """Two experts, one browser, two tabs that stay open."""

    @initialize()
    def start(self) -> None:
        self.library = World.get()
        self.experts = [self.library.expert(number) for number in PEOPLE]
        with self.library.database.writing() as session:
            _clear(session, [expert.id for expert in self.experts])
        client = self.library.app.test_client()
        self.tabs = [Tab(Browser(client)) for _ in range(2)]
        self.links = [self.library.link(number) for number in PEOPLE]
        self.present: int | None = None
        self.come_in(0)

    # What happens

    @rule(person=ANYBODY)
    def come_in(self, person: int) -> None:
        """A personal link is opened in a tab of its own."""
        if not self._has_left(person):
            enter(Browser(self.tabs[0].browser.client), self.links[person])
            self.present = person

    @rule(tab=TABS, key=KEYS)
    def open(self, tab: int, key: str) -> None:
        """A page for whoever is in; not over one on which something stands unsent."""
        here = self.tabs[tab]
        if self.present is None or here.typed:
            return
        status = here.browser.open(OWN.get(key) or page(STAGE, key))
        if here.browser.path == OWN["consent"]:
            key = "consent"  # who said no is asked again
        here.person, here.key = (self.present, key) if status == 200 else (None, "")
        if here.person is not None:
            self._belongs_to(here, here.person)

    @rule(person=ANYBODY, keys=st.tuples(KEYS, KEYS), number=st.integers(0, 4), first=ANYBODY, is_sent=st.booleans())
    def come_in_beside(self, person: int, keys: tuple[str, str], number: int, first: int, is_sent: bool) -> None:
        """One has a page open, another comes in and opens theirs; both go on, in either order."""
        for tab, key in enumerate(keys):
            self.come_in(person if tab == 0 else 1 - person)
            self.open(tab, key)
            self.type(tab, number)
        for tab in (first, 1 - first) if is_sent else (first,):
            if is_sent:
                self.send(tab)
            else:
                self.save_while_typing(tab)

    @rule(tab=TABS, number=st.integers(0, 4))
    def type(self, tab: int, number: int) -> None:
        here = self.tabs[tab]
        is_form = here.is_open and here.browser.status in (200, 422)
        if is_form and here.person is not None and here.key in PAGES:
            given = words(here.person, number)
            here.typed = {name: given[name] for name in PAGES[here.key]}

    @rule(tab=TABS)
    def send(self, tab: int) -> None:
        here = self.tabs[tab]
        if not here.is_open or here.browser.status not in (200, 422):
            return
        if here.key in PAGES:
            picks = {
                name: "yours"
                for name in here.browser.tree.xpath("//main//input/@name")
                if str(name).startswith("pick-")
            }
            self._press(here, "go", "next", {**here.typed, **picks})
        elif here.key == "review":
            self._press(here, "go", "submit")
        else:
            name, value, mark = BUTTONS[here.key]
            self._press(here, name, value, mark=mark)

    @rule(tab=TABS)
    def send_again(self, tab: int) -> None:
        """The button of a refusal, by whoever is in now."""
        here = self.tabs[tab]
        if here.is_open and here.browser.status in (400, 401, 409):
            self._press(here, "", "", mark="Send it again")

    @rule(tab=TABS)
    def save_while_typing(self, tab: int) -> None:
        here = self.tabs[tab]
        if not here.is_open or here.key not in PAGES or here.browser.status not in (200, 422):
            return
        before = self.stored()
        form = dict(here.browser.main_form().form_values())
        form |= {f"item-{name}": value for name, value in here.typed.items()}
        sent = here.browser.client.post(page(STAGE, here.key) + "/autosave", data=form)
        if here.person != self.present or self._has_left(self.present):
            assert sent.status_code in (401, 409), sent.status_code
            assert self.stored() == before
        elif sent.json and "marks" in sent.json:
            # As the script of the page does: what was stored is what the page has seen.
            for name, mark in sent.json["marks"].items():
                for field_ in here.browser.tree.xpath("//input[@name=$n]", n=f"rev-{name}"):
                    old = field_.get("value")
                    here.browser.text = here.browser.text.replace(
                        f'name="rev-{name}" value="{old}"', f'name="rev-{name}" value="{mark}"'
                    )

    @rule(tab=TABS)
    def print(self, tab: int) -> None:
        """Paper, and all lists of answers, say whose they are: of who is in."""
        beside = Browser(self.tabs[tab].browser.client)
        for address in (page(STAGE, "print"), OWN["my-data"]):
            if beside.open(address) == 200 and self.present is not None:
                self._belongs_to(Tab(beside), self.present)

    @rule(tab=TABS)
    def sign_out(self, tab: int) -> None:
        """By the header of a page, whosever it is."""
        here = self.tabs[tab]
        forms = here.browser.tree.xpath("//header//form") if here.browser.text else []
        if not forms or here.person is None or here.browser.status != 200:
            return
        data = dict(forms[0].form_values())
        sent = here.browser.client.post(forms[0].get("action"), data=data)
        if here.person == self.present:
            assert sent.status_code in (303, 401)
            self.present = None
        else:
            assert sent.status_code in (401, 409), "another person was signed out"

    @precondition(lambda self: self.present is not None)
    @rule(chance=st.integers(0, 3))
    def sessions_end(self, chance: int) -> None:
        if chance:
            return
        with self.library.database.writing() as session:
            session.execute(update(LoginSession).values(revoked_at=clock.utc_now()))
        self.present = None

    # What must hold

    def stored(self) -> list[dict[str, list[str]]]:
        return [self.library.drafts(Draft, number) for number in PEOPLE]

    def acts(self) -> list[tuple[Any, ...]]:
        """By person: what they submitted, said and whether they left."""
        return [
            (
                len(self.library.rows(Submission, expert_id=expert.id)),
                [row.is_given for row in self.library.rows(Consent, expert_id=expert.id)],
                self._has_left(person),
            )
            for person, expert in enumerate(self.experts)
        ]

    def _press(self, here: Tab, name: str, value: str, typed: dict[str, str] | None = None, mark: str = "") -> None:
        before, acts, sent = self.stored(), self.acts(), dict(here.typed)
        assert here.person is not None
        here.browser.press(name, value, typed, mark=mark)
        after, other = self.stored(), 1 - here.person
        assert after[other] == before[other], "an answer went to the wrong person"
        assert self.acts()[other] == acts[other], "an act was done for the wrong person"
        mine = after[here.person]
        for field_, words_ in sent.items():
            assert words_ in mine.get(field_, []) or words_ in here.browser.text, (field_, words_)
        if self.present != here.person:
            assert here.browser.status in (401, 409), here.browser.status
        if here.browser.status == 200 and here.key in OWN:
            self.present = None if self._has_left(here.person) else self.present
            here.person, here.key = None, ""
        if here.browser.status == 200 or all(sent[name] in mine.get(name, []) for name in sent):
            here.typed = {}
            if here.browser.status == 200:
                here.person = None

    def _belongs_to(self, here: Tab, person: int) -> None:
        header = here.browser.tree.xpath("string(//header)")
        assert f"Person {PEOPLE[person]}" in header
        assert f"Person {PEOPLE[1 - person]}" not in here.browser.text
        for name, values in self.stored()[person].items():
            assert all(owner(name, value) == person for value in values if value)

    def _has_left(self, person: int | None) -> bool:
        if person is None:
            return True
        (row,) = self.library.rows(Expert, id=self.experts[person].id)
        return row.withdrawn_at is not None

    def teardown(self) -> None:
        if hasattr(self, "library"):
            for person, drafts in enumerate(self.stored()):
                for name, values in drafts.items():
                    assert all(owner(name, value) == person for value in values if value), name


def _clear(session: Session, experts: list[int]) -> None:
    """Both as at the start: nothing said but yes."""
    theirs = select(Submission.id).where(Submission.expert_id.in_(experts))
    for part in (Answer, Comment):
        session.execute(delete(part).where(part.submission_id.in_(theirs)))
    for table in (Draft, SecretariatAnswer, Submission, Consent, HeldForm):
        session.execute(delete(table).where(table.expert_id.in_(experts)))
    for expert in (session.get_one(Expert, one) for one in experts):
        expert.withdrawn_at = None
        playing.agree(session, town_library(), expert)


SCRIPTS = settings(
    max_examples=size("TWO_PEOPLE"),
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
    derandomize=True,
    print_blob=False,
)


def test_nothing_goes_to_the_wrong_person_and_nothing_is_lost() -> None:
    run_state_machine_as_test(TwoPeople, settings=SCRIPTS)


@contextmanager
def _seeded(bug: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    if bug == "no check":
        patch.setattr(access, "require_own", lambda *_: None)
    else:
        honest = access.require_own
        skipped = "autosave" if bug == "saving while typing is not checked" else "mydata"

        def forgetful(*given: Any) -> None:
            if access.request.blueprint != skipped:
                honest(*given)

        patch.setattr(access, "require_own", forgetful)
    yield


@pytest.mark.parametrize("bug", ["no check", "saving while typing is not checked", "own data is not checked"])
def test_the_scripts_catch_a_seeded_bug(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = settings(SCRIPTS, max_examples=300, report_multiple_bugs=False)
    with _seeded(bug, monkeypatch), pytest.raises(AssertionError):
        run_state_machine_as_test(TwoPeople, settings=quick)
