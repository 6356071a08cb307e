"""Numbers nobody has, too long, negative or of other alphabets: refused wherever they stand."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from consult import clock
from consult.models import Comment, Consultation, Contact, Expert
from consult.services.access import invitations
from consult.services.answering.responding import find_respondent
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.web.assets import asset
from consult.web.results.charts import library
from tests.services.conftest import panel_file
from tests.services.samples import every_type
from tests.web.marked import mark_for
from tests.web.staffing import HERE, ROLES, House, open_house, open_house_on_postgresql
from tests.web.visiting import Browser, enter

EVERY = "every-type"
ODD = (
    "1" + "0" * 23,
    "9223372036854775808",
    "-1",
    "0",
    "00",
    "7" * 5_000,
    "\u0663",
    "\uff11",
    "²",
    "1e9",
    "1.0",
    "0x10",
    "NaN",
    "1_0",
    " 1",
    "1\x00",
    "\x00",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "' OR 1=1 --",
)
ALIKE = ("accounts.link", "published.one", "enter.landing")
"""The same page whatever is asked for: before a button is pressed, before anything is public."""
REFUSED = (401, 403, 404, 405, 409, 410, 429)
"""409: no page has such an address, so no form was drawn for it; 429: asked too often, whatever
stands in the address."""
QUERIES = ("page", "show", "stage", "round", "measure", "sort", "criterion", "group", "n-ideas", "lang", "format")
FEW = ("1" + "0" * 23, "-1", "7" * 5_000, "\u0663", "1\x00")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The town library, and beside it an open questionnaire with every type of question."""
    opened = open_house(tmp_path_factory.mktemp("odd")) if request.param == "sqlite" else open_house_on_postgresql()
    with opened as made:
        with made.database.writing() as session:
            start = clock.utc_now().date() - timedelta(days=1)
            held = publishing.publish(session, every_type(), actor="t", slug=EVERY, start=start)
            importing.import_panel(session, held, every_type(), panel_file(2, start=80), "t")
            stage_acts.tick(session, held)
        yield made


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, FlaskClient]:
    found = {"anonymous": house.client(), "expert": house.client()}
    with house.database.writing() as session:
        experts = session.scalars(
            select(Expert)
            .join(Contact, Contact.expert_id == Expert.id)
            .where(Contact.email.in_(("person1@example.org", "person80@example.org")))
        ).all()
        tokens = [invitations.create_invitation(session, expert) for expert in experts]
    for token in tokens:
        enter(Browser(found["expert"]), f"/i/{token}")
    return found | {role: house.client(role) for role in ROLES}


def known(house: House) -> dict[str, str]:
    """For each part of an address something that is there."""
    return {
        "slug": HERE,
        "stage": "",
        "page": "L1",
        "measure": "L1",
        "key": "L1",
        "code": "E14",
        "handle": house.rows(Comment)[0].handle,
        "decision": "sent",
        "view": "shares",
        "name": "participation.csv",
        "token": "no-such-token",
        "release": library()[0],
        "kind": "message",
        "digest": asset("consult.css").digest,
        "filename": "consult.css",
        "use": "reasons",
    }


def odd_addresses(house: House) -> Iterator[tuple[Rule, str]]:
    """Every address there may be, with an odd number in place of one of its parts."""
    there = known(house)
    for rule in house.app.url_map.iter_rules():
        is_answered = rule.endpoint.partition(".")[0] in ("respond", "autosave", "reading")
        there["stage"] = "round-2" if is_answered else "round-1"
        assert rule.arguments <= there.keys(), f"{rule.rule}: say in `known` what may stand there"
        for part in sorted(rule.arguments - {"decision", "kind"}):
            for odd in ODD:
                values = {**{name: there[name] for name in rule.arguments}, part: odd}
                built = rule.build(values, append_unknown=False)
                assert built is not None
                yield rule, quote(built[1], safe="/%")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_odd_numbers_lead_nowhere(house: House, people: Mapping[str, FlaskClient], method: str) -> None:
    tokens = {who: _token(client) for who, client in people.items()}
    asked = 0
    for rule, address in odd_addresses(house):
        if method not in (rule.methods or ()):
            continue
        for who in _who(rule):
            data = {"csrf_token": tokens[who], "item-reason": "Because"} if method == "POST" else {}
            if method == "POST":
                data["mark"] = mark_for(people[who], address)
            answer = people[who].open(address, method=method, data=data)
            asked += 1
            expected = REFUSED if method == "POST" or who != "anonymous" else (*REFUSED, 303)
            if rule.endpoint in ALIKE:
                expected = (*expected, 200)
            assert answer.status_code in expected, (who, address[:200], answer.status_code)
    assert asked > 500


