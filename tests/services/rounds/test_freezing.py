"""Freezing: the same panel gives the same digest, and nothing in it points at a person."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from analysis.canonical import digest
from consult import clock
from consult.definition.consultation import Definition
from consult.errors import ProtocolLocked
from consult.models import Contact, DefinitionRow, Expert, Release, Result, Stage
from consult.services.measures import measures, revising
from consult.services.panel import importing, panel
from consult.services.rounds import results, stages
from consult.services.running import publishing, stage_acts
from tests.services.conftest import MakeWorld, World, fresh_database, panel_file, reworked
from tests.services.playing import Rate, answer, play
from tests.services.rounds.holding import frozen, hold, opened, submit_all
from tests.services.samples import PROTOCOL, every_type, rating, three_rounds


def test_no_verdict_under_another_protocol(panel: World) -> None:
    """No service publishes a correction after the registration; who writes into the database gets no verdict."""
    session, stage = panel.session, panel.stage("round-1")
    opened(panel, 1)
    easier = {**PROTOCOL, "consensus": {**PROTOCOL["consensus"], "minimum_n": 3}}
    other = reworked(panel.definition, protocol=easier)
    session.add(
        DefinitionRow(
            consultation_id=panel.consultation.id,
            version=2,
            digest=other.digest(),
            content=other.canonical(),
            published_at=stage.opens_at,
        )
    )
    session.flush()
    with clock.set_to(stage.closes_at), pytest.raises(ProtocolLocked), session.begin_nested():
        stage_acts.close_stage(session, panel.consultation, stage, actor="test")
    assert stage.closed_at is None
    assert session.scalar(select(func.count(Result.id))) == 0
    assert session.scalar(select(func.count(Release.id))) == 0


def test_moving_measures_are_not_settled(panel: World) -> None:
    hold(panel, 1, rating({"L1": "1"}))
    hold(panel, 2, rating({"L1": "5"}))
    one = frozen(panel, 2).measures["L1"]
    assert one.criteria["wish"].verdict.verdict == "in" and not one.settled
    assert "L1" in opened(panel, 3)


def test_a_measure_merged_while_a_round_is_open_stays_merged(panel: World) -> None:
    """Nine rate it as in the round before, so that it would be settled; its fate stands already."""
    hold(panel, 1)
    opened(panel, 2)
    session, stage = panel.session, panel.stage("round-2")
    submit_all(panel, 2)
    one, into = (measures.find_measure(session, panel.consultation.id, key) for key in ("L4", "L1"))
    revising.merge_measure(session, panel.consultation, one, into, reason="The same idea", actor="test")
    with clock.set_to(stage.closes_at.replace(hour=23, minute=59)):
        stage_acts.close_stage(session, panel.consultation, stage, actor="test", reason="x")
    assert frozen(panel, 2).measures["L4"].settled and frozen(panel, 2).measures["L5"].settled
    fates = measures.newest_fates(session, panel.consultation.id)
    keys = {w.key: w.measure.id for w in measures.newest_wordings(session, panel.consultation.id)}
    assert [fates[keys[key]].fate for key in ("L4", "L5")] == ["merged", "settled"]
    assert opened(panel, 3) == ["L3"]


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


@pytest.mark.parametrize("table", [Result, Release])
def test_results_and_releases_stay(panel_of_ten: World, table: type[Any]) -> None:
    session = panel_of_ten.session
    for change in (update(table).values(digest="0" * 64), delete(table)):
        with pytest.raises(DatabaseError, match="cannot be changed"), session.begin_nested():
            session.execute(change.execution_options(synchronize_session=False))


def test_an_empty_stage_freezes_too(make_world: MakeWorld) -> None:
    world = make_world(2, definition=every_type())
    stage: Stage = world.stage("first-look")
    play(world.session, world.definition, world.consultation, [], stage)
    shown = results.released_numbers(world.session, stage)
    assert shown is not None and shown.participation.submitted == 0
    assert shown.variables["mood"].median is None
