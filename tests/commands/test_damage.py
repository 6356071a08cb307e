"""A damaged database is noticed, and every command ends in words."""

import random
import sqlite3
from pathlib import Path

import pytest

from consult.database import Database
from consult.integrity import Depth, problems
from consult.models import Base
from tests import postgres
from tests.commands.conftest import CommandLine

PAGE = 4096
HERE = "town-library"
COMMANDS = (
    ("list",),
    ("status", HERE),
    ("panel", "list", HERE),
    ("results", HERE, "round-1"),
    ("verify", HERE),
    ("journal", HERE, "--verify"),
    ("download", HERE, "participation.csv"),
    ("proposals", "list", HERE),
    ("comments", "list", HERE),
    ("measures", "list", HERE),
    ("mails", "list", HERE),
    ("own-data", HERE, "E01"),
    ("tick",),
    ("deliver",),
    ("account", "add", "x@example.org", "X"),
    ("db", "upgrade"),
)


def overwrite(path: Path, blocks: int, seed: int) -> None:
    """Blocks of noise anywhere but in the first, without which it would be no SQLite file."""
    chance = random.Random(seed)
    pages = path.stat().st_size // PAGE
    with path.open("r+b") as file:
        for page in chance.sample(range(1, pages), min(blocks, pages - 1)):
            file.seek(page * PAGE)
            file.write(chance.randbytes(PAGE))


def is_sound(path: Path) -> bool:
    """What SQLite says, without any of our code."""
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize("seed", range(4))
def test_overwritten_blocks_end_in_words(rated: CommandLine, seed: int) -> None:
    path = rated.folder / "consult.db"
    overwrite(path, 60, seed)
    assert not is_sound(path)
    for words in COMMANDS:
        rated(*words, code=None)  # no traceback, whatever is left of it
    assert rated.refused("db", "check")
    said = rated.refused("serve")
    assert "is damaged" in said and "backup" in said


@pytest.mark.parametrize("seed", range(6))
def test_a_single_overwritten_block_is_noticed(rated: CommandLine, seed: int) -> None:
    path = rated.folder / "consult.db"
    assert rated.out("db", "check")
    overwrite(path, 1, seed)
    noticed = rated("db", "check", code=None).exit_code == 1
    assert noticed == (not is_sound(path))


def test_a_file_that_is_no_database_is_refused_in_words(nothing: CommandLine) -> None:
    (nothing.folder / "consult.db").write_bytes(b"anything but a database" * 1000)
    for words in (["list"], ["db", "check"], ["serve"], ["db", "upgrade"]):
        assert "damaged" in nothing.refused(*words)


def test_every_table_of_postgresql_is_read() -> None:
    """Every row, to its last value: a table whose file is gone is named."""
    with postgres.database() as url:
        database = Database(url)
        Base.metadata.create_all(database.engine)
        assert problems(database, Depth.WHOLE) == problems(database, Depth.NEWEST) == []
        with database.engine.connect() as connection:
            name = connection.exec_driver_sql("SELECT pg_relation_filepath('comment')").scalar()
            folder = connection.exec_driver_sql("SHOW data_directory").scalar()
            connection.exec_driver_sql("CHECKPOINT")
        database.dispose()
        Path(str(folder), str(name)).unlink()
        assert problems(database, Depth.WHOLE) == ["the table 'comment' cannot be read to its end"]
        assert problems(database, Depth.NEWEST)
        database.dispose()


def test_what_others_can_read_is_told(consult: CommandLine) -> None:
    path = consult.folder / "consult.db"
    path.chmod(0o600)
    assert consult("db", "check").stderr == ""
    path.chmod(0o644)
    told = consult("db", "check").stderr.splitlines()
    log = [f"{path}-wal", f"{path}-shm"]  # of this very command: as open as the file
    assert told == [f"others on this machine can read {each}: chmod go= '{each}'" for each in (path, *log)]
