"""Leaving leaves nothing behind: files of all moments and all roles, against those who left.

TEST_LEAVERS=500 goes through as many consultations; about ten minutes on a quiet machine.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consult.services.frozen import populations, unwritten
from consult.services.frozen.row_files import RowFiles, Withheld
from consult.services.rounds.frozen_stages import Frozen
from tests.services.attacking import Files, Found, attack
from tests.services.conftest import fresh_database
from tests.services.leaving import Story, Telling
from tests.sizes import size

STORIES = size("LEAVERS")
POINTS = 0.02
"""How much surer than one in all those it could be a guess at a name may be."""


def told(folder: Path, seed: int) -> Story:
    folder = folder / str(seed)
    folder.mkdir()
    with fresh_database("sqlite", folder) as database, database.open_session(writes=True) as session:
        return Telling(session, seed).tell()


def attacked(folder: Path, seeds: range) -> Found:
    found = Found()
    for seed in seeds:
        found.add(attack(told(folder, seed)))
    return found


def test_nothing_of_those_who_left_is_recovered_and_nobody_is_named(tmp_path: Path) -> None:
    found = attacked(tmp_path, range(STORIES))
    assert len(found.named) > STORIES // 2, "the attack has something to attack"
    assert (found.answers, found.texts, found.figures) == (0, 0, 0)
    assert found.excess <= POINTS, found.named
    assert all(alike >= unwritten.FEWEST_ALIKE for _, alike, _ in found.named)


# The attack catches what it is there for


def _rows_of_who_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written from those who have not left by now, as they once were."""
    read = populations.standings

    def now(session, consultation, definition, columns, frozen, new=None):  # type: ignore[no-untyped-def]
        found = read(session, consultation, definition, columns, frozen, new)
        for item in frozen:
            standing = found[item.result.id]
            here = set(session.scalars(unwritten.counted(item.stage)))
            found[item.result.id] = replace(
                standing,
                people=tuple(one for one in standing.people if one.submission_id in here),
                withheld=None if standing.withheld is Withheld.ERASED else standing.withheld,
            )
        return found

    monkeypatch.setattr(populations, "standings", now)


def _erasure_leaves_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was erased is missing in files that stay."""
    read = populations._read

    def kept(session: object, item: Frozen, row: object) -> RowFiles:
        made = read(session, item, row)  # type: ignore[arg-type]
        return replace(made, withheld=None) if made.withheld is Withheld.ERASED else made

    monkeypatch.setattr(populations, "_read", kept)


def _few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of a later stage are given although one or two are alike."""
    monkeypatch.setattr(unwritten, "fewest_alike", lambda _: 99)


def _absent_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of those absent are told although somebody withdrew, and rows of both stages are."""
    monkeypatch.setattr(unwritten, "fewest_alike", lambda _: 99)
    monkeypatch.setattr("analysis.disclosure.ledger._of_departed", lambda *_: ())


@pytest.mark.parametrize(
    ("leak", "is_caught"),
    [
        (_rows_of_who_is_here, lambda found: found.answers > 0 and found.excess > POINTS),
        (_erasure_leaves_files, lambda found: found.answers > 0 and found.texts > 0),
        (_few_are_enough, lambda found: found.excess > POINTS),
        (_absent_are_counted, lambda found: found.figures > 0),
    ],
    ids=lambda one: one.__name__.strip("_<>"),
)
def test_the_attack_catches_a_seeded_leak(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leak: Callable[[pytest.MonkeyPatch], None],
    is_caught: Callable[[Found], bool],
) -> None:
    leak(monkeypatch)
    found = Found()
    for seed in range(12):
        found.add(attack(told(tmp_path, seed)))
        if is_caught(found):
            return
    pytest.fail(f"not caught: {found}")


def test_the_stories_hold_what_the_attack_needs(tmp_path: Path) -> None:
    """Withdrawals and erasures between freezes, rows and texts to take."""
    stories = [told(tmp_path, seed) for seed in range(3)]
    acts = {taken.act for story in stories for taken in story.taken}
    assert acts == {"freeze", "withdraw", "erase"}
    first = [Files(story.taken[0]) for story in stories]
    assert all(files.rows and files.texts and files.tables for files in first)
