"""The consultation of 2020 held again through the application's pages, and started today."""

import sys
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from consult import create_app
from consult.clock import set_to, utc_now
from consult.config import Config
from consult.database import Database, Session
from consult.definition.consultation import Definition
from consult.demo.facilitator import ACTOR, BETWEEN
from consult.demo.people import STOPPED_HALF_WAY, Person, panel, panel_file
from consult.demo.visitor import visitor
from consult.demo.walk import enter, walk_stage
from consult.models import Consultation, Stage
from consult.services.mail import delivering, inviting
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts

FINISHED = "ndpc-2020"
TODAY = "ndpc-2020-today"
LATE, LEAVES = 5, 21
"""The expert who submits round 1 within the grace, and the one who leaves during round 2."""


class Rehearsal:
    """The consultation of 2020, held by the synthetic panel through the application's pages."""

    def __init__(
        self, definition: Definition, settings: Config, database: Database, say: Callable[[str], None]
    ) -> None:
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
        first = min(publishing.local_moment(item.opens, self.definition.zone) for item in windows.values())
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
            importing.import_panel(session, consultation, self.definition, panel_file(), ACTOR)
            rows = inviting.invite_all(session, consultation, self.definition, self.settings, ACTOR)
            self.links = {row.email: row.link for row in rows}
        delivering.deliver(self.database, self.settings)
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
            delivering.deliver(self.database, self.settings)
        outcome = f"{len(there)} experts" if stage.kind != "event" else "held"
        self.say(f"{mark} {stage.key}: {outcome}, closed and frozen" + " " * 20)

    def _tick(self) -> None:
        with self.database.writing() as session:
            for consultation in session.scalars(select(Consultation)):
                stage_acts.tick(session, consultation)

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


def start_today(definition: Definition, settings: Config, database: Database, say: Callable[[str], None]) -> None:
    """The same folder with its schedule moved to today: pre-event and round 1 take answers."""
    with database.writing() as session:
        local = utc_now().astimezone()
        consultation = publishing.publish(
            session, definition, actor=ACTOR, schedule="plan-b", start=local.date(), slug=TODAY
        )
        importing.import_panel(session, consultation, definition, panel_file(), ACTOR)
        inviting.invite_all(session, consultation, definition, settings, ACTOR)
        stage_acts.tick(session, consultation)
        for key in ("pre-event", "round-1"):
            stage = stages.find_stage(session, consultation.id, key)
            if stage.opened_at is None:
                stage_acts.open_stage(session, consultation, stage, actor=ACTOR, reason="To be tried out today.")
    say(f"Published {TODAY}: the same folder, started today.")
