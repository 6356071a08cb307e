"""Every address of the application, seen by everybody: guards, headers, markup, and no trace."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult import clock, serving
from consult.definition.loader import load
from consult.demo.people import panel_file as ndpc_panel
from consult.models import Base, Comment, Consultation, Contact, Expert, Proposal
from consult.places import data_folder
from consult.services.access import invitations
from consult.services.files import downloads
from consult.services.panel import importing
from consult.services.running import publishing, stage_acts
from consult.web.assets import asset
from consult.web.results.charting.views import VIEWS
from consult.web.results.charts import library
from tests.sources import ROOT
from tests.web.marked import open_doors, takers, unmarked
from tests.web.markup import faults
from tests.web.staffing import HERE, ROLES, House, open_house, token_of
from tests.web.visiting import Browser, enter

NDPC = "ndpc-2020"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}q ${7*7}q &lt;b&gt;"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_CLICK = ("correspondence.no_reminders",)
"""Posted by mail programs, which have no page to take a token from."""
NEVER = ("unsafe-eval", "*", "http:", "https:", "'unsafe-inline' 'self'")
CODE, TOKEN = "E01", "no-such-token"
HERE_STAGES, THERE_STAGES = ("first-look", "round-1", "round-2"), ("pre-event", "event", "round-1")
PAGES: Mapping[str, tuple[str, ...]] = {
    HERE: ("visits", "reasons", "budget", "L1", "L7", "nothing"),
    NDPC: (
        "PRE-03",
        "PRE-04",
        "PRE-08",
        "PRE-12",
        "PRE-13",
        "PRE-14",
        "PRE-17",
        "PRE-21",
        "PRE-23",
        "PRE-25",
        "PRE-26",
        "PRE-31",
        "PRE-32",
        "M01",
        "R1-01",
        "nothing",
    ),
    "nowhere": ("nothing",),
}
"""Pages of the consultations: every type of question there is, and one that is none."""
ROUTED = ("PRE-14", "PRE-17", "PRE-23")
"""Of these, those that are there only after certain answers."""


@dataclass(frozen=True)
class Visit:
    """One answer of the application."""

    who: str
    address: str
    endpoint: str
    answer: TestResponse

    def __str__(self) -> str:
        return f"{self.who} at {self.address} ({self.answer.status_code})"

    @property
    def is_page(self) -> bool:
        return self.answer.mimetype == "text/html"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The staff's house, with the large consultation beside it: there every question type is."""
    folder: Path = tmp_path_factory.mktemp("sweep")
    with open_house(folder) as opened:
        with opened.database.writing() as session:
            definition = load(data_folder("questionnaires") / NDPC)
            consultation = publishing.publish(
                session, definition, actor="test", schedule="plan-b", start=clock.utc_now().date() - timedelta(days=8)
            )
            importing.import_panel(session, consultation, definition, ndpc_panel(), "test")
            stage_acts.tick(session, consultation)
        yield opened


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, FlaskClient]:
    """Everybody who may knock, each with a browser."""
    found = {"anonymous": house.client(), "expert": house.client()}
    for slug in (HERE, NDPC):
        with house.database.writing() as session:
            consultation = session.scalars(select(Consultation).filter_by(slug=slug)).one()
            expert = _first_expert(session, consultation)
            token = invitations.create_invitation(session, expert)
        enter(Browser(found["expert"]), f"/i/{token}")
    return found | {role: house.client(role) for role in ROLES}


def _first_expert(session: Session, consultation: Consultation) -> Expert:
    return session.scalars(select(Expert).filter_by(consultation_id=consultation.id).order_by(Expert.id)).all()[0]


def _values(house: House, slug: str) -> dict[str, tuple[str, ...]]:
    """What may stand for each part of an address, in one consultation."""
    here = HERE_STAGES if slug == HERE else THERE_STAGES
    return {
        "slug": (slug,),
        "stage": (*here, "nothing"),
        "page": PAGES[slug],
        "measure": ("L1", "L7", "M01", "nothing"),
        "key": ("L1", "M01", "nothing"),
        "code": (CODE, "E99"),
        "handle": (house.rows(Comment)[0].handle, house.rows(Proposal)[0].handle, "a" * 16),
        "decision": ("sent",),
        "view": (*VIEWS, "nothing"),
        "name": (*downloads.FILES, "nothing.csv"),
        "token": (TOKEN,),
        "kind": ("nomination", "message"),
        "release": (library()[0], "0"),
        "digest": (asset("consult.css").digest, "0" * 16),
        "use": ("reasons", "counted", "nothing"),
        "filename": ("consult.css", "answering.js", "nothing.css", "../application.py"),
    }


