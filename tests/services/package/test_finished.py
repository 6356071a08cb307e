"""The package of a finished consultation: every status is told, and a changed one is found."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis.canonical import digest
from consult import clock, statuses
from consult.services.files import csvfile
from consult.services.package.results_schema import package_schema
from consult.services.rounds.statuses import statuses_of
from consult.services.running import finishing, stage_acts
from tests.services import playing
from tests.services.conftest import World, town_library
from tests.services.files.reading import TEXT
from tests.services.package.packing import checked, contents, packed, written


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(town_library(), tmp_path_factory.mktemp("finished"), TEXT) as world:
        last = world.stage("round-2")
        with clock.set_to(last.closes_at + timedelta(days=1)):
            stage_acts.close_stage(world.session, world.consultation, last, actor="test")
            finishing.finish(world.session, world.consultation, actor="test")
        yield world


def _final(files: dict[str, str], change: Callable[[Any], None], *, with_digest: bool) -> None:
    document = json.loads(files["results.json"])
    release = document["stages"][-1]["result"]["final"]
    change(release["content"]["measures"][0])
    if with_digest:
        release["digest"] = digest(release["content"])
    files["results.json"] = json.dumps(document)


def test_a_package_tells_what_every_measure_came_to(finished: World, tmp_path: Path) -> None:
    files = contents(packed(finished))
    first, second, last = (stage["result"]["final"] for stage in json.loads(files["results.json"])["stages"])
    assert first is second is None
    told = statuses.read(last["content"])
    assert told == statuses_of(finished.session, finished.consultation) and told.is_final
    assert len(told.measures) == len(json.loads(files["results.json"])["measures"])
    jsonschema.validate(json.loads(files["results.json"]), package_schema())
    assert checked(written(files, tmp_path / "finished.zip")).is_sound


@pytest.mark.parametrize("with_digest", [False, True])
def test_a_status_that_was_changed_is_found(finished: World, tmp_path: Path, with_digest: bool) -> None:
    files = contents(packed(finished))
    _final(files, lambda row: row.update(code="dropped"), with_digest=with_digest)
    found = checked(written(files, tmp_path / "changed.zip"))
    assert not found.is_sound
    if with_digest:
        assert "the final status of its measures is not what its results and decisions give" in found.problems
    else:
        assert "the final status of its measures was changed" in [one.words for one in found.stages]


def test_a_package_of_before_the_final_status_is_read(finished: World, tmp_path: Path) -> None:
    """Format 3 had no word of it; what it says is verified all the same."""
    files = contents(packed(finished))
    document = json.loads(files["results.json"])
    document["format"] = 3
    for stage in document["stages"]:
        del stage["result"]["final"]
    files["results.json"] = json.dumps(document)
    rows = list(csv.reader(io.StringIO(files["data/consensus-table.csv"])))
    assert rows[0][-3:] == ["status", "status_code", "status_is_final"]
    files["data/consensus-table.csv"] = "".join(csvfile.lines(rows[0][:-3], [row[:-3] for row in rows[1:]]))
    assert checked(written(files, tmp_path / "older.zip")).is_sound


def test_the_consensus_table_says_of_each_row_what_became_of_its_measure(finished: World) -> None:
    told = statuses_of(finished.session, finished.consultation)
    assert told is not None
    rows = list(csv.DictReader(io.StringIO(contents(packed(finished))["data/consensus-table.csv"])))
    assert {row["measure"] for row in rows} == set(told.measures)
    for row in rows:
        assert row["status_code"] == told.measures[row["measure"]].code and row["status"]
        assert row["status_is_final"] == "true"
