"""Downloads by role, with checksums that hold; the briefing as a document of its own."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.models import Consultation, Expert, JournalEntry, Submission
from consult.services import journal
from consult.services.files.downloads import FILES, OF_PEOPLE
from consult.services.files.tableformats import FORMATS
from consult.services.package.writing import SUMS
from consult.services.running import leaving
from tests.web.staffing import HERE, House, open_house, proof

DOWNLOADS = f"/c/{HERE}/downloads"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def fetch(client: FlaskClient, name: str, **fields: str) -> TestResponse:
    """Press the button of a file."""
    address = f"{DOWNLOADS}/{name}"
    return client.post(address, data={**proof(client, address, DOWNLOADS), **fields})


def noted(house: House) -> list[JournalEntry]:
    return house.rows(JournalEntry, act="download")


@pytest.mark.parametrize("role", ["secretariat", "analyst"])
def test_each_role_gets_its_files_and_no_other(house: House, role: str) -> None:
    client = house.client(role)
    index = client.get(DOWNLOADS).text
    for name, spec in FILES.items():
        assert (f"/downloads/{name}" in index) is (role in spec.roles)
        expected = 200 if role in spec.roles else 403
        assert fetch(client, name).status_code == expected, name
    assert {entry.facts["file"] for entry in noted(house)} == {
        name for name, spec in FILES.items() if role in spec.roles
    }
    assert fetch(client, "no-such-file.csv").status_code == 404
    assert fetch(client, "..%2F..%2Fconsult.db").status_code == 404
    assert fetch(client, "participation.csv", format="ods").status_code == 404


def test_the_checksum_on_the_page_is_that_of_the_file(house: House) -> None:
    client = house.client("analyst")
    index = client.get(DOWNLOADS).text
    sums = re.findall(r"<code>([0-9a-f]{64})</code>", index)
    names = re.findall(r"/downloads/([a-z-]+\.csv)", index)
    assert len(sums) == len(names) == sum("analyst" in spec.roles for spec in FILES.values())
    for name, digest in zip(names, sums, strict=True):
        assert hashlib.sha256(fetch(client, name).data).hexdigest() == digest


def test_where_rows_are_withheld_the_page_says_why_in_the_place_of_the_file(house: House) -> None:
    client, why = house.client("analyst"), "somebody who was counted in it was erased"
    assert why not in client.get(DOWNLOADS).text
    with house.database.writing() as session:
        consultation = session.scalars(select(Consultation).filter_by(slug=HERE)).one()
        counted = select(Submission.expert_id).filter_by(consultation_id=consultation.id)
        expert = session.scalars(select(Expert).where(Expert.id.in_(counted))).first()
        assert expert is not None
        leaving.erase(session, expert, "test")
    index = client.get(DOWNLOADS).text
    places = re.split(r"<h2>([a-z-]+\.csv)", index)
    said = {name: why in text for name, text in zip(places[1::2], places[2::2], strict=True)}
    assert {name for name, is_said in said.items() if is_said} == OF_PEOPLE
    assert fetch(client, "ratings-long.csv").data.count(b"\r\n") == 1


def test_a_file_is_csv_with_a_name(house: House) -> None:
    answer = fetch(house.client("secretariat"), "consensus-table.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (f'attachment; filename="{HERE}-consensus-table.csv"')
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode())))
    assert {row["stage"] for row in rows} == {"round-1"} and len(rows) == 7


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_in_every_format_is_noted_in_the_journal(house: House, form: str) -> None:
    client = house.client("analyst")
    assert f'<option value="{form}">' in client.get(DOWNLOADS).text
    answer = fetch(client, "ratings-wide.csv", format=form)
    assert answer.status_code == 200 and answer.mimetype == FORMATS[form].media_type
    assert answer.headers["Content-Disposition"].endswith(f'-ratings-wide{FORMATS[form].suffix}"')
    if form == "xlsx":
        assert set(pandas.read_excel(io.BytesIO(answer.data))["stage"]) == {"round-1"}
    (entry,) = noted(house)
    assert entry.actor == "analyst@staff.example.org"
    assert entry.facts == {"file": "ratings-wide.csv", "format": form, "role": "analyst"}
    with house.reading() as session:
        assert journal.verify(session, entry.consultation_id) == []


def test_reading_the_page_writes_nothing_and_no_file_comes_by_get(house: House) -> None:
    client = house.client("analyst")
    before = len(house.rows(JournalEntry))
    assert client.get(DOWNLOADS).status_code == 200
    assert client.get(f"{DOWNLOADS}/participation.csv").status_code == 405
    assert client.head(f"{DOWNLOADS}/participation.csv").status_code == 405
    assert client.get(f"{DOWNLOADS}/package.zip").status_code == 405
    without = client.post(f"{DOWNLOADS}/participation.csv", data={"format": "csv"})
    assert without.status_code == 400
    assert len(house.rows(JournalEntry)) == before


def test_the_package_is_for_the_analyst(house: House) -> None:
    analyst, secretariat = house.client("analyst"), house.client("secretariat")
    assert "package.zip" in analyst.get(DOWNLOADS).text
    assert "package.zip" not in secretariat.get(DOWNLOADS).text
    assert fetch(secretariat, "package.zip").status_code == 403 and not noted(house)
    first, second = fetch(analyst, "package.zip"), fetch(analyst, "package.zip")
    assert first.status_code == 200 and first.data == second.data
    assert first.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(first.data)) as archive:
        assert SUMS in archive.namelist()
    assert [entry.facts["file"] for entry in noted(house)] == ["package.zip"] * 2


@pytest.mark.parametrize("role", ["facilitator", "secretariat", "analyst"])
def test_the_briefing_is_a_document_without_scripts(house: House, role: str) -> None:
    answer = house.client(role).get(f"/c/{HERE}/briefing")
    assert answer.status_code == 200 and answer.mimetype == "text/html"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in policy and "X-Consult-Policy" not in answer.headers
    assert "Person 1" not in answer.text and "<script" not in answer.text


def test_the_briefing_falls_back_to_a_language_it_has(house: House) -> None:
    answer = house.client("analyst").get(f"/c/{HERE}/briefing?lang=xx")
    assert answer.status_code == 200 and '<html lang="en"' in answer.text
