"""The demonstration runs from nothing, always to the same results, and leaves a database to use."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.demo.playing import CONSULT, consult, started, waited_for
from tests.web.russian import left_in_english

ROLES = ("expert, English", "expert, Russian", "facilitator", "analyst", "secretariat")


def files(folder: Path) -> dict[str, bytes]:
    """What the demonstration keeps in a folder, but for locks and a server's own files."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "data/demo").rglob("*"))
        if path.is_file() and ".lock" not in path.name and path.suffix not in (".db-wal", ".db-shm")
    }


def digest_of(text: str) -> str:
    last = text.strip().splitlines()[-1]
    found = re.search(r"\b[0-9a-f]{64}\b", last)
    assert found is not None, f"the digest is not last: {last!r}"
    return found.group()


def test_the_second_of_two_at_once_waits_and_uses_what_the_first_made(runs: list[tuple[Path, str]]) -> None:
    folder, text = runs[0]
    second = (folder / "second.txt").read_text()
    assert "Another process is making the demonstration in data/demo/; waiting for it." in second
    assert "Using the finished demonstration" in second
    assert digest_of(second) == digest_of(text)


def test_stopped_half_way_leaves_the_finished_one_as_it_was(runs: list[tuple[Path, str]], tmp_path: Path) -> None:
    folder = tmp_path / "stopped"
    shutil.copytree(runs[0][0], folder)
    before = files(folder)
    again = started(folder, "demo", "--no-serve", "--fresh")
    waited_for(folder / "data/demo/new/consult.db")
    again.send_signal(signal.SIGINT)
    out, errors = again.communicate(timeout=60)
    assert again.returncode == 1
    assert "Stopped; nothing of it is kept." in out and "Traceback" not in errors
    assert files(folder) == before
    assert "Using the finished demonstration" in consult(folder, "demo", "--no-serve")


def test_stopped_half_way_the_first_time_leaves_nothing(tmp_path: Path) -> None:
    first = started(tmp_path, "demo", "--no-serve")
    waited_for(tmp_path / "data/demo/new/consult.db")
    first.send_signal(signal.SIGINT)
    _, errors = first.communicate(timeout=60)
    assert first.returncode == 1 and "Traceback" not in errors
    assert list(files(tmp_path)) == ["data/demo/secret-key"]
    assert list((tmp_path / "data").iterdir()) == [tmp_path / "data/demo"]


def test_what_is_being_served_is_not_made_anew(runs: list[tuple[Path, str]], tmp_path: Path) -> None:
    folder = tmp_path / "served"
    shutil.copytree(runs[0][0], folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = started(folder, "demo", "--port", str(port))
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        other = started(folder, "demo", "--no-serve", "--fresh")
        _, errors = other.communicate(timeout=60)
        assert other.returncode == 1
        assert "is being served; stop that server first" in errors
        assert "Using the finished" in consult(folder, "demo", "--no-serve")
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)


def test_the_results_digest_is_the_same_in_another_process(runs: list[tuple[Path, str]]) -> None:
    """Computed again from the rows, with strings hashed in another order; and in every run."""
    folder, text = runs[0]
    consult(folder, "package", "ndpc-2020", "--out", "package.zip")
    for seed in ("1", "2"):
        told = consult(folder, "verify", "package.zip", PYTHONHASHSEED=seed).splitlines()
        assert sum(line.endswith("  reproduced") for line in told) == 1
        # one or two stopped after each stage: their rows could be told apart from then on
        assert sum(line.endswith("too few people alike") for line in told) == 5
    assert {digest_of(text) for _, text in runs} == {digest_of(text)}


def test_a_link_for_each_role_stands_before_the_digest(runs: list[tuple[Path, str]]) -> None:
    text = runs[0][1]
    for role in ROLES:
        found = re.search(rf"{role}:\s+(http://127\.0\.0\.1:\d+/\S+)", text)
        assert found is not None, role
        assert found.start() < text.index(digest_of(text))


def test_a_second_run_uses_what_is_there_and_mints_new_links(runs: list[tuple[Path, str]]) -> None:
    folder, text = runs[0]
    again = consult(folder, "demo", "--no-serve")
    assert digest_of(again) == digest_of(text)
    assert "[1/" not in again
    links = [set(re.findall(r"http://\S+", one)) for one in (text, again)]
    assert not links[0] & links[1]


def test_the_commands_work_on_it_by_default(runs: list[tuple[Path, str]]) -> None:
    folder = runs[0][0]
    listed = consult(folder, "list")
    assert "ndpc-2020" in listed and "ndpc-2020-today" in listed
    assert "round-3" in consult(folder, "status", "ndpc-2020")


def test_another_consultation_is_not_touched(runs: list[tuple[Path, str]], tmp_path: Path) -> None:
    folder = tmp_path / "with-another"
    shutil.copytree(runs[0][0], folder)
    own = f"sqlite:///{folder / 'data' / 'consult.db'}"
    environ = {**os.environ, "CONSULT_DATABASE_URL": own}
    done = subprocess.run(
        [CONSULT, "db", "upgrade"], cwd=folder, env=environ, capture_output=True, text=True, check=True
    )
    assert done.returncode == 0
    before = (folder / "data" / "consult.db").read_bytes()
    consult(folder, "demo", "--no-serve")
    assert (folder / "data" / "consult.db").read_bytes() == before


def test_no_english_is_left_in_the_russian_briefing(runs: list[tuple[Path, str]]) -> None:
    folder = runs[0][0]
    consult(folder, "briefing", "ndpc-2020", "--language", "ru", "--out", "briefing-ru.html")
    page = (folder / "briefing-ru.html").read_text()
    assert "Бюро поиска партнёров" in page and "закона одной страны" in page
    assert left_in_english(page) == []


def test_what_the_demonstration_leaves_is_its_owners_alone(runs: list[tuple[Path, str]]) -> None:
    here = runs[0][0] / "data" / "demo"
    named = [here, here / "consult.db", here / "secret-key", here / "mail", *here.glob("mail/*")]
    assert [path for path in named if path.stat().st_mode & 0o077] == []
