"""Many people at once, as one program: each goes through a journey, then the next one begins."""

import asyncio
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlencode

PATIENCE = 60.0
"""Seconds after which an answer is given up."""


@dataclass(frozen=True)
class Ask:
    """A request: ``kind`` names it in the figures; with ``form`` it is sent by POST."""

    kind: str
    path: str
    form: Mapping[str, str] | None = None
    cookie: str = ""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...]

    @property
    def page(self) -> str:
        return self.body.decode()


Journey = Generator[Ask, Reply, None]
"""Asks one thing after the other; raises ValueError where an answer is not what it must be."""


@dataclass
class Load:
    """What a load gave: seconds in all, of each request by kind, and what went wrong."""

    seconds: float = 0.0
    journeys: int = 0
    took: dict[str, list[float]] = field(default_factory=dict)
    journey_took: list[float] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return self.journeys / self.seconds

    @property
    def requests_per_second(self) -> float:
        return sum(map(len, self.took.values())) / self.seconds

    def quantile(self, share: float, kind: str | None = None) -> float:
        """Seconds within which that share of requests was answered; of all kinds without one."""
        all_of = sorted(one for name, some in self.took.items() if kind in (None, name) for one in some)
        return all_of[min(len(all_of) - 1, int(share * len(all_of)))]


class _Connection:
    """A connection that is kept open, and opened anew when the server closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, ask: Ask) -> Reply:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = urlencode(ask.form).encode() if ask.form is not None else b""
        lines = [f"{'GET' if ask.form is None else 'POST'} {ask.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if ask.cookie:
            lines.append(f"Cookie: {ask.cookie}")
        if ask.form is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        cookies = []
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookies.append(value.strip().partition(";")[0])
        content = await self._body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Reply(int(head[0].split()[1]), headers, content, tuple(cookies))

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while size := int((await reader.readline()).strip() or b"0", 16):
                parts.append(await reader.readexactly(size))
                await reader.readline()
            await reader.readline()
            return b"".join(parts)
        return await reader.readexactly(int(headers.get("content-length", "0")))

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


async def _person(port: int, journeys: Iterator[Journey], load: Load) -> None:
    connection = _Connection(port)
    for journey in journeys:
        begun = perf_counter()
        try:
            ask = next(journey)
            while True:
                start = perf_counter()
                reply = await asyncio.wait_for(connection.ask(ask), PATIENCE)
                load.took.setdefault(ask.kind, []).append(perf_counter() - start)
                load.sizes[ask.kind] = len(reply.body)
                ask = journey.send(reply)
        except StopIteration:
            load.journeys += 1
            load.journey_took.append(perf_counter() - begun)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            load.wrong[f"{type(error).__name__}: {error}"[:200]] += 1
            connection.close()
    connection.close()


async def _people(port: int, at_once: int, journeys: Iterator[Journey]) -> Load:
    load = Load()
    start = perf_counter()
    await asyncio.gather(*(_person(port, journeys, load) for _ in range(at_once)))
    load.seconds = perf_counter() - start
    return load


def run(port: int, at_once: int, journeys: Iterable[Journey]) -> Load:
    """Go through all journeys, so many people at a time; each person keeps one connection."""
    return asyncio.run(_people(port, at_once, iter(journeys)))
