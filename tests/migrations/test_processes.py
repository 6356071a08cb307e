"""Upgrades by other processes: several at once, and from an installed package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from alembic import command

from consult import schema
from consult.database import Database
from tests.migrations.databases import revisions
from tests.sources import ROOT

UPGRADE = """
import sys
from consult.database import Database
from consult.schema import upgrade
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(*upgrade(database))
database.dispose()
"""


def upgrading(database: Database) -> subprocess.Popen[str]:
    """Another process that is about to upgrade and waits for a line."""
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", UPGRADE, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def start(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def finish(processes: list[subprocess.Popen[str]]) -> list[str]:
    said = [process.communicate(timeout=60) for process in processes]
    assert [(process.returncode, words[1]) for process, words in zip(processes, said, strict=True)] == [(0, "")] * len(
        processes
    )
    return sorted(words[0].strip() for words in said)


def test_processes_upgrading_at_once_take_turns(database: Database) -> None:
    processes = [upgrading(database) for _ in range(3)]
    start(processes)
    assert finish(processes) == ["", "", " ".join(revisions())]
    assert schema.check(database) == []


def test_an_upgrade_waits_for_the_one_before(database: Database) -> None:
    processes = [upgrading(database) for _ in range(2)]
    with schema.migrating(database) as config:
        start(processes)
        with pytest.raises(subprocess.TimeoutExpired):
            processes[0].wait(timeout=1)
        assert [process.poll() for process in processes] == [None, None]
        command.upgrade(config, "head")
    assert finish(processes) == ["", ""]


def test_who_stops_an_upgrade_is_not_told_of_a_closed_database(database: Database) -> None:
    """Stopped within a statement, SQLAlchemy closes the connection before anything else hears."""
    with pytest.raises(KeyboardInterrupt), schema.migrating(database) as config:
        command.upgrade(config, "head")
        config.attributes["connection"].invalidate()
        raise KeyboardInterrupt
    assert schema.current(database) == ()
    assert schema.upgrade(database) == revisions()


def test_an_installed_package_brings_its_migrations(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import consult, consult.schema as schema\n"
        "from consult.database import Database\n"
        "database = Database('sqlite:///new.db')\n"
        "print(consult.__file__, schema.data_folder('migrations'), sep='\\n')\n"
        "print(*schema.upgrade(database), sep='\\n')\n"
        "assert schema.check(database) == []\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    package = tmp_path / "site" / "consult"
    assert finished.stdout.splitlines() == [
        str(package / "__init__.py"),
        str(package / "_data" / "migrations"),
        *revisions(),
    ], finished.stderr
