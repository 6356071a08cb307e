"""Servers of the comparison as processes: started, waited for, and ended with whatever they started."""

import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

PATIENCE = 60.0
"""Seconds until a server that was started must answer."""
FAREWELL = 10.0
"""Seconds that a server is given to end by itself."""


@contextmanager
def served(command: Sequence[str], folder: Path, settings: Mapping[str, str], port: int, log: Path) -> Iterator[None]:
    """A server that answers; in the end it is stopped. What it says goes to the end of ``log``.

    Raises RuntimeError with the log where it does not answer.
    """
    with log.open("ab") as said:
        server = subprocess.Popen(command, cwd=folder, env=settings, stdout=said, stderr=said, start_new_session=True)
    try:
        end = monotonic() + PATIENCE
        while not _answers(port):
            if server.poll() is not None or monotonic() > end:
                raise RuntimeError(f"{command} does not answer: {end_of(log)}")
            sleep(0.05)
        yield
    finally:
        _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server's whole group to end; whatever is still there afterwards is killed."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(FAREWELL)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        try:
            connection.request("GET", "/")
            return bool(connection.getresponse().status)
        except (OSError, http.client.HTTPException):
            return False


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def end_of(log: Path) -> str:
    """The end of what the programs said."""
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
