"""Engine and sessions: the only module that knows both Flask and SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy import ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from consult import sqlite

__all__ = [
    "Database",
    "DatabaseTrouble",
    "Session",
    "get_database",
    "get_session",
    "init_app",
    "is_damage",
    "is_unavailable",
    "leave_session",
]

DatabaseTrouble = SQLAlchemyError
"""Whatever a database can raise; `is_unavailable` tells a database from a statement at fault."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
ABOUT_THE_SERVER = frozenset({"08", "28", "3D", "42", "53", "55", "57"})
"""Classes of PostgreSQL's errors that are about connections and statements, never about values."""
ANSWERS_IN = 5
"""Seconds to wait for a PostgreSQL server to take a connection."""


def is_unavailable(error: BaseException) -> bool:
    """Whether the database cannot be reached, read or written in time, or is damaged."""
    if isinstance(error, OperationalError | InterfaceError | TimeoutError | PendingRollbackError):
        return True
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return is_lost or is_damage(error)


def is_damage(error: BaseException) -> bool:
    """Whether what is stored could not be read: by what SQLite or PostgreSQL says of itself."""
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")[:2]
    if isinstance(error, InternalError | OperationalError) and state in ("58", "XX"):
        return True
    is_garbled = isinstance(error, OperationalError) and "decode to UTF-8" in str(error)
    return is_garbled or type(error) is DatabaseError  # malformed, or not a database


class Database:
    """One database with two ways in: reading, and writing.

    On SQLite a writing transaction starts with BEGIN IMMEDIATE, so that it waits for its turn at
    once instead of failing half-way. A reading session refuses to write.
    """

    def __init__(self, url: str, **engine_options: Any) -> None:
        self.url = make_url(url)
        self.file: Path | None = None
        engine_options["hide_parameters"] = True  # an error must not tell what was to be stored
        if self.url.get_backend_name() == "sqlite":
            if self.url.database and self.url.database != ":memory:":
                self.file = Path(self.url.database)
                sqlite.make(self.file)
            engine_options.setdefault("connect_args", {"timeout": 10})
        elif self.url.drivername.startswith("postgresql"):
            self.url = self.url.set(drivername="postgresql+psycopg")
            engine_options.setdefault("connect_args", {"connect_timeout": ANSWERS_IN})
            engine_options.setdefault("pool_pre_ping", True)
        self.engine = create_engine(self.url, **engine_options)
        event.listen(self.engine, "handle_error", _tell_no_values)
        if self.engine.dialect.name == "sqlite":
            sqlite.prepare(self.engine, self.file)
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
        if writes:
            event.listen(session, "before_commit", _begin_commit)
            event.listen(session, "after_commit", _end_commit)
        else:
            event.listen(session, "before_flush", _refuse_flush)
            event.listen(session, "do_orm_execute", _refuse_statement)
        return session

    def fold_log(self) -> bool:
        """Let nothing deleted stand in a SQLite log; False when others are at work just now."""
        return self.file is None or sqlite.fold_log(self.engine)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _tell_no_values(context: ExceptionContext) -> None:
    """PostgreSQL quotes rows and values in its messages, SQLite texts that it cannot decode."""
    error, told = context.original_exception, context.sqlalchemy_exception
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None and getattr(error, "sqlstate", None):
        known = (diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        words = ", ".join(part for part in known if part) or diagnosis.sqlstate
        # P0001 is what our own triggers say; they name a table and no value.
        if diagnosis.sqlstate == "P0001" or diagnosis.sqlstate[:2] in ABOUT_THE_SERVER:
            words = diagnosis.message_primary
    else:
        words = str(error).partition(" with text ")[0]
    error.args = (words,)
    if told is not None:
        told.args = (f"({type(error).__module__}.{type(error).__name__}) {words}",)


def _refuse_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a reading request tried to write")


def _refuse_statement(asked: ORMExecuteState) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        raise RuntimeError("a reading request tried to write")


def _begin_commit(session: Session) -> None:
    session.info.setdefault("commit", "begun")


def _end_commit(session: Session) -> None:
    session.info["commit"] = "done"


def init_app(app: Flask, database: Database) -> None:
    """Give every request a session: reading for GET, writing for the rest."""
    app.extensions["consult_database"] = database

    @app.teardown_appcontext
    def _close(error: BaseException | None) -> None:
        leave_session()


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


def leave_session(error: BaseException | None = None) -> bool:
    """End the session of this request; True when something of it is stored, or may be.

    Its connection may have died: closing it must not turn an answer that is ready into an error.
    `error` is what the request failed with: a commit that lost its connection may have arrived.
    """
    session: Session | None = g.pop("db_session", None)
    if session is None:
        return False
    try:
        session.close()
    except SQLAlchemyError:
        session.invalidate()
    commit = session.info.get("commit")
    return commit == "done" or (commit == "begun" and bool(getattr(error, "connection_invalidated", False)))
