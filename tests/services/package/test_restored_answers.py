"""Rows back in a database: each once, with a value or a state, as files show it."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotPossible
from consult.models import Answer, Submission, VariableRow
from consult.services.frozen.codebook import codebook
from consult.services.package.reading import PackageFile
from consult.services.package.restored_answers import RestoredAnswers, stored
from consult.services.package.restoring import Restored
from tests.services.conftest import MakeWorld, World, fresh_database
from tests.services.package.packing import contents, packed, written
from tests.services.samples import every_type

Rows = dict[tuple[str, str], list[tuple[int | None, str | None]]]


def restored(path: Path, folder: Path) -> tuple[RestoredAnswers, Rows]:
    """The answers put back, and by stage and variable all values and states in order."""
    with (
        fresh_database("sqlite", folder) as database,
        PackageFile(path) as package,
        database.open_session(writes=True) as session,
    ):
        made = RestoredAnswers(Restored(session, package))
        return made, _rows(session)


def _rows(session: Session) -> Rows:
    found: Rows = {}
    query = (
        select(Submission.stage_id, VariableRow.key, Answer.value, Answer.state)
        .join(Answer, Answer.submission_id == Submission.id)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
    )
    for stage, key, value, state in session.execute(query):
        found.setdefault((str(stage), key), []).append((value, state))
    return {place: sorted(cells, key=str) for place, cells in found.items()}


def test_what_comes_back_is_what_was_stored(played: World, tmp_path: Path) -> None:
    """Of those who count, texts left out: every value and state, of every variable of both stages."""
    path = tmp_path / "package.zip"
    path.write_bytes(packed(played))
    made, back = restored(path, tmp_path)
    assert (made.suppressed, made.is_grouping_suppressed) == (set(), False)
    frozen = {str(played.stage(key).id) for key in ("first-look", "round-1")}
    texts = {key for key, column in codebook(played.session, played.consultation).items() if column.level == "text"}
    before = {place: cells for place, cells in _rows(played.session).items() if place[0] in frozen}
    kept = {place: cells for place, cells in before.items() if place[1] not in texts}
    assert {key: cells for (_, key), cells in back.items()} == {key: cells for (_, key), cells in kept.items()}
    assert {key.partition(".")[0] for _, key in back} >= {"L1", "L7", "visits", "budget"}


def test_what_was_suppressed_is_noted_and_not_stored(careful: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(packed(careful))
    made, back = restored(path, tmp_path)
    assert made.suppressed == {"visits"}
    assert not any(key == "visits" for _, key in back)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda row: [row, row], "row_twice"),
        (lambda row: [row.replace(",wish,", ",cost,")], "row_refused"),
        (lambda row: [row.rsplit(",", 2)[0] + ",,"], "row_refused"),
        (lambda row: [row.rsplit(",", 1)[0] + ",blank"], "row_refused"),
        (lambda row: [row.rsplit(",", 2)[0] + ",,bored"], "row_refused"),
        (lambda row: [row.rsplit(",", 2)[0] + ",x,"], "row_refused"),
    ],
    ids=["twice", "no such criterion", "neither", "both", "no such state", "no number"],
)
def test_a_row_that_is_none_is_refused(played: World, tmp_path: Path, change: object, code: str) -> None:
    files = contents(packed(played))
    head, first, *rows = files["data/ratings-long.csv"].split("\r\n")
    assert callable(change) and first.endswith(",")
    files["data/ratings-long.csv"] = "\r\n".join([head, *change(first), *rows])
    with pytest.raises(NotPossible, match=code):
        restored(written(files, tmp_path / "changed.zip"), tmp_path)


def test_every_code_is_read_as_it_is_shown(make_world: MakeWorld) -> None:
    """Options by key from 0, places of a rank from 1, numbers as they are."""
    world = make_world(0, definition=every_type())
    columns = codebook(world.session, world.consultation)
    role, mood, drivers = columns["role"], columns["mood"], columns["order.first"]
    assert [stored(role, key) for key in role.codes] == list(range(len(role.codes))) and len(role.codes) == 3
    assert [stored(mood, str(point)) for point in range(1, 6)] == [1, 2, 3, 4, 5]
    assert [stored(drivers, drivers.shown(place)) for place in (1, 2, 3)] == [1, 2, 3]
    with pytest.raises(ValueError):
        stored(role, "king")
    with pytest.raises(ValueError):
        stored(mood, "much")
