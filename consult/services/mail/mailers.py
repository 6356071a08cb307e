"""Three ways out for a mail: the console, a folder, an SMTP server."""

import os
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from consult.config import Config

TIMEOUT = 30.0
"""Seconds to wait for an answer of the mail server."""
CONSOLE_REFUSED = (
    "CONSULT_MAIL_BACKEND is console: personal links are shown on a console only while experts "
    "reach the server on this machine; set it to smtp, or to file"
)
FAREWELL = 0.5
"""Seconds to wait for its answer to a farewell, on which nothing depends."""


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

    def ask(self, *signal: object) -> None:
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


class ConsoleMailer:
    """Shows mails on standard output, as plain text: for trying out on this machine."""

    def send(self, mail: EmailMessage, name: str) -> None:
        heads = "".join(f"{head}: {mail[head]}\n" for head in ("To", "Subject"))
        plain = mail.get_body(("plain",))
        body = plain.get_content().replace("\r\n", "\n") if plain is not None else ""
        files = "".join(f"[{part.get_filename()}]\n" for part in mail.iter_attachments())
        sys.stdout.write(f"--- {name}\n{heads}\n{body}{files}---\n")
        sys.stdout.flush()


class FolderMailer:
    """Writes each mail as an `.eml` file that only this user may read: it holds a link."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: EmailMessage, name: str) -> None:
        unfinished = self.folder / f".{name}.part"
        with open(unfinished, "wb", opener=_private) as file:
            file.write(mail.as_bytes())
        unfinished.replace(self.folder / f"{name}.eml")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Client(smtplib.SMTP):
    """Notes from when on a mail may have been accepted."""

    is_handing_over = False

    def connect(self, *where: Any, **named: Any) -> tuple[int, bytes]:
        try:
            return super().connect(*where, **named)
        except BaseException:
            self.close()
            raise

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.is_handing_over = True
        return super().data(msg)


class SmtpMailer:
    """Speaks to one SMTP server, over one connection as long as it lasts."""

    def __init__(self, config: Config, stop: Stop | None = None) -> None:
        self.config = config
        self.stop = stop or Stop()
        self.client: _Client | None = None

    def connect(self) -> _Client:
        """The live connection, made anew when there is none. Raises Unreachable."""
        if self.client is not None and self.client.sock is not None:
            return self.client
        config = self.config
        try:
            with self.stop.breaking_off():
                self.client = _Client(config.smtp_host, config.smtp_port, timeout=TIMEOUT)
                if config.smtp_starttls:
                    self.client.starttls(context=ssl.create_default_context())
                if config.smtp_user:
                    self.client.login(config.smtp_user, config.smtp_password)
        except (OSError, smtplib.SMTPException, Interrupted) as error:
            self.drop()
            raise Unreachable(
                f"no mail goes out by {config.smtp_host}:{config.smtp_port} "
                f"({type(error).__name__})"
            ) from error
        return self.client

    def send(self, mail: EmailMessage, name: str) -> None:
        client = self.connect()
        client.is_handing_over = False
        try:
            with self.stop.breaking_off():
                client.send_message(mail)
        except smtplib.SMTPResponseException as error:
            raise Refused(error.smtp_code) from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Refused(max(codes, default=550)) from None
        except Interrupted:
            self.drop()
            if client.is_handing_over:
                raise
            raise Unreachable("sending was stopped before this mail was handed over") from None
        except BaseException:
            self.drop()  # what the server still has of this mail must not mix with the next
            raise

    def drop(self) -> None:
        """Give the connection up without a word: the other side may not answer any more."""
        client, self.client = self.client, None
        if client is not None:
            client.close()

    def close(self) -> None:
        """End the connection; its farewell may fail."""
        if self.client is not None and self.client.sock is not None:
            self.client.sock.settimeout(FAREWELL)
            with suppress(OSError, smtplib.SMTPException):
                self.client.quit()
        self.drop()


@contextmanager
def open_mailer(config: Config, stop: Stop | None = None) -> Iterator[Mailer]:
    """The way out that the settings name. Raises Unreachable."""
    if config.mail_backend == "smtp":
        mailer = SmtpMailer(config, stop)
        mailer.connect()
        try:
            yield mailer
        finally:
            mailer.close()
    elif config.mail_backend == "file":
        folder = Path(config.mail_folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"mails cannot be written to {folder}: {error.strerror}") from error
        yield FolderMailer(folder)
    elif config.is_local:
        yield ConsoleMailer()
    else:
        raise Unreachable(CONSOLE_REFUSED)
