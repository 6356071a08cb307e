"""Packages of older versions are put back as they were."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from consult.database import Database
from consult.models import Base, MeasureFate
from consult.services.package.reading import PackageFile
from consult.services.package.restoring import Restored
from tests.services.conftest import World
from tests.services.package.packing import checked, contents, packed, written


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
        {**alike, "fate": "reworded", "code": None, "facts": {}, "reason": "goes into round-2"},
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
