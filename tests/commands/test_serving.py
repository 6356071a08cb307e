"""The server process: what it refuses, that it answers, ticks and delivers, and ends when told."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from consult import serving
from consult.clock import utc_now
from consult.config import Config
from tests.commands.conftest import TOWN_LIBRARY, CommandLine
from tests.sources import ROOT

SLUG = "town-library"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextmanager
def server(line: CommandLine, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`consult serve` in a process of its own, killed at the end if it has not ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from consult.cli import main; main()", "serve", *words],
        env={**os.environ, **line.env},
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate()


def wait_for(url: str, process: subprocess.Popen[str]) -> int:
    """The status of the first answer."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            answer.close()
            return answer.code
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no answer: {process.communicate()}")


def test_the_server_answers_opens_stages_delivers_and_ends(consult: CommandLine) -> None:
    today = utc_now().date() - timedelta(days=1)
    consult("publish", TOWN_LIBRARY, "--start", today.isoformat())
    file = consult.folder / "panel.csv"
    file.write_text("name,email,language,part,work\nAnn,ann@example.org,en,hill,work_school\n")
    consult("panel", "import", SLUG, file)
    consult("invite", SLUG)
    port = free_port()
    with server(consult, "--port", str(port)) as process:
        assert wait_for(f"http://127.0.0.1:{port}/nowhere", process) == 404
        until = time.monotonic() + 60  # the post looks every 20 seconds
        while (len(consult.mails()) < 2 or not _is_open(consult)) and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "")
    at = f"127.0.0.1:{port} for http://127.0.0.1:8000"
    assert err == f"listening at {at} (stop with Ctrl+C)\n"
    invited, opened = sorted(consult.mails(), key=lambda mail: "is open now" in mail)
    assert "invites you" in invited and "is open now" in opened
    assert _is_open(consult)


def _is_open(consult: CommandLine) -> bool:
    return consult.out("list").splitlines()[1].endswith("first-look")


def test_a_taken_port_is_refused_in_words(consult: CommandLine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = consult.refused("serve", "--port", port)
    assert said.startswith(f"127.0.0.1:{port} cannot be used: ")
    assert "cannot be used" in consult.refused("serve", "--host", "::nowhere", "--port", port)


def test_no_database_is_refused_in_words(nothing: CommandLine) -> None:
    assert "run `consult db upgrade`" in nothing.refused("serve")
    assert "Usage" in nothing("serve", "--port", "0", code=2).stderr


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://127.0.0.1:8123", 8123),
        ("http://localhost", 80),
        ("https://consult.example.org", 8000),
        ("https://consult.example.org:8443", 8443),
    ],
)
def test_the_port_follows_from_the_public_address(url: str, port: int) -> None:
    assert serving.public_port(Config(public_url=url, secret_key="k" * 48)) == port


def test_the_demonstration_gets_its_options(
    nothing: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("consult.commands.demo.run", lambda **words: given.update(words))
    nothing("demo", "--no-serve", "--fresh", "--port", "8055")
    assert given == {"serve": False, "fresh": True, "port": 8055}
