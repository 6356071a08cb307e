"""Silent, slow and greedy callers: the server goes on answering others, and ends when told."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from consult import serving
from tests.sources import ROOT

SILENT, SLOW = 500, 200
SERVER = """
import sys
from functools import partial
from consult import serving
from consult.config import Config
from consult.keeping import Keeper
import os, signal, time

def answer(asked, start):
    asked["wsgi.input"].read()
    if asked["PATH_INFO"] == "/staff/long":
        time.sleep(30)
    said = b"%d" % os.getpid()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]

serving.CONNECTIONS = int(sys.argv[1])
with serving.listening("127.0.0.1", 0) as listener:
    work = partial(serving.answer_requests, serving.gateway_to(answer, 1000), listener)
    keeper = Keeper(Config(), jobs={}, answers=[work, work])
    signal.signal(signal.SIGTERM, lambda *_: keeper.end())
    print(listener.getsockname()[1], flush=True)
    keeper.run()
"""


@contextmanager
def served(connections: int = 2_000) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Two processes that answer, within the limits of `consult serve` or with fewer connections."""
    command = [sys.executable, "-c", SERVER, str(connections)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            yield process, port
        finally:
            process.terminate()
            try:
                process.wait(10)
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)


def ask(port: int, head: bytes = b"", path: str = "/", patience: float = 10.0) -> bytes:
    """The whole answer; empty where the server says nothing."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as talk:
        talk.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n".encode() + head + b"\r\n")
        found = b""
        while part := talk.recv(4096):
            found += part
        return found


def is_answered(port: int, patience: float = 10.0) -> bool:
    try:
        return ask(port, patience=patience).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def crowd(port: int, silent: int, slow: int) -> ExitStack:
    """So many who say nothing, and so many who begin to send a form and stop."""
    held = ExitStack()
    for number in range(silent + slow):
        talk = held.enter_context(socket.create_connection(("127.0.0.1", port)))
        if number >= silent:
            talk.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nslow")
    return held


def test_silent_and_slow_callers_stop_nobody() -> None:
    with served() as (_process, port), crowd(port, SILENT, SLOW):
        time.sleep(0.5)
        assert all(is_answered(port) for _ in range(20))


def test_with_few_connections_they_do() -> None:
    """So the test above can fail: where a process takes 20 connections, they are soon all taken."""
    with served(connections=20) as (_process, port), crowd(port, 60, 0):
        time.sleep(0.5)
        assert not is_answered(port, patience=1.0)


def test_endless_heads_are_refused() -> None:
    with served() as (_process, port):
        assert ask(port, b"Cookie: " + b"x" * 20_000 + b"\r\n").startswith(b"HTTP/1.1 200")
        assert ask(port, b"Cookie: " + b"x" * 40_000 + b"\r\n").startswith(b"HTTP/1.1 431")


def test_the_server_ends_whoever_is_there() -> None:
    with served() as (process, port), crowd(port, 20, 20), ExitStack() as long_ones:
        for _ in range(2):
            talk = long_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            talk.sendall(b"GET /staff/long HTTP/1.1\r\nHost: here\r\n\r\n")
        time.sleep(0.5)
        begun = time.monotonic()
        process.terminate()
        process.wait(10)
        assert time.monotonic() - begun < 2


def test_long_requests_leave_room_for_short_ones() -> None:
    with served() as (_process, port), ExitStack() as long_ones:
        for _ in range(2 * serving.THREADS):
            talk = long_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            talk.sendall(b"GET /staff/long HTTP/1.1\r\nHost: here\r\n\r\n")
        time.sleep(0.5)
        assert all(is_answered(port) for _ in range(10))


@pytest.mark.parametrize("times", [2])
def test_a_process_that_is_killed_is_replaced_and_nobody_is_turned_away(times: int) -> None:
    with served() as (_process, port):
        for _ in range(times):
            victim = int(ask(port).rpartition(b"\r\n")[2])
            os.kill(victim, signal.SIGKILL)
            assert all(is_answered(port) for _ in range(20))
        begun = time.monotonic()
        seen: set[bytes] = set()
        while len(seen) < 2 and time.monotonic() - begun < 10:
            seen.add(ask(port).rpartition(b"\r\n")[2])
        assert len(seen) == 2
