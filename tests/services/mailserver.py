"""A mail server of our own: it keeps what came over the wire, and refuses on demand."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Inbox:
    """An SMTP server's ear: keeps what came, and refuses on demand."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.refuse_recipient: dict[str, str] = {}
        self.refuse_data: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuse_recipient:
            return self.refuse_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse_data:
            return self.refuse_data.pop(0)
        self.came.append(envelope)
        return "250 OK"


def parsed(envelope: Any) -> EmailMessage:
    """What a mail program makes of what came over the wire."""
    return email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[return-value]


@contextmanager
def listening() -> Iterator[tuple[Inbox, int]]:
    """The server's ear, and the port it listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ear = Inbox()
    controller = Controller(ear, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield ear, port
    finally:
        controller.stop()