def addresses(house: House, rule: Rule) -> list[str]:
    """Plausible addresses of a rule. A part nobody has named here is a failure, not a gap."""
    slugs = PAGES if "slug" in rule.arguments else (HERE,)
    found = []
    for slug in slugs:
        known = _values(house, slug)
        unknown = rule.arguments - set(known)
        assert not unknown, f"{rule.rule}: say in _values what may stand for {sorted(unknown)}"
        names = sorted(rule.arguments)
        for values in product(*(known[name] for name in names)):
            built = rule.build(dict(zip(names, values, strict=True)), append_unknown=False)
            assert built is not None
            found.append(built[1])
    return found


def visits(house: House, people: Mapping[str, FlaskClient], method: str) -> Iterator[Visit]:
    for rule in house.app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        for address in addresses(house, rule):
            for who, client in people.items():
                # Read to the end and closed, as a server does: an open answer keeps its context.
                answer = client.open(address, method=method, buffered=True)
                yield Visit(who, address, rule.endpoint, answer)


def everything(house: House) -> dict[str, list[tuple[Any, ...]]]:
    with house.reading() as session:
        return {
            name: sorted(map(tuple, session.execute(table.select())), key=repr)
            for name, table in Base.metadata.tables.items()
        }


@pytest.fixture(scope="module")
def seen(house: House, people: dict[str, FlaskClient]) -> tuple[list[Visit], list[str]]:
    """All pages, read once; and the tables that were other afterwards."""
    before = everything(house)
    found = list(visits(house, people, "GET"))
    after = everything(house)
    return found, [name for name in before if before[name] != after[name]]


def test_every_view_has_a_guard(house: House) -> None:
    assert [name for name, view in house.app.view_functions.items() if not hasattr(view, "guard")] == []


def test_everybody_has_seen_something(seen: tuple[list[Visit], list[str]]) -> None:
    """A sweep over refusals alone would prove nothing."""
    for who, least in (("anonymous", 6), ("expert", 25), ("facilitator", 15), ("analyst", 8), ("secretariat", 8)):
        shown = [item for item in seen[0] if item.who == who and item.answer.status_code == 200]
        assert len({item.address for item in shown}) >= least, who
    types = {item.endpoint for item in seen[0] if item.answer.status_code == 200}
    assert {"respond.page", "submit.review", "submit.receipt", "mydata.my_data"} <= types


def test_nothing_fails(seen: tuple[list[Visit], list[str]]) -> None:
    assert [str(item) for item in seen[0] if item.answer.status_code >= 500] == []


def test_reading_writes_nothing(seen: tuple[list[Visit], list[str]]) -> None:
    assert seen[1] == []


def test_a_head_is_answered_like_a_get_and_writes_nothing(
    house: House, people: dict[str, FlaskClient], seen: tuple[list[Visit], list[str]]
) -> None:
    status = {(item.who, item.address): item.answer.status_code for item in seen[0]}
    before = everything(house)
    some = {who: people[who] for who in ("expert", "facilitator")}
    differing = [
        str(item) for item in visits(house, some, "HEAD") if item.answer.status_code != status[item.who, item.address]
    ]
    assert differing == []
    assert everything(house) == before


def test_every_answer_carries_the_headers(seen: tuple[list[Visit], list[str]]) -> None:
    assert len(seen[0]) > 50
    for item in seen[0]:
        headers = item.answer.headers
        assert {key: headers.get(key) for key in HEADERS} == HEADERS, str(item)
        assert headers["Permissions-Policy"].startswith("camera=()"), str(item)
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            assert part in policy, str(item)
        assert not any(word in policy.split() for word in NEVER), str(item)
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in scripts, str(item)
        is_static = item.endpoint in ("assets.show", "dashboards.plotly")
        if not is_static:
            assert headers["Cache-Control"] == "no-store", str(item)
        assert "Set-Cookie" not in headers or "HttpOnly" in headers["Set-Cookie"], str(item)


def test_refusals_of_a_form_carry_the_headers_too(house: House, people: dict[str, FlaskClient]) -> None:
    refused = list(visits(house, {"expert": people["expert"]}, "POST"))
    assert len(refused) > 3
    for item in refused:
        wanted = (404, 410) if item.endpoint in ONE_CLICK else (400,)
        assert item.answer.status_code in wanted, f"{item}: sent without the token of a page"
        assert {key: item.answer.headers.get(key) for key in HEADERS} == HEADERS, str(item)
        assert faults(item.answer.text) == [], str(item)


