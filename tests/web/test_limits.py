"""How often one may try, by caller and by account, over several processes of one server."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from consult.config import Config
from consult.errors import ConfigInvalid
from consult.models import AccountLink, Attempt, Message
from consult.services.staff import passwords
from consult.web import callers, limits
from consult.web.application import make_app
from tests.web.staffing import HERE, PASSWORD, House, open_house, send, token_of

MAIL = "facilitator@staff.example.org"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def another(house: House, **settings: Any) -> FlaskClient:
    """A browser at a further process of the same server."""
    config: Config = replace(house.app.extensions["consult_config"], **settings)
    return make_app(config).test_client()


def log_in(client: FlaskClient, email: str = MAIL, password: str = "wrong words of one") -> int:
    return _said(send(client, "/staff/login", email=email, password=password))


def _said(answer: TestResponse) -> int:
    """The status; 400 of a refusal, which leads back to the form."""
    return 400 if "held=" in str(answer.location) else answer.status_code


def test_one_caller_is_slowed_down_over_all_processes(house: House) -> None:
    clients = [another(house, rate_limit="3 per minute") for _ in range(2)]
    said = [log_in(clients[n % 2], f"nobody{n}@example.org") for n in range(6)]
    assert said == [400, 400, 400, 429, 429, 429]
    refused = send(clients[0], "/staff/login", email=MAIL, password=PASSWORD)
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Too many attempts" in refused.text and PASSWORD not in refused.text


def test_one_account_is_guarded_whoever_calls(house: House) -> None:
    """Guesses from many addresses; the owner who got in before is not kept waiting by old ones."""
    clients = [house.client() for _ in range(3)]
    for n in range(limits.PASSWORDS.number - 1):
        assert log_in(clients[n % 3]) == 400
    assert log_in(clients[0], password=PASSWORD) == 303
    assert [log_in(house.client()) for _ in range(limits.PASSWORDS.number)][-1] == 400
    assert log_in(house.client()) == 429
    assert log_in(house.client(), f" {MAIL.upper()} ", PASSWORD) == 429
    assert log_in(house.client(), "stranger@staff.example.org") == 400


def test_the_present_password_is_guarded_too(house: House) -> None:
    client = house.client("facilitator")
    new = {"new": "five other words of one", "again": "five other words of one"}
    said = [
        _said(send(client, "/staff/password", current="wrong words", **new)) for _ in range(limits.PASSWORDS.number + 1)
    ]
    assert said == [400] * limits.PASSWORDS.number + [429]


def test_one_address_is_not_flooded_with_links(house: House) -> None:
    """Known to the panel or not: the answers are the same."""
    for email in ("person1@example.org", "nobody@example.org"):
        said = [_new_link(another(house), email).status_code for _ in range(7)]
        assert said == [303] * limits.NEW_LINKS.number + [429] * 2
    assert _new_link(house.client(), "person2@example.org").status_code == 303
    assert len(house.rows(Message, purpose="new_link")) <= 2


def _new_link(client: FlaskClient, email: str) -> TestResponse:
    address = f"/c/{HERE}/new-link"
    token = client.get(address).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    return client.post(address, data={"csrf_token": token, "email": email})


def test_links_of_staff_are_not_guessed_at_will(house: House) -> None:
    client = another(house, rate_limit="2 per minute")
    token = token_of(client, "/staff/login")
    said = [client.post(f"/staff/link/{n * 40}", data={"csrf_token": token}).status_code for n in "abcd"]
    assert said == [410, 410, 429, 429]
    assert house.rows(AccountLink) == []


def test_reading_is_not_counted(house: House) -> None:
    client = another(house, rate_limit="1 per minute")
    assert [client.get("/staff/login").status_code for _ in range(4)] == [200] * 4
    assert house.rows(Attempt) == []


# Who calls


def seen_from(proxies: str, remote: str, named: str, *, is_https: bool = True) -> str:
    """The caller's address as the application sees it."""
    url = "https://consult.example.org" if is_https else "http://127.0.0.1:8000"
    config = Config(public_url=url, secret_key="k" * 48, trusted_proxies=proxies)
    app = Flask("seen")
    app.add_url_rule("/", view_func=lambda: str(request.remote_addr))
    app.wsgi_app = callers.behind(app.wsgi_app, config.proxies)  # type: ignore[assignment,method-assign]
    headers = {"X-Forwarded-For": named} if named else {}
    return app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": remote}).text


