"""What was frozen is read into types: every kept result, nothing lost, nothing let through."""

import copy
import json
import lzma
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from analysis.canonical import canonical_json
from analysis.disclosure.floors import release
from analysis.model.figures import Block
from analysis.model.reader import read_release, read_stage
from analysis.model.stage import ReleasedStage, StageResult
from analysis.model.writer import written
from analysis.result.stage import stage_result
from analysis.schemas.models import definitions
from analysis.schemas.words import ref
from tests.analysis.consultation import PROTOCOL, frozen, measure, reask, stage, variable
from tests.migrations.snapshots import FOLDER, NAMES

RENAMED = {"in": "into", "class": "heading", "from": "start", "to": "end"}
MADE = frozen(stage(measure("M01", [8] * 20, [8] * 20)))


def kept(table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Contents of the frozen results, or of the releases, of an older version."""
    for name in NAMES:
        tables = json.loads(lzma.decompress((FOLDER / f"{name}.json.xz").read_bytes()))["tables"]
        for values in tables[table]["rows"]:
            row = dict(zip(tables[table]["columns"], values, strict=True))
            if row.get("kind") != "texts":
                yield f"{name} {table} {row['id']}", json.loads(row["content"])


def differences(raw: Any, read: Any, place: str = "") -> Iterator[str]:
    """Where the model does not hold what stands in the JSON, walked without the reader."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            yield from differences(value, _held(read, key), f"{place}.{key}")
    elif isinstance(raw, list):
        if len(raw) != len(read):
            yield place
        for position, value in enumerate(raw):
            yield from differences(value, read[position], f"{place}[{position}]")
    elif raw != read or isinstance(raw, bool) is not isinstance(read, bool):
        yield f"{place}: {raw!r} and {read!r}"


def _held(read: Any, key: str) -> Any:
    if not isinstance(read, Block):
        return read[key]
    for name in (RENAMED.get(key, key), key.lower()):
        if hasattr(read, name):
            return getattr(read, name)
    return read.reasons[key.removesuffix("_reason")]


def test_every_frozen_result_of_an_older_version_is_read_whole() -> None:
    found = [(place, content, read_stage(content)) for place, content in kept("result")]
    assert len(found) == 9
    for place, content, read in found:
        assert list(differences(content, read, place)) == []


def test_every_release_of_an_older_version_is_read_whole() -> None:
    found = [(place, content, read_release(content)) for place, content in kept("release")]
    assert len(found) == 9
    for place, content, read in found:
        assert list(differences(content, read, place)) == []


@pytest.mark.parametrize("people", [20, 4])
def test_what_is_frozen_and_released_now_is_read_whole(people: int) -> None:
    points = [8] * people
    given = stage(
        measure("M01", points, points),
        measure("M02", points),
        submitted=people,
        variables=(variable("PRE-1", *[5] * people),),
        pairs=(reask([(1, 2)] * people),),
        by_group={"one": (variable("PRE-1", *[5] * people),)},
        picks=(("M01", 3), ("M02", 1)),
    )
    result = stage_result(PROTOCOL, given)
    shown = release(result, PROTOCOL.disclosure)
    assert list(differences(written(result), result)) == []
    assert list(differences(written(shown), shown)) == []
    assert read_stage(written(result)) == result
    assert read_release(written(shown)) == shown


@pytest.mark.parametrize("table", ["result", "release"])
def test_what_was_stored_is_written_again_byte_by_byte(table: str) -> None:
    reader = {"result": read_stage, "release": read_release}[table]
    stored = list(kept(table))
    assert stored
    for place, content in stored:
        assert canonical_json(written(reader(content))) == canonical_json(content), place


def test_a_result_without_a_format_is_of_the_first() -> None:
    without = {key: value for key, value in MADE.items() if key != "format"}
    assert read_stage(without) == read_stage(MADE)


def _broken(*path: str | int, value: Any) -> dict[str, Any]:
    content = copy.deepcopy(MADE)
    block: Any = content
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    return content


IMPORTANCE = ("measures", "M01", "criteria", "importance")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_broken("format", value=2), "format 2"),
        (_broken("more", value=1), "result: unknown key 'more'"),
        (_broken(*IMPORTANCE, "mode", value=7), r"importance: unknown key 'mode'"),
        (_broken(*IMPORTANCE, "mode_reason", value="x"), "unknown key 'mode_reason'"),
        (_broken(*IMPORTANCE, "n", value="20"), r"importance\.n: '20' is no int"),
        (_broken(*IMPORTANCE, "n", value=True), r"importance\.n: True is no int"),
        (_broken(*IMPORTANCE, "n", value=None), r"importance\.n: None is no int"),
        (_broken(*IMPORTANCE, "counts", 3, value=1.5), r"counts\[3\]: 1.5 is no int"),
        (_broken(*IMPORTANCE, "verdict", "verdict", value="maybe"), "'maybe' is not one of in"),
        (_broken(*IMPORTANCE, "no_answer", value={"asleep": 1}), "'asleep' is not one of"),
        (_broken(*IMPORTANCE, "verdict", value=[]), r"verdict: list instead of an object"),
        (_broken("measures", "M01", value={}), "M01: without rounds_rated, criteria"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(content: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_stage(content)
    assert not _validator(StageResult).is_valid(content)


def _validator(block: type[Block]) -> jsonschema.Draft202012Validator:
    schema = {**ref(block.__name__), "$defs": definitions(block)}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(("table", "block"), [("result", StageResult), ("release", ReleasedStage)])
def test_the_schema_takes_what_the_reader_takes(table: str, block: type[Block]) -> None:
    # the others are of the same shapes, and slower than the reader by far
    middle = [(place, content) for place, content in kept(table) if place.startswith("middle")]
    assert middle
    for place, content in middle:
        assert list(_validator(block).iter_errors(content)) == [], place
