"""No row's number leaves the server: a consultation played on keys that are known anywhere."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.cli import ENTRIES
from consult.models import Base, Comment, Consultation, Expert, FeedbackShown, Message, Proposal, Submission
from consult.services.files.table_column import Field
from consult.services.files.tableformats import FORMATS, encoded
from tests.far_keys import FIRST, begin_far, numbers_in, numbers_in_mail, texts_of
from tests.services.conftest import fresh_database
from tests.web.leaving import (
    ACTS,
    COMMANDS,
    ELSEWHERE,
    Told,
    answering,
    closed,
    commands,
    downloaded,
    everything,
    mails,
    pages,
)
from tests.web.staffing import HERE, House, open_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Mid-round 2, with proposals of every fate and a mail nobody knows about."""
    with open_house(tmp_path_factory.mktemp("far"), begin_far) as opened:
        yield opened


@pytest.fixture(scope="module")
def all_told(house: House, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    return list(everything(house, tmp_path_factory.mktemp("written")))


def leaks(found: list[Told]) -> Mapping[str, tuple[str, ...]]:
    return {item.where: item.numbers for item in found if item.numbers}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_keys_start_far_away(kind: str, tmp_path: Path) -> None:
    with fresh_database(kind, tmp_path) as made:
        Base.metadata.drop_all(made.engine)
        begin_far(made)
        with made.writing() as session:
            one = Consultation(slug="one", zone="UTC", schedule="s", created_at=clock.utc_now())
            session.add(one)
            session.flush()
            assert one.id == FIRST


def test_every_row_has_such_a_number(house: House) -> None:
    """Were some keys small, the sweep would look past them."""
    with house.reading() as session:
        tables = {name: table for name, table in Base.metadata.tables.items() if "id" in table.c}
        assert len(tables) > 20
        for name, table in tables.items():
            if name != "installation":  # one row, which nothing points to
                small = session.execute(select(table.c.id).where(table.c.id < FIRST)).first()
                assert small is None, name


def test_every_command_is_looked_at_or_accounted_for() -> None:
    assert set(ENTRIES) == COMMANDS.keys() | ELSEWHERE | ACTS | {"end-links", "letters"}


def test_the_sweep_comes_everywhere(all_told: list[Told]) -> None:
    """A sweep over refusals alone would prove nothing."""
    seen = "\n".join(item.where for item in all_told)
    board, editor = f"/c/{HERE}/facilitate", f"/c/{HERE}/measures"
    for place in (
        f"facilitator in the round at {editor}/proposals/",
        "/merge",
        "/title",
        "/enter/round-2",
        f"facilitator after the round at {editor}/comments/",
        "/accept",
        "/withhold",
        f"facilitator after the round at {board}/journal",
        f"secretariat in the round at {board}",
        f"analyst after the round at /c/{HERE}/results/round-2",
        "/results/charts/",
        "/new-link",
        "/stage/round-2/L1",
        "receipt",
        "/my-data.json",
        "/calendar.ics",
        f"/c/{HERE}/public",
        "package.zip",
        "as parquet",
        "as sav",
        "as xlsx",
        "in mail",
    ):
        assert place in seen, place


def test_no_number_of_a_row_is_found_anywhere(all_told: list[Told]) -> None:
    assert leaks(all_told) == {}


def test_the_sweep_finds_numbers_wherever_they_are_planted(tmp_path: Path) -> None:
    """Handles that are row numbers stand for any address made of one."""
    with open_house(tmp_path, begin_far) as house:
        with house.database.writing() as session:
            for table in (Comment, Proposal, Message, Expert):
                session.execute(update(table).values(handle=table.id))
        found = [*answering(house), *mails(house), *pages(house, "in the round", ["facilitator"])]
        with closed(house):
            found += [*pages(house, "after the round", ["facilitator"]), *commands(house)]
    where = "\n".join(leaks(found))
    for place in (
        "facilitator after the round at /c/town-library/measures/comments",
        "facilitator in the round at /c/town-library/measures",
        "consult comments list",
        "consult proposals list",
        "in mail",
    ):
        assert place in where, place


def minutes_in(content: bytes, moments: set[datetime]) -> set[str]:
    """When somebody did something, to the minute, in UTC or on the clock there."""
    zones = (UTC, ZoneInfo("America/Halifax"))
    written = {f"{one.astimezone(zone):%Y-%m-%d{sign}%H:%M}" for one in moments for zone in zones for sign in "T "}
    return {minute for text in texts_of(content) for minute in written if minute in text}


def test_no_file_tells_when_anybody_did_anything(house: House, all_told: list[Told]) -> None:
    moments = {row.submitted_at for row in house.rows(Submission)}
    moments |= {row.shown_at for row in house.rows(FeedbackShown)}
    assert len(moments) > 20
    planted = f"at {min(moments):%Y-%m-%d %H:%M}:01 by E01".encode()
    assert len(minutes_in(planted, moments)) == 1
    found = {where: minutes_in(answer.data, moments) for where, answer in downloaded(house)}
    assert {where for where, minutes in found.items() if minutes} == set()
    assert "package.zip as " in found


@pytest.mark.parametrize("form", FORMATS)
def test_numbers_are_found_in_every_kind_of_file(form: str) -> None:
    columns = [Field("who", "string", "who"), Field("row", "integer", "row")]
    rows = [[f"e{FIRST}", 1], ["a", FIRST + 5], [f"700{'0' * 40}", 7_000]]
    found = numbers_in(b"".join(encoded(form, "t", columns, rows)))
    assert set(found) == {str(FIRST), str(FIRST + 5)}


def test_numbers_are_found_where_they_are_packed_or_encoded() -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", f"row {FIRST}")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert numbers_in(outer.getvalue()) == [str(FIRST)]
    mail = EmailMessage()
    mail["List-Unsubscribe"] = f"<http://localhost/{FIRST}-x>"
    mail.set_content(f"Zoë {FIRST + 1}", cte="base64")
    assert numbers_in_mail(mail.as_bytes()) == [str(FIRST), str(FIRST + 1)]
