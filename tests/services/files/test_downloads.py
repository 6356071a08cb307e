"""Files to download: who may have which, what is never in them, and no formula anywhere."""

import csv
import hashlib
import io
from pathlib import Path

import pytest

from consult import clock
from consult.errors import NotAllowed, NotFound
from consult.models import Consultation
from consult.roles import ROLES
from consult.services.files import downloads
from consult.services.running import publishing
from tests.services import playing
from tests.services.conftest import BEFORE, World
from tests.services.files.reading import ROW_FILES, TEXT, everything, guarded


def test_each_role_has_its_files_and_no_other(played: World) -> None:
    rows = {"free-texts.csv", *ROW_FILES}
    names = {role: {spec.name for spec in downloads.FILES.values() if role in spec.roles} for role in ROLES}
    assert names["facilitator"] == names["rapporteur"] == set()
    assert not names["secretariat"] & rows and rows < names["analyst"]
    assert names["secretariat"] - names["analyst"] == {"secretariat-answers.csv"}
    for role in (*ROLES, "expert", ""):
        for name in set(downloads.FILES) - names.get(role, set()):
            with pytest.raises(NotAllowed):
                downloads.write(played.session, played.consultation, name, role)
    with pytest.raises(NotFound):
        downloads.write(played.session, played.consultation, "../consult.db", "analyst")


def test_files_are_rfc_4180_and_the_same_bytes_twice(played: World) -> None:
    first, second = everything(played), everything(played)
    assert first == second
    for name, text in first.items():
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1, name
        assert text.endswith("\r\n") and text.count("\r\n") == len(rows), name


def test_checksums_are_of_the_bytes(played: World) -> None:
    files = everything(played)
    assert set(files) == set(downloads.FILES)
    for name, text in files.items():
        role = sorted(downloads.FILES[name].roles)[0]
        found = downloads.checksum(played.session, played.consultation, name, role)
        data = text.encode()
        assert (found.sha256, found.bytes) == (hashlib.sha256(data).hexdigest(), len(data))


def test_another_consultation_is_never_in_a_file(played: World) -> None:
    with clock.set_to(BEFORE):
        other: Consultation = publishing.publish(played.session, played.definition, actor="test", slug="another")
    for name, spec in downloads.FILES.items():
        text = "".join(downloads.write(played.session, other, name, sorted(spec.roles)[0]))
        assert name == "codebook.csv" or text.count("\r\n") == 1, name


# No text is ever a formula


def test_no_path_of_this_machine_in_a_file(played: World) -> None:
    assert not any(str(Path.cwd()) in text for text in everything(played).values())


def test_every_file_can_be_written_on_postgresql(tmp_path: Path) -> None:
    with playing.half_way(guarded(), tmp_path, TEXT, "postgresql") as world:
        first = everything(world)
        assert first == everything(world)
        bare = {name for name, text in first.items() if text.count("\r\n") == 1}
        assert bare == {"before-after.csv"}  # this definition asks nothing twice
