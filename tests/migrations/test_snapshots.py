"""What an older version left behind is taken over, and the consultation goes on with it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from consult import clock, schema
from consult.config import Config
from consult.database import Database
from consult.demo.people import panel
from consult.demo.visitor import visitor
from consult.demo.walk import enter, walk_stage
from consult.models import Base, Consultation, Contact, Expert, Result, Stage, Submission
from consult.services.access import invitations
from consult.services.package import verifying, writing
from consult.services.package.reading import PackageFile
from consult.services.rounds import stages
from consult.services.running import stage_acts
from consult.web.application import make_app
from tests.migrations.databases import lost, rows
from tests.migrations.snapshots import NAMES, put_back

SLUG = "ndpc-2020"


def _consultation(session: Session) -> Consultation:
    return session.scalars(select(Consultation).where(Consultation.slug == SLUG)).one()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_taken_over(database: Database, name: str) -> None:
    put_back(database, name)
    before = rows(database)
    assert len(before["answer"]) > 10_000
    schema.upgrade(database)
    after = rows(database)
    gone = lost(before, after)
    assert {table for table, row in gone} == {"measure_fate"}
    assert schema.check(database) == []
    now = {row["id"]: row for row in after["measure_fate"]}
    noted = {row["id"] for row in before["measure_fate"] if row["fate"] in ("carried", "settled")}
    assert {row["id"] for _, row in gone} == noted, "no reason that a person gave is changed"
    for _, row in gone:
        facts = json.loads(str(now[row["id"]]["facts"]))
        assert now[row["id"]] | {"reason": row["reason"]} == row | {
            "code": now[row["id"]]["code"],
            "facts": now[row["id"]]["facts"],
        }
        if row["fate"] == "carried":
            assert row["reason"] == f"goes into {facts['stage']}"
        else:
            told = [f"{key}: {verdict}, stable" for key, verdict in facts["verdicts"]]
            assert row["reason"] == "; ".join(told)


@pytest.mark.parametrize("name", NAMES)
def test_a_package_of_what_was_frozen_is_sound(database: Database, name: str, tmp_path: Path) -> None:
    put_back(database, name)
    schema.upgrade(database)
    path = tmp_path / "package.zip"
    with database.reading() as session, path.open("wb") as file:
        writing.write_package(session, _consultation(session), file, None)
        frozen = session.scalars(
            select(Result.digest)
            .join(Stage, Stage.id == Result.stage_id)
            .where(Result.consultation_id == _consultation(session).id)
            .order_by(Stage.position)
        ).all()
    empty = Database("sqlite://")
    Base.metadata.create_all(empty.engine)
    with PackageFile(path) as package, empty.open_session(writes=True) as restored:
        found = verifying.verify(restored, package)
    empty.dispose()
    assert found.problems == []
    assert [stage.digest for stage in found.stages] == list(frozen)
    assert all(stage.holds for stage in found.stages)


def test_a_round_half_held_goes_on(database: Database) -> None:
    """Who has not submitted yet rates what is left, submits, and the round closes and is frozen."""
    put_back(database, "middle")
    schema.upgrade(database)
    with database.reading() as session:
        held = stages.find_stage(session, _consultation(session).id, "round-2")
        address, expert = session.execute(_not_submitted(held)).first() or ("", None)
    person = next(person for person in panel() if person.email == address)
    app = make_app(Config(database_url=database.engine.url.render_as_string(hide_password=False)))
    with clock.set_to(held.opens_at + (held.closes_at - held.opens_at) / 2):
        with database.writing() as session:
            token = invitations.create_invitation(session, session.get_one(Expert, expert))
        browser = visitor(app)
        enter(browser, f"/i/{token}", person)
        assert walk_stage(browser, SLUG, "round-2", person, 2) > 20
        assert browser.address.endswith("/stage/round-2/receipt")
    with clock.set_to(held.closes_at + timedelta(minutes=10)), database.writing() as session:
        stage_acts.tick(session, _consultation(session))
        assert session.scalar(select(Result).where(Result.stage_id == held.id)) is not None
    app.extensions["consult_database"].dispose()


def _not_submitted(stage: Stage) -> Select[tuple[str, int]]:
    """Who rated in round 1 and has not submitted in this one: address and key."""
    submitted = select(Submission.expert_id).where(Submission.stage_id == stage.id)
    before = (
        select(Submission.expert_id)
        .join(Stage, Stage.id == Submission.stage_id)
        .where(Stage.consultation_id == stage.consultation_id, Stage.key == "round-1")
    )
    return (
        select(Contact.email, Expert.id)
        .join(Expert, Expert.id == Contact.expert_id)
        .where(
            Expert.consultation_id == stage.consultation_id,
            Expert.withdrawn_at.is_(None),
            Expert.id.in_(before),
            Expert.id.not_in(submitted),
        )
        .order_by(Expert.code)
    )
