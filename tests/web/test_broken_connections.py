"""PostgreSQL ends connections between and within requests: a page in words, nothing typed lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.models import Draft
from consult.schema import upgrade
from consult.services.definitions import consultation_by_slug
from consult.services.staff import accounts, sign_in
from consult.web.application import make_app
from tests import postgres
from tests.services.conftest import BEFORE
from tests.web import visiting
from tests.web.visiting import SLUG, Browser, Library, page

STAGE, EXPERT = "first-look", 13
WORDS = "A canary of my own words"


class Broken:
    """Ends the server's side of a connection at one chosen moment of a request."""

    def __init__(self, database: Database, url: str) -> None:
        self.left: int | None = None
        self.hits = 0
        self._killer = Database(url, isolation_level="AUTOCOMMIT")
        event.listen(database.engine, "before_cursor_execute", self._on_statement)
        event.listen(database.engine, "commit", self._on_end)
        event.listen(database.engine, "rollback", self._on_end)

    def _on_statement(self, connection: Any, *rest: object) -> None:
        self._count(connection)

    def _on_end(self, connection: Any) -> None:
        self._count(connection)

    def _count(self, connection: Any) -> None:
        if self.left is None:
            return
        if self.left == 0:
            self.left, self.hits = None, self.hits + 1
            self.end(f"pid = {connection.connection.driver_connection.info.backend_pid}")
            return
        self.left -= 1

    def end(self, which: str) -> None:
        """Returns when the connections are gone."""
        ended = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}"
        )
        with self._killer.engine.connect() as connection:
            connection.execute(text(ended))

    def stop(self) -> None:
        self._killer.dispose()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Broken]]:
    """The town library on PostgreSQL, its questionnaire open, and the means to break it."""
    with postgres.database() as url, _library(url, tmp_path_factory.mktemp("mail")) as library:
        broken = Broken(library.database, url)
        yield library, broken
        broken.stop()


@contextmanager
def _library(url: str, folder: Path) -> Iterator[Library]:
    config = Config(database_url=url, rate_limit="1000 per minute", mail_backend="file", mail_folder=str(folder))
    made = Database(url)
    upgrade(made)
    with made.writing() as session, clock.set_to(BEFORE):
        visiting._play(session, STAGE)
        account = accounts.add(session, "ann@example.org", "Ann", None)
        accounts.grant(session, account, consultation_by_slug(session, SLUG), "facilitator")
    made.dispose()
    app = make_app(config)
    library = Library(app, app.extensions["consult_database"], config)
    with clock.set_to(library.stage(STAGE).opens_at):
        yield library
    library.database.dispose()


def _staff(library: Library) -> Browser:
    with library.database.writing() as session:
        token = sign_in.open_staff_session(session, accounts.find(session, "ann@example.org"), 12)
    browser = Browser(library.app.test_client())
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return browser


def _is_stored(library: Library, words: str) -> bool:
    return any(words in row.values for row in library.rows(Draft))


@given(moment=st.integers(0, 40), act=st.sampled_from(("read", "send", "board", "extend")))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_a_connection_that_dies_within_a_request_ends_in_words(
    opened: tuple[Library, Broken], moment: int, act: str
) -> None:
    library, broken = opened
    _check(library, broken, moment, act)


def _check(library: Library, broken: Broken, moment: int, act: str) -> None:
    words = f"{WORDS} {broken.hits} {moment} {act}"
    browser = library.browser(EXPERT) if act in ("read", "send") else _staff(library)
    place = {
        "read": page(STAGE, "budget"),
        "send": page(STAGE, "budget"),
        "board": f"/c/{SLUG}/facilitate",
        "extend": f"/c/{SLUG}/facilitate/stages/{STAGE}/extend",
    }[act]
    assert browser.open(place) == 200
    broken.left = moment
    try:
        if act in ("read", "board"):
            browser.open(place)
        elif act == "send":
            browser.press("go", "next", {"missing": words})
        else:
            browser.press("", "", {"closes_at": "2026-09-30T12:00", "reason": words})
    finally:
        broken.left = None
    assert browser.status in (200, 400, 409, 422, 503), browser.main
    assert "<h1" in browser.text
    is_refused = "NOT saved" in browser.main
    if is_refused:
        assert words in browser.text  # else it was stored, and the page after it broke
    if browser.status == 503 and act == "send" and "It is not certain" not in browser.main:
        assert _is_stored(library, words) == (not is_refused)


def test_a_connection_that_dies_between_two_requests_is_not_even_noticed(opened: tuple[Library, Broken]) -> None:
    library, broken = opened
    browser = library.browser(EXPERT)
    for _ in range(3):
        broken.end("TRUE")
        assert browser.open(page(STAGE, "budget")) == 200


@pytest.mark.parametrize("seeded", ["teardown", "no page"])
def test_the_sweep_catches_a_seeded_bug(
    opened: tuple[Library, Broken], seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, broken = opened
    if seeded == "teardown":
        monkeypatch.setattr("consult.database.leave_session", _just_close)
    else:
        monkeypatch.setattr("consult.web.errors.is_unavailable", lambda error: False)
    caught = 0
    for moment in range(12):
        try:
            _check(library, broken, moment, "read")
        except Exception:
            caught += 1
    assert caught


def _just_close() -> bool:
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.close()
    return False
