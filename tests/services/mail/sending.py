"""Putting mails into the outbox, sending them to somebody who notes them, and what became of them."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select

from consult.config import Config
from consult.database import Database
from consult.models import Expert, Message
from consult.services.mail import outbox
from tests.services.conftest import World


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
