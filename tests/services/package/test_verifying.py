"""The package: its bytes, its description, and that a change in it is found."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from analysis.canonical import digest
from consult import clock
from consult.models import Expert
from consult.services.files.downloads import OF_PEOPLE
from consult.services.package import annex
from consult.services.running import leaving
from tests.services import playing
from tests.services.answering.near import make_near
from tests.services.answering.saved import close
from tests.services.answering.test_change_notes import asking, rate, same, submitted
from tests.services.conftest import MakeWorld, World, town_library
from tests.services.files.reading import TEXT
from tests.services.package.packing import Edit, checked, contents, packed, written
from tests.services.rounds.holding import hold, opened
from tests.services.rounds.test_listed import answer_all
from tests.services.rounds.test_saved import held


def test_every_statistic_comes_out_of_the_rows_again(played: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(packed(played))
    found = checked(path)
    assert found.is_sound and found.problems == []
    assert [(one.stage, one.words) for one in found.stages] == [("first-look", "reproduced"), ("round-1", "reproduced")]


def test_rows_that_are_suppressed_are_left_out_of_the_comparison(careful: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(packed(careful))
    found = checked(path)
    assert found.is_sound, found
    assert found.stages[0].words == "reproduced, but for figures whose rows are suppressed"


def _rating(files: dict[str, str]) -> None:
    head, *rows = files["data/ratings-long.csv"].split("\r\n")
    place = next(place for place, row in enumerate(rows) if row.endswith(",4,"))
    rows[place] = rows[place].removesuffix(",4,") + ",1,"
    files["data/ratings-long.csv"] = "\r\n".join([head, *rows])


def _left_row(files: dict[str, str]) -> None:
    rows = files["data/answers-long.csv"].split("\r\n")
    files["data/answers-long.csv"] = "\r\n".join([rows[0], *rows[2:]])


def _doubled_row(files: dict[str, str]) -> None:
    rows = files["data/answers-long.csv"].split("\r\n")
    files["data/answers-long.csv"] = "\r\n".join([*rows[:2], *rows[1:]])


def _strange_state(files: dict[str, str]) -> None:
    head, first, *rows = files["data/ratings-long.csv"].split("\r\n")
    first = re.sub(r",\d,$", ",,bored", first)
    files["data/ratings-long.csv"] = "\r\n".join([head, first, *rows])


def _no_stages(files: dict[str, str]) -> None:
    files["results.json"] = files["results.json"].replace('"position"', '"place"')


def _no_figures(files: dict[str, str]) -> None:
    files["results.json"] = files["results.json"].replace('"participation"', '"people"')


def _verdict(files: dict[str, str]) -> None:
    document = json.loads(files["results.json"])
    numbers = document["stages"][1]["result"]["numbers"]
    numbers["content"]["measures"]["L1"]["criteria"]["wish"]["n"] += 1
    files["results.json"] = json.dumps(document)


def _verdict_with_digest(files: dict[str, str]) -> None:
    document = json.loads(files["results.json"])
    result = document["stages"][1]["result"]
    result["numbers"]["content"]["measures"]["L1"]["criteria"]["wish"]["n"] += 1
    result["numbers"]["digest"] = digest(result["numbers"]["content"])
    result["digest"] = "0" * 64
    files["results.json"] = json.dumps(document)


def _numbers_with_digest(files: dict[str, str]) -> None:
    """The released numbers alone, with their own digest; that of the whole result stays."""
    document = json.loads(files["results.json"])
    numbers = document["stages"][1]["result"]["numbers"]
    numbers["content"]["measures"]["L1"]["criteria"]["wish"]["robustness"] = None
    numbers["digest"] = digest(numbers["content"])
    files["results.json"] = json.dumps(document)


def _table(files: dict[str, str]) -> None:
    files["data/consensus-table.csv"] = files["data/consensus-table.csv"].replace("11", "12", 1)


def _wide(files: dict[str, str]) -> None:
    text = files["data/ratings-wide.csv"]
    files["data/ratings-wide.csv"] = re.sub(r",5,", ",1,", text, count=1)


def _protocol(files: dict[str, str]) -> None:
    files["protocol.json"] = files["protocol.json"].replace('"median": ', '"median": 1', 1)


def _question(files: dict[str, str]) -> None:
    files["definition.json"] = files["definition.json"].replace("library", "museum", 1)


def _statistic(files: dict[str, str]) -> None:
    """The last digit told of one figure may differ by machine; the sixth may not."""
    rows = files[annex.PATH].split("\r\n")
    place = next(place for place, row in enumerate(rows) if ",mean,SD," in row)
    rows[place] = re.sub(r"(?<=\.\d{5})\d", lambda digit: str(9 - int(digit[0])), rows[place])
    files[annex.PATH] = "\r\n".join(rows)


EDITS: dict[Edit, str] = {
    _statistic: "is not what the results give",
    _rating: "the rows give another result: ",
    _left_row: "the rows give another result: ",
    _doubled_row: "twice the same",
    _strange_state: "there is no such state",
    _no_stages: "results.json is not that of a package",
    _no_figures: "it does not hold together",
    _verdict: "its numbers were changed",
    _verdict_with_digest: "measures.L1.criteria.wish.n: 12 is told, 11 comes out",
    _numbers_with_digest: "the numbers are not those of its result: ",
    _table: "data/consensus-table.csv is not what the results give",
    _wide: "data/ratings-wide.csv does not say what data/ratings-long.csv says",
    _protocol: "protocol.json",
    _question: "definition.json",
}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_a_change_is_found_even_with_new_checksums(played: World, tmp_path: Path, edit: Edit) -> None:
    files = contents(packed(played))
    before = dict(files)
    edit(files)
    changed = [name for name in files if files[name] != before[name]]
    assert len(changed) == 1
    found = checked(written(files, tmp_path / "old-sums.zip", sums=False))
    assert found.problems == [f"{changed[0]} was changed"] and not found.is_sound
    found = checked(written(files, tmp_path / "new-sums.zip"))
    assert not found.is_sound
    said = [*found.problems, *(one.words for one in found.stages)]
    assert any(EDITS[edit] in words for words in said), said


def test_after_erasure_it_says_so_instead_of_failing(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path, TEXT) as world:
        before = tmp_path / "before.zip"
        before.write_bytes(packed(world))
        with clock.set_to(world.stage("round-2").opens_at):
            leaving.withdraw(world.session, world.experts[1], "test")
            left = tmp_path / "left.zip"
            left.write_bytes(packed(world))
            gone = world.experts[0].pseudonym
            leaving.erase(world.session, world.experts[0], "test")
        world.session.expire_all()
        after = tmp_path / "after.zip"
        after.write_bytes(packed(world))
        assert world.session.scalar(select(Expert).where(Expert.pseudonym == gone)) is None
    assert left.read_bytes() == before.read_bytes(), "a withdrawal changes nothing that is frozen"
    for path, words in ((before, "reproduced"), (after, "not reproducible: 1 erased")):
        found = checked(path)
        assert found.is_sound and {one.words for one in found.stages} == {words}
    files = contents(after.read_bytes())
    assert gone not in "".join(files.values())
    assert "`round-1`: No rows or texts are given of this stage any more" in files["README.md"]
    for name in OF_PEOPLE:
        assert files[f"data/{name}"].count("\r\n") == 1, name
    old = contents(before.read_bytes())
    files["data/ratings-long.csv"] = old["data/ratings-long.csv"]
    files["data/ratings-wide.csv"] = old["data/ratings-wide.csv"]
    found = checked(written(files, tmp_path / "changed.zip"))
    assert "data/ratings-long.csv has rows of round-1, which are withheld" in found.problems


def _kept_in_list(make_world: MakeWorld) -> World:
    panel = make_near(make_world)
    answer_all(panel, 9)
    return panel


def _saved_only(make_world: MakeWorld) -> World:
    return held(make_world, 6)


def _with_notes(make_world: MakeWorld) -> World:
    world = make_world(12, definition=asking())
    hold(world, 1, same)
    opened(world, 2)
    for expert in range(12):
        rate(world, expert, "L1", "2", "reason_read")
        submitted(world, expert)
    close(world, "round-2")
    return world


@pytest.mark.parametrize("panel", [_kept_in_list, _saved_only, _with_notes])
def test_how_people_answered_stands_in_no_row_and_is_said(
    make_world: MakeWorld, panel: Callable[[MakeWorld], World], tmp_path: Path
) -> None:
    """Kept from the short list, only saved, or what played a part: the rest comes out of the rows again."""
    path = tmp_path / "package.zip"
    path.write_bytes(packed(panel(make_world)))
    found = checked(path)
    assert found.is_sound, found
    assert found.stages[-1].words == "reproduced, but for what rests on how people answered"
