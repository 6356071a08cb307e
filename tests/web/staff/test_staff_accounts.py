"""Staff come in by password or one-time link, and go out for good."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.models import AccountLink
from consult.services.staff import accounts, sign_in
from tests.web.staffing import HERE, PASSWORD, House, open_house, proof, refused, send, token_of

MAIL = "facilitator@staff.example.org"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def _link(house: House) -> str:
    with house.database.writing() as session:
        account = accounts.find(session, "analyst@staff.example.org")
        made = sign_in.make_link(session, account, house.app.extensions["consult_config"])
    return made.partition("8000")[2]


def test_a_password_opens_the_page_asked_for(house: House) -> None:
    client = house.client()
    address = f"/staff/login?next=/c/{HERE}/facilitate"
    answer = send(client, address, email=MAIL, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, f"/c/{HERE}/facilitate")
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
        "\t//evil.example",
        "///evil.example",
        "",
        "c/x",
    ],
)
def test_signing_in_never_leads_elsewhere(house: House, wanted: str) -> None:
    client = house.client()
    token = token_of(client, "/staff/login")
    answer = client.post(
        "/staff/login",
        query_string={"next": wanted},
        data={"csrf_token": token, "item-email": MAIL, "item-password": PASSWORD},
    )
    assert answer.status_code == 303
    assert answer.location == "/staff/" or answer.location.startswith("/%09")


def test_a_wrong_password_is_refused_and_the_address_kept(house: House) -> None:
    client = house.client()
    answer = refused(client, "/staff/login", email=MAIL, password="not this one")
    assert answer.status_code == 200
    assert "There is a problem" in answer.text and f'value="{MAIL}"' in answer.text
    assert "not this one" not in answer.text
    unknown = refused(client, "/staff/login", email="who@example.org", password="not this one")
    assert "do not fit together" in answer.text and "do not fit together" in unknown.text
    assert client.get("/staff/").status_code == 303


def test_opening_a_link_uses_nothing_up_and_pressing_the_button_does(house: House) -> None:
    address, client = _link(house), house.client()
    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert [row.used_at for row in house.rows(AccountLink)] == [None]
    assert send(client, address).location == "/staff/"
    assert HERE in client.get("/staff/").text
    again = house.client()
    assert again.get(address).status_code == 410
    data = {"csrf_token": token_of(again, "/staff/login")}
    assert again.post(address, data=data).status_code == 410
    assert again.get("/staff/").status_code == 303


def test_signing_out_ends_the_session_itself(house: House) -> None:
    client = house.client("analyst")
    with client.session_transaction() as cookie:
        kept = cookie["_user_id"]
    answer = client.post("/staff/sign-out", data=proof(client, "/staff/sign-out", "/staff/"))
    assert answer.location == "/staff/signed-out"
    last = client.get("/staff/signed-out")
    assert last.headers["Clear-Site-Data"] == '"cache"'
    with client.session_transaction() as cookie:
        cookie["_user_id"] = kept
    assert client.get("/staff/").status_code == 303


def test_the_first_page_shows_only_ones_own_rooms(house: House) -> None:
    text = house.client("secretariat").get("/staff/").text
    assert f"/c/{HERE}/facilitate" in text and f"/c/{HERE}/downloads" in text
    assert f"/c/{HERE}/measures" not in text and "other-library" not in text
    assert "no role" in house.client("nobody").get("/staff/").text


def test_changing_the_password_ends_other_sessions(house: House) -> None:
    client, other = house.client("facilitator"), house.client("facilitator")
    new = "five other words of one"
    wrong = refused(client, "/staff/password", current="wrong one", new=new, again=new)
    assert wrong.status_code == 200 and "not your present password" in wrong.text
    differ = refused(client, "/staff/password", current=PASSWORD, new=new, again="something else")
    assert differ.status_code == 200 and "differ" in differ.text
    short = refused(client, "/staff/password", current=PASSWORD, new="short", again="short")
    assert short.status_code == 200 and "12 to 200" in short.text
    done = send(client, "/staff/password", current=PASSWORD, new=new, again=new)
    assert done.location == "/staff/"
    assert client.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 303
    fresh = house.client()
    assert refused(fresh, "/staff/login", email=MAIL, password=PASSWORD).status_code == 200
    assert send(fresh, "/staff/login", email=MAIL, password=new).status_code == 303


def test_an_account_without_a_password_sets_its_first(house: House) -> None:
    client = house.client("analyst")
    assert "Present password" not in client.get("/staff/password").text
    new = "five other words of one"
    assert send(client, "/staff/password", new=new, again=new).status_code == 303
