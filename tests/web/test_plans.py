"""Both schedules of the same folder, held through the pages by a handful of people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from consult import schema
from consult.clock import set_to
from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.demo.facilitator import BETWEEN
from consult.demo.people import Person, panel_file
from consult.demo.people import panel as people
from consult.demo.visitor import Visitor, visitor
from consult.demo.walk import enter, walk_stage
from consult.models import Consultation, Registration, Stage, StageMeasure, Submission
from consult.places import data_folder
from consult.services.mail import inviting
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.rounds.results import newest_result
from consult.services.running import publishing, stage_acts
from consult.services.running.publishing import local_moment
from consult.web.application import make_app

SLUG = "ndpc-2020"
THERE = (1, 8, 22)
"""Numbers of the people who answer every stage; the last one reads Russian."""
UNTIL_ROUND_3 = {
    "plan-a": ["pre-event", "event", "post-event", "round-1", "round-2", "round-3"],
    "plan-b": ["pre-event", "round-1", "event", "post-event", "round-2", "round-3"],
}
OVERLAP = "2020-06-25 12:00"
"""In plan B both the questionnaire and round 1 are open at this moment."""


@cache
def _definition() -> Definition:
    return load(data_folder("questionnaires") / SLUG)


@dataclass
class Plan:
    """One schedule, played up to the close of round 3."""

    name: str
    database: Database
    browsers: dict[int, Visitor]
    held: list[Stage] = field(default_factory=list)
    pages: dict[tuple[str, int], int] = field(default_factory=dict)
    open_at_overlap: list[str] = field(default_factory=list)

    def content(self, key: str) -> dict[str, Any]:
        with self.database.reading() as session:
            stage = session.scalars(select(Stage).filter_by(key=key)).one()
            result = newest_result(session, stage)
            assert result is not None
            content: dict[str, Any] = json.loads(result.content)
            return content

    def play(self, stage: Stage) -> None:
        with set_to(stage.opens_at):
            self.tick()
        overlap = local_moment(OVERLAP, _definition().zone)
        if not self.open_at_overlap and stage.key == "round-1" and stage.opens_at < overlap:
            self.look_at_overlap(overlap)
        for place, person in enumerate(_there() if stage.kind != "event" else ()):
            with set_to(stage.opens_at + timedelta(hours=5 + place)):
                self.pages[stage.key, person.number] = walk_stage(
                    self.browsers[person.number], SLUG, stage.key, person, stage.round_number
                )
        self.held.append(stage)

    def look_at_overlap(self, moment: datetime) -> None:
        with set_to(moment):
            self.browsers[THERE[0]].get(f"/c/{SLUG}/")
        text = self.browsers[THERE[0]].text
        self.open_at_overlap = [key for key in ("pre-event", "round-1", "post-event") if f'/stage/{key}/"' in text]

    def close(self, stage: Stage) -> None:
        with set_to(stage.closes_at + timedelta(seconds=_definition().grace + 1)):
            self.tick()
            with self.database.writing() as session:
                consultation = session.scalars(select(Consultation)).one()
                if stage.key in BETWEEN and stage.key != "round-3":
                    BETWEEN[stage.key](session, consultation)

    def tick(self) -> None:
        with self.database.writing() as session:
            stage_acts.tick(session, session.scalars(select(Consultation)).one())


def _there() -> list[Person]:
    return [person for person in people() if person.number in THERE]


def _start(name: str, folder: Path) -> Plan:
    config = Config(database_url=f"sqlite:///{folder / 'consult.db'}")
    database = Database(config.database_url)
    schema.upgrade(database)
    definition = _definition()
    first = min(item.opens for item in definition.schedules[name].stages.values())
    before = local_moment(first, definition.zone) - timedelta(days=3)
    with set_to(before), database.writing() as session:
        consultation = publishing.publish(session, definition, actor="test", schedule=name)
        importing.import_panel(session, consultation, definition, panel_file(), "test")
        rows = inviting.invite_all(session, consultation, definition, config, "test")
    links = {row.email: row.link.removeprefix(config.public_url) for row in rows}
    app = make_app(config)
    plan = Plan(name, database, {person.number: visitor(app) for person in _there()})
    with set_to(before):
        for person in _there():
            enter(plan.browsers[person.number], links[person.email], person)
    return plan


@pytest.fixture(scope="module", params=["plan-a", "plan-b"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    started = _start(request.param, tmp_path_factory.mktemp(request.param))
    with started.database.reading() as session:
        found = stages.stages_of(session, session.scalars(select(Consultation.id)).one())
    waiting: list[Stage] = []
    for stage in (item for item in found if item.key in UNTIL_ROUND_3[request.param]):
        for ended in [item for item in waiting if item.closes_at < stage.opens_at]:
            started.close(ended)
            waiting.remove(ended)
        started.play(stage)
        waiting.append(stage)
    for stage in waiting:
        started.close(stage)
    yield started
    started.database.dispose()


def test_stages_come_in_the_order_of_the_plan(plan: Plan) -> None:
    assert [stage.key for stage in plan.held] == UNTIL_ROUND_3[plan.name]


def test_everyone_answered_every_stage(plan: Plan) -> None:
    with plan.database.reading() as session:
        found = session.execute(
            select(Stage.key, Submission.expert_id).join(Stage, Stage.id == Submission.stage_id)
        ).all()
    asked = [key for key in UNTIL_ROUND_3[plan.name] if key != "event"]
    assert sorted(key for key, _ in found) == sorted(asked * len(THERE))
    assert {key for (key, _), count in plan.pages.items() if count > 0} == set(asked)


def test_every_round_and_questionnaire_is_frozen(plan: Plan) -> None:
    frozen = [key for key in UNTIL_ROUND_3[plan.name] if key != "event"]
    assert {"round-1", "round-2", "round-3"} <= set(frozen)
    for key in frozen:
        assert plan.content(key)["participation"]["submitted"] == len(THERE), key
        assert plan.content(key)["participation"]["invited"] == 25, key


@pytest.mark.parametrize("key", ["round-1", "round-2", "round-3"])
def test_three_people_are_too_few_to_judge(plan: Plan, key: str) -> None:
    measures = plan.content(key)["measures"]
    assert len(measures) >= 30
    verdicts = {
        (measure, name): one["verdict"]["verdict"]
        for measure, found in measures.items()
        for name, one in found["criteria"].items()
    }
    assert {name for _, name in verdicts} == {"importance", "feasibility"}
    assert set(verdicts.values()) == {"not_judged"}
    assert not any(found["settled"] for found in measures.values())


def test_what_came_in_after_round_1_is_rated_twice(plan: Plan) -> None:
    asked = {
        key: {measure.partition(".")[0] for measure in plan.content(key)["measures"]}
        for key in ("round-1", "round-2", "round-3")
    }
    new = asked["round-2"] - asked["round-1"]
    assert len(new) == 1 and new <= asked["round-3"]
    assert asked["round-1"] - asked["round-2"] == {"M31"}, "merged away"
    assert asked["round-2"] - asked["round-3"] == {"M13"}, "dropped after two ratings"


def test_everyone_went_through_every_measure(plan: Plan) -> None:
    with plan.database.reading() as session:
        asked = {
            key: len(
                session.scalars(
                    select(StageMeasure.id).join(Stage, Stage.id == StageMeasure.stage_id).where(Stage.key == key)
                ).all()
            )
            for key in ("round-1", "round-2", "round-3")
        }
    assert {key for key, _number in plan.pages} >= asked.keys()
    for (key, number), count in plan.pages.items():
        if key in asked:
            assert count == asked[key] + 1, (key, number)


def test_the_protocol_was_registered_when_round_1_opened(plan: Plan) -> None:
    opened = next(stage.opens_at for stage in plan.held if stage.key == "round-1")
    with plan.database.reading() as session:
        assert session.scalars(select(Registration.locked_at)).one() == opened


def test_priorities_are_asked_in_round_3(plan: Plan) -> None:
    ranked = plan.content("round-3")["priorities"]
    assert sum(row["picks"] for row in ranked) == 5 * len(THERE)


def test_in_plan_b_the_questionnaire_and_round_1_are_open_together(plan: Plan) -> None:
    wanted = {"plan-a": [], "plan-b": ["pre-event", "round-1"]}
    assert plan.open_at_overlap == wanted[plan.name]