def _who(rule: Rule) -> tuple[str, str]:
    """Who may go there, and somebody who may not."""
    room = rule.endpoint.partition(".")[0]
    if room in ("facilitate", "measures"):
        return "facilitator", "anonymous"
    return "analyst" if room in ("dashboards", "downloads", "briefing") else "expert", "anonymous"


def _token(client: FlaskClient) -> str:
    browser = Browser(client)
    browser.get("/staff/login")
    return str(browser.tree.xpath("string(//input[@name='csrf_token']/@value)"))


def test_odd_numbers_in_queries_are_passed_over(house: House, people: Mapping[str, FlaskClient]) -> None:
    wanted = {
        "facilitator": ("measures/comments", "facilitate", "results/round-1"),
        "analyst": ("results", "results/round-1/L1", "results/charts/shares"),
        "expert": ("", "stage/round-2/L1", "public"),
    }
    assert set(wanted) <= set(people) and FEW
    for who, paths in wanted.items():
        for path, odd in product(paths, FEW):
            query = dict.fromkeys(QUERIES, odd)
            for asked in (query, *({name: odd} for name in ("page", "stage", "show"))):
                answer = people[who].get(f"/c/{HERE}/{path}", query_string=asked)
                assert answer.status_code < 500, (who, path, asked)


def test_odd_numbers_typed_into_a_page_are_refused_in_words(house: House, people: Mapping[str, FlaskClient]) -> None:
    """In every field, hidden ones and marks among them; then the page still opens."""
    client, seen = people["expert"], set()
    browser = Browser(client)
    for address in (*_pages(house), f"/c/{EVERY}/stage/first-look/projects"):
        browser.get(f"/c/{EVERY}/stage/first-look/closeness")
        browser.press("go", "next", typed={"joined": "yes"})  # then it is asked how many
        browser.get(address)
        names = {str(name) for name in browser.tree.xpath("//main//form//@name")}
        seen |= {str(kind) for kind in browser.tree.xpath("//main//input/@inputmode")}
        for name, odd in product(sorted(names - {"csrf_token", "item-joined"}), FEW):
            sent = {"csrf_token": _token(client), "go": "next", name: odd}
            assert client.post(address, data=sent).status_code < 500, (address, name, odd)
        for odd in FEW:
            assert client.get(f"{address}?n-ideas={quote(odd)}").status_code == 200, odd
            sent = {"csrf_token": _token(client), "add": "ideas", "shown-ideas": odd}
            assert client.post(address, data=sent).status_code < 500, odd
    assert seen == {"decimal", "numeric"}


def _pages(house: House) -> list[str]:
    """The pages of the questionnaire, and one where a measure is rated."""
    with house.reading() as session:
        held = session.scalars(select(Consultation).filter_by(slug=EVERY)).one()
        expert = session.scalars(select(Expert).filter_by(consultation_id=held.id)).all()[0]
        stage = stages.find_stage(session, held.id, "first-look")
        steps = find_respondent(session, held, every_type(), expert, stage).steps()
    return [*(f"/c/{EVERY}/stage/first-look/{step.key}" for step in steps), f"/c/{HERE}/stage/round-2/L1"]
