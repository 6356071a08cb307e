"""The web server; the clock of the stages and the post are kept running beside it."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from urllib.parse import urlsplit

from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from consult import create_app
from consult.config import Config
from consult.database import Database
from consult.errors import NotPossible
from consult.keeping import PATIENCE, Keeper

HOST = "127.0.0.1"
PROXIED_PORT = 8000
"""Where a reverse proxy finds the server when the public address names no port."""
THREADS = 8


class _Threads(ThreadedTaskDispatcher):
    """Those that answer requests; told to end, they get as long as the workers."""

    def shutdown(self, cancel_pending: bool = True, timeout: int = PATIENCE) -> bool:
        return super().shutdown(cancel_pending, timeout)


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
        threads = _Threads()
        threads.set_thread_count(THREADS)
        server = create_server(app, _dispatcher=threads, sockets=[listener], ident=None)
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


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise NotPossible(f"{host}:{port} cannot be used: {error.strerror}") from error
