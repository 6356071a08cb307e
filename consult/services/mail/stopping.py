"""What a mailer is, how it fails, and a wish to stop that it hears."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from types import FrameType
from typing import Protocol


class Unreachable(Exception):
    """The way out is closed: nothing was sent, and trying the next mail is of no use."""


class Refused(Exception):
    """This mail was certainly not accepted. Holds no address: error texts are kept longer."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused by the mail server with code {code}")
        self.is_lasting = code >= 500


class Interrupted(Exception):
    """Somebody asked to stop while the mail server was waited for."""


class Stop:
    """A wish to stop, made by a signal: it breaks off waiting for a mail server, nothing else."""

    def __init__(self) -> None:
        self.is_asked = False
        self._is_waiting = False

    def ask(self, *signal: int | FrameType | None) -> None:
        """To be called by the handler of a signal. Raises Interrupted where that is expected."""
        self.is_asked = True
        if self._is_waiting:
            raise Interrupted

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        """What waits for a mail server stands inside."""
        self._is_waiting = True
        try:
            if self.is_asked:
                raise Interrupted
            yield
        finally:
            self._is_waiting = False


class Mailer(Protocol):
    """Hands mails over. Any error but the two above leaves open whether the mail went out."""

    def send(self, mail: EmailMessage, name: str) -> None: ...
