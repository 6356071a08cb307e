"""Where one is signed in: seen and ended by oneself, and by nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consult.models import Account, LoginSession
from tests.web.staffing import House, open_house, proof, token_of
from tests.web.visiting import SLUG, Browser, Library

MY_DATA = f"/c/{SLUG}/my-data"
STAFF = "/staff/sign-ins"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def press(browser: Browser, words: str) -> int:
    """Press the first button with these words on the page of one's sessions."""
    form = browser.tree.xpath("//main//form[contains(., $words)]", words=words)[0]
    browser._arrive(browser.path, browser.client.post(form.get("action"), data=dict(form.form_values())))
    return browser.status


def listed(browser: Browser, address: str = MY_DATA) -> list[str]:
    browser.get(address)
    return [" ".join(item.text_content().split()) for item in browser.tree.xpath("//main//li[contains(., 'Since')]")]


def handle(library: Library, number: int) -> str:
    (row,) = library.rows(LoginSession, expert_id=library.expert(number).id)
    return str(row.handle)


def test_an_expert_sees_and_ends_other_sessions_of_their_own(first_look: Library) -> None:
    here, phone, office = (first_look.browser(1) for _ in range(3))
    other = first_look.browser(2)
    rows = listed(here)
    assert len(rows) == 3
    assert all("by the link of the invitation" in row for row in rows)
    (own,) = [row for row in rows if "this one" in row]
    assert "End this session" not in own, "that is signing out"
    assert press(here, "End this session") == 200
    assert "1 session has ended." in here.main
    assert sorted(browser.open(MY_DATA) for browser in (phone, office)) == [200, 401]
    here.get(MY_DATA)
    assert press(here, "End all others") == 200
    assert [browser.open(MY_DATA) for browser in (here, phone, office)] == [200, 401, 401]
    assert len(listed(here)) == 1 and "End all others" not in here.main
    assert other.open(MY_DATA) == 200


def test_the_session_of_another_cannot_be_ended(first_look: Library) -> None:
    one, two = first_look.browser(1), first_look.browser(2)
    one.get(MY_DATA)
    for asked in (handle(first_look, 2), "nothing", "a" * 16):
        there = f"{MY_DATA}/sign-ins/{asked}/end"
        assert one.client.post(there, data=one.proof(there)).status_code == 404
        assert first_look.browser().client.post(there).status_code in (400, 401)
        assert one.client.get(there).status_code == 405, "ending is a POST"
    assert two.open(MY_DATA) == 200


def staff(house: House, role: str = "facilitator") -> tuple[FlaskClient, str]:
    client = house.client(role)
    return client, token_of(client, STAFF)


def test_staff_see_and_end_their_own_sessions_only(house: House) -> None:
    (here, _), (phone, _), (analyst, _) = staff(house), staff(house), staff(house, "analyst")
    browser = Browser(here)
    assert len(listed(browser, STAFF)) == 2
    (account,) = house.rows(Account, email="analyst@staff.example.org")
    (foreign,) = house.rows(LoginSession, account_id=account.id)
    there = f"{STAFF}/{foreign.handle}/end"
    assert here.post(there, data=proof(here, there, STAFF)).status_code == 404
    assert analyst.get(STAFF).status_code == 200
    browser.get(STAFF)
    assert press(browser, "End all others") == 200
    assert phone.get(STAFF).status_code == 303
    assert analyst.get(STAFF).status_code == 200 and here.get(STAFF).status_code == 200
