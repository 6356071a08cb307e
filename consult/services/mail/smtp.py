"""Handing mails to a mail server."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from consult.config import Config
from consult.services.mail.stopping import Interrupted, Refused, Stop, Unreachable

TIMEOUT = 30.0
"""Seconds to wait for an answer of the mail server."""
FAREWELL = 0.5
"""Seconds to wait for its answer to a farewell, on which nothing depends."""


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
                f"no mail goes out by {config.smtp_host}:{config.smtp_port} ({type(error).__name__})"
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
