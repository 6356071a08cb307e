"""Downloads by role, with checksums that hold; the briefing as a document of its own."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.services.downloads import FILES
from tests.web.staffing import HERE, House, open_house

DOWNLOADS = f"/c/{HERE}/downloads"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("role", ["secretariat", "analyst"])
def test_each_role_gets_its_files_and_no_other(house: House, role: str) -> None:
    client = house.client(role)
    index = client.get(DOWNLOADS).text
    for name, spec in FILES.items():
        assert (f"/downloads/{name}" in index) is (role in spec.roles)
        expected = 200 if role in spec.roles else 403
        assert client.get(f"{DOWNLOADS}/{name}").status_code == expected, name
    assert client.get(f"{DOWNLOADS}/no-such-file.csv").status_code == 404
    assert client.get(f"{DOWNLOADS}/..%2F..%2Fconsult.db").status_code == 404


def test_the_checksum_on_the_page_is_that_of_the_file(house: House) -> None:
    client = house.client("analyst")
    index = client.get(DOWNLOADS).text
    sums = re.findall(r"<code>([0-9a-f]{64})</code>", index)
    names = re.findall(r"/downloads/([a-z-]+\.csv)", index)
    assert len(sums) == len(names) == sum("analyst" in spec.roles for spec in FILES.values())
    for name, digest in zip(names, sums, strict=True):
        assert hashlib.sha256(client.get(f"{DOWNLOADS}/{name}").data).hexdigest() == digest


def test_a_file_is_csv_with_a_name(house: House) -> None:
    answer = house.client("secretariat").get(f"{DOWNLOADS}/consensus-table.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{HERE}-consensus-table.csv"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode())))
    assert {row["stage"] for row in rows} == {"round-1"} and len(rows) == 7


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
