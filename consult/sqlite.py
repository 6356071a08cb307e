"""A SQLite file: made for its owner alone, opened only while it is there, its log folded in."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from consult.turns import Turns

PRAGMAS = (
    "journal_mode = WAL",
    "foreign_keys = ON",
    "synchronous = FULL",
    "secure_delete = ON",
    "recursive_triggers = ON",  # REPLACE must not slip past the no-delete triggers
    "busy_timeout = 10000",
)
FOLDING_WAIT = 200
"""Milliseconds a folding waits for readers, while nobody can write."""


def make(path: Path) -> None:
    """Make an empty file that only its owner may read; SQLite gives its log the same rights.

    One that is there is not opened: closing it would end the locks that this process has on it, and
    another process could take the log away from under the connections that are open here.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def prepare(engine: Engine, path: Path | None) -> None:
    """Pragmas, and transactions that begin where this program says; `path` of a file on disk."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions begin in _on_begin only
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    turns = Turns(path) if path is not None else None

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("consult_writes", False)
        held: object = connection.connection.dbapi_connection
        if writes and turns is not None and isinstance(held, _Connection):
            held.take_turn(turns)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    if path is not None:
        _stay_with(engine, path)


class _Connection(sqlite3.Connection):
    """A connection whose turn to write ends with its transaction."""

    _turns: Turns | None = None

    def take_turn(self, turns: Turns) -> None:
        """Wait for it. Raises OperationalError, as SQLite does where another does not end in time."""
        if self._turns is None:
            if not turns.take():
                raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
            self._turns = turns

    def _end_turn(self) -> None:
        if self._turns is not None:
            self._turns.end()
            self._turns = None

    def commit(self) -> None:
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._end_turn()


def _stay_with(engine: Engine, path: Path) -> None:
    """Never make a file by opening it, and leave one that was moved away or replaced."""

    @event.listens_for(engine, "do_connect")
    def _only_what_is_there(
        dialect: Dialect, record: ConnectionPoolEntry, args: list[str], given: dict[str, object]
    ) -> None:
        args[0] = f"{path.absolute().as_uri()}?mode=rw"
        given.update(uri=True, factory=_Connection)

    @event.listens_for(engine, "connect")
    def _remember(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _compare(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError("the file of this connection is not there any more")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def fold_log(engine: Engine) -> bool:
    """Move the write-ahead log into the file and empty it; False when others are at work.

    What was deleted is overwritten in the file (secure_delete), but stands in the log till then.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {FOLDING_WAIT}")
        (is_busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.close()
        return not is_busy
    finally:
        connection.close()
