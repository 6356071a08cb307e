"""The web server; the clock of the stages and the post are kept running beside it."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from consult import create_app
from consult.config import Config
from consult.database import Database
from consult.errors import ConfigInvalid, NotPossible
from consult.keeping import PATIENCE, Keeper
from consult.services.mail.mailers import CONSOLE_REFUSED

HOST = "127.0.0.1"
PROXIED_PORT = 8000
"""Where a reverse proxy finds the server when the public address names no port."""
THREADS = 8
LIMITS: dict[str, Any] = {
    # Well below the 1,024 files that a process may commonly have open.
    "connection_limit": 800,
    "channel_timeout": 60,
    "cleanup_interval": 10,
    "asyncore_use_poll": True,  # select cannot watch more than 1,024
    "max_request_header_size": 32 * 1024,
}
"""What callers may take of the server: idle ones are let go, and many may be idle at once."""
BODY = 20
"""Bodies up to so many times the upload limit are read, so that a page can say what was wrong."""


class _Threads(ThreadedTaskDispatcher):
    """Those that answer requests; told to end, they get as long as the workers."""

    def shutdown(self, cancel_pending: bool = True, timeout: int = PATIENCE) -> bool:
        return super().shutdown(cancel_pending, timeout)


def public_port(config: Config) -> int:
    """The port of the public address; behind a proxy, when it names none, 8000."""
    address = urlsplit(config.public_url)
    return address.port or (PROXIED_PORT if config.is_https else 80)


def serve(config: Config, host: str = HOST, port: int | None = None, say: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted.

    Raises DatabaseBehind, NotPossible when the port is taken, or ConfigInvalid when mails with
    links would be shown on the console of a public server.

    `say` is told one line once the server listens.
    """
    if config.mail_backend == "console" and not config.is_local:
        raise ConfigInvalid(CONSOLE_REFUSED)
    place = public_port(config) if port is None else port
    with _listening(host, place) as listener:
        app = create_app(config)
        database: Database = app.extensions["consult_database"]
        server = make_server(app, listener, config)
        keeper = Keeper(config)
        keeper.start()

        def interrupt(number: int, frame: FrameType | None) -> None:
            keeper.end()
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, interrupt)
        signal.signal(signal.SIGINT, interrupt)
        if say is not None:
            say(f"listening at {host}:{place} for {config.public_url} (stop with Ctrl+C)")
        try:
            server.run()  # returns when interrupted
        finally:
            keeper.stop()
            server.close()
            database.dispose()


def make_server(app: Any, listener: socket.socket, config: Config) -> Any:
    """A server for that application, within its limits; `run` it."""
    threads = _Threads()
    threads.set_thread_count(THREADS)
    body = BODY * config.upload_limit
    return create_server(app, _dispatcher=threads, sockets=[listener], ident=None, max_request_body_size=body, **LIMITS)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise NotPossible(f"{host}:{port} cannot be used: {error.strerror}") from error
