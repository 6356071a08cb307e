"""Who may enter which staff page: every endpoint, every role, one's own place and another."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed

from consult.models import Account, JournalEntry, LoginSession
from tests.web.staffing import ELSEWHERE, HERE, House, open_house, proof, token_of

FACILITATOR, BOARD = frozenset({"facilitator"}), frozenset({"facilitator", "secretariat"})
READERS = frozenset({"facilitator", "secretariat", "analyst"})
FILES = frozenset({"secretariat", "analyst"})

# Address below the consultation, who may, status of a GET for them.
PAGES: dict[str, tuple[str, frozenset[str], int]] = {
    "facilitate.board": ("facilitate", BOARD, 200),
    "facilitate.open_stage": ("facilitate/stages/round-2/open", FACILITATOR, 200),
    "facilitate.extend_stage": ("facilitate/stages/round-2/extend", FACILITATOR, 200),
    "facilitate.close_stage": ("facilitate/stages/round-2/close", FACILITATOR, 200),
    "facilitate.finish.act": ("facilitate/finish", FACILITATOR, 200),
    "facilitate.new_link": ("facilitate/experts/E01/new-link", BOARD, 200),
    "facilitate.end_links": ("facilitate/experts/E01/end-links", BOARD, 200),
    "facilitate.letters.index": ("facilitate/letters", BOARD, 200),
    "facilitate.withdraw": ("facilitate/experts/E01/withdraw", FACILITATOR, 200),
    "facilitate.entering.sheet": ("facilitate/experts/E08/enter/round-2", FACILITATOR, 200),
    "facilitate.acts": ("facilitate/journal", FACILITATOR, 200),
    "measures.editor": ("measures", FACILITATOR, 200),
    "measures.add": ("measures/add", FACILITATOR, 200),
    "measures.measure": ("measures/L1", FACILITATOR, 200),
    "measures.reword": ("measures/L1/reword", FACILITATOR, 200),
    "measures.merge": ("measures/L1/merge", FACILITATOR, 200),
    "measures.drop": ("measures/L1/drop", FACILITATOR, 200),
    "measures.moderate.comments": ("measures/comments", FACILITATOR, 200),
    "measures.moderate.accept_comment": ("measures/comments/{comment}/accept", FACILITATOR, 200),
    "measures.moderate.withhold_comment": ("measures/comments/{comment}/withhold", FACILITATOR, 200),
    "measures.moderate.accept_proposal": ("measures/proposals/{proposal}/accept", FACILITATOR, 200),
    "measures.moderate.merge_proposal": ("measures/proposals/{proposal}/merge", FACILITATOR, 200),
    "measures.moderate.withhold_proposal": ("measures/proposals/{proposal}/withhold", FACILITATOR, 200),
    "measures.moderate.entitle_proposal": ("measures/proposals/{proposal}/title", FACILITATOR, 200),
    "dashboards.results": ("results", READERS, 200),
    "dashboards.stage_results": ("results/round-1", READERS, 200),
    "dashboards.measure": ("results/round-1/L1", READERS, 200),
    "dashboards.charts.show": ("results/charts/shares", READERS, 200),
    "downloads.index": ("downloads", FILES, 200),
    "briefing.show": ("briefing", READERS, 200),
}
ACTS = {
    "facilitate.decide_mail": ("facilitate/mails/aaaaaaaaaaaaaaaa/sent", FACILITATOR),
    "facilitate.correcting.expert": ("facilitate/experts/E01/correct", BOARD),
    "facilitate.letters.delete": ("facilitate/letters/nosuchhandle2345/delete", BOARD),
    "downloads.file": ("downloads/consensus-table.csv", FILES),
    "downloads.package": ("downloads/package.zip", frozenset({"analyst"})),
}
STAFF = ("accounts", "facilitate", "measures", "dashboards", "downloads", "briefing")
OWN = {
    "accounts.login",
    "accounts.link",
    "accounts.home",
    "accounts.sign_out",
    "accounts.signed_out",
    "accounts.change_password",
    "dashboards.plotly",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("access")
    with open_house(folder) as opened:
        yield opened


def _acts(house: House) -> list[tuple[object, ...]]:
    """Everything staff can leave behind, sessions of the tests left out."""
    return [(row.number, row.act) for row in house.rows(JournalEntry)]


def test_every_staff_endpoint_is_in_the_table(house: House) -> None:
    known = {*PAGES, *ACTS, *OWN}
    found = {rule.endpoint for rule in house.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in STAFF}
    assert found == known


def test_every_staff_view_has_a_guard(house: House) -> None:
    missing = [
        name
        for name, view in house.app.view_functions.items()
        if name.partition(".")[0] in STAFF and not hasattr(view, "guard")
    ]
    assert missing == []


@pytest.mark.parametrize("role", ["facilitator", "secretariat", "analyst", "nobody", "stranger"])
def test_pages_open_to_their_roles_only(house: House, role: str) -> None:
    client = house.client(role)
    for endpoint, (path, allowed, status) in PAGES.items():
        answer = client.get(f"/c/{HERE}/{house.path(path)}")
        assert answer.status_code == (status if role in allowed else 403), endpoint


@pytest.mark.parametrize("role", ["facilitator", "secretariat", "analyst", "nobody"])
def test_another_consultation_is_closed(house: House, role: str) -> None:
    client = house.client(role)
    for endpoint, (path, _, _) in PAGES.items():
        assert client.get(f"/c/{ELSEWHERE}/{house.path(path)}").status_code == 403, endpoint
        assert client.get(f"/c/no-such-place/{house.path(path)}").status_code == 404, endpoint


def test_things_of_another_consultation_are_not_found_in_ones_own(house: House) -> None:
    """The stranger runs the other library: keys and handles of this one mean nothing there."""
    client = house.client("stranger")
    for path in (
        "facilitate/experts/E14/new-link",
        "facilitate/experts/E14/end-links",
        "facilitate/experts/E14/withdraw",
        "measures/comments/{comment}/accept",
        "measures/proposals/{proposal}/accept",
        "results/round-1/L1",
    ):
        assert client.get(f"/c/{ELSEWHERE}/{house.path(path)}").status_code == 404, path


@pytest.mark.parametrize("role", ["secretariat", "analyst", "nobody", "stranger", None])
def test_acts_are_refused_and_change_nothing(house: House, role: str | None) -> None:
    client = house.client(role)
    before = _acts(house)
    posts = {key: (path, allowed) for key, (path, allowed, _) in PAGES.items()} | ACTS
    for endpoint, (path, allowed) in posts.items():
        if role in allowed:
            continue
        address = f"/c/{HERE}/{house.path(path)}"
        carried = _carried(client, address, role)
        answer = client.post(address, data={**carried, "item-reason": "because"})
        expected = {401, 405} if role is None else {403, 405}
        assert answer.status_code in expected, endpoint
    assert _acts(house) == before


def _carried(client: FlaskClient, address: str, role: str | None) -> dict[str, str]:
    """All that a form of theirs would carry, so that nothing but the role stands in the way."""
    if role is not None:
        with suppress(MethodNotAllowed):
            return proof(client, address, "/staff/login")
    return {"csrf_token": token_of(client, "/staff/login")}


def test_signed_out_readers_are_led_to_the_sign_in(house: House) -> None:
    client = house.client()
    for path, _, _ in PAGES.values():
        for slug in (HERE, "no-such-place"):
            answer = client.get(f"/c/{slug}/{house.path(path)}")
            assert answer.status_code == 303
            assert answer.location.startswith("/staff/login?next=")


def test_reading_leaves_no_trace(house: House) -> None:
    client = house.client("facilitator")
    before = _acts(house), len(house.rows(LoginSession)), len(house.rows(Account))
    for path, allowed, _ in PAGES.values():
        if "facilitator" in allowed:
            client.get(f"/c/{HERE}/{house.path(path)}")
            client.head(f"/c/{HERE}/{house.path(path)}")
    assert (_acts(house), len(house.rows(LoginSession)), len(house.rows(Account))) == before


def test_a_post_without_a_token_is_refused(house: House) -> None:
    client = house.client("facilitator")
    before = _acts(house)
    for path in ("measures/L1/drop", "facilitate/stages/round-2/close", "facilitate/mails/aaaaaaaaaaaaaaaa/sent"):
        answer = client.post(f"/c/{HERE}/{house.path(path)}", data={"item-reason": "because"})
        assert answer.status_code == 400
    assert _acts(house) == before
