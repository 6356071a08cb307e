"""The whole consultation from nothing: set up, run through the pages, hand out links, serve."""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from analysis.version import __version__
from consult import schema, serving
from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.demo.links import new_links, results_digest
from consult.demo.rehearsal import FINISHED, Rehearsal, start_today
from consult.errors import NotPossible
from consult.places import data_folder

FOLDER = Path("data/demo")


def run(*, serve: bool = True, fresh: bool = False, port: int = 8000, say: Callable[[str], None] = print) -> str:
    """Run the demonstration; returns the results digest (SHA-256, 64 hex digits).

    A finished run is used again, with new links, unless `fresh` or the content changed. Of two
    that make it at once the second waits for the first. Raises NotPossible where making it anew
    would take it away from under a server.
    """
    definition = load(data_folder("questionnaires") / FINISHED)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    served = ReadWriteLock(FOLDER / "serving.lock")
    with _alone(say):
        settings = _settings(port)
        if fresh or not _is_finished(definition):
            with _unless_served(served):
                _build(definition, settings, say)
        else:
            say(f"Using the finished demonstration in {FOLDER}/ (consult demo --fresh makes it anew).")
        database = Database(settings.database_url)
        for line in new_links(database, settings):
            say(line)
        digest = results_digest(database)
        database.dispose()
        say(f"Results digest: {digest}")
    if serve:
        with served.read_lock():
            serving.serve(settings, port=port)
    return digest


@contextmanager
def _alone(say: Callable[[str], None]) -> Iterator[None]:
    """Nobody else makes or hands out the demonstration meanwhile; waits, and says so."""
    lock = FileLock(FOLDER / "making.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        say(f"Another process is making the demonstration in {FOLDER}/; waiting for it.")
        lock.acquire()
    with lock:
        lock.release()  # `with` counts one more than was asked for
        yield


@contextmanager
def _unless_served(served: ReadWriteLock) -> Iterator[None]:
    """Raises NotPossible while a server shows the demonstration that would be replaced."""
    try:
        with served.write_lock(blocking=False):
            yield
    except Timeout as error:
        raise NotPossible(
            f"the demonstration in {FOLDER}/ is being served; stop that server first, or run "
            "`consult demo` in another folder"
        ) from error


def _settings(port: int) -> Config:
    key = FOLDER / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
    return Config(
        database_url=f"sqlite:///{FOLDER / 'consult.db'}",
        public_url=f"http://127.0.0.1:{port}",
        secret_key=key.read_text(),
        mail_backend="file",
        mail_folder=str(FOLDER / "mail"),
    )


def _mark(definition: Definition) -> dict[str, str]:
    return {"definition": definition.digest(), "analysis": __version__}


def _is_finished(definition: Definition) -> bool:
    """Whether a whole run of this very content stands there, at the newest migration."""
    known = FOLDER / "finished.json"
    if not known.exists() or json.loads(known.read_text()) != _mark(definition):
        return False
    database = Database(f"sqlite:///{FOLDER / 'consult.db'}")
    try:
        return schema.is_at_head(database)
    finally:
        database.dispose()


def _build(definition: Definition, settings: Config, say: Callable[[str], None]) -> None:
    """Make everything beside the finished one, and put it in place only when it is whole."""
    new = FOLDER / "new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        _make(definition, settings, new, say)
        _put_in_place(new, _mark(definition))
    except KeyboardInterrupt:
        say("Stopped; nothing of it is kept.")
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put_in_place(new: Path, mark: dict[str, str]) -> None:
    """Replace the finished demonstration; without its mark a half-replaced one is made again."""
    for name in ("finished.json", "consult.db-wal", "consult.db-shm"):
        (FOLDER / name).unlink(missing_ok=True)
    (new / "consult.db").replace(FOLDER / "consult.db")
    shutil.rmtree(FOLDER / "mail", ignore_errors=True)
    (new / "mail").replace(FOLDER / "mail")
    (FOLDER / "finished.json").write_text(json.dumps(mark))


def _make(definition: Definition, settings: Config, new: Path, say: Callable[[str], None]) -> None:
    """The finished consultation and the one of today, in a folder of their own."""
    building = replace(settings, database_url=f"sqlite:///{new / 'consult.db'}", mail_folder=str(new / "mail"))
    database = Database(building.database_url)
    schema.upgrade(database)
    rehearsal = Rehearsal(definition, building, database, say)
    rehearsal.hold()
    rehearsal.app.extensions["consult_database"].dispose()
    start_today(definition, building, database, say)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
