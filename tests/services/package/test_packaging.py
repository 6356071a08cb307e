"""The package: its bytes, its description, and that a change in it is found."""

import dataclasses
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pytest
from sqlalchemy import insert, select

from analysis.canonical import digest
from consult import clock
from consult.database import Database
from consult.errors import NotPossible
from consult.models import Base, Consultation, Contact, Expert, MeasureFate
from consult.services.briefings import gather
from consult.services.files.downloads import OF_PEOPLE
from consult.services.package import verifying, writing
from consult.services.package.briefing_given import briefing_given
from consult.services.package.reading import FILES, PackageFile
from consult.services.package.restoring import Restored
from consult.services.package.verifying import Verified
from consult.services.running import leaving, publishing
from tests.services import playing
from tests.services.conftest import BEFORE, World, fresh_database, town_library
from tests.services.files.reading import TEXT, guarded

Edit = Callable[[dict[str, str]], None]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(town_library(), tmp_path_factory.mktemp("packed"), TEXT) as world:
        yield world


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(guarded(), tmp_path_factory.mktemp("careful"), TEXT) as world:
        yield world


def packed(world: World, language: str | None = None) -> bytes:
    out = io.BytesIO()
    writing.write_package(world.session, world.consultation, out, language)
    return out.getvalue()


