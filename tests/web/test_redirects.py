"""Post, redirect, get: whatever is sent to whatever address, Back never sends it a second time.

Every POST answers with a redirect, with something that is no page (a file, JSON, plain text for a
mail program), or with an error page that has nothing to fill in.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.models import Consultation, Expert
from consult.services.access import invitations
from consult.web.access import public
from tests.web.marked import mark_for
from tests.web.staffing import HERE, House, open_house
from tests.web.test_sweep import addresses
from tests.web.visiting import Browser, enter

ERRORS = (400, 401, 403, 404, 405, 409, 410, 413, 429, 503)
TO_FILL_IN = "//main//form//*[self::textarea or self::select or self::input[@type!='hidden']]"
KINDS = ("empty", "invalid", "valid")
LAST = ("facilitate.close_stage", "facilitate.withdraw", "mydata.leave", "enter.sign_out", "accounts.sign_out")
"""What ends a stage, a membership or a session comes at the end, in this order."""
ENOUGH = 4
"""Addresses of one rule that show a page; every kind of page has its own rule or question."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def _people(house: House) -> dict[str, FlaskClient]:
    with house.database.writing() as session:
        consultation = session.scalars(select(Consultation).filter_by(slug=HERE)).one()
        experts = session.scalars(select(Expert).filter_by(consultation_id=consultation.id))
        tokens = [invitations.create_invitation(session, one) for one in experts.all()[5:7]]
    found = {who: house.client() for who in ("leaver", "expert", "stranger")}
    for who, token in zip(found, tokens, strict=False):
        enter(Browser(found[who]), f"/i/{token}")
    return found | {role: house.client(role) for role in ("facilitator", "analyst")}


def _rules(house: House) -> list[Rule]:
    found = [rule for rule in house.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return sorted(found, key=lambda rule: (*LAST,).index(rule.endpoint) if rule.endpoint in LAST else -1)


def _wanted(house: House, rule: Rule, client: FlaskClient) -> list[str]:
    """Addresses of a rule that this person may use, a few; else one that is refused."""
    known = [address for address in addresses(house, rule) if f"/c/{HERE}" in address or "slug" not in rule.arguments]
    if "GET" not in (rule.methods or ()):
        return known[:ENOUGH]
    shown = (address for address in known if client.get(address).status_code == 200)
    return list(islice(shown, ENOUGH)) or known[:1]


def _token(client: FlaskClient) -> str:
    page = html.fromstring(client.get(f"/c/{HERE}/new-link").text)
    return str(page.xpath("//main//input[@name='csrf_token']/@value")[0])


def _filled(page: str, kind: str) -> MultiDict[str, str]:
    """What stands in the last form of a page, its fields filled in or spoilt, the last button
    pressed."""
    found: MultiDict[str, str] = MultiDict()
    forms = html.fromstring(page).xpath("//main//form[@method='post']") if page.strip() else []
    for form in forms[-1:]:
        found = MultiDict(form.form_values())
        for field in form.xpath(".//textarea | .//input[@type='text' or @type='password']"):
            found.setlist(field.get("name"), ["x" * 9_000 if kind == "invalid" else "12 words"])
        for field in form.xpath(".//input[@type='radio' or @type='checkbox'] | .//option"):
            name = field.get("name") or field.getparent().get("name")
            found.setlist(name, ["nothing" if kind == "invalid" else field.get("value") or ""])
        for button in form.xpath(".//button[@name]")[-1:]:
            found.add(button.get("name"), button.get("value"))
    return found


def _keeps_to_it(answer: TestResponse) -> bool:
    if answer.status_code in (301, 302, 303, 308) or answer.mimetype != "text/html":
        return answer.status_code < 500
    if answer.status_code not in ERRORS:
        return False
    return html.fromstring(answer.text).xpath(TO_FILL_IN) == []


def pages_of_posts(house: House, people: Mapping[str, FlaskClient]) -> tuple[list[str], set[str]]:
    """Every POST that was answered with a page to be filled in; and how the others were."""
    broken, seen = [], set()
    for who, client in people.items():
        wanted = [(rule, _wanted(house, rule, client)) for rule in _rules(house)]
        for kind, (rule, found) in product(KINDS, wanted):
            is_end = rule.endpoint in LAST and kind != KINDS[-1]
            if is_end or (who, rule.endpoint) == ("expert", "mydata.leave"):
                continue
            for address in found:
                typed: MultiDict[str, str] = MultiDict()
                if kind != "empty" and "GET" in (rule.methods or ()):
                    typed = _filled(client.get(address).text, kind)
                typed["csrf_token"], typed["mark"] = _token(client), mark_for(client, address)
                answer = client.post(address, data=typed, buffered=True)
                seen.add(f"{rule.endpoint} {answer.status_code}")
                if not _keeps_to_it(answer):
                    broken.append(f"{who}: {kind} to {address} answered {answer.status_code}")
    return broken, seen


def test_every_post_is_answered_with_a_redirect_or_an_error_page(house: House) -> None:
    broken, seen = pages_of_posts(house, _people(house))
    assert broken == []
    endpoints = {rule.endpoint for rule in _rules(house)}
    redirected = {item.split()[0] for item in seen if item.endswith(" 303")}
    # Nothing was proved about a view that only ever refused somebody.
    assert endpoints - redirected == {
        "autosave.autosave",
        "correspondence.no_reminders",
        "downloads.file",
        "downloads.package",
        "enter.landing",
        "accounts.link",
        "facilitate.decide_mail",
        "facilitate.letters.delete",
        "links.again",
        "links.write",
        "mydata.my_data_file",
        "mydata.use",
        "signins.end",
        "signins.end_staff",
    }


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (200, "<main><h1>Done</h1></main>"),
        (422, "<main><form method='post'><textarea name='item-x'></textarea></form></main>"),
        (400, "<main><form method='post'><input type='text' name='item-x'></form></main>"),
    ],
)
def test_the_sweep_finds_a_view_that_answers_with_a_page(house: House, status: int, page: str) -> None:
    @public
    def seeded() -> tuple[str, int]:
        return page, status

    house.app.add_url_rule("/seeded", "seeded", seeded, methods=["POST"])
    broken, _ = pages_of_posts(house, {"stranger": house.client()})
    assert broken and all("/seeded" in line for line in broken)