@pytest.mark.parametrize(
    ("proxies", "remote", "named", "seen"),
    [
        ("", "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("", "10.0.0.2", "203.0.113.9", "10.0.0.2"),
        ("0", "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        ("1", "10.0.0.2", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("2", "10.0.0.2", "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.0/8", "10.0.0.2", "203.0.113.9, 10.0.0.3", "203.0.113.9"),
        ("10.0.0.0/8", "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        ("10.0.0.2, ::1", "::1", "2001:db8::9, 10.0.0.2", "2001:db8::9"),
        ("10.0.0.2", "10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "10.0.0.2", "rubbish", "rubbish"),
    ],
)
def test_only_trusted_proxies_are_believed(proxies: str, remote: str, named: str, seen: str) -> None:
    assert seen_from(proxies, remote, named) == seen


def test_without_https_and_setting_nobody_is_believed() -> None:
    assert seen_from("", "127.0.0.1", "203.0.113.9", is_https=False) == "127.0.0.1"


ADDRESSES = st.ip_addresses(v=4).map(str).filter(lambda found: not found.startswith("10."))


@given(claimed=st.lists(ADDRESSES, max_size=4), caller=ADDRESSES, hops=st.integers(0, 2))
def test_no_caller_chooses_an_address(claimed: list[str], caller: str, hops: int) -> None:
    """Whatever a caller claims, the proxies write its address behind it, and that one is taken."""
    chain = [*claimed, caller, *[f"10.0.0.{n}" for n in range(2, 2 + hops)]]
    assert seen_from("10.0.0.0/8", "10.0.0.1", ", ".join(chain)) == caller


def test_callers_of_one_network_count_as_one(house: House) -> None:
    """Within an IPv6 network of 64 bits one has addresses at will."""
    client = another(house, rate_limit="2 per minute", trusted_proxies="1")
    said = []
    for place in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = place
        said.append(log_in(client, "nobody@example.org"))
    assert said == [400, 400, 429, 400]


@pytest.mark.parametrize("proxies", ["11", "-1", "proxy.example.org", "10.0.0.0/33", ","])
def test_unreadable_proxies_are_refused_in_words(proxies: str) -> None:
    with pytest.raises(ConfigInvalid, match="CONSULT_TRUSTED_PROXIES"):
        Config(trusted_proxies=proxies)


@pytest.mark.parametrize("rate", ["", "ten per minute", "0 per minute", "5 per 0 days", "5/minute"])
def test_unreadable_rates_are_refused_in_words(rate: str) -> None:
    with pytest.raises(ConfigInvalid, match="CONSULT_RATE_LIMIT"):
        Config(rate_limit=rate)


# Computing passwords


@pytest.fixture
def free(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes whether somebody else could write whenever a password was computed."""
    noted: list[str] = []
    path = str(house.database.file)

    class Hasher:
        def __getattr__(self, name: str) -> Any:
            honest = getattr(real, name)

            def compute(*given: Any) -> Any:
                noted.append(f"{name}: {_can_write(path)}")
                return honest(*given)

            return compute

    real = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Hasher())
    return noted


def _can_write(path: str) -> bool:
    connection = sqlite3.connect(path, timeout=0)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_others_can_write_while_a_password_is_computed(house: House, free: list[str]) -> None:
    assert log_in(house.client(), password=PASSWORD) == 303
    client, new = house.client("facilitator"), "five other words of one"
    done = send(client, "/staff/password", current=PASSWORD, new=new, again=new)
    assert done.status_code == 303
    assert {line.partition(":")[0] for line in free} >= {"verify", "hash"}
    assert [line for line in free if line.endswith("False")] == []


def test_a_password_changed_meanwhile_opens_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, before = passwords.recognise, passwords.hashed("what it was before")

    def late(session: Any, stored: passwords.Stored, password: str) -> object:
        return honest(session, stored._replace(password_hash=before), password)

    monkeypatch.setattr(passwords, "recognise", late)
    assert log_in(house.client(), password=PASSWORD) == 400
