"""What the application is told of a request, and what a caller gets of its answer."""

import asyncio
import io
import threading
import tracemalloc
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from consult import rsgi
from consult.rsgi import Gateway, environ

T = TypeVar("T")


class Headers:
    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def items(self) -> Iterable[tuple[str, str]]:
        return self.pairs

    def get(self, name: str, default: str = "") -> str:
        return dict(self.pairs).get(name, default)


def scope(*headers: tuple[str, str], method: str = "GET", **more: str) -> Any:
    known = {"path": "/", "query_string": "", "client": "192.0.2.7:4711", "server": "127.0.0.1:8000"}
    return SimpleNamespace(
        method=method, headers=Headers(*headers), scheme="http", http_version="1.1", **(known | more)
    )


def sent(body: bytes) -> io.BytesIO:
    """A body as it was read: written to its end."""
    found = io.BytesIO()
    found.write(body)
    return found


class Caller:
    """Sends a body in parts, each after a pause, and takes an answer."""

    def __init__(self, *parts: bytes, pause: float = 0.0, takes: int = 1_000) -> None:
        self.parts, self.pause, self.takes = parts, pause, takes
        self.status, self.headers, self.got = 0, {}, list[bytes]()

    async def __aiter__(self) -> Any:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            yield part

    def response_str(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.response_bytes(status, headers, body.encode())

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.response_bytes(status, headers, b"")

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers = status, dict(headers)
        self.got.append(body)

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Caller":
        self.status, self.headers = status, dict(headers)
        return self

    async def send_bytes(self, part: bytes) -> None:
        if self.takes == 0:
            await asyncio.sleep(3600)
        self.takes -= 1
        self.got.append(part)


Start = Callable[[str, list[tuple[str, str]]], Any]


def echo(asked: Mapping[str, Any], start: Start) -> Iterable[bytes]:
    body = asked["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser that another test left open has a loop in this one."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result()


def ask(app: Any, caller: Caller, *headers: tuple[str, str], method: str = "POST", most: int = 100) -> Caller:
    run(Gateway(app, most=most).__rsgi__(scope(*headers, method=method), caller))  # type: ignore[arg-type]
    return caller


def test_the_application_is_told_everything() -> None:
    told = environ(
        scope(
            ("host", "example.org"),
            ("content-type", "text/plain"),
            ("content-length", "99"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("accept", "x"),
            ("accept", "y"),
            ("x_forwarded_for", "198.51.100.1"),
            path="/i/é",
            query_string="a=%20",
        ),
        sent(b"abc"),
    )
    assert told["PATH_INFO"] == "/i/é".encode().decode("latin-1")
    assert told["QUERY_STRING"] == "a=%20" and told["REMOTE_ADDR"] == "192.0.2.7"
    assert (told["CONTENT_TYPE"], told["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")
    # A name that a proxy does not know as its own must not pass for the one it sets.
    assert "HTTP_X_FORWARDED_FOR" not in told


def test_callers_of_ipv6_have_their_address() -> None:
    assert environ(scope(client="[2001:db8::1]:4711"), sent(b""))["REMOTE_ADDR"] == "2001:db8::1"


def test_a_body_is_read_whole() -> None:
    assert b"".join(ask(echo, Caller(b"ab", b"cd")).got) == b"abcd"


def test_many_large_bodies_do_not_stand_in_memory() -> None:
    """Callers send as much as may be, and no end: each of them costs no more than is kept in memory."""

    async def send() -> int:
        gateway = Gateway(echo, most=50_000_000)
        several = [Caller(*[bytes(200_000)] * 200, pause=0.01) for _ in range(20)]
        tracemalloc.start()
        waiting = [asyncio.create_task(gateway.__rsgi__(scope(method="POST"), one)) for one in several]  # type: ignore[arg-type]
        await asyncio.sleep(0.3)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return most

    assert run(send()) < 20 * 1_000_000


@pytest.mark.parametrize("declared", ["101", ""])
def test_a_body_beyond_the_limit_is_refused(declared: str) -> None:
    headers = [("content-length", declared)] if declared else []
    assert ask(echo, Caller(b"x" * 60, b"x" * 60), *headers).status == 413
    assert ask(echo, Caller(b"x" * 60, b"x" * 40)).status == 200


def test_a_body_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "SLOWEST", 0.05)
    assert ask(echo, Caller(b"x", pause=1.0)).status == 408
    assert ask(echo, Caller(b"x")).status == 200


def test_nothing_is_sent_to_a_head() -> None:
    assert ask(echo, Caller(), method="HEAD").got == [b""]


class Parts:
    """An answer of unknown length; knows whether it was closed."""

    def __init__(self, number: int) -> None:
        self.number, self.made, self.is_closed = number, 0, False

    def __call__(self, _asked: Any, start: Start) -> "Parts":
        start("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.number):
            self.made += 1
            yield b"x"

    def close(self) -> None:
        self.is_closed = True


def test_a_long_answer_is_made_as_it_is_taken() -> None:
    made = Parts(5)
    assert ask(made, Caller(), method="GET").got == [b"x"] * 5
    assert made.is_closed


def test_an_answer_that_is_not_taken_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rsgi, "SLOWEST", 0.05)
    made = Parts(1_000)
    ask(made, Caller(takes=3), method="GET")
    assert made.is_closed and made.made < 6


def test_who_takes_slowly_keeps_nobody_waiting() -> None:
    async def both() -> Caller:
        gateway = Gateway(
            lambda asked, start: (Parts(9) if asked["PATH_INFO"] == "/long" else echo)(asked, start), most=9
        )
        slow = asyncio.create_task(gateway.__rsgi__(scope(path="/long"), Caller(takes=0)))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        quick = Caller()
        await asyncio.wait_for(gateway.__rsgi__(scope(), quick), 5)  # type: ignore[arg-type]
        slow.cancel()
        return quick

    assert run(both()).status == 200


def test_an_application_does_not_write() -> None:
    def writes(_asked: Any, start: Start) -> Iterable[bytes]:
        start("200 OK", [])(b"at once")
        return []

    with pytest.raises(RuntimeError, match="does not write"):
        ask(writes, Caller())


def test_what_may_take_long_keeps_nobody_waiting() -> None:
    is_over = threading.Event()

    def app(asked: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        if asked["PATH_INFO"] == "/long":
            is_over.wait(20)
        return echo(asked, start)

    async def both() -> Caller:
        gateway = Gateway(app, most=9, may_take_long=lambda path: path == "/long")  # type: ignore[arg-type]
        slow = asyncio.create_task(gateway.__rsgi__(scope(path="/long"), Caller()))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        quick = Caller()
        await asyncio.wait_for(gateway.__rsgi__(scope(), quick), 5)  # type: ignore[arg-type]
        is_over.set()
        await slow
        return quick

    assert run(both()).status == 200
