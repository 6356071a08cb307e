"""What machines ask is answered truly, under any name, and tells nothing of anyone."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from consult import clock
from consult.models import Message
from consult.services.mail import outbox
from consult.services.running import beats
from consult.web import health
from consult.web.application import make_app
from tests.web.visiting import Library

Ask = Callable[[str], tuple[int, str]]


@pytest.fixture
def ask(first_look: Library) -> Ask:
    """The status and the words of an address, asked for as a machine does. The clock runs."""
    _beat(first_look)

    def get(address: str) -> tuple[int, str]:
        answer = first_look.app.test_client().get(address)
        return answer.status_code, answer.text

    return get


def _beat(library: Library) -> None:
    with library.database.writing() as session:
        beats.beat(session, beats.CLOCK)


def test_all_is_well(ask: Ask) -> None:
    assert ask("/livez") == (200, "server: ok, answers\n")
    assert ask("/readyz") == (200, "database: ok, answers\n")
    status, words = ask("/healthz")
    assert status == 200
    assert words.startswith(
        "database: ok, answers\nclock: ok, last beat 0 s ago\noutbox: ok, no mail waits\ndisk: ok, "
    )


@pytest.mark.parametrize("what", ["moved away", "damaged", "behind"])
def test_a_database_that_cannot_be_used(first_look: Library, ask: Ask, what: str) -> None:
    file = first_look.database.file
    assert file is not None and ask("/readyz")[0] == 200
    if what == "moved away":
        shutil.move(file, file.with_name("elsewhere.db"))
    elif what == "behind":
        with first_look.database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    else:
        first_look.database.fold_log()
        first_look.database.dispose()
        with file.open("r+b") as opened:
            opened.seek(100)
            opened.write(b"\xff" * (file.stat().st_size - 100))
    for address in ("/readyz", "/healthz"):
        status, words = ask(address)
        assert status == 503 and words.startswith("database: NOT OK, ")
    assert ask("/livez")[0] == 200
    if what == "moved away":
        shutil.move(file.with_name("elsewhere.db"), file)
        assert ask("/healthz")[0] == 200


def test_a_clock_that_stands(first_look: Library, ask: Ask) -> None:
    with clock.set_to(clock.utc_now() + timedelta(minutes=3)):
        status, words = ask("/healthz")
        assert status == 503 and "clock: NOT OK, last beat 180 s ago" in words
        assert ask("/readyz")[0] == 200
        _beat(first_look)
        assert ask("/healthz")[0] == 200


def test_a_clock_that_never_ran(first_look: Library) -> None:
    answer = first_look.app.test_client().get("/healthz")
    assert answer.status_code == 503 and "clock: NOT OK, has never run" in answer.text


def test_a_mail_that_waits_too_long(first_look: Library, ask: Ask) -> None:
    with first_look.database.writing() as session:
        outbox.queue(session, first_look.expert(1), "reminder", "first-look", "Subject", "Body")
    assert ask("/healthz")[0] == 200
    with first_look.database.writing() as session:
        waits = clock.utc_now() - timedelta(hours=2)
        session.execute(update(Message).values(queued_at=waits))
    status, words = ask("/healthz")
    assert status == 503 and "outbox: NOT OK, the oldest mail has waited 7200 s" in words


def test_a_full_disk(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 2**80)
    status, words = ask("/healthz")
    assert status == 503 and "disk: NOT OK, " in words


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.0.3.7", "localhost", "evil.example"])
def test_a_machine_may_ask_by_any_name_and_gets_none_back(first_look: Library, host: str) -> None:
    """A probe on the machine itself does not know under which name the world comes in."""
    _beat(first_look)
    public = replace(first_look.config, public_url="https://consult.example.org", secret_key="k" * 48)
    client = make_app(public).test_client()
    for address in health.ADDRESSES:
        answer = client.get(address, base_url=f"http://{host}")
        assert answer.status_code == 200 and host not in answer.text
    assert client.get("/", base_url=f"http://{host}").status_code == 400


def test_nothing_secret_is_told(first_look: Library, ask: Ask) -> None:
    file = first_look.database.file
    assert file is not None
    told = ask("/healthz")[1]
    shutil.move(file, file.with_name("elsewhere.db"))
    told += ask("/healthz")[1]
    for secret in (str(file.parent), "sqlite", "person1", first_look.config.secret_key):
        assert secret not in told