def test_the_rules_of_markup_find_what_they_look_for() -> None:
    bad = """<html><head><title>Else</title><style>p {}</style><script>x()</script>
        <link href="https://cdn.example/x.css"></head><body onload="x()"><h1>Title</h1><form>
        <input name="a"><input type="radio" name="b" id="i"><p id="i" style="color: red"></p>
        <a href="#none" aria-describedby="gone">x</a><a href="javascript:x()">y</a>"""
    found = "\n".join(faults(bad))
    for words in (
        "lang is",
        "does not start with",
        "id i stands 2",
        "input a has no label",
        "radios b do not stand",
        "a script inside",
        "a style inside",
        "style attribute",
        "body onload",
        "fetches https://cdn.example",
        "leads to #none",
        "aria-describedby names gone",
        "leads to javascript:",
    ):
        assert words in found


def test_every_page_keeps_to_the_rules_of_markup(seen: tuple[list[Visit], list[str]]) -> None:
    found = {
        f"{item.endpoint}, {item}": problems
        for item in seen[0]
        if item.is_page
        and item.answer.status_code not in (301, 302, 303, 308)
        and (problems := faults(item.answer.text, is_document=_is_document(item)))
    }
    assert found == {}


def _is_document(item: Visit) -> bool:
    return "script-src 'none'" in item.answer.headers["Content-Security-Policy"]


def test_every_page_is_in_the_language_asked_for(house: House, people: dict[str, FlaskClient]) -> None:
    russian = people["expert"]
    before = [page for page in PAGES[NDPC] if page.startswith("PRE-") and page not in ROUTED]
    assert before
    for slug, stage, pages in ((HERE, "round-2", ["L1", "L7"]), (NDPC, "pre-event", before)):
        for page in pages:
            answer = russian.get(f"/c/{slug}/stage/{stage}/{page}?lang=ru")
            assert answer.status_code == 200, page
            assert '<html lang="ru">' in answer.text
            assert faults(answer.text) == [], page
    russian.get("/?lang=en")


def test_nobody_gets_into_a_place_of_others(seen: tuple[list[Visit], list[str]]) -> None:
    for_experts, for_staff = {"respond", "mydata"}, {"facilitate", "measures", "dashboards", "downloads"}
    tried = set()
    for item in seen[0]:
        guard = item.endpoint.partition(".")[0]
        if item.who != "expert" and guard in for_experts:
            assert item.answer.status_code in (401, 404), str(item)
            tried.add((item.who, guard))
        if item.who == "expert" and guard in for_staff and item.endpoint != "dashboards.plotly":
            assert item.answer.status_code in (303, 401, 403, 404), str(item)
            tried.add((item.who, guard))
    assert tried == {*product(("anonymous", *ROLES), for_experts), *product(("expert",), for_staff)}


def _type_everywhere(client: FlaskClient, address: str) -> None:
    """Put the hostile text into every field of a page and press each of its buttons."""
    browser = Browser(client)
    browser.get(address)
    for form in browser.tree.xpath("//main//form"):
        typed = [(name, value) for name, value in form.form_values()]
        for field in form.xpath(".//textarea | .//input[@type='text'] | .//input[@type='email']"):
            typed = [(name, value) for name, value in typed if name != field.get("name")]
            typed.append((field.get("name"), HOSTILE))
        typed += [(one.get("name"), HOSTILE) for one in form.xpath(".//input[@type='radio']")[:1]]
        buttons = form.xpath(".//button[@name]")
        typed += [(one.get("name"), one.get("value")) for one in buttons[-1:]]
        data: dict[str, list[str]] = {}
        for name, value in typed:
            data.setdefault(name, []).append(value)
        sent = client.post(form.get("action") or address, data=data)
        assert sent.status_code < 500, address
        _assert_harmless(address, sent)


def _assert_harmless(address: str, answer: TestResponse) -> None:
    if answer.mimetype != "text/html":
        return
    assert "<script>alert" not in answer.text, address
    assert "<img src=x" not in answer.text, address
    assert "49q" not in answer.text, address
    assert faults(answer.text, is_document="script-src 'none'" in answer.headers["Content-Security-Policy"]) == [], (
        address
    )


def test_hostile_words_are_words_wherever_they_are_typed(tmp_path: Path) -> None:
    """Names, answers, comments, reasons, wordings: typed on every form, looked at on every page."""
    with open_house(tmp_path) as house:
        with house.database.writing() as session:
            session.execute(update(Contact).values(name=HOSTILE))
            consultation = session.scalars(select(Consultation).filter_by(slug=HERE)).one()
            expert = _first_expert(session, consultation)
            token = invitations.create_invitation(session, expert)
        people = {"expert": house.client(), "facilitator": house.client("facilitator")}
        enter(Browser(people["expert"]), f"/i/{token}")
        for page in ("L1", "L2", "L3", "review"):
            _type_everywhere(people["expert"], f"/c/{HERE}/stage/round-2/{page}")
        for below in (
            "measures/add",
            "measures/L2/reword",
            "measures/comments/{comment}/accept",
            "facilitate/stages/round-2/extend",
            "facilitate/experts/E02/withdraw",
            "measures/proposals/{proposal}/accept",
        ):
            _type_everywhere(people["facilitator"], f"/c/{HERE}/{house.path(below)}")
        shown = 0
        for item in visits(house, people, "GET"):
            assert item.answer.status_code < 500, str(item)
            _assert_harmless(str(item), item.answer)
            shown += item.is_page and "&lt;script&gt;alert(1)" in item.answer.text
        assert shown >= 5, "the hostile words should be seen somewhere"


