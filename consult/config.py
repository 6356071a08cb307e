"""Settings: one frozen object, read from the environment, refused when unsafe."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from consult.errors import ConfigInvalid

DEVELOPMENT_KEY = "only for trying out on this machine"


@dataclass(frozen=True, slots=True)
class Config:
    """What a running consult needs to know; every field is `CONSULT_<NAME>` in the environment."""

    database_url: str = "sqlite:///data/consult.db"
    public_url: str = "http://127.0.0.1:8000"
    secret_key: str = field(default=DEVELOPMENT_KEY, repr=False)
    mail_backend: str = "console"
    mail_folder: str = "data/mail"
    mail_from: str = "consult@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = False
    session_days: int = 60
    staff_session_hours: int = 12
    upload_limit: int = 1_000_000
    rate_limit: str = "10 per minute"

    @property
    def is_https(self) -> bool:
        """Whether experts reach this server by https only."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def is_local(self) -> bool:
        """Whether experts reach this server on this machine only: it is being tried out."""
        return _is_loopback(urlsplit(self.public_url).hostname or "")

    def __post_init__(self) -> None:
        address = urlsplit(self.public_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ConfigInvalid(
                f"CONSULT_PUBLIC_URL is '{self.public_url}'; write it as https://consult.example.org"
            )
        if not self.is_https and not _is_loopback(address.hostname):
            raise ConfigInvalid(
                f"CONSULT_PUBLIC_URL is '{self.public_url}': plain http is accepted on this "
                "machine only (127.0.0.1, localhost); use https"
            )
        if self.is_https and (self.secret_key == DEVELOPMENT_KEY or len(self.secret_key) < 32):
            raise ConfigInvalid(
                "CONSULT_SECRET_KEY must be set to at least 32 random characters, for example by "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        if self.mail_backend not in ("console", "file", "smtp"):
            raise ConfigInvalid(
                f"CONSULT_MAIL_BACKEND is '{self.mail_backend}'; choose console, file or smtp"
            )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def from_env(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of this process.

    Without CONSULT_DATABASE_URL a finished demonstration in `data/demo.db` is used when there is
    no `data/consult.db`, so that the commands work on it right away.

    Raises ConfigInvalid when a setting is unknown, unreadable or unsafe.
    """
    known = {each.name: each.type for each in fields(Config)}
    values: dict[str, object] = {}
    for name, text in environ.items():
        if not name.startswith("CONSULT_") or name in OUTSIDE:
            continue
        key = name.removeprefix("CONSULT_").lower()
        if key not in known:
            raise ConfigInvalid(f"{name} is not a setting; there are: {', '.join(sorted(known))}")
        values[key] = _typed(name, text, known[key])
    if "database_url" not in values and not Path("data/consult.db").exists():
        demo = Path("data/demo/consult.db")
        if demo.exists():
            values["database_url"] = f"sqlite:///{demo}"
    return Config(**values)  # type: ignore[arg-type]


OUTSIDE = ("CONSULT_GOLDEN",)
"""Names that belong to the tests."""


def _typed(name: str, text: str, kind: object) -> object:
    if kind is int or kind == "int":
        if not text.isdigit():
            raise ConfigInvalid(f"{name} is '{text}'; write a whole number")
        return int(text)
    if kind is bool or kind == "bool":
        if text.lower() not in ("0", "1", "true", "false"):
            raise ConfigInvalid(f"{name} is '{text}'; write true or false")
        return text.lower() in ("1", "true")
    return text
