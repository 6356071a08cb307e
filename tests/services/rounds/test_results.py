"""Freezing: the same panel gives the same digest, and nothing in it points at a person."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from analysis.canonical import digest
from consult import clock
from consult.definition.consultation import Definition
from consult.models import Answer, Contact, Expert, Release, Result, Stage, Submission, VariableRow
from consult.services.panel import importing, panel
from consult.services.rounds import results, stages
from consult.services.running import publishing, stage_acts
from tests.services.conftest import MakeWorld, World, fresh_database, panel_file, reworked
from tests.services.playing import Rate, answer, play
from tests.services.samples import every_type, options, rating, three_rounds


def walk(content: Any) -> Iterator[Any]:
    """Every key and every value within JSON."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from walk(value)
    elif isinstance(content, list):
        for value in content:
            yield from walk(value)
    else:
        yield content


def own_rating(email: str, stage: str) -> Rate:
    """One person's ratings, whatever the order of measures on their way."""
    return lambda key, chance: random.Random(f"{email}:{stage}:{key}").choice("124555")


def run(session: Session, definition: Definition, size: int, order: int) -> dict[str, Any]:
    """Hold a whole consultation, each person with answers of their own; results by stage."""
    consultation = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, consultation, definition, panel_file(size), "test")
    people = panel.members(session, consultation)
    random.Random(order).shuffle(people)
    found = {}
    for stage in stages.stages_of(session, consultation.id):
        with clock.set_to(stage.opens_at):
            stage_acts.open_stage(session, consultation, stage, actor="test")
            for person in people:
                chance = random.Random(f"{person.email}:{stage.key}")
                if chance.random() < 0.85:
                    expert = session.get_one(Expert, person.expert_id)
                    answer(
                        session,
                        definition,
                        consultation,
                        expert,
                        stage,
                        text="My words",
                        rate=own_rating(person.email, stage.key),
                        chance=chance,
                    )
        with clock.set_to(stage.closes_at.replace(hour=23, minute=59)):
            frozen = stage_acts.close_stage(session, consultation, stage, actor="test", reason="x")
        assert frozen is not None
        found[stage.key] = (frozen.digest, frozen.content)
    return found


@pytest.mark.parametrize("definition", [every_type(), three_rounds()], ids=["types", "rounds"])
def test_the_digest_depends_on_the_answers_only(tmp_path: Path, definition: Definition) -> None:
    """Two databases, two runs, the experts in another order, other pseudonyms and times."""
    found = []
    for kind, order in (("sqlite", 1), ("postgresql", 2)):
        with fresh_database(kind, tmp_path) as database, database.writing() as session:
            found.append(run(session, definition, 12, order))
    assert found[0] == found[1]
    assert all(len(hexed) == 64 for hexed, _ in found[0].values())
    assert len({hexed for hexed, _ in found[0].values()}) == len(found[0])


@pytest.fixture
def panel_of_ten(make_world: MakeWorld) -> World:
    world = make_world(10, definition=every_type())
    play(
        world.session, world.definition, world.consultation, world.experts, world.stage("first-look"), text="Sunflowers"
    )
    return world


def frozen_row(world: World, key: str) -> Result:
    stage = world.stage(key)
    return world.session.scalars(select(Result).where(Result.stage_id == stage.id)).one()


def test_nothing_frozen_names_a_person_a_time_or_a_text(panel_of_ten: World) -> None:
    session, row = panel_of_ten.session, frozen_row(panel_of_ten, "first-look")
    content = json.loads(row.content)
    words = {str(one) for one in walk(content)}
    for expert in panel_of_ten.experts:
        assert not {expert.code, expert.pseudonym} & words
        assert expert.pseudonym not in row.content and expert.code not in row.content
    for contact in session.scalars(select(Contact)):
        assert contact.name not in row.content and contact.email not in row.content
    assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", row.content)
    assert "Sunflowers" not in row.content and "named" not in words and row.row_seed not in words
    assert row.digest == digest(content)
    assert {"sectors.trade", "shares.town", "mood", "drivers.own"} <= set(content["variables"])
    assert not {"last", "tell", "role.other", "ideas.1.title"} & set(content["variables"])


def test_frozen_tables_are_those_of_the_rows(panel_of_ten: World) -> None:
    content = results.frozen_content(panel_of_ten.session, panel_of_ten.stage("first-look"))
    rows: dict[str, Counter[int]] = {}
    for key, value in panel_of_ten.session.execute(
        select(VariableRow.key, Answer.value).join(Answer, Answer.variable_id == VariableRow.id)
    ):
        if value is not None:
            rows.setdefault(key, Counter())[value] += 1
    first = {"mood": 1, "closeness.trade": 1, "drivers.own": 1, "role": 0, "sectors.trade": 0}
    for key, lo in first.items():
        counts = content.variables[key].counts
        assert {place + lo: n for place, n in enumerate(counts) if n} == rows.get(key, {})
    town = content.variables["shares.town"]
    assert dict(zip(map(int, town.labels), town.counts, strict=True)) == rows["shares.town"]


