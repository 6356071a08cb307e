"""Three ways out for a mail: the console, a folder, an SMTP server."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from consult.config import Config
from consult.services.mail.smtp import SmtpMailer
from consult.services.mail.stopping import Mailer, Stop, Unreachable

CONSOLE_REFUSED = (
    "CONSULT_MAIL_BACKEND is console: personal links are shown on a console only while experts "
    "reach the server on this machine; set it to smtp, or to file"
)


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
