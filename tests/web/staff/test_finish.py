"""Finishing through the pages: what is said before and after it, to staff and to everybody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from consult import clock
from consult.config import Config
from consult.models import JournalEntry, Message, Release
from consult.services.definitions import consultation_by_slug, definition_of
from consult.services.mail import inviting
from tests.web.staffing import HERE, House, open_house, proof, refused, send

BOARD, FINISH = f"/c/{HERE}/facilitate", f"/c/{HERE}/facilitate/finish"
PROVISIONAL, FINAL = "Provisional, after round 2", "what became of each measure is final"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def close(house: House) -> None:
    sent = send(house.client("facilitator"), f"{BOARD}/stages/round-2/close", reason="All have answered")
    assert sent.location == BOARD


def pressed(client: FlaskClient) -> TestResponse:
    """The act sent where the page offers it no more, and the page it leads back to."""
    sent = client.post(FINISH, data=proof(client, FINISH, f"/c/{HERE}/measures/add"))
    assert sent.status_code == 303 and "held=" in str(sent.location)
    return client.get(str(sent.location))


def statuses(house: House) -> dict[str, str]:
    """What the page before the act says of each measure, by key."""
    tree = html.fromstring(house.client("facilitator").get(FINISH).text)
    rows = tree.xpath("//h2[@id='statuses']/following::tbody[1]/tr")
    return {row.xpath("th")[0].text_content().split()[0]: row.xpath("td")[0].text_content() for row in rows}


def test_while_a_round_is_open_it_is_refused_and_says_why(house: House) -> None:
    client = house.client("facilitator")
    assert FINISH not in client.get(BOARD).text and "Provisional, after round 1" in client.get(BOARD).text
    page = client.get(FINISH).text
    assert "&#39;round-2&#39; is not closed yet" in page and "Finish for good" not in page
    assert "&#39;round-2&#39; is not closed yet" in pressed(client).text
    assert house.rows(Release, kind="final") == []


def test_every_page_says_provisional_and_then_final(house: House) -> None:
    close(house)
    pages = [
        (None, f"/c/{HERE}/public"),
        (None, f"/c/{HERE}/public/L1"),
        ("analyst", f"/c/{HERE}/results"),
        ("analyst", f"/c/{HERE}/results/round-2/L1"),
        ("facilitator", BOARD),
        ("facilitator", f"/c/{HERE}/measures"),
        ("facilitator", f"/c/{HERE}/briefing"),
    ]
    before = {address: house.client(role).get(address).text for role, address in pages}
    assert [address for address, text in before.items() if PROVISIONAL not in text or FINAL in text] == []
    expected = statuses(house)
    assert send(house.client("facilitator"), FINISH, tells="y").location == BOARD
    after = {address: house.client(role).get(address).text for role, address in pages}
    assert [address for address, text in after.items() if PROVISIONAL in text or FINAL not in text] == []
    for address in (f"/c/{HERE}/public", f"/c/{HERE}/results", f"/c/{HERE}/measures", f"/c/{HERE}/briefing"):
        assert [key for key, words in expected.items() if words not in after[address]] == [], address


def test_finishing_is_told_journalled_and_done_once(house: House) -> None:
    with house.database.writing() as session:
        consultation = consultation_by_slug(session, HERE)
        definition = definition_of(session, consultation.id)
        inviting.invite_all(session, consultation, definition, Config(), "test")
    close(house)
    client = house.client("facilitator")
    assert "experts whom it concerns get a mail" in client.get(FINISH).text
    assert send(client, FINISH, tells="y").location == BOARD
    told = house.rows(Message, purpose="finished")
    assert len(told) > 1 and len({message.expert_id for message in told}) == len(told)
    assert [entry.act for entry in house.rows(JournalEntry)][-2:] == ["finish", "mail finished"]
    assert FINISH not in client.get(BOARD).text
    assert "the consultation is finished" in pressed(client).text
    editor = client.get(f"/c/{HERE}/measures").text
    assert "/measures/add" not in editor and "cannot be changed any more" in client.get(f"/c/{HERE}/measures/L1").text
    assert "the consultation is finished" in refused(client, f"/c/{HERE}/measures/L1/drop", reason="Too late").text
    assert len(house.rows(Release, kind="final")) == 1


def test_nobody_is_told_where_the_facilitator_says_so(house: House) -> None:
    close(house)
    form = send(house.client("facilitator"), FINISH)
    assert form.location == BOARD and house.rows(Message, purpose="finished") == []


def test_the_reasons_of_the_last_round_stand_on_its_measures(house: House) -> None:
    close(house)
    page = f"/c/{HERE}/results/round-2/L1"
    with clock.set_to(clock.utc_now() + timedelta(minutes=1)):
        assert "are released when the consultation is finished" in house.client("analyst").get(page).text
        send(house.client("facilitator"), FINISH)
        assert "are released when the consultation is finished" not in house.client("analyst").get(page).text
