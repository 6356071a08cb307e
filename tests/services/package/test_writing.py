"""The package: its bytes, and what is in it."""

import dataclasses
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from analysis.canonical import digest
from consult import clock
from consult.errors import NotPossible
from consult.models import Base, Consultation, Contact
from consult.services.package import annex, writing
from consult.services.package.reading import FILES
from consult.services.running import publishing
from tests.services import playing
from tests.services.conftest import BEFORE, World, fresh_database
from tests.services.package.packing import contents, packed


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
    assert set(files) == {*FILES, annex.PATH, writing.SUMS}
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


def test_nothing_to_pack_before_anything_is_frozen(played: World) -> None:
    with clock.set_to(BEFORE):
        other = publishing.publish(played.session, played.definition, actor="test", slug="later")
    with pytest.raises(NotPossible, match="nothing_to_pack"):
        writing.write_package(played.session, other, io.BytesIO())