@pytest.mark.parametrize("table", [Result, Release])
def test_results_and_releases_stay(panel_of_ten: World, table: type[Any]) -> None:
    session = panel_of_ten.session
    for change in (update(table).values(digest="0" * 64), delete(table)):
        with pytest.raises(DatabaseError, match="cannot be changed"), session.begin_nested():
            session.execute(change.execution_options(synchronize_session=False))


def test_what_is_released_holds_nothing_hidden(make_world: MakeWorld) -> None:
    world = make_world(10, definition=three_rounds())
    for number in (1, 2):
        play(world.session, world.definition, world.consultation, world.experts, world.stage(f"round-{number}"))
    second = world.stage("round-2")
    assert results.frozen_content(world.session, second).hidden.transitions
    for stage in (world.stage("round-1"), second):
        shown = results.released_numbers(world.session, stage)
        assert shown is not None
        keys = {one for one in walk(shown) if isinstance(one, str)}
        assert not keys & {"hidden", "transitions", "by_group"}
    assert results.released_numbers(world.session, world.stage("round-3")) is None


@pytest.mark.parametrize("size", [4, 5, 7, 8])
def test_below_the_floors_numbers_are_suppressed_and_say_why(make_world: MakeWorld, size: int) -> None:
    world = make_world(size, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=rating({}))
    shown = results.released_numbers(world.session, world.stage("round-1"))
    assert shown is not None
    one = shown.measures["L1"].criteria["wish"]
    assert one.n == size
    assert (one.counts is not None) == (one.q1 is not None) == (size >= 8)
    assert (one.median is not None) == (size >= 5)
    assert one.suppressed == (None if size >= 8 else "distribution_below_floor" if size >= 5 else "median_below_floor")


def test_priorities_are_ranked_by_picks_settled_measures_included(make_world: MakeWorld) -> None:
    world = make_world(10, definition=three_rounds())
    for number in (1, 2, 3):
        play(
            world.session,
            world.definition,
            world.consultation,
            world.experts,
            world.stage(f"round-{number}"),
            rate=rating({"L1": "5", "L3": "3"}),
        )
    third = world.stage("round-3")
    content = results.frozen_content(world.session, third)
    assert list(content.measures) == ["L3"]
    picked = Counter(
        key.removeprefix("picks.")
        for key in world.session.scalars(
            select(VariableRow.key)
            .join(Answer, Answer.variable_id == VariableRow.id)
            .where(VariableRow.key.startswith("picks."), Answer.value == 1)
        )
    )
    ranked = content.priorities
    assert {row.key: row.picks for row in ranked} == {f"L{number}": picked[f"L{number}"] for number in range(1, 8)}
    assert [row.picks for row in ranked] == sorted(picked.values(), reverse=True) + [0] * (7 - len(picked))
    assert {row.key: row.median for row in ranked}["L1"] == 5
    assert all(row.n == 10 for row in ranked)


def test_a_question_asked_again_is_paired_by_person(make_world: MakeWorld) -> None:
    questions = [
        {"key": "again", "type": "scale", "text": "And now?", "scale": "WISH5", "reask": "mood"},
        {
            "key": "closer",
            "type": "matrix",
            "text": "Now?",
            "scale": "WISH5",
            "reask": "closeness",
            "rows": options("health", "trade"),
        },
    ]
    content = every_type().model_dump(mode="json", by_alias=True, exclude_none=True)
    later = {
        "key": "second-look",
        "title": "Second look",
        "sections": [{"key": "s", "title": "S", "questions": questions}],
    }
    stage = {"key": "second-look", "kind": "survey", "title": "Again", "questionnaire": "second-look"}
    window = {"opens": "2026-12-01 08:00", "closes": "2026-12-05 20:00"}
    content["schedules"]["autumn"]["stages"]["second-look"] = window
    definition = reworked(
        every_type(),
        schedules=content["schedules"],
        stages=[*content["stages"], stage],
        questionnaires={**content["questionnaires"], "second-look": later},
    )
    world = make_world(11, definition=definition)
    for key, who in (("first-look", slice(0, 9)), ("second-look", slice(2, 11))):
        play(world.session, definition, world.consultation, world.experts[who], world.stage(key))
    pairs = results.frozen_content(world.session, world.stage("second-look")).pairs
    assert set(pairs) == {"again", "closer.health", "closer.trade"}
    values: dict[str, dict[int, int | None]] = {"mood": {}, "again": {}}
    for key, expert, value in world.session.execute(
        select(VariableRow.key, Submission.expert_id, Answer.value)
        .join(Answer, Answer.variable_id == VariableRow.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(VariableRow.key.in_(values))
    ):
        values[key][expert] = value
    both = [(value, values["again"][id_]) for id_, value in values["mood"].items() if id_ in values["again"]]
    pair = pairs["again"]
    assert pair.n == len(both) == 7
    assert pair.up == sum(now > before for before, now in both if now and before)
    assert pair.down == sum(now < before for before, now in both if now and before)
    assert pair.n_earlier_only == pair.n_later_only == 2


def test_an_empty_stage_freezes_too(make_world: MakeWorld) -> None:
    world = make_world(2, definition=every_type())
    stage: Stage = world.stage("first-look")
    play(world.session, world.definition, world.consultation, [], stage)
    shown = results.released_numbers(world.session, stage)
    assert shown is not None and shown.participation.submitted == 0
    assert shown.variables["mood"].median is None
