"""The programs of the comparison, each served on a database of its own: consult, the floor, the peers."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from consult.config import Config
from consult.database import Database
from consult.models import Answer, Draft, Submission
from consult.schema import upgrade
from tests.benchmarks.web import floor, journeys, world
from tests.benchmarks.web.client import Ask, Journey, Reply
from tests.benchmarks.web.items import ITEMS
from tests.benchmarks.web.peers.running import PEERS, Peer
from tests.benchmarks.web.processes import free_port, served
from tests.sources import ROOT

Kind = Literal["bare", "whole", "rated"]


@dataclass(frozen=True)
class Running:
    """A program that answers: its port, a journey for each person, and how many it has stored whole."""

    port: int
    journeys: Sequence[Journey]
    stored: Callable[[], int]


Program = Callable[[Path, int], AbstractContextManager[Running]]
"""Serves so many people from a folder, which is empty."""


def consult(kind: Kind, url: str | None = None) -> Program:
    """`consult serve` as it is installed, on SQLite or on the PostgreSQL database named."""

    @contextmanager
    def program(folder: Path, people: int) -> Iterator[Running]:
        port = free_port()
        config = Config(
            database_url=url or f"sqlite:///{folder / 'consult.db'}",
            public_url=f"http://127.0.0.1:{port}",
            rate_limit="1000000 per minute",
            mail_backend="file",
            mail_folder=str(folder / "mail"),
        )
        database = Database(config.database_url)
        upgrade(database)
        ways = world.fill(config, "round-2" if kind == "rated" else "thirty", people, agreed=kind != "whole")
        told = {
            "CONSULT_DATABASE_URL": config.database_url,
            "CONSULT_PUBLIC_URL": config.public_url,
            "CONSULT_RATE_LIMIT": config.rate_limit,
            "CONSULT_MAIL_BACKEND": config.mail_backend,
            "CONSULT_MAIL_FOLDER": config.mail_folder,
        }
        command = [sys.executable, "-c", "from consult.cli import main; main()", "serve", "--port", str(port)]
        go = {"bare": journeys.bare, "whole": journeys.whole, "rated": journeys.rated}[kind]
        with _ours(command, told, port, folder):
            yield Running(port, [go(way) for way in ways], lambda: _stored(database, kind))
        database.dispose()

    return program


def _stored(database: Database, kind: Kind) -> int:
    """People with an answer to every item, or with all that they rated in a draft."""
    with database.reading() as session:
        if kind == "rated":
            kept = select(Draft.expert_id).where(Draft.name.contains("."), ~Draft.name.contains("reason"))
            whole = kept.group_by(Draft.expert_id).having(func.count() >= 2 * journeys.RATED_MEASURES)
        else:
            whole = (
                select(Submission.expert_id)
                .join(Answer, Answer.submission_id == Submission.id)
                .where(Answer.value == int(journeys.RATING))
                .group_by(Submission.id, Submission.expert_id)
                .having(func.count() == ITEMS)
            )
        return session.scalar(select(func.count()).select_from(whole.subquery())) or 0


def least(kind: Literal["bare", "whole"]) -> Program:
    """The floor, at the same server as consult."""

    @contextmanager
    def program(folder: Path, people: int) -> Iterator[Running]:
        port, url = free_port(), f"sqlite:///{folder / 'floor.db'}"
        tokens = floor.fill(url, people)
        command = [sys.executable, "-m", "tests.benchmarks.web.floor_server", url, str(port)]
        with _ours(command, {}, port, folder):
            go = _floor_bare if kind == "bare" else _floor_whole
            yield Running(port, [go(token) for token in tokens], lambda: floor.stored(url))

    return program


def _floor_bare(token: str) -> Journey:
    signer = SecureCookieSessionInterface().get_signing_serializer(_as_floor())
    assert signer is not None
    cookie = f"session={signer.dumps({'token': token, 'csrf': 'c' * 40})}"
    yield from _floor_page(cookie, "c" * 40)


def _as_floor() -> Flask:
    app = Flask("floor")
    app.secret_key = floor.SECRET
    return app


def _floor_whole(token: str) -> Journey:
    landing = yield Ask("link", f"/i/{token}")
    form = journeys.hidden(landing)
    opened = yield Ask("enter", f"/i/{token}", form, landing.cookies[0])
    consent = yield Ask("consent", "/consent", cookie=opened.cookies[0])
    said = yield Ask("agree", "/consent", journeys.hidden(consent), opened.cookies[0])
    _is(said, 303)
    _is((yield Ask("tasks", "/", cookie=opened.cookies[0])), 200)
    yield from _floor_page(opened.cookies[0], form["csrf_token"])


def _floor_page(cookie: str, token: str) -> Journey:
    page = yield Ask("page", "/page", cookie=cookie)
    _is((yield Ask("save", "/page", {**journeys.hidden(page), **journeys.typed()}, cookie)), 303)
    _is((yield Ask("review", "/review", cookie=cookie)), 200)
    _is((yield Ask("submit", "/review", {"csrf_token": token}, cookie)), 303)
    _is((yield Ask("receipt", "/receipt", cookie=cookie)), 200)


def _is(reply: Reply, status: int) -> None:
    if reply.status != status:
        raise ValueError(f"{reply.status} instead of {status}")


def other(peer: Peer) -> Program:
    """A peer, by its own ordinary means."""

    @contextmanager
    def program(folder: Path, people: int) -> Iterator[Running]:
        inside = folder / "peer"
        with peer.serving(inside, people) as (port, starts):
            yield Running(port, [peer.journey(start) for start in starts], lambda: peer.stored(inside))

    return program


def others() -> dict[str, Program]:
    """Every peer by its name."""
    return {peer.name: other(peer) for peer in PEERS}


def _ours(command: Sequence[str], settings: Mapping[str, str], port: int, folder: Path) -> AbstractContextManager[None]:
    """A server of this project: with the settings given and none that happen to be there."""
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("CONSULT_")}
    return served(command, ROOT, {**quiet, **settings}, port, folder / "server.log")
