"""Every command that a document shows works as it is written there."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.config import Config
from tests.commands.test_help import every_command
from tests.sources import ROOT

DOCUMENTS = tuple(
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not {".venv", "build", "node_modules"} & set(path.relative_to(ROOT).parts)
)
BLOCK = re.compile(r"```(?:sh|console|bash)\n(.*?)```", re.S)
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", re.S)
SPAN = re.compile(r"`((?:\.venv/bin/)?consult [^`]+)`")
SETTING = re.compile(r"\bCONSULT_[A-Z_]+\b")
OF_TESTS = {"CONSULT_GOLDEN"}
"""The folder of golden cases is named by whoever holds further ones."""
TARGET = re.compile(r"(?:`|^)make ([a-z]+)", re.M)


def lines(document: Path) -> list[str]:
    """The command lines of a document's blocks, without their comments."""
    found = []
    for block in BLOCK.findall(document.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                found.append(re.sub(r"\s+#.*$", "", line))
    return found


def spans(document: Path) -> Iterator[str]:
    """What a document names as a command within a sentence."""
    yield from (span.removeprefix(".venv/bin/") for span in SPAN.findall(document.read_text("utf-8")))


def problem(text: str) -> str | None:
    """Why `text` is no command line of the program; None when it is one.

    Nothing is run, and what stands in for a file or a name need not be there.
    """
    command: click.Command | None = main
    words = shlex.split(re.split(r" [|>] ", text)[0])
    told = [word.partition("=")[0] for word in words if word.startswith("--")]
    known = {"--help", "--version"}
    while isinstance(command, click.Group) and len(words) > 1:
        context = command.make_context(words[0], words[1:], resilient_parsing=True)
        words = [*context._protected_args, *context.args]
        command = command.get_command(context, words[0]) if words else command
        if command is None:
            return f"there is no command '{words[0]}'"
        known |= {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return next((f"there is no option {name}" for name in told if name not in known), None)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_named_in_a_sentence_is_one(document: Path) -> None:
    assert {text: why for text in spans(document) if (why := problem(text))} == {}


def test_every_command_named_in_a_help_text_is_one() -> None:
    told = {}
    for words, _ in every_command():
        shown = " ".join(CliRunner().invoke(main, [*words, "--help"]).output.split())
        told |= {text: why for text in SPAN.findall(shown) if (why := problem(text))}
    assert told == {}


def test_what_is_no_command_is_found() -> None:
    assert problem("consult publishh x") == "there is no command 'publishh'"
    assert problem("consult panel add-all x") == "there is no command 'add-all'"
    assert problem("consult analyse FILE --jason x") == "there is no option --jason"
    assert problem("consult journal SLUG --verify | less") is None
    assert problem("consult briefing SLUG --out FILE") is None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_and_target_named_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    known = {f"CONSULT_{field.name.upper()}" for field in fields(Config)}
    assert set(SETTING.findall(text)) - known - OF_TESTS == set()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(TARGET.findall(text)) <= targets


def test_what_setup_installs_reaches_every_database_the_readme_names() -> None:
    assert "postgresql://" in (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"^psycopg\[?binary|^psycopg==", (ROOT / "requirements.txt").read_text(), re.M)


def test_the_readme_works_line_by_line(tmp_path: Path) -> None:
    """In a new folder beside nothing, in the order in which the lines stand."""
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    for name, content in EXAMPLE.findall((ROOT / "analysis" / "README.md").read_text("utf-8")):
        (tmp_path / name).write_text(content, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {name: text for name, text in os.environ.items() if not name.startswith("CONSULT_")}
    environ["CONSULT_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    tried = 0
    for line in lines(ROOT / "README.md"):
        words = shlex.split(line)
        if words[0] == "make":
            command = ["make", "-n", "-C", str(ROOT), *words[1:]]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        elif words[1:2] == ["serve"]:
            _serves(line, tmp_path, environ, port)
        else:
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=tmp_path,
                env=environ,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        tried += 1
    assert tried > 12
    assert "Traceback" not in (tmp_path / "report.html").read_text("utf-8")
    assert (tmp_path / "report.json").stat().st_size > 100


def _serves(line: str, folder: Path, environ: dict[str, str], port: int) -> None:
    server = subprocess.Popen(shlex.split(line), cwd=folder, env=environ, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            time.sleep(0.1)
        raise AssertionError(f"{line}: nobody listens")
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
