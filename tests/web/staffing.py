"""A house with two consultations and staff in every role, for the tests of the staff pages."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.models import Account, Comment, Consultation, Expert, Proposal, Stage
from consult.schema import upgrade
from consult.services.measures import moderation
from consult.services.panel import importing
from consult.services.rounds.stages import find_stage
from consult.services.running import beats, publishing, stage_acts
from consult.services.staff import accounts, passwords, sign_in
from consult.web.application import make_app
from consult.web.marks import form_mark, recognise
from tests import postgres
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, town_library

HERE, ELSEWHERE = "town-library", "other-library"
PASSWORD = "four words of a password"
ROLES = ("facilitator", "secretariat", "analyst")
TEXT = "A workshop is what the young people of the harbour ask for <b>most</b>"


@dataclass(frozen=True)
class House:
    """An application on a played database, and its clock."""

    app: Flask
    database: Database

    def client(self, role: str | None = None) -> FlaskClient:
        """A browser, signed in with that role in the town library (`nobody`: with none)."""
        client = self.app.test_client()
        if role is not None:
            with self.database.writing() as session:
                account = accounts.find(session, f"{role}@staff.example.org")
                token = sign_in.open_staff_session(session, account, 12)
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = token, True
        return client

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.reading() as session:
            yield session

    def rows(self, table: type[Any], **wanted: Any) -> list[Any]:
        """All rows of a table with these values."""
        with self.database.reading() as session:
            return list(session.scalars(select(table).filter_by(**wanted)))

    def path(self, path: str) -> str:
        """A path with the handle of the first `{comment}` or `{proposal}` in it."""
        found = {"comment": Comment, "proposal": Proposal}
        return path.format(**{name: self.rows(table)[0].handle for name, table in found.items()})

    def stage(self, key: str, slug: str = HERE) -> Stage:
        with self.database.reading() as session:
            consultation = session.scalars(select(Consultation).filter_by(slug=slug)).one()
            return find_stage(session, consultation.id, key)


def send(client: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Fill in the form of a page and send it, as a browser would: with what the page carries."""
    found = client.get(address)
    forms = html.fromstring(found.text).xpath("//main//form[@method='post'][not(@action)]")
    assert forms, f"{address} has no form ({found.status_code})"
    hidden = forms[0].xpath(".//input[@type='hidden']")
    typed = {f"item-{name}": value for name, value in fields.items()}
    return client.post(address, data={one.get("name"): one.get("value") for one in hidden} | typed)


def refused(client: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Send a form that is to be refused; the page it leads back to, with what was typed."""
    sent = send(client, address, **fields)
    assert sent.status_code == 303, f"{address} answered {sent.status_code}"
    back = str(sent.location)
    assert back.partition("?")[0] == address.partition("?")[0] and "held=" in back, back
    return client.get(back)


def token_of(client: FlaskClient, address: str) -> str:
    """The token of some page with a form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found is not None
    return found[1]


def proof(client: FlaskClient, address: str, page: str) -> dict[str, str]:
    """What a form to an address carries for who is signed in, also where no page offers it."""
    app = client.application
    with client.session_transaction() as cookie:
        held = cookie["_user_id"]
    with app.test_request_context(address):
        with app.extensions["consult_database"].reading() as session:
            account = sign_in.account_of_session(session, held)
        assert account is not None
        recognise(account, account.name)
        mark = form_mark(address)
    return {"csrf_token": token_of(client, page), "mark": mark}


@contextmanager
def open_house(folder: Path, prepare: Callable[[Database], object] = upgrade) -> Iterator[House]:
    """The town library in the middle of round 2, another one before its start.

    `prepare` makes the tables of the empty database.
    """
    path = folder / "consult.db"
    path.write_bytes(_played(prepare))
    with house_at(f"sqlite:///{path}") as house:
        yield house


@contextmanager
def open_house_on_postgresql() -> Iterator[House]:
    """The same, played anew on PostgreSQL."""
    with postgres.database() as url:
        database = Database(url)
        upgrade(database)
        with database.writing() as session, clock.set_to(BEFORE):
            _play(session)
        database.dispose()
        with house_at(url) as house:
            yield house


@contextmanager
def house_at(url: str) -> Iterator[House]:
    """The application on a database that is played already."""
    app = make_app(Config(database_url=url, rate_limit="1000 per minute"))
    app.testing = True
    database: Database = app.extensions["consult_database"]
    with database.reading() as session:
        consultation = session.scalars(select(Consultation).filter_by(slug=HERE)).one()
        moment = find_stage(session, consultation.id, "round-2").opens_at + timedelta(days=2)
    with clock.set_to(moment):
        with database.writing() as session:
            beats.beat(session, beats.CLOCK)  # as if `consult serve` had started it
        yield House(app, database)
    database.dispose()


@cache
def _played(prepare: Callable[[Database], object]) -> bytes:
    """The database file, played once per process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "consult.db"
        database = Database(f"sqlite:///{path}")
        prepare(database)
        with database.writing() as session, clock.set_to(BEFORE):
            _play(session)
        database.dispose()
        return path.read_bytes()


def _play(session: Session) -> None:
    definition = town_library()
    here = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, here, definition, panel_file(14), "test")
    experts = list(session.scalars(select(Expert).filter_by(consultation_id=here.id).order_by(Expert.id)))
    for expert in experts[:13]:
        playing.agree(session, definition, expert)
    for key in ("first-look", "round-1"):
        playing.play(session, definition, here, experts[:12], find_stage(session, here.id, key), text=TEXT)
    found = list(session.scalars(select(Comment).order_by(Comment.id)))
    for comment in found[: len(found) // 2]:
        moderation.accept_comment(session, here, comment.handle, actor="test")
    second = find_stage(session, here.id, "round-2")
    with clock.set_to(second.opens_at):
        stage_acts.open_stage(session, here, second, actor="test")
    for place, expert in enumerate(experts[:5]):
        with clock.set_to(second.opens_at + timedelta(minutes=place + 1)):
            playing.answer(
                session,
                definition,
                here,
                expert,
                second,
                rate=playing.any_point,
                text="Said in the open round",
                chance=_chance(place),
            )
    session.add(
        Proposal(
            consultation_id=here.id,
            stage_id=find_stage(session, here.id, "first-look").id,
            expert_id=experts[0].id,
            title="A <i>garden</i>",
            text="Benches and a garden behind.",
            language="en",
            fate="waiting",
            measure_id=None,
            reason=None,
        )
    )
    there = publishing.publish(session, definition, actor="test", slug=ELSEWHERE)
    importing.import_panel(session, there, definition, panel_file(3, start=50), "test")
    _staff(session, here, there)


def _chance(place: int) -> random.Random:
    return random.Random(place)


def _staff(session: Session, here: Consultation, there: Consultation) -> None:
    for role in ROLES:
        password = passwords.hashed(PASSWORD) if role == "facilitator" else None
        account = accounts.add(session, f"{role}@staff.example.org", role.title(), password)
        accounts.grant(session, account, here, role)
    accounts.add(session, "nobody@staff.example.org", "Nobody", None)
    other: Account = accounts.add(session, "stranger@staff.example.org", "Stranger", None)
    for role in ("facilitator", "secretariat", "rapporteur"):
        accounts.grant(session, other, there, role)
