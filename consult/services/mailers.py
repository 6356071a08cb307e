"""Three ways out for a mail: the console, a folder, an SMTP server."""

import os
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from consult.config import Config

TIMEOUT = 30.0
"""Seconds to wait for an answer of the mail server."""


class Unreachable(Exception):
    """The way out is closed: nothing was sent, and trying the next mail is of no use."""


class Refused(Exception):
    """This mail was certainly not accepted. Holds no address: error texts are kept longer."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused by the mail server with code {code}")
        self.is_lasting = code >= 500


class Mailer(Protocol):
    """Hands mails over. Any error but the two above leaves open whether the mail went out."""

    def send(self, mail: EmailMessage, name: str) -> None: ...


class ConsoleMailer:
    """Shows mails on standard output, as plain text."""

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


class SmtpMailer:
    """Speaks to one SMTP server, over one connection as long as it lasts."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.client: smtplib.SMTP | None = None

    def connect(self) -> smtplib.SMTP:
        """The live connection, made anew when there is none. Raises Unreachable."""
        if self.client is not None and self.client.sock is not None:
            return self.client
        config = self.config
        try:
            self.client = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT)
            if config.smtp_starttls:
                self.client.starttls(context=ssl.create_default_context())
            if config.smtp_user:
                self.client.login(config.smtp_user, config.smtp_password)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(
                f"no mail goes out by {config.smtp_host}:{config.smtp_port} "
                f"({type(error).__name__})"
            ) from error
        return self.client

    def send(self, mail: EmailMessage, name: str) -> None:
        client = self.connect()
        try:
            client.send_message(mail)
        except smtplib.SMTPResponseException as error:
            raise Refused(error.smtp_code) from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Refused(max(codes, default=550)) from None
        except BaseException:
            self.close()  # what the server still has of this mail must not mix with the next
            raise

    def close(self) -> None:
        """End the connection; its farewell may fail."""
        client, self.client = self.client, None
        if client is not None:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()


@contextmanager
def open_mailer(config: Config) -> Iterator[Mailer]:
    """The way out that the settings name. Raises Unreachable."""
    if config.mail_backend == "smtp":
        mailer = SmtpMailer(config)
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
    else:
        yield ConsoleMailer()