def contents(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def written(files: dict[str, str], path: Path, *, sums: bool = True) -> Path:
    """A package of these files; by default somebody took care of the checksums, too."""
    files = dict(files)
    if sums:
        for text in ("datapackage.json", writing.SUMS):
            for name in files:
                now = hashlib.sha256(files[name].encode()).hexdigest()
                files[text] = _with_digest(files[text], name, now)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _with_digest(text: str, name: str, digest: str) -> str:
    if text.startswith("{"):
        document = json.loads(text)
        for resource in document["resources"]:
            if resource["path"] == name:
                resource["hash"] = f"sha256:{digest}"
        return json.dumps(document)
    return re.sub(f"[0-9a-f]{{64}}(?=  {re.escape(name)}$)", digest, text, flags=re.MULTILINE)


def checked(path: Path) -> Verified:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with PackageFile(path) as package, database.open_session(writes=True) as session:
        found = verifying.verify(session, package)
    database.dispose()
    return found


def test_the_same_bytes_twice(played: World) -> None:
    assert packed(played) == packed(played)
    with clock.set_to(BEFORE.replace(year=2031)):
        assert packed(played) == packed(played)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_same_bytes_from_another_database(played: World, tmp_path: Path, kind: str) -> None:
    """Every row copied, in another order, beside another consultation and so with other ids."""
    with fresh_database(kind, tmp_path) as database:
        with database.writing() as session:
            for table in Base.metadata.sorted_tables:
                if table.name == "installation":
                    continue  # that one is its own
                rows = [dict(row._mapping) for row in played.session.execute(select(table))]
                if rows:
                    session.execute(insert(table), rows[::-1])
        with database.reading() as session:
            other = session.scalars(select(Consultation)).one()
            copy = dataclasses.replace(played, session=session, consultation=other)
            assert packed(copy) == packed(played)


def test_what_is_in_it(played: World) -> None:
    data = packed(played)
    files = contents(data)
    assert set(files) == {*FILES, writing.SUMS}
    assert not any("secretariat" in name for name in files)
    for line in files[writing.SUMS].splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256(files[name].encode()).hexdigest() == sha256
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {writing.START}
    about = json.loads(files["datapackage.json"])["consult"]
    assert set(about["code"]) == {"consult", "analysis"}
    assert hashlib.sha256(files["definition.json"].encode()).hexdigest() == (about["definition_digest"])
    assert digest(json.loads(files["protocol.json"])) == about["protocol_digest"]


def test_nothing_in_it_names_a_person_or_tells_an_order(played: World) -> None:
    files = contents(packed(played))
    names = [*played.session.scalars(select(Contact.name)), *played.session.scalars(select(Contact.email))]
    seeds = [result.row_seed for result in _results(played)]
    rows = {f"data/{kind}-{form}.csv" for kind in ("ratings", "answers") for form in ("long", "wide")}
    for name, text in files.items():
        assert not any(word in text for word in (*names, *seeds, playing.EARLY)), name
        assert name in rows or not any(one.pseudonym in text for one in played.experts), name
        if name.startswith("data/") and "codebook" not in name:
            assert not re.search(r"\d\d:\d\d|20\d\d-\d\d-\d\d", text), name
    assert '"hidden"' not in files["results.json"]
    assert "round-2" not in files["data/participation.csv"]


def _results(world: World) -> list[Any]:
    from consult.models import Result

    return list(world.session.scalars(select(Result)))


def test_frictionless_finds_it_valid(played: World, careful: World, tmp_path: Path) -> None:
    for number, world in enumerate((played, careful)):
        folder = tmp_path / str(number)
        with zipfile.ZipFile(io.BytesIO(packed(world))) as archive:
            archive.extractall(folder)
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
        assert report.valid, report.flatten(["title", "fieldName", "type", "note"])
        assert report.stats["tasks"] == len(writing.TABLES)
        broken = folder / "data" / "participation.csv"
        broken.write_text(broken.read_text().replace("11", "12"), newline="")
        assert not frictionless.Package(str(folder / "datapackage.json")).validate().valid


def test_results_are_as_their_schema_says(played: World, careful: World) -> None:
    for world in (played, careful):
        files = contents(packed(world))
        schema = json.loads(files["results.schema.json"])
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(json.loads(files["results.json"]), schema)


def test_nothing_to_pack_before_anything_is_frozen(played: World) -> None:
    with clock.set_to(BEFORE):
        other = publishing.publish(played.session, played.definition, actor="test", slug="later")
    with pytest.raises(NotPossible, match="nothing_to_pack"):
        writing.write_package(played.session, other, io.BytesIO())


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


EDITS: dict[Edit, str] = {
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


@pytest.mark.parametrize("name", [*FILES, writing.SUMS])
def test_a_missing_file_is_found(played: World, tmp_path: Path, name: str) -> None:
    files = contents(packed(played))
    del files[name]
    found = checked(written(files, tmp_path / "package.zip", sums=False))
    assert found.problems == [f"{name} is missing"] and not found.is_sound


def test_what_is_no_package(played: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_text("no zip")
    with pytest.raises(NotPossible, match="no_package"):
        PackageFile(path)
    files = contents(packed(played))
    added = written(files | {"../evil.txt": "x"}, path, sums=False)
    assert checked(added).problems == ["../evil.txt does not belong here"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    assert "compressed" in checked(path).problems[0]


def test_the_briefing_is_made_of_the_same(played: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(packed(played))
    with (
        fresh_database("sqlite", tmp_path) as database,
        PackageFile(path) as package,
        database.open_session(writes=True) as session,
    ):
        restored = Restored(session, package)
        restored.add_results()
        there = briefing_given(restored, "en")
    here = gather(played.session, played.consultation, "en")
    assert there == here


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


def test_a_package_of_an_older_version_is_read_still(played: World, tmp_path: Path) -> None:
    """Format 1 told how many had left since; its rows were without them."""
    files = contents(packed(played))
    document = json.loads(files["results.json"])
    document["format"] = 1
    for told in document["stages"]:
        if told["result"] is not None:
            del told["result"]["rows_withheld"]
            told["result"]["left_since"] = 1
    files["results.json"] = json.dumps(document)
    assert {one.words for one in checked(written(files, tmp_path / "1.zip")).stages} == {"reproduced"}
    for name in ("data/answers-long.csv", "data/answers-wide.csv"):
        gone = next(row for row in files["data/ratings-long.csv"].split("\r\n")[1:])[:7]
        rows = files[name].split("\r\n")
        files[name] = "\r\n".join(row for row in rows if not row.startswith(gone))
    found = checked(written(files, tmp_path / "left.zip"))
    assert found.is_sound, found
    assert found.stages[0].words == "not reproducible: 1 left since"


def _in_prose(fate: dict[str, Any]) -> dict[str, Any]:
    """A fate as formats 1 and 2 told it."""
    code, facts = fate.pop("code"), fate.pop("facts")
    if code == "goes_into":
        fate["reason"] = f"goes into {facts['stage']}"
    elif code is not None:
        told = [f"{key}: {verdict}, stable" for key, verdict in facts["verdicts"]]
        fate["reason"] = "; ".join(told)
    return fate


def test_a_package_that_tells_fates_in_prose_is_read_as_one_with_codes(played: World, tmp_path: Path) -> None:
    files = contents(packed(played))
    document = json.loads(files["results.json"])
    settled = {"verdicts": [["use-fulness", "in"], ["cost", "out"]]}
    alike = {"stage": "round-1", "into": None, "reason_in": None}
    document["measures"][0]["fates"] += [
        {**alike, "fate": "settled", "code": "stable_verdicts", "facts": settled, "reason": None},
        {**alike, "fate": "dropped", "code": None, "facts": {}, "reason": "goes into round-2"},
    ]
    files["results.json"] = json.dumps(document)
    before = _fates(written(files, tmp_path / "3.zip"))
    assert {code for _, code, _, _ in before} == {"goes_into", "stable_verdicts", None}
    document["format"] = 2
    for measure in document["measures"]:
        measure["fates"] = [_in_prose(fate) for fate in measure["fates"]]
    files["results.json"] = json.dumps(document)
    assert _fates(written(files, tmp_path / "2.zip")) == before
    assert checked(tmp_path / "2.zip").is_sound


def _fates(path: Path) -> list[tuple[Any, ...]]:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with PackageFile(path) as package, database.open_session(writes=True) as session:
        Restored(session, package)
        found = session.execute(
            select(MeasureFate.fate, MeasureFate.code, MeasureFate.facts, MeasureFate.reason).order_by(MeasureFate.id)
        ).all()
    database.dispose()
    return [tuple(row) for row in found]
