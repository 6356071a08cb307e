"""The whole consultation from nothing: set up, run through the pages, hand out links, serve."""

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from analysis import __version__
from consult import create_app, schema, serving
from consult.clock import set_to, utc_now
from consult.config import Config
from consult.database import Database, Session
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.demo.browser import visitor
from consult.demo.facilitator import ACTOR, BETWEEN
from consult.demo.folder import ALONE, FOLDER, SHARED, hold, settings_for
from consult.demo.people import STOPPED_HALF_WAY, Person, panel, panel_file
from consult.demo.walk import enter, walk_stage
from consult.models import Account, Consultation, Contact, Expert, Result, Stage
from consult.places import data_folder
from consult.services import (
    accounts,
    invitations,
    outbox,
    publishing,
    stages,
)
from consult.services import (
    panel as panels,
)

FINISHED = "ndpc-2020"
TODAY = "ndpc-2020-today"
STAFF = ("facilitator", "analyst", "secretariat")
LATE, LEAVES = 5, 21
"""The expert who submits round 1 within the grace, and the one who leaves during round 2."""


def run(*, serve: bool = True, fresh: bool = False, port: int = 8000,
        say: Callable[[str], None] = print) -> str:  # fmt: skip
    """Run the demonstration; returns the results digest (SHA-256, 64 hex digits).

    A finished run is used again, with new links, unless `fresh` or the content changed.
    """
    definition = load(data_folder("questionnaires") / FINISHED)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        is_new = fresh or not _is_finished(definition)
        hold(lock, ALONE if is_new else SHARED)
        settings = settings_for(port)
        if is_new:
            _build(definition, settings, say)
            hold(lock, SHARED)
        else:
            say(
                f"Using the finished demonstration in {FOLDER}/ "
                "(consult demo --fresh makes it anew)."
            )
        database = Database(settings.database_url)
        for line in _links(database, settings):
            say(line)
        digest = results_digest(database)
        database.dispose()
        say(f"Results digest: {digest}")
        if serve:
            serving.serve(settings, port=port)
    return digest


def _mark(definition: Definition) -> dict[str, str]:
    return {"definition": definition.digest(), "analysis": __version__}


def _is_finished(definition: Definition) -> bool:
    """Whether a whole run of this very content stands there, at the newest migration."""
    known = FOLDER / "finished.json"
    if not known.exists() or json.loads(known.read_text()) != _mark(definition):
        return False
    database = Database(f"sqlite:///{FOLDER / 'consult.db'}")
    try:
        return schema.is_at_head(database)
    finally:
        database.dispose()


def _build(definition: Definition, settings: Config, say: Callable[[str], None]) -> None:
    """Make the database beside the finished one, and put it in place only when it is whole."""
    for name in ("finished.json", "consult.db", "consult.db-wal", "consult.db-shm", "new.db",
                 "new.db-wal", "new.db-shm"):  # fmt: skip
        (FOLDER / name).unlink(missing_ok=True)
    building = replace(settings, database_url=f"sqlite:///{FOLDER / 'new.db'}")
    database = Database(building.database_url)
    schema.upgrade(database)
    rehearsal = Rehearsal(definition, building, database, say)
    rehearsal.hold()
    rehearsal.app.extensions["consult_database"].dispose()
    _start_today(definition, building, database, say)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    (FOLDER / "new.db").rename(FOLDER / "consult.db")
    (FOLDER / "finished.json").write_text(json.dumps(_mark(definition)))


