"""The web server: as many processes as there are cores, and the clock and the post beside them.

One process holds the listening socket, starts the others and starts them anew when they die; what
waits at the socket meanwhile is answered by those that live.
"""

import asyncio
import gc
import os
import re
import resource
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from consult import create_app, workers
from consult.config import Config
from consult.database import Database
from consult.errors import ConfigInvalid, NotPossible
from consult.keeping import Keeper
from consult.rsgi import Gateway
from consult.services.mail.mailers import CONSOLE_REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
PROXIED_PORT = 8000
"""Where a reverse proxy finds the server when the public address names no port."""
THREADS = 3
"""Requests of staff that one process answers at a time, beside one of anybody else: more of those would
only hold each other up, for one interpreter runs one thread at a time."""
OF_STAFF = re.compile(r"/staff\b|/c/[^/]+/(?:briefing|downloads|facilitate|measures|results)\b")
"""Their addresses: what they ask for may take long."""
WAITING = 1024
"""Callers who may wait at the socket."""
CONNECTIONS = 2_000
"""Open connections of one process, beyond which callers wait."""
IDLE = 30_000
"""Milliseconds that a caller gets to send the head of a request, the first one or the next."""
BODY = 20
"""Bodies up to so many times the upload limit are read, so that a page can say what was wrong."""


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
    with listening(host, place) as listener:
        app = create_app(config)
        database: Database = app.extensions["consult_database"]
        database.dispose()  # connections are not shared among processes
        answer = partial(answer_requests, gateway_to(app.wsgi_app, BODY * config.upload_limit), listener)
        keeper = Keeper(config, answers=[answer] * processes())

        def interrupt(_number: int, _frame: object) -> None:
            keeper.end()

        signal.signal(signal.SIGTERM, interrupt)
        signal.signal(signal.SIGINT, interrupt)
        gc.collect()
        gc.freeze()  # what is loaded now is never looked through again, and stays shared
        if say is not None:
            say(f"listening at {host}:{place} for {config.public_url} (stop with Ctrl+C)")
        keeper.run()


def gateway_to(app: "WSGIApplication", most: int) -> Gateway:
    """The way of one process into an application, for bodies of at most so many bytes."""
    return Gateway(app, most=most, threads=THREADS, may_take_long=OF_STAFF.match)


def processes() -> int:
    """One for each core that this program may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def listening(host: str, port: int) -> socket.socket:
    """A socket that callers wait at. Raises NotPossible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, port), family=family, backlog=WAITING)
    except OSError as error:
        raise NotPossible(f"{host}:{port} cannot be used: {error.strerror}") from error
    opened.setblocking(False)
    return opened


def answer_requests(gateway: Gateway, listener: socket.socket) -> None:
    """The work of one process: answer whoever waits at the socket, until told to end."""
    _allow_connections()
    workers.ignore_the_terminal()
    asyncio.run(_answer(gateway, listener))
    os._exit(0)  # threads that still answer somebody are not waited for: the caller asks again


async def _answer(gateway: Gateway, listener: socket.socket) -> None:
    server = _Server(gateway, listener)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


# The descriptor, whether it is one of the file system, the backlog; granian's stubs name none of them.
_HOLD = cast(Callable[[int, bool, int], SocketHolder], SocketHolder)


class _Server(Server):
    """Granian within this process, at a socket that is open already."""

    def __init__(self, gateway: Gateway, listener: socket.socket) -> None:
        self._listener = listener
        super().__init__(
            gateway,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backlog=WAITING,
            backpressure=CONNECTIONS,
            http1_settings=HTTP1Settings(header_read_timeout=IDLE),
            log_enabled=False,
        )

    def _init_shared_socket(self) -> None:
        # In place of granian's own sockets, one for each process: what waits at ours outlives a process.
        vars(self).update(_ssp=None, _shd=_HOLD(self._listener.fileno(), False, WAITING))


def _allow_connections() -> None:
    """As many open files as the system lets this process have, up to what the connections need."""
    with suppress(ValueError, OSError):
        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * CONNECTIONS if most == resource.RLIM_INFINITY else min(most, 2 * CONNECTIONS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, wanted), most))
