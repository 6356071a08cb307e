"""The clock and the post: neither hinders the other, both are kept alive, and both end in time."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from consult import workers
from consult.clock import utc_now
from consult.config import Config
from consult.database import Database
from consult.keeping import JOBS, Job, Keeper
from consult.models import Expert, Message, Stage
from consult.schema import upgrade
from consult.services.mail import delivering, outbox
from consult.services.mail.stopping import Stop
from consult.services.panel import importing
from consult.services.running import beats, publishing
from tests.services.conftest import panel_file, town_library

EVERY = 0.2


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> float:
    """Seconds until it holds."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds
        time.sleep(0.05)
    return time.monotonic() - begun


class SlowMailServer:
    """Speaks SMTP up to a word, and never answers that one: `""` is its greeting."""

    def __init__(self, silent_at: str) -> None:
        self.silent_at = silent_at
        self.waits = threading.Event()
        self.bodies = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._talks: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self._socket.accept()
            except OSError:
                return
            self._talks.append(talk)
            threading.Thread(target=self._talk, args=(talk,), daemon=True).start()

    def _talk(self, talk: socket.socket) -> None:
        if not self._answer(talk, "", b"220 slow\r\n"):
            return
        with talk.makefile("rb") as lines:
            for line in lines:
                word = line[:4].decode().strip().upper()
                reply = {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n")
                if not self._answer(talk, word, reply):
                    return
                if word == "DATA":
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    self.bodies += 1
                    if not self._answer(talk, ".", b"250 taken\r\n"):
                        return

    def _answer(self, talk: socket.socket, word: str, reply: bytes) -> bool:
        if word == self.silent_at:
            self.waits.set()
            return False
        talk.sendall(reply)
        return True

    def close(self) -> None:
        for each in (self._socket, *self._talks):
            each.close()


@contextmanager
def slow_mail_server(silent_at: str) -> Iterator[SlowMailServer]:
    made = SlowMailServer(silent_at)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """The town library, to be opened in a year, with two mails in the outbox."""
    made = Database(f"sqlite:///{tmp_path / 'consult.db'}")
    upgrade(made)
    definition = town_library()
    with made.writing() as session:
        start = utc_now().date().replace(day=1, year=utc_now().year + 1)
        consultation = publishing.publish(session, definition, actor="test", start=start)
        importing.import_panel(session, consultation, definition, panel_file(2), "test")
        for expert in session.scalars(select(Expert)):
            outbox.queue(session, expert, "reminder", "round-1", "Subject", "Hello")
    yield made
    made.dispose()


@pytest.fixture
def config(database: Database, tmp_path: Path) -> Config:
    return Config(database_url=str(database.url), mail_backend="file", mail_folder=str(tmp_path / "mail"))


@contextmanager
def kept(config: Config, jobs: Mapping[str, Job] = JOBS) -> Iterator[Keeper]:
    keeper = Keeper(config, EVERY, jobs)
    keeper.start()
    try:
        yield keeper
    finally:
        if keeper.is_alive():
            keeper.stop()


def by_smtp(config: Config, server: SlowMailServer) -> Config:
    return replace(config, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=server.port)


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def opened(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Stage.opened_at.is_not(None))) or 0


def _one_after_the_other(config: Config, every: float) -> None:
    """What must not be: one process for both."""
    database = Database(config.database_url)
    while True:
        workers.tick_all(database, Config())
        delivering.deliver(database, config)
        time.sleep(every)


def _opens_on_time(database: Database, config: Config, jobs: Mapping[str, Job]) -> bool:
    """Whether a stage that is due opens while the mail server lets the post wait."""
    with slow_mail_server("") as server, kept(by_smtp(config, server), jobs):
        assert server.waits.wait(30)
        with database.writing() as session:
            first = session.scalars(select(Stage).order_by(Stage.position)).first()
            assert first is not None
            session.execute(update(Stage).where(Stage.id == first.id).values(opens_at=utc_now()))
        until = time.monotonic() + 6
        while opened(database) == 0 and time.monotonic() < until:
            time.sleep(0.05)
        return opened(database) == 1


def test_a_slow_mail_server_keeps_no_stage_waiting(database: Database, config: Config) -> None:
    assert _opens_on_time(database, config, JOBS)
    assert states(database) == ["queued", "queued"]


def test_a_clock_that_waits_for_the_post_is_noticed(database: Database, config: Config) -> None:
    assert not _opens_on_time(database, config, {"clock": _one_after_the_other})


