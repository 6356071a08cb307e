"""By SMTP: whole, encrypted where that is demanded, and again where the server says later."""

import re
from collections.abc import Iterator
from dataclasses import replace

import lxml.html
import pytest
from sqlalchemy import update

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.models import Contact
from consult.services.mail import delivering, reminders, reminding
from tests.services.conftest import MakeWorld, World, reworked, town_library
from tests.services.mail.sending import messages, plain, put
from tests.services.mailserver import Inbox, listening, parsed


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
        assert reminding.remind(world.session, world.consultation, world.definition, over_smtp, stage, "anna") == 1
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
