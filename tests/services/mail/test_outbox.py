"""Mails leave once: claimed, sent and settled apart, and what is doubtful waits for a person."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.config import Config
from consult.database import Database
from consult.models import Expert, Message
from consult.services.mail import delivering, inviting, mails, outbox, stopping
from consult.services.panel import importing
from consult.services.running import publishing
from tests.services.conftest import MakeWorld, World, fresh_database, panel_file, town_library
from tests.services.mail.sending import Recorder, put

# Queueing


def test_the_same_mail_is_queued_once(world: World) -> None:
    expert = world.experts[0]
    assert put(world, expert)
    assert not put(world, expert, body="other words")
    assert put(world, expert, number=2)
    assert put(world, world.experts[1])
    assert world.session.scalars(select(Message.body)).all() == ["Hello"] * 3


def test_the_database_itself_refuses_a_second_mail(world: World) -> None:
    put(world, world.experts[0])
    first = world.session.scalars(select(Message)).one()
    columns = {c.key: getattr(first, c.key) for c in Message.__table__.columns if c.key != "id"}
    world.session.add(Message(**{**columns, "message_id": "another"}))
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_numbers_count_up_by_expert_purpose_and_stage(world: World) -> None:
    expert = world.experts[0]
    assert outbox.next_number(world.session, expert, "reminder", "round-1") == 1
    for _ in range(2):
        outbox.queue_next(world.session, expert, "reminder", "round-1", mails.Mail("s", "b"))
    assert outbox.next_number(world.session, expert, "reminder", "round-1") == 3
    assert outbox.next_number(world.session, expert, "reminder", "round-2") == 1
    assert outbox.next_number(world.session, world.experts[1], "reminder", "round-1") == 1


def test_a_message_id_follows_from_what_the_mail_is(make_world: MakeWorld) -> None:
    """Not from chance or time: a mail sent again is known to be the same. It is a digest, but
    not of a row's number, which somebody could try one after the other."""
    one, two = make_world(slug="one"), make_world(slug="two")
    put(one, one.experts[0])
    first = one.session.scalars(select(Message)).one()
    before = first.message_id
    told = (f"one\n{one.experts[0].id}\n{first.purpose}\n{first.stage_key}\n1").encode()
    assert before != hashlib.sha256(told).hexdigest()
    one.session.delete(first)
    one.session.flush()
    put(one, one.experts[0], body="anything")
    assert one.session.scalars(select(Message.message_id)).all() == [before]
    put(one, one.experts[0], number=2)
    put(one, one.experts[1])
    put(two, two.experts[0])
    assert len(set(one.session.scalars(select(Message.message_id)))) == 4


def test_two_installations_never_share_a_message_id(tmp_path: Path) -> None:
    """The same folder, panel and mail on two servers: mail programs would take them for one."""
    found = []
    for name in ("production", "rehearsal"):
        with fresh_database("sqlite", tmp_path / name) as made, made.writing() as session:
            consultation = publishing.publish(session, town_library(), actor="test")
            importing.import_panel(session, consultation, town_library(), panel_file(1), "test")
            for expert in session.scalars(select(Expert)):
                outbox.queue(session, expert, "reminder", "round-1", "Subject", "Hello")
            found += session.scalars(select(Message.message_id)).all()
    assert len(set(found)) == len(found) == 2


# Delivering


# Deciding and counting


def test_the_summary_counts_by_purpose_and_state(
    make_world: MakeWorld, database: Database, config: Config, recorder: Recorder
) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    for expert in one.experts:
        put(one, expert)
    put(two, two.experts[0])
    one.session.commit()
    recorder.fails = {1: stopping.Refused(550)}
    delivering.deliver(database, config)
    inviting.invite_all(one.session, one.consultation, one.definition, config, "anna")
    assert outbox.summary(one.session, one.consultation) == {
        "invitation": {"queued": 3},
        "reminder": {"failed": 1, "sent": 2},
    }
    assert outbox.summary(two.session, two.consultation) == {"reminder": {"sent": 1}}


# A real mail server


def test_a_reading_session_cannot_queue(world: World, database: Database) -> None:
    world.session.commit()
    reading: Session
    with database.reading() as reading, pytest.raises(RuntimeError):
        outbox.queue(reading, world.experts[0], "reminder", "", "s", "b")


# Traces of links


def test_no_sent_link_stands_in_any_file_of_the_database(tmp_path: Path, config: Config) -> None:
    """Neither in the file nor in its log; what still waits to be sent has to be kept."""
    link = "http://127.0.0.1:8000/i/" + "canarylink" * 4
    waits = link.replace("canary", "waiting")
    with fresh_database("sqlite", tmp_path / "new") as made:
        with made.writing() as session:
            consultation = publishing.publish(session, town_library(), actor="test")
            importing.import_panel(session, consultation, town_library(), panel_file(20), "test")
            for expert in session.scalars(select(Expert)):
                outbox.queue(session, expert, "reminder", "round-1", "Subject", link * 20)
        assert _stands_in(tmp_path / "new", link)
        assert delivering.deliver(made, config) == {"sent": 20}
        assert not _stands_in(tmp_path / "new", link)
        with made.writing() as session:
            first = session.scalars(select(Expert)).first()
            assert first is not None
            outbox.queue(session, first, "reminder", "round-1", "Subject", waits, 2)
        assert _stands_in(tmp_path / "new", waits) and not _stands_in(tmp_path / "new", link)


def _stands_in(folder: Path, link: str) -> bool:
    return any(link.encode() in path.read_bytes() for path in folder.iterdir())