@pytest.mark.parametrize(
    ("silent_at", "left"),
    [("", "queued"), ("MAIL", "queued"), ("RCPT", "queued"), ("DATA", "uncertain"), (".", "uncertain")],
)
def test_ending_takes_no_time_and_leaves_no_mail_claimed(
    database: Database, config: Config, silent_at: str, left: str
) -> None:
    """What was not handed over waits; what may have been is for a person, and is never sent."""
    with slow_mail_server(silent_at) as server, kept(by_smtp(config, server)) as keeper:
        assert server.waits.wait(30)
        begun = time.monotonic()
        keeper.stop()
        took = time.monotonic() - begun
    assert took < 2
    assert states(database) == [left, "queued"]
    assert delivering.deliver(database, config) == {"sent": 2 if left == "queued" else 1}


def test_a_worker_that_dies_is_started_again(
    database: Database, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with kept(config) as keeper:
        wait_until(lambda: states(database) == ["sent"] * 2)  # killed earlier, one is uncertain
        before = {each.name: _pid(each) for each in keeper.kept}
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: all(_pid(each) not in (0, before[each.name]) for each in keeper.kept))
        with database.writing() as session:
            for expert in session.scalars(select(Expert)):
                outbox.queue(session, expert, "reminder", "round-1", "Subject", "Hello", 2)
        wait_until(lambda: states(database) == ["sent"] * 4)
    said = sorted(record.getMessage() for record in caplog.records)
    assert said == [
        "the clock ended (SIGKILL); it is started again in 1 s",
        "the post ended (SIGKILL); it is started again in 1 s",
    ]


def _pid(each: object) -> int:
    process = getattr(each, "process", None)
    return (process.pid or 0) if process is not None else 0


def _die(config: Config, every: float) -> None:
    os._exit(3)


def test_a_worker_that_dies_at_once_is_given_ever_longer_pauses(
    config: Config, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.keeping.FIRST_PAUSE", 0.01)
    keeper = Keeper(config, EVERY, {"clock": _die})
    keeper.start()
    wait_until(lambda: len(caplog.records) >= 3)
    keeper.stop()
    said = [record.getMessage() for record in caplog.records][:3]
    assert said == [f"the clock ended (code 3); it is started again in {pause} s" for pause in ("0.01", "0.02", "0.04")]


def test_workers_end_when_their_server_is_killed(database: Database, config: Config) -> None:
    code = (
        "import sys, time\n"
        "from consult.config import Config\n"
        "from consult.keeping import JOBS, Job, Keeper\n"
        "keeper = Keeper(Config(database_url=sys.argv[1], mail_backend='file',"
        " mail_folder=sys.argv[2]), 0.2)\n"
        "keeper.start()\n"
        "time.sleep(1000)\n"
    )
    words = [sys.executable, "-c", code, config.database_url, config.mail_folder]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as server:
        wait_until(lambda: "queued" not in states(database))
        server.kill()
        assert server.stdout is not None
        ended = threading.Thread(target=server.stdout.read, daemon=True)
        ended.start()  # at its end when nobody holds the other side any more
        ended.join(20)
        assert not ended.is_alive()


def test_a_worker_goes_on_after_an_error_and_tells_it_once_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    troubles = iter([RuntimeError("to ann@example.org")] * 3)

    def look() -> list[str]:
        raise next(troubles)

    worker = workers.Worker(look)
    for _ in range(3):
        worker.look()
    told = [record.getMessage().partition(" at ")[0] for record in caplog.records]
    assert told == ["RuntimeError"]
    assert "ann@example.org" not in caplog.text


def test_what_a_consultation_refuses_is_told_again_only_when_it_was_over(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([["late"], ["late"], [], ["late"]])
    worker = workers.Worker(lambda: next(answers))
    for _ in range(4):
        worker.look()
    assert [record.getMessage() for record in caplog.records] == ["late", "late"]


def test_every_look_of_the_clock_leaves_a_beat(database: Database) -> None:
    with database.reading() as session:
        assert beats.last_beat(session, beats.CLOCK) is None
    before = utc_now()
    workers.tick_all(database, Config())
    with database.reading() as session:
        beat = beats.last_beat(session, beats.CLOCK)
    assert beat is not None and beat >= before


def test_traces_of_sent_links_are_removed_as_soon_as_nobody_reads(database: Database, config: Config) -> None:
    post = workers.Post(database, config, Stop())
    log = Path(f"{database.file}-wal")
    with database.reading() as session:
        session.execute(select(Message.id)).all()
        post.look()
        assert log.stat().st_size > 0
    post.look()  # nothing more to send
    assert log.stat().st_size == 0 and states(database) == ["sent", "sent"]
