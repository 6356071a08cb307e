"""Delivering: each mail once, claimed, sent and settled apart, whatever fails in between."""

import re
import smtplib
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from consult.config import Config
from consult.database import Database
from consult.models import Contact
from consult.services.mail import delivering, outbox, stopping
from consult.services.running import leaving
from tests.services.conftest import MakeWorld, World
from tests.services.mail.sending import Recorder, messages, plain, put, sent_files, states


def test_a_delivered_mail_is_whole_and_blanked_in_the_database(
    world: World, database: Database, config: Config
) -> None:
    contact = world.session.scalars(select(Contact).where(Contact.expert_id == world.experts[0].id)).one()
    contact.name = 'Юрий "Yo" O\'Neill, Dr'
    link = "http://127.0.0.1:8000/i/" + "a" * 43
    body = f"Дорогой Юрий,\n\n{link}\n\nZoë\n"
    outbox.queue(world.session, world.experts[0], "invitation", "", "Приглашение", body)
    world.session.commit()
    assert delivering.deliver(database, config) == {"sent": 1}
    (mail,) = sent_files(config)
    assert mail["To"].addresses[0].display_name == contact.name
    assert mail["To"].addresses[0].addr_spec == "person1@example.org"
    assert mail["Subject"] == "Приглашение"
    assert mail["From"] == "consult@localhost"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Content-Language"] == "en"
    assert re.fullmatch(r"<[0-9a-f]{64}@127\.0\.0\.1>", mail["Message-ID"])
    assert mail.get_content_type() == "multipart/alternative"
    assert plain(mail) == body
    (row,) = messages(database)
    assert (row.state, row.subject, row.body, row.error) == ("sent", None, None, None)
    assert row.sent_at is not None
    assert row.message_id in mail["Message-ID"]


def test_nothing_is_sent_a_second_time(world: World, database: Database, config: Config, recorder: Recorder) -> None:
    for expert in world.experts:
        put(world, expert)
    world.session.commit()
    assert delivering.deliver(database, config) == {"sent": 3}
    assert delivering.deliver(database, config) == {}
    assert len(recorder.sent) == 3


@pytest.mark.parametrize("crash_after_sending", [False, True])
def test_a_crash_while_sending_leaves_an_uncertain_mail_that_is_not_sent_again(
    world: World,
    database: Database,
    config: Config,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    crash_after_sending: bool,
) -> None:
    for expert in world.experts:
        put(world, expert)
    world.session.commit()
    with monkeypatch.context() as patch:
        if crash_after_sending:
            patch.setattr(delivering, "_settle", _die)
        else:
            recorder.fails = {0: KeyboardInterrupt()}
        with pytest.raises(KeyboardInterrupt):
            delivering.deliver(database, config)
    assert states(database) == ["claimed", "queued", "queued"]
    assert delivering.deliver(database, config) == {"sent": 2, "uncertain": 1}
    assert delivering.deliver(database, config) == {}
    assert len(recorder.sent) == 3
    assert len({mail["Message-ID"] for mail in recorder.sent}) == 3
    assert states(database) == ["uncertain", "sent", "sent"]


def _die(*given: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("failure", "state", "body"),
    [
        (stopping.Refused(550), "failed", "Hello"),
        (stopping.Refused(451), "queued", "Hello"),
        (OSError("gone"), "uncertain", "Hello"),
        (smtplib.SMTPServerDisconnected("gone"), "uncertain", "Hello"),
    ],
)
def test_a_failure_touches_one_mail_only(
    world: World, database: Database, config: Config, recorder: Recorder, failure: Exception, state: str, body: str
) -> None:
    for expert in world.experts:
        put(world, expert)
    world.session.commit()
    recorder.fails = {1: failure}
    assert delivering.deliver(database, config) == {"sent": 2, state: 1}
    assert states(database) == ["sent", state, "sent"]
    row = messages(database)[1]
    assert row.body == body
    assert row.error
    assert "example.org" not in row.error


def test_a_server_that_cannot_be_reached_leaves_everything_queued(
    world: World, database: Database, config: Config
) -> None:
    for expert in world.experts:
        put(world, expert)
    world.session.commit()
    nowhere = replace(config, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=1)
    assert delivering.deliver(database, nowhere) == {"queued": 3}
    assert states(database) == ["queued"] * 3
    assert all("127.0.0.1:1" in (row.error or "") for row in messages(database))
    assert delivering.deliver(database, config) == {"sent": 3}
    assert all(row.error is None for row in messages(database))


def test_a_mail_without_an_address_or_with_an_impossible_one_fails_by_itself(
    world: World, database: Database, config: Config
) -> None:
    one, two, three = world.experts
    for expert in world.experts:
        put(world, expert)
    world.session.delete(world.session.scalars(select(Contact).where(Contact.expert_id == one.id)).one())
    world.session.execute(update(Contact).where(Contact.expert_id == two.id).values(email="A\r\nBcc: x@example.org"))
    world.session.commit()
    assert delivering.deliver(database, config) == {"failed": 2, "sent": 1}
    (mail,) = sent_files(config)
    assert mail["To"].addresses[0].addr_spec == "person3@example.org"
    assert three.id == messages(database)[2].expert_id


def test_two_deliveries_at_once_send_each_mail_once(
    make_world: MakeWorld, database: Database, config: Config, recorder: Recorder
) -> None:
    world = make_world(12)
    for expert in world.experts:
        put(world, expert)
    world.session.commit()
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        delivering.deliver(database, config)

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert len(recorder.sent) == 12
    assert len({mail["Message-ID"] for mail in recorder.sent}) == 12
    assert states(database) == ["sent"] * 12


def test_who_left_gets_no_waiting_mail(world: World, database: Database, config: Config, recorder: Recorder) -> None:
    for expert in world.experts:
        put(world, expert)
    leaving.withdraw(world.session, world.experts[0], "expert")
    world.session.commit()
    assert delivering.deliver(database, config) == {"sent": 2}
