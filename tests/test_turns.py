"""Turns at a SQLite file: one writer at a time, among threads and processes, and nobody waits for ever."""

import multiprocessing
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from consult import turns
from consult.database import Database
from consult.turns import Turns

copies = multiprocessing.get_context("spawn")


def take_and_tell(
    path: str, ready: "multiprocessing.synchronize.Event", go: "multiprocessing.synchronize.Event"
) -> None:
    """Another process: takes its turn, says so, ends it when told."""
    held = Turns(Path(path))
    assert held.take()
    ready.set()
    go.wait(20)
    held.end()


def test_a_turn_is_one_at_a_time_among_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.db"
    ready, go = copies.Event(), copies.Event()
    other = copies.Process(target=take_and_tell, args=(str(file), ready, go))
    other.start()
    assert ready.wait(20)
    mine = Turns(file)
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    assert not mine.take()
    go.set()
    monkeypatch.setattr(turns, "PATIENCE", 20.0)
    assert mine.take()
    mine.end()
    other.join(20)
    assert other.exitcode == 0


def test_a_turn_dies_with_its_process(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    ready, go = copies.Event(), copies.Event()
    other = copies.Process(target=take_and_tell, args=(str(file), ready, go))
    other.start()
    assert ready.wait(20)
    other.kill()
    other.join(20)
    mine = Turns(file)
    assert mine.take()
    mine.end()


def test_threads_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Turns(tmp_path / "a.db")
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(20):
            assert held.take()
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.0005)
            inside.pop()
            held.end()

    several = [threading.Thread(target=work) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join(20)
    assert len(most) == 80 and max(most) == 1


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with made.writing() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    return made


@pytest.mark.parametrize("fails", [False, True])
def test_a_turn_ends_with_its_transaction(database: Database, fails: bool) -> None:
    def write() -> None:
        with database.writing() as session:
            session.execute(text("INSERT INTO note VALUES ('a')"))
            if fails:
                raise ValueError

    for _ in range(3):
        if fails:
            with pytest.raises(ValueError):
                write()
        else:
            write()
    began = time.monotonic()
    with database.writing() as session:
        found = session.scalar(text("SELECT count(*) FROM note"))
    assert found == (0 if fails else 3) and time.monotonic() - began < 5
    database.dispose()


def test_who_waits_too_long_is_told_that_the_database_is_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with database.writing() as first, pytest.raises(OperationalError, match="locked"), database.writing() as second:
        first.execute(text("INSERT INTO note VALUES ('a')"))
        second.execute(text("INSERT INTO note VALUES ('b')"))
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM note")) == 1
    database.dispose()


def test_reading_needs_no_turn(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with database.writing() as session, database.reading() as other:
        session.execute(text("INSERT INTO note VALUES ('a')"))
        assert other.scalar(text("SELECT count(*) FROM note")) == 0
    database.dispose()


def test_the_lock_file_is_its_owners_alone(database: Database) -> None:
    assert database.file is not None
    beside = database.file.with_name("a.db.lock")
    assert beside.stat().st_mode & 0o777 == 0o600 and beside.read_bytes() == b""
    database.dispose()
