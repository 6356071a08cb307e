"""Two accounts in one browser, two consultations of one account: whose form is it?"""

from collections.abc import Iterator
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse
from wtforms import PasswordField

from consult.models import Account, JournalEntry, MeasureVersion, Submission
from consult.services.definitions import consultation_by_slug
from consult.services.staff import accounts
from consult.services.staff.sign_in import open_staff_session
from consult.web import typed
from consult.web.forms import staff as forms
from tests.web.markup import faults
from tests.web.staffing import ELSEWHERE, HERE, PASSWORD, House, open_house

MAILS = {"Facilitator": "facilitator@staff.example.org", "Second": "second@staff.example.org"}
NAMES = list(MAILS)
WORDS = "Nothing like it in the list"
ADD = f"/c/{HERE}/measures/add"
Sent = dict[str, Any]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The house with a second facilitator, and the first one at work in both libraries."""
    with open_house(tmp_path) as opened:
        with opened.database.writing() as session:
            here = consultation_by_slug(session, HERE)
            there = consultation_by_slug(session, ELSEWHERE)
            second = accounts.add(session, MAILS["Second"], "Second", None)
            for role in ("facilitator", "secretariat"):
                accounts.grant(session, second, here, role)
            first = accounts.find(session, MAILS["Facilitator"])
            accounts.grant(session, first, here, "secretariat")
            accounts.grant(session, first, there, "facilitator")
        yield opened


def sign_in(house: House, client: FlaskClient, name: str) -> None:
    """That account signs in, in whatever browser this is."""
    with house.database.writing() as session:
        token = open_staff_session(session, accounts.find(session, MAILS[name]), 12)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True


def drawn(client: FlaskClient, address: str, to: str = "", **typed: str) -> tuple[str, Sent]:
    """A page with its form filled in, not sent yet: where it goes, and what it says."""
    tree = html.fromstring(client.get(address).text)
    found = [one for one in tree.xpath("//form[@method='post']") if (one.get("action") or "") == to]
    data: Sent = dict(found[0].form_values())
    return to or address, data | {f"item-{name}": value for name, value in typed.items()}


def stored(house: House) -> list[int]:
    return [len(house.rows(table)) for table in (JournalEntry, MeasureVersion, Submission)]


def refused(answer: TestResponse, drawn_for: str, present: str) -> str:
    assert answer.status_code == 409
    assert faults(answer.text) == []
    words = " ".join(html.fromstring(answer.text).xpath("string(//main)").split())
    assert f"opened for {drawn_for}; this browser is now signed in as {present}" in words
    assert "Nothing was stored" in words and f"Go on as {present}" in words
    assert "sign in with that account" in words
    return words


def test_the_header_says_who_is_signed_in(house: House) -> None:
    client = house.client("facilitator")
    for address in (
        "/staff/",
        "/staff/password",
        ADD,
        f"/c/{HERE}/facilitate",
        f"/c/{HERE}/results",
        f"/c/{HERE}/measures/L1",
    ):
        header = html.fromstring(client.get(address).text).xpath("string(//header)")
        assert "Signed in as Facilitator" in header, address
    assert "Signed in as" not in house.client().get("/staff/login").text


@pytest.mark.parametrize(("first", "second"), [NAMES, NAMES[::-1]])
def test_what_one_account_typed_is_not_stored_for_another(house: House, first: str, second: str) -> None:
    client = house.client()
    sign_in(house, client, first)
    address, data = drawn(client, ADD, title_en="Tools", text_en="Drills.", theme="house", reason=WORDS)
    sign_in(house, client, second)
    before = stored(house)
    answer = client.post(address, data=data)
    words = refused(answer, first, second)
    assert WORDS in words and "Drills." in words
    assert stored(house) == before
    again = html.fromstring(answer.text).xpath("//main//form")[0]
    sign_in(house, client, first)
    assert client.post(again.get("action"), data=dict(again.form_values())).status_code == 303
    newest = max(house.rows(JournalEntry), key=lambda entry: entry.number)
    assert newest.actor == MAILS[first]


@pytest.mark.parametrize(
    "below",
    [
        "measures/L1/drop",
        "facilitate/stages/round-2/close",
        "facilitate/experts/E01/withdraw",
        "facilitate/experts/E01/new-link",
        "measures/proposals/{proposal}/withhold",
    ],
)
def test_no_act_is_done_for_another_account(house: House, below: str) -> None:
    client = house.client("facilitator")
    address, data = drawn(client, f"/c/{HERE}/{house.path(below)}", reason=WORDS)
    sign_in(house, client, "Second")
    before = stored(house)
    refused(client.post(address, data=data), "Facilitator", "Second")
    assert stored(house) == before


def test_a_sheet_that_was_filled_in_is_kept(house: House) -> None:
    client = house.client("facilitator")
    address, data = drawn(client, f"/c/{HERE}/facilitate/experts/E08/enter/round-2")
    sign_in(house, client, "Second")
    answer = client.post(address, data={**data, "channel": "paper", "item-L1.wish.reason": WORDS})
    assert WORDS in refused(answer, "Facilitator", "Second")
    assert html.fromstring(answer.text).xpath("//input[@name='channel']/@value") == ["paper"]


def test_no_file_goes_to_another_account(house: House) -> None:
    client = house.client("facilitator")
    address = f"/c/{HERE}/downloads"
    sent = drawn(client, address, f"{address}/participation.csv")
    sign_in(house, client, "Second")
    before = stored(house)
    refused(client.post(sent[0], data=sent[1]), "Facilitator", "Second")
    assert stored(house) == before


def test_no_password_is_set_for_another_account_nor_shown_to_it(house: House) -> None:
    client = house.client("facilitator")
    new = "five other words of one"
    address, data = drawn(client, "/staff/password", current=PASSWORD, new=new, again=new)
    sign_in(house, client, "Second")
    answer = client.post(address, data=data)
    refused(answer, "Facilitator", "Second")
    assert "words of" not in answer.text
    assert house.rows(Account, email=MAILS["Second"])[0].password_hash is None


def test_a_password_is_never_sent_back_in_a_page(house: House) -> None:
    """Also where only the token of the page ran out."""
    client = house.client("facilitator")
    for address, name in (("/staff/password", "item-new"), ("/staff/login", "item-password")):
        answer = client.post(address, data={name: "five other words", "item-email": "a@b.example"})
        assert answer.status_code == 400 and "five other words" not in answer.text
    asked = {
        f"item-{name}"
        for _, form in getmembers(forms, isclass)
        if issubclass(form, forms.StaffForm)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert asked == typed.SECRETS


def test_nobody_signs_another_account_out(house: House) -> None:
    client = house.client("facilitator")
    sent = drawn(client, ADD, "/staff/sign-out")
    sign_in(house, client, "Second")
    refused(client.post(sent[0], data=sent[1]), "Facilitator", "Second")
    assert "Signed in as Second" in client.get("/staff/").text


def test_a_form_of_one_consultation_does_nothing_in_another(house: House) -> None:
    client = house.client("facilitator")
    _, data = drawn(client, ADD, title_en="Tools", text_en="Drills.", theme="house", reason=WORDS)
    before = stored(house)
    answer = client.post(f"/c/{ELSEWHERE}/measures/add", data=data)
    assert answer.status_code == 409 and WORDS in answer.text
    assert "does not tell who sent it" in answer.text
    answer = client.post(f"/c/{HERE}/measures/L1/drop", data=data)
    assert answer.status_code == 409, "of the same consultation, but of another page"
    assert stored(house) == before


def test_a_mark_tells_neither_number_nor_address_of_an_account(house: House) -> None:
    tags = []
    for name in NAMES:
        client = house.client()
        sign_in(house, client, name)
        pages = [drawn(client, address)[1]["mark"] for address in (ADD, "/staff/password")]
        assert pages[0] != pages[1] and pages[0][:16] == pages[1][:16]
        assert MAILS[name] not in client.get(ADD).text
        tags.append(pages[0][:16])
    assert tags[0] != tags[1] and not any(tag.isdecimal() for tag in tags)


def test_a_mark_of_an_expert_opens_nothing_for_staff(house: House) -> None:
    client = house.client("facilitator")
    address, data = drawn(client, ADD, reason=WORDS)
    mark = data["mark"]
    for wrong in ("", mark[:-1], "a" * 16 + mark[16:], mark[16:] + mark[:16]):
        answer = client.post(address, data={**data, "mark": wrong})
        assert answer.status_code == 409 and WORDS in answer.text
