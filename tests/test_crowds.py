"""Idle callers and large requests: the server goes on answering others."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from consult import serving
from consult.config import Config

IDLE = 150


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "3")])
    return [b"ok\n"]


@pytest.fixture
def port(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server within the limits of `consult serve`, or within those given."""
    monkeypatch.setattr(serving, "LIMITS", getattr(request, "param", serving.LIMITS))
    with serving._listening("127.0.0.1", 0) as listener:
        server = serving.make_server(answer, listener, Config())
        running = threading.Thread(target=server.run, daemon=True)
        running.start()
        yield int(listener.getsockname()[1])
        server.close()  # with no channel left its loop ends
        server.task_dispatcher.shutdown()


def _ask(port: int, head: bytes = b"") -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as talk:
        talk.settimeout(5)
        talk.sendall(b"GET / HTTP/1.0\r\n" + head + b"\r\n")
        return talk.recv(100)


def _is_answered_beside_idle_ones(port: int) -> bool:
    with ExitStack() as open_ones:
        for number in range(IDLE):
            talk = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            if number % 2:
                talk.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nslow")
        try:
            return _ask(port).startswith(b"HTTP/1.0 200")
        except OSError:
            return False


def test_many_idle_callers_stop_nobody(port: int) -> None:
    assert _is_answered_beside_idle_ones(port)


@pytest.mark.parametrize("port", [{}], indirect=True)
def test_without_the_limits_they_do(port: int) -> None:
    """So the test above can fail: waitress alone takes 100 callers and no more."""
    assert not _is_answered_beside_idle_ones(port)


def test_endless_heads_are_refused(port: int) -> None:
    assert _ask(port, b"Cookie: " + b"x" * 20_000 + b"\r\n").startswith(b"HTTP/1.0 200")
    assert _ask(port, b"Cookie: " + b"x" * 40_000 + b"\r\n").startswith(b"HTTP/1.0 431")
