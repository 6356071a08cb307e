"""The peers' environment, and each peer served from a folder of its own."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.web.client import Journey
from tests.benchmarks.web.items import ITEMS
from tests.benchmarks.web.peers import journeys
from tests.benchmarks.web.processes import end_of, free_port, served

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
LOCK = ROOT / "requirements-peers.txt"
ENVIRONMENT = ROOT / "build" / "peers-venv"
DATABASE = "db.sqlite3"
LOG = "server.log"
WORKERS = 2
"""Of gunicorn; oTree serves from one process."""

Served = AbstractContextManager[tuple[int, list[str]]]
"""A server for as long as it lasts: its port, and the path at which each person starts."""


class Peer(NamedTuple):
    """Another server: how it is served to so many people, gone through by one, and what it keeps.

    ``serving(folder, people)`` copies its project into ``folder``, which must not be there, and serves it;
    ``stored(folder)`` counts the people all of whose answers stand in its database.
    """

    name: str
    serving: Callable[[Path, int], Served]
    journey: Callable[[str], Journey]
    stored: Callable[[Path], int]


def environment() -> Path:
    """The folder of the environment's programs; it is made from the lock if there is none of this lock."""
    programs = ENVIRONMENT / "bin"
    made_from = ENVIRONMENT / "made-from.txt"
    lock = LOCK.read_text(encoding="utf-8")
    if made_from.exists() and made_from.read_text(encoding="utf-8") == lock:
        return programs
    install = ["install", "--quiet", "--require-hashes", "-r", str(LOCK)]
    if uv := shutil.which("uv"):
        commands = [
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)],
            [uv, "pip", *install, "--python", str(programs / "python")],
        ]
    else:
        commands = [
            [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)],
            [str(programs / "python"), "-m", "pip", *install, "--disable-pip-version-check"],
        ]
    for command in commands:
        subprocess.run(command, check=True)
    made_from.write_text(lock, encoding="utf-8")
    return programs


@contextmanager
def _otree(folder: Path, people: int) -> Iterator[tuple[int, list[str]]]:
    settings = _copied("otree", folder)
    settings |= {
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "OTREE_ADMIN_PASSWORD": "of the benchmark",
        "OTREE_AUTH_LEVEL": "STUDY",
        "OTREE_PRODUCTION": "1",
    }
    (folder / "_static").mkdir()
    _run(["otree", "create_session", "thirty", str(people)], folder, settings)
    codes = _rows(folder, "SELECT code FROM otree_participant ORDER BY id")
    port = free_port()
    with _serving(["otree", "prodserver", f"127.0.0.1:{port}"], folder, settings, port):
        yield port, [f"/InitializeParticipant/{code}" for (code,) in codes]


@contextmanager
def _django_survey(folder: Path, people: int) -> Iterator[tuple[int, list[str]]]:
    settings = _copied("django_survey", folder)
    _run(["python", "make_survey.py"], folder, settings)
    port = free_port()
    command = ["gunicorn", "--workers", str(WORKERS), "--worker-class", "sync", "--no-control-socket"]
    with _serving([*command, "--bind", f"127.0.0.1:{port}", "wsgi"], folder, settings, port):
        yield port, ["/survey/1/"] * people


def _otree_stored(folder: Path) -> int:
    all_items = " AND ".join(f"i{number:02} BETWEEN 1 AND 9" for number in range(1, ITEMS + 1))
    return int(_rows(folder, f"SELECT count(*) FROM thirty_player WHERE {all_items}")[0][0])


def _django_survey_stored(folder: Path) -> int:
    answered = "SELECT count(DISTINCT question_id) AS items FROM survey_answer WHERE body > '' GROUP BY response_id"
    return int(_rows(folder, f"SELECT count(*) FROM ({answered}) WHERE items = {ITEMS}")[0][0])


PEERS = (
    Peer("oTree", _otree, journeys.otree, _otree_stored),
    Peer("django-survey-and-report", _django_survey, journeys.django_survey, _django_survey_stored),
)


def _copied(project: str, folder: Path) -> dict[str, str]:
    """Copy a project; the variables that its programs are run with, and none of ours."""
    shutil.copytree(HERE / project, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = os.pathsep.join([str(environment()), os.environ.get("PATH", os.defpath)])
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONWARNINGS": "ignore"}


def _run(command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> None:
    """Run one of the environment's programs to its end. Raises RuntimeError with the log if it fails."""
    with (folder / LOG).open("ab") as log:
        done = subprocess.run(_found(command, settings), cwd=folder, env=settings, stdout=log, stderr=log)
    if done.returncode:
        raise RuntimeError(f"{command}: {end_of(folder / LOG)}")


def _serving(
    command: Sequence[str], folder: Path, settings: Mapping[str, str], port: int
) -> AbstractContextManager[None]:
    return served(_found(command, settings), folder, settings, port, folder / LOG)


def _found(command: Sequence[str], settings: Mapping[str, str]) -> list[str]:
    """The command with the path of its program, which is looked up among the environment's."""
    return [str(Path(settings["PATH"].partition(os.pathsep)[0]) / command[0]), *command[1:]]


def _rows(folder: Path, query: str) -> list[tuple[str | int, ...]]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return connection.execute(query).fetchall()
