"""From the server's interface (RSGI) to the application's (WSGI).

A body is read whole, within limits of size and time, before anything is done for it: a slow caller
holds no thread, no connection to the database and no lock.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

log = logging.getLogger("consult")

SLOWEST = 60.0
"""Seconds that a caller gets to send a body, and to take each part of a long answer."""
HEAD = 32 * 1024
"""Bytes of the names and values of all headers."""
IN_MEMORY = 64 * 1024
"""Bytes of a body beyond which it waits in a file: many callers may send at once."""
LARGE = 1024 * 1024
"""Answers of more bytes, and those of unknown length, are handed on as they are made."""
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
Parts = Generator[bytes, None, None]


class Answer(NamedTuple):
    """What the application gave; the `parts` of a long answer are made when they are asked for."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    parts: Parts | None = None


class Refused(Exception):
    """A request that does not reach the application; its status says why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Gateway:
    """One process's way into a WSGI application: one request at a time, and beside it those that may take long.

    `most`: bytes of a body. `may_take_long` tells it by the path; so many `threads` do that work.
    Long answers are made by threads of their own: whoever takes them slowly keeps nobody waiting.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        most: int,
        threads: int = 1,
        may_take_long: Callable[[str], object] = lambda _path: False,
    ) -> None:
        self.app = app
        self.most = most
        self.may_take_long = may_take_long
        self._short = ThreadPoolExecutor(1, "request")
        self._long = ThreadPoolExecutor(threads, "long request")
        self._parts = ThreadPoolExecutor(threads, "download")

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                await self._read(scope, proto, body)
            except Refused as refusal:
                headers = [("content-type", "text/plain"), ("connection", "close")]
                proto.response_str(refusal.status, headers, f"{refusal}\n")
                return
            await self._reply(scope, proto, body)

    async def _reply(self, scope: Scope, proto: HTTPProtocol, body: IO[bytes]) -> None:
        context = copy_context()  # what the application sets for a request holds for its parts too
        threads = self._long if self.may_take_long(scope.path) else self._short
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(threads, context.run, self._answer, environ(scope, body))
        if answer.parts is not None:
            await self._hand_on(proto, answer, answer.parts, context)
        elif answer.body:
            proto.response_bytes(answer.status, answer.headers, answer.body)
        else:
            proto.response_empty(answer.status, answer.headers)

    async def _read(self, scope: Scope, proto: HTTPProtocol, body: IO[bytes]) -> None:
        """All that is sent. Raises Refused when head or body are too much, or it takes too long."""
        if sum(len(name) + len(value) for name, value in scope.headers.items()) > HEAD:
            raise Refused(431, "The head of the request is too large.")
        if scope.method in WITHOUT_BODY:
            return
        declared = str(scope.headers.get("content-length", ""))
        try:
            async with asyncio.timeout(SLOWEST):
                if declared.isdecimal() and int(declared) > self.most:
                    raise Refused(413, "The request is too large.")
                async for part in proto:
                    body.write(part)
                    if body.tell() > self.most:
                        raise Refused(413, "The request is too large.")
        except TimeoutError:
            raise Refused(408, "The request took too long to arrive.") from None

    def _answer(self, asked: "WSGIEnvironment") -> Answer:
        """What the application says; the page of an error it did not expect is its own."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[..., object]:
            started[:] = [(status, headers)]
            return _no_write

        made = _closing(self.app(asked, start_response))
        first = next(made, b"")  # an application may wait with its status until then
        status, given = started[0]
        number, headers = int(status.partition(" ")[0]), [(name.lower(), value) for name, value in given]
        length = dict(headers).get("content-length", "")
        is_long = number == 200 and not (length.isdecimal() and int(length) <= LARGE)
        if asked["REQUEST_METHOD"] == "HEAD":
            made.close()
            return Answer(number, headers, b"")
        if is_long:
            return Answer(number, headers, first, made)
        return Answer(number, headers, first + b"".join(made))

    async def _hand_on(self, proto: HTTPProtocol, answer: Answer, parts: Parts, context: Context) -> None:
        """A long answer, part by part. A caller who is gone, or takes nothing more, ends it."""
        loop = asyncio.get_running_loop()
        taken = proto.response_stream(answer.status, answer.headers)
        part: bytes | None = answer.body
        try:
            while part is not None:
                async with asyncio.timeout(SLOWEST):
                    await taken.send_bytes(part)
                part = await loop.run_in_executor(self._parts, context.run, _next, parts)
        except (ProtocolClosed, TimeoutError):
            log.info("a long answer was not taken to its end")
        finally:
            await loop.run_in_executor(self._parts, context.run, parts.close)


def _no_write(_data: bytes) -> None:
    raise RuntimeError("the application gives its answer back, it does not write it")


def _closing(made: Iterable[bytes]) -> Parts:
    """The parts of an answer; at the end, or where it breaks off, the application is told."""
    try:
        yield from made
    finally:
        close = getattr(made, "close", None)
        if close is not None:
            close()


def _next(parts: Parts) -> bytes | None:
    return next(parts, None)


def environ(scope: Scope, body: IO[bytes]) -> "WSGIEnvironment":
    """The request as WSGI describes it (PEP 3333); `body` was written to its end."""
    length = body.tell()
    body.seek(0)
    caller, _, _port = scope.client.rpartition(":")
    name, _, port = scope.server.rpartition(":")
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/" + scope.http_version,
        "REMOTE_ADDR": caller.strip("[]"),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_headers(scope),
    }


def _headers(scope: Scope) -> Mapping[str, str]:
    """Headers by the names that CGI gave them; one that came several times is one list."""
    found: dict[str, str] = {}
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            found[key] = value
        elif key != "CONTENT_LENGTH" and "_" not in name:
            known = found.get(f"HTTP_{key}")
            parting = "; " if key == "COOKIE" else ","
            found[f"HTTP_{key}"] = value if known is None else f"{known}{parting}{value}"
    return found