@pytest.mark.parametrize("query", ["lang", "next", "sort", "show", "criterion", "n-budget"])
def test_hostile_queries_change_nothing(house: House, people: dict[str, FlaskClient], query: str) -> None:
    assert len(people) > 2
    for who, client in people.items():
        for below in ("", "results", "stage/round-2/L1", "measures", "privacy", "briefing"):
            answer = client.get(f"/c/{HERE}/{below}", query_string={query: HOSTILE})
            assert answer.status_code < 500, (who, below)
            _assert_harmless(below, answer)


def test_a_hostile_address_is_not_repeated(house: House) -> None:
    for path in ("<script>alert(1)</script>", "%3Cscript%3Ealert(1)%3C/script%3E", "%00", "%ff"):
        for address in (f"/{path}", f"/i/{path}", f"/c/{path}/", f"/c/{HERE}/stage/{path}/"):
            answer = house.client().get(address)
            assert answer.status_code in (401, 404, 410), address
            _assert_harmless(address, answer)


def test_a_form_needs_the_token_of_its_own_visitor(house: House, people: dict[str, FlaskClient]) -> None:
    token = token_of(house.client(), "/staff/login")
    answer = people["expert"].post(f"/c/{HERE}/stage/round-2/L1", data={"csrf_token": token, "item-L1.wish": "3"})
    assert answer.status_code == 400


def test_every_form_says_for_whom_it_was_drawn(house: House, seen: tuple[list[Visit], list[str]]) -> None:
    shown = [item for item in seen[0] if item.is_page and item.answer.text]
    assert [words for item in shown for words in unmarked(house.app, item.address, item.answer.text)] == []
    marked = [item for item in shown if 'name="mark"' in item.answer.text]
    assert {"expert", "facilitator", "analyst"} <= {item.who for item in marked}
    assert {
        "respond.page",
        "submit.review",
        "enter.consent",
        "mydata.leave",
        "mydata.my_data",
        "measures.add",
        "downloads.index",
    } <= {item.endpoint for item in marked}


def _tokens(people: Mapping[str, FlaskClient]) -> dict[str, str]:
    return {who: token_of(client, "/staff/login") for who, client in people.items()}


def test_no_view_takes_a_form_without_a_mark(house: House, people: dict[str, FlaskClient]) -> None:
    before = everything(house)
    there = [address for rule in takers(house.app) for address in addresses(house, rule)]
    doors, refusals = open_doors(there, people, _tokens(people))
    assert doors == []
    assert refusals > len(there) / 2, "most of it is refused for want of a mark alone"
    assert everything(house) == before


def test_the_sweeps_find_a_form_and_a_view_without_a_mark(tmp_path: Path) -> None:
    """A view with a guard of its own making, and a form written by hand."""
    with open_house(tmp_path) as house:

        @house.app.post("/c/<slug>/measures/seeded")
        def seeded(slug: str) -> str:
            return "done"

        form = '<form method="post"><input type="hidden" name="csrf_token" value="x"></form>'
        there = f"/c/{HERE}/measures/seeded"
        assert len(unmarked(house.app, there, form)) == 1
        assert unmarked(house.app, "/staff/login", form) == []
        people = {"facilitator": house.client("facilitator")}
        doors, _ = open_doors([there], people, _tokens(people))
        assert doors == [f"facilitator at {there} (200)"]
        assert there in [rule.rule.replace("<slug>", HERE) for rule in takers(house.app)]


def test_an_experts_pages_load_no_library_of_numbers() -> None:
    """In a process of its own: this one has loaded them for the dashboards."""
    heavy = ("pandas", "scipy", "plotly", "matplotlib", "docx")
    program = f"import sys, consult.web.expert.respond; print(*[m for m in {heavy} if m in sys.modules])"
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.split() == []


def test_the_server_knows_the_addresses_of_staff(house: House) -> None:
    """What may take long is theirs, and an expert never waits behind it."""
    guards = {
        rule.rule: getattr(house.app.view_functions[rule.endpoint], "guard", "")
        for rule in house.app.url_map.iter_rules()
    }
    of_staff = {path for path, guard in guards.items() if guard.startswith(("staff", "account"))}
    known = {path for path, guard in guards.items() if guard != "public" and serving.OF_STAFF.match(path)}
    assert len(of_staff) > 20 and known == of_staff
