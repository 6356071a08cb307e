"""Two devices of one expert: in turns in any order, and at the same moment."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from consult.models import Consultation, Draft, Expert, Submission
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.saving import Saved, mark, marks, save
from consult.services.answering.submitting import submit
from consult.services.definitions import definition_of
from consult.services.rounds import stages
from consult.services.running import stage_acts
from tests.services.answering.filling import load
from tests.services.answering.test_saving import DURING, NAMES, page, send, stored
from tests.services.conftest import MakeWorld, World
from tests.services.samples import every_type


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    made = make_world(2, definition=every_type())
    stage = made.stage("first-look")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(made.session, made.consultation, stage, actor="test")
    return made


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


def at_once(database: Database, act: Callable[[Any, Respondent], Any], ids: tuple[int, int]) -> Any:
    """The same act by two devices of one expert, each in a transaction of its own."""

    def run(number: int) -> Any:
        with database.writing() as session:
            expert = session.get_one(Expert, ids[1])
            consultation = session.get_one(Consultation, ids[0])
            definition = definition_of(session, ids[0])
            stage = stages.find_stage(session, ids[0], "first-look")
            given = find_respondent(session, consultation, definition, expert, stage)
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
        return save(session, given, page(), {"tell": [f"device {number}"]}, dict.fromkeys(NAMES, mark(None)))

    with clock.set_to(DURING):
        saved = at_once(database, act, ids)
    conflicts = [conflict for one in saved for conflict in one.conflicts]
    (conflict,) = conflicts
    kept = world.session.scalars(select(Draft).where(Draft.name == "tell")).one()
    assert list(kept.values) == conflict.theirs != conflict.yours


def test_sending_at_the_same_time_is_one_submission(make_world: MakeWorld, database: Database) -> None:
    world = make_world(1)
    stage = world.stage("first-look")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
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
