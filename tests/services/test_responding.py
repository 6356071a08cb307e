"""Saving: what is typed is kept, valid or not, and two devices never overwrite each other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import object_session

from consult import clock
from consult.database import Database
from consult.definition.answers import answer_type
from consult.definition.asked import Asked
from consult.definition.routing import Surroundings, ask
from consult.errors import NotFound, StageNotOpen, Withdrawn
from consult.models import Consultation, Draft, Expert, Submission
from consult.services import privacy, stages
from consult.services.definitions import definition_of
from consult.services.responding import (
    Respondent,
    Saved,
    mark,
    marks,
    open_problems,
    respondent,
    save,
)
from consult.services.submitting import submit
from tests.services.conftest import MakeWorld, World
from tests.services.samples import every_type, three_rounds

DURING = datetime(2026, 9, 8, 12, tzinfo=UTC)
PAGE = ("role", "tell", "last")
"""Questions saved together in these tests; five inputs."""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(2, definition=every_type())
    stage = made.stage("first-look")
    with clock.set_to(stage.opens_at):
        stages.open_stage(made.session, made.consultation, stage, actor="test")
    return made


def load(world: World, expert: int = 0) -> Respondent:
    return respondent(world.session, world.consultation, world.definition, world.experts[expert],
                      world.stage("first-look"))  # fmt: skip


def page() -> list[Asked]:
    definition = every_type()
    around = Surroundings(definition)
    found = [ask(definition.questions[key], around, whole=True) for key in PAGE]
    return [asked for asked in found if asked is not None]


NAMES = [name for asked in page() for name in answer_type(asked).names(asked)]


def send(given: Respondent, world: World, posted: dict[str, list[str]],
         seen: dict[str, str] | None = None) -> Saved:  # fmt: skip
    with clock.set_to(DURING):
        return save(world.session, given, page(), posted, seen or {})


def stored(world: World, expert: int = 0) -> dict[str, list[str]]:
    rows = world.session.scalars(select(Draft).where(Draft.expert_id == world.experts[expert].id))
    return {row.name: list(row.values) for row in rows}


def test_what_is_typed_is_stored_with_its_revision(world: World) -> None:
    saved = send(load(world), world, {"role": ["reader"], "tell": ["A story", " "]})
    assert saved.conflicts == () and saved.problems == ()
    assert stored(world) == {"role": ["reader"], "role.other": [], "tell": ["A story"], "last": []}
    given = load(world)
    assert {draft.revision for draft in given.drafts.values()} == {1}
    send(given, world, {"role": ["teacher"], "tell": ["A story"]}, marks(given, NAMES))
    assert load(world).drafts["role"].revision == 2
    assert load(world).drafts["tell"].revision == 1, "what did not change keeps its revision"
    assert stored(world, 1) == {}


def test_what_is_not_valid_is_kept_and_said(world: World) -> None:
    saved = send(load(world), world, {"role": ["king"], "tell": ["x"], "last": ["\x00 fine"]})
    assert {(one.name, one.code) for one in saved.problems} == {
        ("role", "not_an_option"), ("tell", "too_short"),
    }  # fmt: skip
    assert stored(world)["role"] == ["king"] and stored(world)["tell"] == ["x"]
    assert load(world).typed["last"] == ["\x00 fine"]


def test_what_was_not_asked_is_not_stored(world: World) -> None:
    send(load(world), world, {"role": ["reader"], "mood": ["5"], "is_admin": ["yes"]})
    assert set(stored(world)) == set(NAMES)


def test_a_mark_names_revision_and_content(world: World) -> None:
    given = load(world)
    assert mark(None).startswith("0:") and marks(given, ["tell"]) == {"tell": mark(None)}
    send(given, world, {"tell": ["one\r\ntwo"]})
    first = mark(given.drafts["tell"])
    assert first.startswith("1:")
    send(given, world, {"tell": ["one\ntwo"]}, {"tell": first})
    assert mark(given.drafts["tell"]).partition(":")[2] == first.partition(":")[2]


def test_values_changed_by_both_conflict_and_others_do_not(world: World) -> None:
    phone, desk = load(world), load(world)
    seen = marks(phone, NAMES)
    send(phone, world, {"role": ["reader"], "tell": ["From the phone"]}, seen)
    saved = send(desk, world, {"role": ["teacher"], "last": ["From the desk"]}, seen)
    (conflict,) = saved.conflicts
    assert (conflict.name, conflict.yours, conflict.theirs) == ("role", ["teacher"], ["reader"])
    assert stored(world) == {
        "role": ["reader"], "role.other": [], "tell": ["From the phone"], "last": ["From the desk"],
    }  # fmt: skip


def test_a_page_only_looked_at_elsewhere_is_no_conflict(world: World) -> None:
    phone, desk = load(world), load(world)
    seen = marks(phone, NAMES)
    send(phone, world, {}, seen)
    saved = send(desk, world, {"tell": ["From the desk"]}, seen)
    assert saved.conflicts == () and stored(world)["tell"] == ["From the desk"]


def test_the_same_change_on_both_is_no_conflict(world: World) -> None:
    phone, desk = load(world), load(world)
    seen = marks(phone, NAMES)
    for device in (phone, desk):
        assert send(device, world, {"role": ["reader"]}, seen).conflicts == ()


def test_a_value_shown_but_not_touched_never_overwrites_a_newer_one(world: World) -> None:
    """The page is saved as one types; the box beside it still shows what was loaded."""
    send(load(world), world, {"last": ["old"]})
    phone, desk = load(world), load(world)
    seen = marks(desk, NAMES)
    send(phone, world, {"last": ["new"]}, marks(phone, NAMES))
    send(desk, world, {"last": ["old"], "tell": ["typing"]}, seen)
    seen = marks(desk, NAMES)
    send(load(world), world, {"last": ["old"], "tell": ["typing on"]}, seen)
    assert stored(world)["last"] == ["new"] and stored(world)["tell"] == ["typing on"]


VALUES = st.sampled_from([[], ["one"], ["two"], ["reader"], ["x\r\ny"]])
DEVICES = st.sampled_from(["phone", "desk"])


class TwoDevices(RuleBasedStateMachine):
    """Two devices of one expert, against a three-way merge of each input."""

    world: World

    @initialize()
    def start(self) -> None:
        self.world.session.execute(delete(Draft))
        self.world.session.expire_all()
        self.server: dict[str, list[str]] = {}
        self.boxes: dict[str, dict[str, list[str]]] = {}
        self.bases: dict[str, dict[str, list[str]]] = {}
        self.marks: dict[str, dict[str, str]] = {}
        for device in ("phone", "desk"):
            self.open_page(device)

    @rule(device=DEVICES)
    def open_page(self, device: str) -> None:
        given = load(self.world)
        self.boxes[device] = {name: given.typed.get(name, []) for name in NAMES}
        self.bases[device] = dict(self.boxes[device])
        self.marks[device] = marks(given, NAMES)

    @rule(device=DEVICES, name=st.sampled_from(NAMES), values=VALUES)
    def type_(self, device: str, name: str, values: list[str]) -> None:
        self.boxes[device][name] = values

    @rule(device=DEVICES, keeps_own=st.booleans())
    def save_page(self, device: str, keeps_own: bool) -> None:
        box, base = self.boxes[device], self.bases[device]
        expected = {}
        for name in NAMES:
            now = self.server.get(name, [])
            if box[name] in (now, base[name]):
                continue
            if now == base[name]:
                self.server[name] = box[name]
            else:
                expected[name] = (box[name], now)
        given = load(self.world)
        saved = send(given, self.world, box, self.marks[device])
        found = {one.name: (one.yours, one.theirs) for one in saved.conflicts}
        assert found == expected, "every typed value is stored or reported"
        self.marks[device] = marks(given, NAMES)
        for name in NAMES:
            now = self.server.get(name, [])
            if name in found and not keeps_own:
                box[name] = now
            if name in found or box[name] == now:
                base[name] = now

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "server"):
            kept = {name: values for name, values in stored(self.world).items() if values}
            assert kept == {name: values for name, values in self.server.items() if values}


def test_no_interleaving_of_two_devices_loses_anything(world: World) -> None:
    machine = type("Machine", (TwoDevices,), {"world": world})
    run_machine(machine, settings=settings(max_examples=40, stateful_step_count=15, deadline=None))


def test_answers_are_taken_in_the_stages_time_and_from_those_who_stay(world: World) -> None:
    given, stage = load(world), world.stage("first-look")
    with clock.set_to(stage.closes_at.replace(year=2027)), pytest.raises(StageNotOpen):
        save(world.session, given, page(), {}, {})
    with clock.set_to(DURING):
        privacy.withdraw(world.session, world.experts[0], "expert")
        with pytest.raises(Withdrawn):
            save(world.session, given, page(), {}, {})
        save(world.session, load(world, 1), page(), {}, {})


def test_routing_leads_on_as_one_answers(world: World) -> None:
    given = load(world)
    assert [step.key for step in given.steps()] == ["hello", "closeness", "more", "last"]
    with clock.set_to(DURING):
        save(world.session, given, given.step("closeness").asked, {"joined": ["yes"]}, {})
        assert "projects" in [step.key for step in given.steps()]
        save(world.session, given, given.step("projects").asked, {"projects": ["12"]}, {})
        save(world.session, given, given.step("tell").asked, {"tell": ["A story"]}, {})
        assert "more" in [item.key for item in given.step("more").asked]
        asked = given.step("closeness").asked
        save(world.session, given, asked, {"joined": ["no"]}, marks(given, ["joined"]))
    steps = [item.key for step in given.steps() for item in step.asked]
    assert not {"projects", "tell", "more"} & set(steps)
    with pytest.raises(NotFound):
        given.step("projects")
    assert {problem.name for _, problem in open_problems(given)} == {
        "role", "sectors", "shares.town", "mood", "named",
    }  # fmt: skip


def test_a_strange_number_does_not_break_routing(world: World) -> None:
    given = load(world)
    with clock.set_to(DURING):
        save(world.session, given, given.step("closeness").asked, {"joined": ["yes"]}, {})
        for odd in ("²", "--5", "1e3", "٣"):
            seen = marks(given, ["projects"])
            asked = given.step("projects").asked
            assert save(world.session, given, asked, {"projects": [odd]}, seen).problems
            assert "tell" not in [step.key for step in given.steps()]


def test_each_expert_has_an_order_of_measures_with_themes_together(make_world: MakeWorld) -> None:
    world = make_world(8, definition=three_rounds())
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stages.open_stage(world.session, world.consultation, stage, actor="test")
    orders = []
    for expert in world.experts:
        twice = [
            respondent(world.session, world.consultation, world.definition, expert, stage)
            for _ in range(2)
        ]
        first, second = ([w.key for w in given.ordered_wordings()] for given in twice)
        assert first == second
        themes = [wording.measure.theme for wording in twice[0].ordered_wordings()]
        assert sum(a != b for a, b in pairwise(themes)) == 1
        orders.append(tuple(first))
    assert len(set(orders)) > 3


def at_once(database: Database, act: Callable[[Any, Respondent], Any], ids: tuple[int, int]) -> Any:
    """The same act by two devices of one expert, each in a transaction of its own."""

    def run(number: int) -> Any:
        with database.writing() as session:
            expert = session.get_one(Expert, ids[1])
            consultation = session.get_one(Consultation, ids[0])
            definition = definition_of(session, ids[0])
            stage = stages.find_stage(session, ids[0], "first-look")
            given = respondent(session, consultation, definition, expert, stage)
            time.sleep(0.3)  # both have read what is stored before either writes
            return act(number, given)

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(run, n) for n in (1, 2)]]


def test_saving_at_the_same_time_is_a_conflict_too(world: World, database: Database) -> None:
    world.session.commit()
    ids = (world.consultation.id, world.experts[0].id)

    def act(number: int, given: Respondent) -> Saved:
        session = object_session(given.stage)
        assert session is not None
        return save(session, given, page(), {"tell": [f"device {number}"]},
                    dict.fromkeys(NAMES, mark(None)))  # fmt: skip

    with clock.set_to(DURING):
        saved = at_once(database, act, ids)
    conflicts = [conflict for one in saved for conflict in one.conflicts]
    (conflict,) = conflicts
    kept = world.session.scalars(select(Draft).where(Draft.name == "tell")).one()
    assert list(kept.values) == conflict.theirs != conflict.yours


def test_sending_at_the_same_time_is_one_submission(
    make_world: MakeWorld, database: Database
) -> None:
    world = make_world(1)
    stage = world.stage("first-look")
    with clock.set_to(stage.opens_at):
        stages.open_stage(world.session, world.consultation, stage, actor="test")
        given = load(world)
        save(world.session, given, given.steps()[0].asked, {"visits": ["never"]}, {})
        asked = given.step("reasons").asked
        rows = {f"satisfied.{row}": ["3"] for row in ("books", "rooms", "hours")}
        save(world.session, given, asked, rows, {})
        save(world.session, given, given.step("budget").asked, {"budget": ["no:dont_know"]}, {})
    world.session.commit()

    def act(number: int, given: Respondent) -> int:
        session = object_session(given.stage)
        assert session is not None
        return submit(session, given, idempotency_key="the same").id

    with clock.set_to(DURING):
        first, second = at_once(database, act, (world.consultation.id, world.experts[0].id))
    assert first == second
    assert len(world.session.scalars(select(Submission)).all()) == 1
