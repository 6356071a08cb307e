"""What a file says of its columns holds for its cells, and is said once."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.services.files import downloads
from consult.services.files.table_column import Field, Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import Cell
from consult.services.package import annex, writing
from tests.services import playing
from tests.services.conftest import World
from tests.services.files.reading import TEXT
from tests.services.samples import every_type

CELL = st.none() | st.integers() | st.text() | st.booleans() | st.floats(allow_nan=False)
NAMES = st.lists(st.text(min_size=1, max_size=9), unique=True, min_size=1, max_size=6)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A questionnaire with every type of answer; an option of one of them is called `state`."""
    with playing.half_way(every_type(), tmp_path_factory.mktemp("columns"), TEXT) as world:
        yield world


def tables(world: World) -> dict[str, Table]:
    source = TableSource(world.session, world.consultation, None)
    return {name: spec.table(source) for name, spec in downloads.FILES.items()}


def described(world: World, folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    """The package unpacked; by table and column what `datapackage.json` says."""
    out = io.BytesIO()
    writing.write_package(world.session, world.consultation, out)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(folder)
        resources = json.loads(archive.read("datapackage.json"))["resources"]
    return {f"{one['name']}.csv": {column["name"]: column for column in one["schema"]["fields"]} for one in resources}


def test_every_column_of_every_file_is_declared(played: World) -> None:
    assert set(tables(played)) == set(downloads.FILES)
    for name, made in tables(played).items():
        assert all(isinstance(one, TableColumn) for one in made.fields), name
        assert all(one.name.strip() and one.title.strip() for one in made.fields), name
        assert len(set(made.header)) == len(made.header), name
        states = {one.states for one in made.fields if one.states}
        assert states <= set(made.header), name


def test_the_package_describes_every_column_as_it_is(played: World, tmp_path: Path) -> None:
    """Frictionless reads each cell by the kind, list of values and keys that the package tells."""
    told = described(played, tmp_path)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    found = tables(played)
    assert set(told) == {annex.NAME, *(spec.name for spec in writing.TABLES)}
    for name, columns in told.items():
        if name == annex.NAME:
            continue  # it is no table of downloads, and has a test of its own
        assert list(columns) == found[name].header
        assert {key: (one["type"], one["title"]) for key, one in columns.items()} == {
            one.name: (one.kind, one.title) for one in found[name].fields
        }


def test_a_wrong_kind_is_found(played: World, tmp_path: Path) -> None:
    described(played, tmp_path)
    path = tmp_path / "datapackage.json"
    about = json.loads(path.read_text("utf-8"))
    for resource in about["resources"]:
        for column in resource["schema"]["fields"]:
            if column["name"] == "verdict_reason":
                column["type"] = "integer"
    path.write_text(json.dumps(about), "utf-8")
    assert not frictionless.Package(str(path)).validate().valid


def test_keys_tell_the_rows_apart(played: World) -> None:
    assert set(tables(played)) == set(downloads.FILES)
    for name, made in tables(played).items():
        places = [place for place, one in enumerate(made.fields) if one.is_key]
        keys = [tuple(row[place] for place in places) for row in made.rows]
        assert not places or len(set(keys)) == len(keys), name


def test_an_option_named_like_a_column_of_states_is_a_variable(played: World) -> None:
    """`shares.state` is the share of the option `state`, and has its own column of states."""
    columns = {one.name: one for one in tables(played)["answers-wide.csv"].fields}
    share, states = columns["shares.state"], columns["shares.state.state"]
    assert (share.kind, share.title, share.states) == ("integer", "State – Divide 10 points.", "shares.state.state")
    assert (states.kind, states.is_closed) == ("string", True)


def test_a_column_without_a_title_or_a_kind_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        Field("margin", "integer")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        TableColumn("margin", "integer", "how far")  # type: ignore[call-arg]


@given(NAMES, st.lists(st.lists(CELL, min_size=6, max_size=6)))
def test_a_row_has_the_cell_of_each_column(names: Sequence[str], records: list[list[Cell]]) -> None:
    def nth(place: int) -> TableColumn[Sequence[Cell]]:
        return TableColumn(names[place], "string", "a title", lambda record: record[place])

    made = table([nth(place) for place in range(len(names))], records)
    assert made.header == names
    assert list(made.rows) == [record[: len(names)] for record in records]


def test_rows_are_made_when_they_are_asked_for() -> None:
    asked: list[int] = []

    def records() -> Iterator[int]:
        for number in range(1_000_000):
            asked.append(number)
            yield number

    made = table([Field("n", "integer", "a number").column(lambda record: record)], records())
    assert asked == []
    assert next(made.rows) == [0] and next(made.rows) == [1]
    assert asked == [0, 1]


def test_a_shared_field_says_the_same_in_every_file(played: World) -> None:
    """A name stands for one kind and one title, wherever it is not counted by a definition."""
    said: dict[str, set[tuple[str, str]]] = {}
    for name, made in tables(played).items():
        if not name.endswith("-wide.csv"):
            for one in made.fields:
                said.setdefault(one.name, set()).add((one.kind, one.title))
    assert {name for name, found in said.items() if len(found) > 1} == set()