class Rehearsal:
    """The consultation of 2020, held by the synthetic panel through the application's pages."""

    def __init__(
        self, definition: Definition, settings: Config, database: Database,
        say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.definition = definition
        self.settings = settings
        self.database = database
        self.say = say
        self.people = panel()
        self.links: dict[str, str] = {}
        self.app = create_app(settings)

    def hold(self) -> None:
        """From publishing to the close of the last stage."""
        windows = self.definition.schedules[self.definition.default_schedule].stages
        first = min(
            publishing.local_moment(item.opens, self.definition.zone) for item in windows.values()
        )
        with set_to(first - timedelta(days=9)):
            self._set_up()
        with self.database.reading() as session:
            held = stages.stages_of(session, self._consultation_id(session))
        for number, stage in enumerate(held, start=1):
            self._hold_stage(stage, f"[{number}/{len(held)}]")

    def _consultation_id(self, session: Session) -> int:
        return session.scalars(select(Consultation.id).where(Consultation.slug == FINISHED)).one()

    def _set_up(self) -> None:
        with self.database.writing() as session:
            consultation = publishing.publish(session, self.definition, actor=ACTOR)
            panels.import_panel(session, consultation, self.definition, panel_file(), ACTOR)
            rows = invitations.invite_all(
                session, consultation, self.definition, self.settings, ACTOR
            )
            self.links = {row.email: row.link for row in rows}
        outbox.deliver(self.database, self.settings)
        self.say(f"Published {FINISHED}, invited {len(self.links)} experts.")

    def _hold_stage(self, stage: Stage, mark: str) -> None:
        with set_to(stage.opens_at):
            self._tick()
        there = [person for person in self.people if stage.key in person.stages]
        if stage.kind != "event":
            self._answers(stage, there, mark)
        grace = timedelta(seconds=self.definition.grace + 1)
        with set_to(stage.closes_at + grace):
            self._tick()
            with self.database.writing() as session:
                consultation = session.get_one(Consultation, stage.consultation_id)
                if stage.key in BETWEEN:
                    BETWEEN[stage.key](session, consultation)
            outbox.deliver(self.database, self.settings)
        outcome = f"{len(there)} experts" if stage.kind != "event" else "held"
        self.say(f"{mark} {stage.key}: {outcome}, closed and frozen" + " " * 20)

    def _tick(self) -> None:
        with self.database.writing() as session:
            for consultation in session.scalars(select(Consultation)):
                stages.tick(session, consultation)

    def _answers(self, stage: Stage, there: list[Person], mark: str) -> None:
        span = stage.closes_at - stage.opens_at
        for count, person in enumerate(there, start=1):
            moment = stage.opens_at + span * count / (len(there) + 2)
            if stage.key == "round-1" and person.number == LATE:
                moment = stage.closes_at + timedelta(seconds=30)
            with set_to(moment):
                self._answer(stage, person)
            if sys.stdout.isatty():
                print(f"{mark} {stage.key}: {count} of {len(there)}", end="\r", flush=True)
        for number in STOPPED_HALF_WAY.get(stage.key, ()):
            with set_to(stage.opens_at + span / 2):
                self._answer(stage, self.people[number - 1], pages=5)
        if stage.key == "round-2":
            with set_to(stage.opens_at + span / 2):
                self._leave(self.people[LEAVES - 1])

    def _answer(self, stage: Stage, person: Person, pages: int | None = None) -> None:
        browser = visitor(self.app)
        enter(browser, self.links[person.email].removeprefix(self.settings.public_url), person)
        number = stage.round_number
        if pages is None:
            walk_stage(browser, FINISHED, stage.key, person, number)
        else:
            walk_stage(browser, FINISHED, stage.key, person, number, pages=pages, submit=False)

    def _leave(self, person: Person) -> None:
        browser = visitor(self.app)
        enter(browser, self.links[person.email].removeprefix(self.settings.public_url), person)
        browser.get(f"/c/{FINISHED}/leave")
        browser.send({})


def _start_today(
    definition: Definition, settings: Config, database: Database, say: Callable[[str], None]
) -> None:
    """The same folder with its schedule moved to today: pre-event and round 1 take answers."""
    with database.writing() as session:
        local = utc_now().astimezone()
        consultation = publishing.publish(
            session, definition, actor=ACTOR, schedule="plan-b", start=local.date(), slug=TODAY
        )
        panels.import_panel(session, consultation, definition, panel_file(), ACTOR)
        invitations.invite_all(session, consultation, definition, settings, ACTOR)
        stages.tick(session, consultation)
        for key in ("pre-event", "round-1"):
            stage = stages.find_stage(session, consultation.id, key)
            if stage.opened_at is None:
                stages.open_stage(
                    session, consultation, stage, actor=ACTOR, reason="To be tried out today."
                )
    say(f"Published {TODAY}: the same folder, started today.")


def _links(database: Database, settings: Config) -> list[str]:
    """New links for one expert of each language and for each role of staff."""
    lines = ["", "Links (each opens the demonstration in one role):"]
    with database.writing() as session:
        today = session.scalars(select(Consultation).where(Consultation.slug == TODAY)).one()
        for number, language in ((1, "English"), (22, "Russian")):
            person = panel()[number - 1]
            expert = session.scalars(
                select(Expert)
                .join(Contact, Contact.expert_id == Expert.id)
                .where(Expert.consultation_id == today.id, Contact.email == person.email)
            ).one()
            token = invitations.create_invitation(session, expert)
            lines.append(f"  expert, {language + ':':9} {invitations.link(settings, token)}")
        held = session.scalars(select(Consultation)).all()
        for role in STAFF:
            account = _account(session, role)
            for consultation in held:
                if role not in accounts.roles(session, account.id, consultation.id):
                    accounts.grant(session, account, consultation, role)
            link = accounts.make_link(session, account, settings, hours=24 * 30)
            lines.append(f"  {role + ':':17} {link}")
    return [*lines, ""]


def _account(session: Session, role: str) -> Account:
    email = f"{role}@demo.example"
    known = session.scalar(select(Account).where(Account.email == email))
    return known or accounts.add(session, email, f"Demo {role}", None)


def results_digest(database: Database) -> str:
    """SHA-256 over the digests of all frozen results of the finished consultation, in order."""
    with database.reading() as session:
        digests = session.scalars(
            select(Result.digest)
            .join(Stage, Stage.id == Result.stage_id)
            .join(Consultation, Consultation.id == Stage.consultation_id)
            .where(Consultation.slug == FINISHED)
            .order_by(Stage.position, Result.number)
        ).all()
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
