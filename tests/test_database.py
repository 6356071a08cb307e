"""The engine: what it logs, what it makes, and what it does when its connections die."""

import os
import shutil
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, String, Text, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.database import Database, is_unavailable
from consult.models import Base, Consultation
from consult.models.base import JsonText, UtcDateTime
from tests import postgres
from tests.services.conftest import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, tmp_path) as made:
        yield made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        database = Database(f"sqlite:///{tmp_path}/new/consult.db")
        Base.metadata.create_all(database.engine)
    finally:
        os.umask(before)
    folder = tmp_path / "new"
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(
        ("consult.db", "consult.db-wal", "consult.db-shm"), 0o600
    )
    database.dispose()


def test_a_database_that_is_moved_away_is_neither_made_anew_nor_written_into_a_void(tmp_path: Path) -> None:
    path = tmp_path / "consult.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.reading() as session:
        assert session.scalars(select(Consultation)).all() == []
    shutil.move(path, tmp_path / "elsewhere.db")
    with pytest.raises(DBAPIError) as caught, database.reading() as session:
        session.execute(select(Consultation.id))
    assert is_unavailable(caught.value)
    assert not path.exists()
    shutil.move(tmp_path / "elsewhere.db", path)
    with database.reading() as session:
        assert session.scalars(select(Consultation)).all() == []
    database.dispose()


def test_a_database_put_in_place_of_another_is_seen_at_once(tmp_path: Path) -> None:
    """A restored backup: a connection to the file that was there before would lose what it gets."""
    path, other = tmp_path / "consult.db", tmp_path / "other.db"
    for place, name in ((path, "before"), (other, "restored")):
        made = Database(f"sqlite:///{place}")
        with made.engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE TABLE {name} (id INTEGER)")
            connection.commit()
        made.dispose()
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM before")
    other.replace(path)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM restored").all() == []
    database.dispose()


def test_a_connection_that_died_between_two_requests_is_not_handed_out() -> None:
    with postgres.database() as url:
        database = Database(url)
        for _ in range(3):
            with database.reading() as session:
                session.execute(text("SELECT 1"))
            _end_connections(url)
        database.dispose()


def _end_connections(url: str) -> None:
    killer = Database(url)
    with killer.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    killer.dispose()


def test_after_a_delivery_nothing_of_before_stands_in_the_log(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/consult.db")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE mail (body TEXT)")
        connection.exec_driver_sql("INSERT INTO mail VALUES ('canary-link')")
        connection.commit()
        connection.exec_driver_sql("UPDATE mail SET body = NULL")
        connection.commit()
    files = sorted(tmp_path.iterdir())
    assert any(b"canary-link" in path.read_bytes() for path in files)
    assert database.fold_log()
    assert not any(b"canary-link" in path.read_bytes() for path in files if path.exists())
    database.dispose()


def test_a_log_in_use_is_left_for_later(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/consult.db")
    Base.metadata.create_all(database.engine)
    with database.reading() as session:
        session.execute(select(Consultation.id))
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE more (id INTEGER)")
        assert not database.fold_log()
    assert database.fold_log()
    database.dispose()


CANARY = "canary-7c1"


def test_no_failed_insert_tells_what_was_to_be_stored(database: Database) -> None:
    """Every table refuses a row full of canaries; the whole chain of errors holds none."""
    told = {}
    for table in Base.metadata.sorted_tables:
        with database.writing() as session, pytest.raises(DBAPIError) as caught:
            _refuse_rows(session, table.name)
            row = {column.name: _canary(column) for column in table.columns}
            session.connection().execute(table.insert(), [row])
        told[table.name] = "".join(traceback.format_exception(caught.value))
    assert told.keys() == Base.metadata.tables.keys()
    assert [name for name, words in told.items() if CANARY in words] == []


def _refuse_rows(session: Session, table: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        seeded = f'ALTER TABLE "{table}" ADD CONSTRAINT seeded CHECK (false) NOT VALID'
    else:
        seeded = f"CREATE TRIGGER seeded_{table} BEFORE INSERT ON \"{table}\" BEGIN SELECT RAISE(ABORT, 'seeded'); END"
    session.execute(text(seeded))


def _canary(column: Column[Any]) -> object:
    if isinstance(column.type, JsonText):
        return {"said": CANARY}
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 9, 1, tzinfo=UTC)
    if isinstance(column.type, Boolean):
        return True
    return CANARY if isinstance(column.type, String | Text) else 1


def test_a_text_that_cannot_be_decoded_is_not_quoted(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/consult.db")
    with database.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.exec_driver_sql("SELECT CAST(x'63616e6172792d376331ff' AS TEXT)").all()
    assert "decode" in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    database.dispose()


def test_opening_a_database_twice_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """Else another process that closes its last connection takes the log away from under the first one."""
    url = f"sqlite:///{tmp_path / 'consult.db'}"
    first = Database(url)
    with first.writing() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    with first.engine.connect() as reading:
        reading.execute(text("SELECT * FROM note")).all()
        second = Database(url)
        writes = "import sqlite3, sys; held = sqlite3.connect(sys.argv[1]); held.execute('INSERT INTO note VALUES (1)')"
        program = f"{writes}; held.commit(); held.close()"
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "consult.db")], check=True)
        assert (tmp_path / "consult.db-wal").exists()
    for one in (first, second):
        one.dispose()


def test_a_reading_session_refuses_statements_too(tmp_path: Path) -> None:
    """A statement goes past the objects of a session, and would be rolled back without a word."""
    database = Database(f"sqlite:///{tmp_path / 'consult.db'}")
    Base.metadata.create_all(database.engine)
    for statement in (insert(Consultation), update(Consultation).values(slug="b"), delete(Consultation)):
        with database.reading() as session, pytest.raises(RuntimeError, match="tried to write"):
            session.execute(statement)
    database.dispose()
