"""The consultation of 2020 held stage by stage: others answer, and one walks through its pages."""

import fcntl
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.demo.answers import PROPOSALS
from consult.demo.facilitator import BETWEEN
from consult.demo.opinions import rating, reason
from consult.demo.people import Person, panel_file
from consult.demo.people import panel as people
from consult.models import Consultation, DefinitionRow, Draft, Expert, Stage
from consult.places import data_folder
from consult.schema import upgrade
from consult.services.access import invitations
from consult.services.answering.responding import Respondent, Step, find_respondent
from consult.services.answering.submitting import submit
from consult.services.panel import importing, panel
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.web.application import make_app
from tests.services import playing

SLUG = "ndpc-2020"
WALKERS = {"en": 1, "ru": 22}
"""Who walks through the pages, by language: numbers in the synthetic panel."""
OTHERS = (5, 6, 8, 9, 13, 14, 15, 16, 18, 19, 23, 25)
"""Who else answers, enough for bars and reasons to be shown."""
WAY = ("pre-event", "event", "post-event", "round-1", "round-2", "round-3")


@cache
def definition() -> Definition:
    return load(data_folder("questionnaires") / SLUG)


@dataclass(frozen=True)
class Held:
    """An application on a database of its own, and what moves its consultation on."""

    app: Flask
    database: Database
    config: Config

    def stage(self, key: str) -> Stage:
        with self.database.reading() as session:
            return stages.find_stage(session, consultation(session).id, key)

    @contextmanager
    def during(self, key: str) -> Iterator[Stage]:
        """The second day of a stage, half-time of a short one; nothing closes behind it."""
        stage = self.stage(key)
        half = (stage.closes_at - stage.opens_at) / 2
        with clock.set_to(stage.opens_at + min(half, timedelta(days=1))):
            with self.database.writing() as session:
                stage_acts.tick(session, consultation(session))
            yield stage

    @contextmanager
    def after(self, key: str) -> Iterator[Stage]:
        """An hour after the end of a stage."""
        stage = self.stage(key)
        with clock.set_to(stage.closes_at + timedelta(hours=1)):
            yield stage

    def link(self, number: int) -> str:
        """A further personal link of that person, without the server's address."""
        with self.database.writing() as session:
            return f"/i/{invitations.create_invitation(session, experts(session)[number])}"

    def answer(self, key: str, numbers: tuple[int, ...]) -> None:
        """Let these persons answer a stage and submit it."""
        with self.during(key), self.database.writing() as session:
            _answer(session, key, numbers)

    def fill_in(self, key: str, number: int) -> None:
        """Draft whatever this person has left open in a stage, without submitting."""
        with self.during(key), self.database.writing() as session:
            stage = stages.find_stage(session, consultation(session).id, key)
            given = find_respondent(session, consultation(session), definition(), experts(session)[number], stage)
            _fill_in(session, given, people()[number - 1])

    def close(self, key: str) -> None:
        """Close a stage, and let the facilitator do what follows."""
        with self.after(key), self.database.writing() as session:
            _close(session, key)


def consultation(session: Session) -> Consultation:
    return session.scalars(select(Consultation).filter_by(slug=SLUG)).one()


def experts(session: Session) -> dict[int, Expert]:
    """The panel by the numbers of its people."""
    members = panel.members(session, consultation(session))
    found = {item.email: item.expert_id for item in members}
    return {one.number: session.get_one(Expert, found[one.email]) for one in people()}


def _answer(session: Session, key: str, numbers: tuple[int, ...]) -> None:
    stage = stages.find_stage(session, consultation(session).id, key)
    known = experts(session)
    if key == WAY[0]:
        for number in numbers:
            playing.agree(session, definition(), known[number])
    for person in people():
        if person.number in numbers:
            given = find_respondent(session, consultation(session), definition(), known[person.number], stage)
            _fill_in(session, given, person)
            submit(session, given, idempotency_key=f"{person.number}:{key}")


def _fill_in(session: Session, given: Respondent, person: Person) -> None:
    chance = random.Random(f"{person.number}:{given.stage.key}")
    done: set[str] = set()
    while todo := [step for step in given.steps() if step.key not in done]:
        for name, values in _typed(given, todo[0], person, chance):
            if name in given.drafts:
                continue
            draft = Draft(
                consultation_id=given.consultation.id,
                stage_id=given.stage.id,
                expert_id=given.expert.id,
                name=name,
                values=values,
                revision=1,
            )
            session.add(draft)
            given.drafts[name] = draft
        given.forget_steps()
        done.add(todo[0].key)
    session.flush()


def _typed(given: Respondent, step: Step, person: Person, chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    if step.wording is None:
        text = chance.choice(PROPOSALS)[1]
        for asked in step.asked:
            yield from playing.typed(asked, playing.any_point, text, chance)
        return
    number = given.stage.round_number or 1
    for criterion in ("importance", "feasibility"):
        said = rating(step.key, criterion, person, number, None)
        yield f"{step.key}.{criterion}", [said]
        if criterion == "importance" and (words := reason(person, step.key, said)):
            yield f"{step.key}.importance.reason", [words]


def _close(session: Session, key: str) -> None:
    held = consultation(session)
    stage_acts.tick(session, held)
    if key in BETWEEN:
        BETWEEN[key](session, held)


@contextmanager
def held_at(folder: Path, key: str) -> Iterator[Held]:
    """A copy of the consultation just before that stage opens; all earlier ones were answered."""
    path = folder / "consult.db"
    path.write_bytes(_played(key))
    held = _open(path, folder)
    yield held
    held.database.dispose()


def feed_back(held: Held, form: str) -> None:
    """Publish the consultation anew, with another form of feedback."""
    content = definition().model_dump(mode="json", by_alias=True, exclude_none=True)
    content["protocol"]["feedback"]["form"] = form
    changed = Definition.model_validate(content, context={"language": "en"})
    with held.database.writing() as session:
        row = DefinitionRow(
            consultation_id=consultation(session).id,
            version=2,
            digest=changed.digest(),
            content=changed.canonical(),
            published_at=clock.utc_now(),
        )
        session.add(row)


def _open(path: Path, folder: Path) -> Held:
    config = Config(
        database_url=f"sqlite:///{path}",
        rate_limit="100000 per minute",
        mail_backend="file",
        mail_folder=str(folder / "mail"),
    )
    app = make_app(config)
    app.testing = True
    return Held(app, app.extensions["consult_database"], config)


@cache
def _played(key: str) -> bytes:
    """The database file before a stage, made once for all processes of a run."""
    folder = Path(gettempdir()) / f"consult-played-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{key}.db"
    with (folder / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.with_suffix(".new").write_bytes(_play(key))
            path.with_suffix(".new").rename(path)
    return path.read_bytes()


def _play(key: str) -> bytes:
    """From the file before the stage before."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "consult.db"
        if key == WAY[0]:
            _begin(path)
        else:
            before = WAY[WAY.index(key) - 1]
            path.write_bytes(_played(before))
            held = _open(path, folder)
            held.answer(before, (*WALKERS.values(), *OTHERS) if before != "event" else ())
            held.close(before)
            held.database.dispose()
        return path.read_bytes()


def _begin(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    first = publishing.local_moment(definition().schedules["plan-a"].stages[WAY[0]].opens, definition().zone)
    with database.writing() as session, clock.set_to(first - timedelta(days=9)):
        made = publishing.publish(session, definition(), actor="test", schedule="plan-a")
        importing.import_panel(session, made, definition(), panel_file(), "test")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
