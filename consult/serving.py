"""One process for everything: the web server, the clock of the stages, and the post."""

import logging
import os
import signal
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import create_server

from consult import create_app
from consult.config import Config
from consult.database import Database
from consult.errors import ConsultError, NotPossible
from consult.models import Consultation
from consult.services import held_forms, notices, outbox, stages
from consult.services.definitions import consultation_by_slug, definition_of
from consult.services.stages import StageState

HOST = "127.0.0.1"
PROXIED_PORT = 8000
"""Where a reverse proxy finds the server when the public address names no port."""
EVERY = 20.0
"""Seconds between two looks at the clock and the outbox."""
THREADS = 8

log = logging.getLogger("consult")


@dataclass(slots=True)
class Ticked:
    """What the clock did, and what it could not do, one line each."""

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def tick_all(database: Database, config: Config) -> Ticked:
    """Let every consultation do what its schedule asks for, each in a transaction of its own;
    forget held forms that are too old.

    A consultation that refuses does not keep the others from going on.
    """
    ticked = Ticked()
    with database.reading() as session:
        found = session.scalars(select(Consultation).order_by(Consultation.slug))
        slugs = [item.slug for item in found.all() if _is_due(session, item)]
        is_stale = held_forms.has_expired(session)
    if is_stale:
        with database.writing() as session:
            held_forms.forget_expired(session)
    for slug in slugs:
        try:
            with database.writing() as session:
                consultation = consultation_by_slug(session, slug)
                definition = definition_of(session, consultation.id)
                done = notices.tick(session, consultation, definition, config)
        except ConsultError as refusal:
            ticked.refused.append(f"{slug}: {refusal}")
        else:
            ticked.done += [f"{slug}: {line}" for line in done]
    return ticked


def _is_due(session: Session, consultation: Consultation) -> bool:
    """Whether there is anything to do: a look that finds nothing keeps nobody from writing."""
    grace = definition_of(session, consultation.id).grace
    return any(
        stages.state(stage, grace) in (StageState.DUE, StageState.ENDED)
        for stage in stages.stages_of(session, consultation.id)
    )


class Clock(threading.Thread):
    """Ticks and delivers until told to stop. What goes wrong is logged once, then tried again."""

    def __init__(self, database: Database, config: Config, every: float = EVERY) -> None:
        super().__init__(name="consult-clock", daemon=True)
        self.database = database
        self.config = config
        self.every = every
        self._stopping = threading.Event()
        self._known: set[str] = set()

    def run(self) -> None:
        while True:
            self.look()
            if self._stopping.wait(self.every):
                return

    def look(self) -> None:
        """One look at the clock and one at the outbox; neither hinders the other."""
        troubles = set()
        try:
            troubles |= set(tick_all(self.database, self.config).refused)
        except Exception as error:
            troubles.add(_place(error))
        try:
            outbox.deliver(self.database, self.config)
        except Exception as error:
            troubles.add(_place(error))
        for trouble in sorted(troubles - self._known):
            log.warning("%s", trouble)
        self._known = troubles

    def stop(self) -> None:
        """End after the present look."""
        self._stopping.set()
        self.join(timeout=self.every)


def _place(error: Exception) -> str:
    """Kind and place of an error, never its text: that may hold a name or an answer."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"


def public_port(config: Config) -> int:
    """The port of the public address; behind a proxy, when it names none, 8000."""
    address = urlsplit(config.public_url)
    return address.port or (PROXIED_PORT if config.is_https else 80)


def serve(
    config: Config,
    host: str = HOST,
    port: int | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. Raises DatabaseBehind, or NotPossible when the port is taken.

    `say` is told one line once the server listens.
    """
    place = public_port(config) if port is None else port
    with _listening(host, place) as listener:
        app = create_app(config)
        database: Database = app.extensions["consult_database"]
        server = create_server(
            app, sockets=[listener], threads=THREADS, ident=None, **_proxy(config)
        )
        clock = Clock(database, config)
        clock.start()
        signal.signal(signal.SIGTERM, _interrupt)
        if say is not None:
            say(f"listening at {host}:{place} for {config.public_url} (stop with Ctrl+C)")
        try:
            server.run()  # returns when interrupted
        finally:
            clock.stop()
            server.close()
            database.dispose()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise NotPossible(f"{host}:{port} cannot be used: {error.strerror}") from error


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _proxy(config: Config) -> dict[str, Any]:
    """Behind https stands a proxy on this machine, which alone knows the address of the caller."""
    if not config.is_https:
        return {}
    return {
        "trusted_proxy": HOST,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }
