"""Names that are the same here each time, and elsewhere never."""

from pathlib import Path

import pytest

from consult.services.mail.installation import named
from tests.services.conftest import World, fresh_database


def test_the_same_words_have_one_name_and_others_another(world: World) -> None:
    session = world.session
    assert named(session, "town", 1) == named(session, "town", 1)
    found = {named(session, *words) for words in (("town", 1), ("town", 2), ("town",), ("other", 1))}
    assert len(found) == 4
    assert all(len(name) == 64 and int(name, 16) >= 0 for name in found)


def test_another_installation_gives_another_name(tmp_path: Path) -> None:
    found = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        with fresh_database("sqlite", folder) as database, database.open_session(writes=True) as session:
            found.append(named(session, "the same words"))
        with database.open_session(writes=True) as session:
            assert named(session, "the same words") == found[-1], "and again in a later session"
    assert len(set(found)) == 2


@pytest.mark.parametrize("words", [("a\nb",), ("a", "b")])
def test_what_is_joined_by_a_line_break_is_one_name(world: World, words: tuple[str, ...]) -> None:
    """Purposes, keys and codes hold no line break: no two things of ours are joined alike."""
    assert named(world.session, *words) == named(world.session, "a", "b")
