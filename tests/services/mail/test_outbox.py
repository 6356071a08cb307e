"""Mails leave once: claimed, sent and settled apart, and what is doubtful waits for a person."""

import email
import email.policy
import hashlib
import re
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import lxml.html
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import NotFound
from consult.models import Contact, Expert, Message
from consult.services import journal
from consult.services.mail import correspondence, delivering, inviting, mails, outbox, reminders, stopping, undecided
from consult.services.panel import importing
from consult.services.running import leaving, publishing
from tests.services.conftest import MakeWorld, World, fresh_database, panel_file, reworked, town_library
from tests.services.mailserver import Inbox, listening, parsed


def put(world: World, expert: Expert, number: int = 1, body: str = "Hello") -> bool:
    return outbox.queue(world.session, expert, "reminder", "round-1", f"Subject {number}", body, number)


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def messages(database: Database) -> list[Message]:
    with database.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def sent_files(config: Config) -> list[EmailMessage]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(Path(config.mail_folder).glob("*.eml"))
    ]  # type: ignore[misc]


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class Recorder:
    """A way out that notes what was sent and can be told to fail."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.fails: dict[int, BaseException] = {}

    def send(self, mail: EmailMessage, name: str) -> None:
        failure = self.fails.pop(len(self.sent), None)
        self.sent.append(mail)
        if failure is not None:
            raise failure


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()

    @contextmanager
    def open_mailer(config: Config, stop: object = None) -> Iterator[Recorder]:
        yield made

    monkeypatch.setattr(delivering, "open_mailer", open_mailer)
    return made


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


def test_mail_files_are_for_this_user_only_and_plain_ascii(world: World, database: Database, config: Config) -> None:
    put(world, world.experts[0], body="Привет, Zoë\n")
    world.session.commit()
    delivering.deliver(database, config)
    folder = Path(config.mail_folder)
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert path.read_bytes().isascii()


def test_a_link_stays_on_one_line_of_the_file(world: World, database: Database, config: Config) -> None:
    public = "https://consultation.desk.example.org"
    link = f"{public}/i/" + "a" * 43
    put(world, world.experts[0], body=f"Hello\n{link}\n")
    world.session.commit()
    delivering.deliver(database, replace(config, public_url=public, secret_key="k" * 40))
    lines = next(Path(config.mail_folder).iterdir()).read_text().splitlines()
    assert lines.count(link) == 1 and lines.count(f'<a href="{link}">{link}</a>') == 1


def test_the_console_shows_the_mail(
    world: World, database: Database, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    put(world, world.experts[0], body="Привет\n")
    world.session.commit()
    assert delivering.deliver(database, replace(config, mail_backend="console")) == {"sent": 1}
    shown = capsys.readouterr().out
    assert "person1@example.org" in shown
    assert "Привет" in shown
    assert "\r" not in shown and "<p>" not in shown


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


def test_a_folder_that_cannot_be_made_leaves_everything_queued(
    world: World, database: Database, config: Config, tmp_path: Path
) -> None:
    put(world, world.experts[0])
    world.session.commit()
    (tmp_path / "file").write_text("in the way")
    blocked = replace(config, mail_folder=str(tmp_path / "file" / "mail"))
    assert delivering.deliver(database, blocked) == {"queued": 1}


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


# Deciding and counting


def doubtful(world: World, database: Database, config: Config, recorder: Recorder) -> Message:
    put(world, world.experts[0])
    world.session.commit()
    recorder.fails = {0: OSError("gone")}
    delivering.deliver(database, config)
    (row,) = undecided.undecided(world.session, config, world.consultation)
    return row


def test_a_doubtful_mail_can_be_sent_again_on_a_persons_word(
    world: World, database: Database, config: Config, recorder: Recorder
) -> None:
    row = doubtful(world, database, config, recorder)
    undecided.decide(world.session, world.consultation, row.handle, "anna", is_sent=False)
    world.session.commit()
    assert delivering.deliver(database, config) == {"sent": 1}
    first, second = recorder.sent
    assert first["Message-ID"] == second["Message-ID"]
    last = journal.entries(world.session, world.consultation.id)[-1]
    assert (last.actor, last.act, last.facts) == ("anna", "send mail again", {"purpose": "reminder"})


def test_a_doubtful_mail_can_count_as_sent_on_a_persons_word(
    world: World, database: Database, config: Config, recorder: Recorder
) -> None:
    row = doubtful(world, database, config, recorder)
    undecided.decide(world.session, world.consultation, row.handle, "anna", is_sent=True)
    world.session.commit()
    assert delivering.deliver(database, config) == {}
    assert messages(database)[0].body is None
    with pytest.raises(NotFound):
        undecided.decide(world.session, world.consultation, row.handle, "anna", is_sent=False)


def test_another_consultations_mail_cannot_be_decided(
    make_world: MakeWorld, database: Database, config: Config, recorder: Recorder
) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    row = doubtful(one, database, config, recorder)
    with pytest.raises(NotFound):
        undecided.decide(two.session, two.consultation, row.handle, "anna", is_sent=True)
    assert undecided.undecided(two.session, config, two.consultation) == []


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


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with listening() as found:
        yield found


def test_mails_reach_an_smtp_server(world: World, database: Database, config: Config, inbox: tuple[Inbox, int]) -> None:
    ear, port = inbox
    ear.refuse_recipient = {"person2@example.org": "550 no such user"}
    over_smtp = replace(config, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=port)
    for expert in world.experts:
        put(world, expert, body="Привет\n")
    world.session.commit()
    assert delivering.deliver(database, over_smtp) == {"failed": 1, "sent": 2}
    assert [envelope.rcpt_tos for envelope in ear.came] == [["person1@example.org"], ["person3@example.org"]]
    for envelope in ear.came:
        assert plain(parsed(envelope)) == "Привет\n"
    assert messages(database)[1].error == "refused by the mail server with code 550"


def test_a_reminder_in_cyrillic_arrives_whole(
    make_world: MakeWorld, database: Database, config: Config, inbox: tuple[Inbox, int]
) -> None:
    """Over a real connection: structure, headers, charset, both zones, and one link."""
    ear, port = inbox
    titles = {"en": "Town library", "ru": "Библиотека; город, «море»"}
    parts = [{"key": "harbour", "label": {"en": "Harbour"}, "zone": "Europe/Riga"}]
    lists = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["lists"]
    world = make_world(
        1,
        definition=reworked(
            town_library(), languages=["en", "ru"], short_title=titles, lists={**lists, "parts": parts}
        ),
    )
    world.experts[0].language = "ru"
    world.session.execute(update(Contact).values(name="Юрий Ёлкин"))
    stage = world.stage("round-1")
    over_smtp = replace(
        config,
        mail_backend="smtp",
        smtp_host="127.0.0.1",
        smtp_port=port,
        public_url="https://consult.example.org",
        secret_key="k" * 40,
    )
    with clock.set_to(stage.opens_at):
        assert correspondence.remind(world.session, world.consultation, world.definition, over_smtp, stage, "anna") == 1
        world.session.commit()
        assert delivering.deliver(database, over_smtp) == {"sent": 1}
    (envelope,) = ear.came
    assert envelope.content.isascii()
    assert max(map(len, envelope.content.splitlines())) <= 300
    mail = parsed(envelope)
    assert not any(part.defects for part in mail.walk())
    shape = [part.get_content_type() for part in mail.walk()]
    assert shape == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert titles["ru"] in mail["Subject"]
    assert mail["To"].addresses[0].display_name == "Юрий Ёлкин"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{64}@consult\.example\.org>", mail["Message-ID"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"] == (
        f"<{reminders.stop_address(over_smtp, world.consultation, world.experts[0])}>, "
        "<mailto:committee@library.example.org?subject=No%20more%20reminders%3A%20town-library>"
    )
    text, web, calendar = (part for part in mail.walk() if not part.is_multipart())
    assert {part.get_content_charset() for part in (text, web, calendar)} == {"utf-8"}
    assert "Юрий Ёлкин" in text.get_content() and "Юрий Ёлкин" in web.get_content()
    for part in (text, web):
        assert "UTC\u22123" in part.get_content() and "UTC+3" in part.get_content()
    found = re.findall(r"https?://\S+", text.get_content())
    assert len(found) == 1 and found[0].startswith("https://consult.example.org/i/")
    page = lxml.html.fromstring(web.get_content())
    assert page.xpath("//@href") == found and page.xpath("//@src") == []
    assert calendar["Content-Type"].params["method"] == "PUBLISH"
    assert calendar.get_filename() == "town-library.ics"
    file = calendar.get_payload(decode=True)
    assert isinstance(file, bytes) and b"DTSTART:20261016T230000Z\r\n" in file
    assert found[0].encode() not in file


def test_a_server_that_asks_to_come_back_gets_the_mail_the_next_time(
    world: World, database: Database, config: Config, inbox: tuple[Inbox, int]
) -> None:
    ear, port = inbox
    ear.refuse_data = ["451 greylisted"]
    over_smtp = replace(config, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=port)
    put(world, world.experts[0])
    world.session.commit()
    assert delivering.deliver(database, over_smtp) == {"queued": 1}
    assert delivering.deliver(database, over_smtp) == {"sent": 1}
    assert len(ear.came) == 1


def test_a_server_without_starttls_gets_no_mail_when_it_is_demanded(
    world: World, database: Database, config: Config, inbox: tuple[Inbox, int]
) -> None:
    ear, port = inbox
    secured = replace(config, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=True)
    put(world, world.experts[0])
    world.session.commit()
    assert delivering.deliver(database, secured) == {"queued": 1}
    assert ear.came == []


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


def test_no_link_is_shown_on_the_console_of_a_public_server(
    world: World, database: Database, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    put(world, world.experts[0], body="https://consult.example.org/i/canary")
    world.session.commit()
    public = replace(config, public_url="https://consult.example.org", secret_key="k" * 48, mail_backend="console")
    assert delivering.deliver(database, public) == {"queued": 1}
    assert "canary" not in "".join(capsys.readouterr())
    assert "set it to smtp, or to file" in (messages(database)[0].error or "")
