"""Engine and sessions: the only module that knows both Flask and SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, UOWTransaction

__all__ = ["Database", "DatabaseUnavailable", "Session", "get_database", "get_session", "init_app"]

DatabaseUnavailable = OperationalError
"""Raised when the database cannot be reached, read or written in time."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Database:
    """One database with two ways in: reading, and writing.

    On SQLite a writing transaction starts with BEGIN IMMEDIATE, so that it waits for its turn at
    once instead of failing half-way. A reading session refuses to write.
    """

    def __init__(self, url: str, **engine_options: Any) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() == "sqlite":
            if self.url.database and self.url.database != ":memory:":
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            engine_options.setdefault("connect_args", {"timeout": 10})
        elif self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine = create_engine(self.url, **engine_options)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
        self._writing_engine = self.engine.execution_options(consult_writes=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only read."""
        with self.open_session(writes=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose transaction is committed at the end, or rolled back on an error."""
        with self.open_session(writes=True) as session, session.begin():
            yield session

    def open_session(self, *, writes: bool) -> Session:
        """A session to be closed by the caller."""
        bind = self._writing_engine if writes else self.engine
        session = Session(bind, info={"writes": writes}, expire_on_commit=False)
        if not writes:
            event.listen(session, "before_flush", _refuse_flush)
        return session

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _refuse_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a reading request tried to write")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: object) -> None:
        connection.isolation_level = None  # transactions begin in _on_begin only
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "foreign_keys = ON",
            "synchronous = FULL",
            "secure_delete = ON",
            "recursive_triggers = ON",  # REPLACE must not slip past the no-delete triggers
            "busy_timeout = 10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("consult_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def init_app(app: Flask, database: Database) -> None:
    """Give every request a session: reading for GET, writing for the rest."""
    app.extensions["consult_database"] = database

    @app.teardown_appcontext
    def _close(error: BaseException | None) -> None:
        session = g.pop("db_session", None)
        if session is not None:
            session.close()


def get_database() -> Database:
    """The database of the running application."""
    database: Database = current_app.extensions["consult_database"]
    return database


def get_session() -> Session:
    """The session of this request; views commit it, services flush."""
    if "db_session" not in g:
        g.db_session = get_database().open_session(writes=request.method not in SAFE_METHODS)
    session: Session = g.db_session
    return session
