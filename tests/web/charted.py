"""The staff's house with a finished consultation of several rounds beside the one under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.definition.loader import load
from consult.demo.people import panel_file
from consult.models import Expert
from consult.places import data_folder
from consult.services.panel import importing
from consult.services.rounds.stages import find_stage
from consult.services.running import publishing
from consult.services.staff import accounts
from consult.web.application import make_app
from tests.services import playing
from tests.services.conftest import BEFORE
from tests.web.staffing import ROLES, House, open_house

DONE = "ndpc-2020"
STAGES = {"pre-event": 13, "event": 0, "post-event": 12, "round-1": 12, "round-2": 11, "round-3": 10}
"""Who answers: a few leave from stage to stage."""
REASON = "What an expert wrote <b>beside</b> a rating"


@contextmanager
def open_charted(folder: Path) -> Iterator[House]:
    """Both consultations: the town library in round 2, the other with its last round frozen."""
    with open_house(folder):
        path = folder / "charted.db"
        path.write_bytes(_played())
        app = make_app(Config(database_url=f"sqlite:///{path}", rate_limit="1000 per minute"))
        app.testing = True
        database: Database = app.extensions["consult_database"]
        yield House(app, database)
        database.dispose()


@cache
def _played() -> bytes:
    """The database file, played once per process on top of the staff's house."""
    with TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        with house.database.writing() as session, clock.set_to(BEFORE):
            _play(session)
        house.database.dispose()
        return Path(folder, "consult.db").read_bytes()


def _play(session: Session) -> None:
    definition = load(data_folder("questionnaires") / DONE)
    here = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, here, definition, panel_file(), "test")
    experts = list(session.scalars(select(Expert).filter_by(consultation_id=here.id).order_by(Expert.id)))
    for expert in experts:
        playing.agree(session, definition, expert)
    for key, answering in STAGES.items():
        stage = find_stage(session, here.id, key)
        with clock.set_to(stage.opens_at):
            playing.play(session, definition, here, experts[:answering], stage, text=REASON)
    for role in ROLES:
        account = accounts.find(session, f"{role}@staff.example.org")
        accounts.grant(session, account, here, role)
