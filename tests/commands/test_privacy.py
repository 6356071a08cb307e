import json
from pathlib import Path

from tests.commands.conftest import CommandLine

SLUG = "town-library"


def mail_of(rated: CommandLine, code: str) -> str:
    line = next(row for row in rated.out("panel", "list", SLUG).splitlines() if code in row)
    return next(word for word in line.split() if "@" in word)


def in_files(folder: Path, words: str) -> bool:
    return any(words.encode() in path.read_bytes() for path in folder.glob("consult.db*"))


def test_ones_own_data(rated: CommandLine) -> None:
    found = json.loads(rated.out("own-data", SLUG, "E01"))
    assert found["expert"]["code"] == "E01" and len(found["submissions"]) == 2
    assert "no expert" in rated.refused("own-data", SLUG, "E77")


def test_leaving(rated: CommandLine) -> None:
    assert "E01 has left" in rated.out("withdraw", SLUG, "e01")
    assert "no expert" in rated.refused("withdraw", SLUG, "E77")


def test_erasing_asks_first(rated: CommandLine) -> None:
    assert "Aborted" in rated("erase", SLUG, "E01", code=1, input="n\n").stderr
    assert len(json.loads(rated.out("own-data", SLUG, "E01"))["submissions"]) == 2
    assert "no expert" in rated.refused("erase", SLUG, "E77", "--yes")


def test_erasing_leaves_no_byte(rated: CommandLine) -> None:
    mail = mail_of(rated, "E01")
    assert in_files(rated.folder, mail)
    assert "E01 is erased" in rated.out("erase", SLUG, "E01", "--yes")
    assert not in_files(rated.folder, mail)
    assert json.loads(rated.out("own-data", SLUG, "E01"))["submissions"] == []


def test_erasing_after_a_yes(rated: CommandLine) -> None:
    assert "E02 is erased" in rated("erase", SLUG, "E02", input="y\n").stdout


def test_destroying_the_link_to_people(rated: CommandLine) -> None:
    assert "no consultation" in rated.refused("forget-panel", "nowhere", "--yes")
    assert "Aborted" in rated("forget-panel", SLUG, code=1, input="n\n").stderr
    assert "12 contacts destroyed" in rated.out("forget-panel", SLUG, "--yes")
    assert not in_files(rated.folder, "@example.org")
    assert "E01" in rated.out("panel", "list", SLUG)
