"""Settings: one frozen object, read from the environment, refused when unsafe."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from consult.errors import ConfigInvalid

Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))
RATE = re.compile(r"(\d{1,7}) per (?:(\d{1,5}) )?(second|minute|hour|day)s?")
MOST_PROXIES = 10
BOUNDS = {
    "smtp_port": (1, 65_535),
    "session_days": (1, 3_650),
    "staff_session_hours": (1, 720),
    "upload_limit": (10_000, 1_000_000_000),
}
"""What whole numbers may be, both ends included."""
HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*", re.IGNORECASE)
LOCAL = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
SENDER = re.compile(
    r"""(?:[^"<>@,:;\\()\[\].\x00-\x1f\x7f-\x9f\u2028\u2029]+|"[^"<>\\\x00-\x1f\x7f-\x9f\u2028\u2029]+")[ ]"""
    rf"<{LOCAL}@(?P<inside>[^<>]+)>|{LOCAL}@(?P<alone>.+)",
    re.ASCII,
)
"""An address, alone or behind a name (RFC 5322, 3.4, without comments, groups and routes)."""
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
DEVELOPMENT_KEY = "only for trying out on this machine"


class Rate(NamedTuple):
    """How many attempts within how many seconds."""

    number: int
    seconds: int


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
    trusted_proxies: str = ""

    @property
    def is_https(self) -> bool:
        """Whether experts reach this server by https only."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def rate(self) -> Rate:
        """How often one caller may try to come in, or ask for a link."""
        found = RATE.fullmatch(self.rate_limit)
        if found is None or not int(found[1]) or found[2] == "0":
            raise ConfigInvalid(
                f"CONSULT_RATE_LIMIT is '{self.rate_limit}'; write it as 10 per minute, or 100 per 5 minutes"
            )
        return Rate(int(found[1]), int(found[2] or 1) * SECONDS[found[3]])

    @property
    def proxies(self) -> int | tuple[Network, ...]:
        """How many proxies stand in front, or where they do; only these are believed.

        When nothing is said, a proxy on this machine is believed if experts come by https.
        """
        if not self.trusted_proxies:
            return LOOPBACK if self.is_https else 0
        if self.trusted_proxies.isdecimal() and int(self.trusted_proxies) <= MOST_PROXIES:
            return int(self.trusted_proxies)
        try:
            return tuple(ip_network(part.strip()) for part in self.trusted_proxies.split(","))
        except ValueError:
            raise ConfigInvalid(
                f"CONSULT_TRUSTED_PROXIES is '{self.trusted_proxies}'; write how many proxies "
                f"stand in front (0 to {MOST_PROXIES}), or their addresses: 127.0.0.1, 10.0.0.0/8"
            ) from None

    @property
    def is_local(self) -> bool:
        """Whether experts reach this server on this machine only: it is being tried out."""
        return _is_loopback(urlsplit(self.public_url).hostname or "")

    def __post_init__(self) -> None:
        _refuse_address(self.public_url)
        if not self.is_https and not self.is_local:
            raise ConfigInvalid(
                f"CONSULT_PUBLIC_URL is '{self.public_url}': plain http is accepted on this "
                "machine only (127.0.0.1, localhost); use https"
            )
        if self.is_https and (self.secret_key == DEVELOPMENT_KEY or len(self.secret_key) < 32):
            raise ConfigInvalid(
                "CONSULT_SECRET_KEY must be set to at least 32 random characters, for example by "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        _ = self.rate, self.proxies  # each refuses what it cannot read
        _refuse_sender(self.mail_from)
        _refuse_database(self.database_url)
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ConfigInvalid(
                    f"CONSULT_{name.upper()} is {getattr(self, name)}; write a number from {least} to {most}"
                )
        if self.mail_backend not in ("console", "file", "smtp"):
            raise ConfigInvalid(f"CONSULT_MAIL_BACKEND is '{self.mail_backend}'; choose console, file or smtp")


def _refuse_address(written: str) -> None:
    """Links are built from the public address: it is a scheme, a name and a port, no more."""
    refused = f"CONSULT_PUBLIC_URL is '{written}'; "
    address = urlsplit(written)
    try:
        port = address.port
    except ValueError:
        raise ConfigInvalid(refused + "a port is a number from 1 to 65535") from None
    host = address.hostname or ""
    if address.scheme not in ("http", "https") or not host or port == 0:
        raise ConfigInvalid(refused + "write it as https://consult.example.org")
    if not host.isascii():
        raise ConfigInvalid(refused + f"write its name in ASCII letters: {_ascii(host)}")
    shown = f"[{host}]" if ":" in host else host
    plain = f"{address.scheme}://{shown}" + (f":{port}" if port else "")
    if written.removesuffix("/").lower() != plain or not (_is_address(host) or HOST.fullmatch(host)):
        raise ConfigInvalid(refused + f"write scheme, name and port only, such as {plain}")


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return "the name your registrar gives beside it (xn--…)"


def _refuse_sender(written: str) -> None:
    """Whoever answers a mail writes to this address."""
    found = SENDER.fullmatch(written)
    if found is None or not HOST.fullmatch(found["inside"] or found["alone"]):
        raise ConfigInvalid(
            f"CONSULT_MAIL_FROM is '{written}'; write one e-mail address: "
            "consultation@example.org, or Our Office <office@example.org>"
        )


def _refuse_database(written: str) -> None:
    kind = written.partition(":")[0]
    path = written.removeprefix("sqlite:///")
    is_file = path != written and path not in ("", ":memory:")
    if not is_file and not written.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ConfigInvalid(
            f"CONSULT_DATABASE_URL cannot be used: '{kind}' is no database known here, or names "
            "no file; write sqlite:///data/consult.db or postgresql://user@host/name"
        )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    return _is_address(host) and ip_address(host).is_loopback


def from_env(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of this process.

    Without CONSULT_DATABASE_URL a finished demonstration in `data/demo/consult.db` is used when
    there is no `data/consult.db`, so that the commands work on it right away.

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
        if not text.isdecimal():
            raise ConfigInvalid(f"{name} is '{text}'; write a whole number")
        return int(text)
    if kind is bool or kind == "bool":
        if text.lower() not in ("0", "1", "true", "false"):
            raise ConfigInvalid(f"{name} is '{text}'; write true or false")
        return text.lower() in ("1", "true")
    return text
