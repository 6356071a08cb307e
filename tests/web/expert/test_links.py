"""New links end old ones when they are used, never before; links spoilt or over lead on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from consult import clock
from consult.config import Config
from consult.models import Contact, Draft, Expert, JournalEntry, Letter, LoginSession, Message, Stage
from consult.services.access import invitations, lifetimes
from consult.services.mail import letters, reminders
from consult.services.panel import importing
from consult.services.running import leaving, publishing
from consult.services.staff import accounts, sign_in
from consult.web.application import make_app
from consult.words.dates import written_in
from tests.services.conftest import panel_file, town_library
from tests.web.marked import mark_for
from tests.web.staffing import House, open_house, send
from tests.web.visiting import SLUG, Browser, Library, enter, page

ASK = f"/c/{SLUG}/new-link"
LINK = re.compile(r"/i/[\w-]+")
ZONE = "America/Halifax"


def ask(library: Library, email: str = "person1@example.org", address: str = ASK) -> Browser:
    """Ask for a new link by an address, as anybody may."""
    browser = library.browser()
    browser.get(address)
    data = {**dict(browser.main_form().form_values()), "email": email}
    browser._arrive(browser.path, browser.client.post(browser.path, data=data))
    assert browser.status == 200
    return browser


def mailed(library: Library, number: int = 1) -> list[str]:
    """The new links that wait in the outbox for one expert, the oldest first."""
    bodies = [
        row.body for row in library.rows(Message, purpose="new-link") if row.expert_id == library.expert(number).id
    ]
    return [found[0] for body in bodies if (found := LINK.search(body or ""))]


def come_in(library: Library, link: str) -> Browser:
    """Open a link and press its button: nothing is agreed or saved."""
    browser = library.browser()
    browser.get(link)
    browser.press("", "")
    assert browser.status == 200
    return browser


def is_in(browser: Browser) -> bool:
    return browser.open(f"/c/{SLUG}/my-data") == 200


def save(browser: Browser) -> int:
    browser.get(page("first-look", "visits"))
    return browser.press(typed={"visits": "weekly"})


def autosave(browser: Browser) -> int:
    browser.get(page("first-look", "visits"))
    data = [*browser.main_form().form_values(), ("item-visits", "weekly")]
    sent = browser.client.post(page("first-look", "visits") + "/autosave", data=dict(data))
    return sent.status_code


def own_data_act(browser: Browser) -> int:
    """Ending other sessions: an act on one's own data that saves no answer."""
    browser.get(f"/c/{SLUG}/my-data")
    form = browser.tree.xpath("//main//form[contains(., 'End all others')]")[0]
    return browser.client.post(form.get("action"), data=dict(form.form_values())).status_code


def sent(library: Library) -> list[str]:
    """Let the mails with new links be sent; the links in them."""
    found = mailed(library)
    with library.database.writing() as session:
        for message in session.query(Message).filter_by(purpose="new-link"):
            message.state, message.body = "sent", None
    return found


# What ends older links, and when


def test_asking_and_opening_and_pressing_end_nothing(first_look: Library) -> None:
    """Anybody who knows an address can ask; scanners open links, some press buttons."""
    old = first_look.link(1)
    working = come_in(first_look, old)
    ask(first_look)
    assert is_in(working), "who knows an address must throw nobody out"
    (new,) = mailed(first_look)
    fresh = come_in(first_look, new)
    assert is_in(working) and is_in(fresh)
    for address in (page("first-look", "visits"), f"/c/{SLUG}/my-data"):
        assert fresh.open(address) == 200
    assert is_in(working) and is_in(come_in(first_look, old)) and is_in(come_in(first_look, new))
    assert save(working) == 200, "what is typed in the older session is still taken"
    assert is_in(fresh)


@pytest.mark.parametrize("act", [save, autosave, own_data_act])
def test_the_first_save_by_a_new_link_ends_older_links_and_their_sessions(
    first_look: Library, act: Callable[[Browser], int]
) -> None:
    old = first_look.link(1)
    working, bystander = come_in(first_look, old), first_look.browser(2)
    ask(first_look)
    (new,) = mailed(first_look)
    fresh, second = come_in(first_look, new), come_in(first_look, new)
    assert act(fresh) in (200, 303)
    assert not is_in(working)
    assert first_look.browser().open(old) == 410
    assert is_in(fresh) and is_in(come_in(first_look, new)) and is_in(bystander)
    assert is_in(second) == (act is not own_data_act)


def test_the_first_consent_by_a_new_link_ends_older_ones(first_look: Library) -> None:
    """Expert 14 has not agreed before."""
    working = come_in(first_look, first_look.link(14))
    ask(first_look, "person14@example.org")
    fresh = come_in(first_look, mailed(first_look, 14)[0])
    assert fresh.path.endswith("/consent") and is_in(working)
    fresh.get(f"/c/{SLUG}/consent")
    fresh.press("consent", "yes")
    assert not is_in(working) and is_in(fresh)


def test_signing_out_by_a_new_link_ends_no_other(first_look: Library) -> None:
    working = come_in(first_look, first_look.link(1))
    ask(first_look)
    fresh = come_in(first_look, mailed(first_look)[0])
    form = fresh.tree.xpath("//header//form")[0]
    assert fresh.client.post(form.get("action"), data=dict(form.form_values())).status_code == 303
    assert is_in(working) and not is_in(fresh)


def test_a_save_that_is_refused_ends_nothing(first_look: Library) -> None:
    working = come_in(first_look, first_look.link(1))
    ask(first_look)
    fresh = come_in(first_look, mailed(first_look)[0])
    fresh.get(page("first-look", "visits"))
    first_look.close("first-look")
    assert fresh.press(typed={"visits": "weekly"}) == 409
    assert is_in(working)


def test_of_two_new_links_the_newer_ends_the_older_and_not_the_other_way(first_look: Library) -> None:
    links = []
    for _ in range(2):
        ask(first_look)
        links += sent(first_look)
    older, newer = (come_in(first_look, link) for link in links)
    assert save(older) == 200 and is_in(newer)
    assert save(newer) == 200 and not is_in(older)


def test_a_save_by_an_older_link_ends_nothing(first_look: Library) -> None:
    working = come_in(first_look, first_look.link(1))
    ask(first_look)
    fresh = come_in(first_look, mailed(first_look)[0])
    assert save(working) == 200
    assert is_in(fresh)


# Asking


def test_asking_is_limited_for_each_address(first_look: Library) -> None:
    """The answer is the same; no more than two unused new links wait at a time."""
    working = come_in(first_look, first_look.link(1))
    answers, links = set(), []
    for _ in range(4):
        answers.add(ask(first_look).main)
        links += sent(first_look)
    assert len(answers) == 1
    assert len(first_look.rows(Message, purpose="new-link")) == 2
    assert is_in(working)
    ask(first_look, "person2@example.org")
    assert len(first_look.rows(Message, purpose="new-link")) == 3
    save(come_in(first_look, links[1]))
    ask(first_look)
    assert len(first_look.rows(Message, purpose="new-link")) == 4, "a used one waits no more"


def test_asking_is_limited_for_each_caller(first_look: Library) -> None:
    config = replace(first_look.config, rate_limit="3 per minute")
    app = make_app(config)
    expired = first_look.link(1)
    with first_look.database.writing() as session:
        lifetimes.revoke_all(session, session.get_one(Expert, first_look.expert(1).id))
    for address, to in (
        (ASK, ASK),
        ("/new-link", "/new-link"),
        (expired, f"{expired}/new-link"),
        (f"{expired}/not-me/message", f"{expired}/not-me/message"),
    ):
        browser = Browser(app.test_client())
        browser.get(address)
        data = dict(browser.main_form().form_values())
        found = [browser.client.post(to, data=data).status_code for _ in range(4)]
        assert found[3] == 429, address
    app.extensions["consult_database"].dispose()


def test_a_server_with_several_consultations_finds_those_of_an_address(first_look: Library) -> None:
    with first_look.database.writing() as session:
        for slug, start in (("other-library", 1), ("third-library", 50)):
            there = publishing.publish(session, town_library(), actor="test", slug=slug)
            importing.import_panel(session, there, town_library(), panel_file(2, start=start), "test")
    answers = {
        ask(first_look, email, "/new-link").main
        for email in ("Person1@example.org ", "stranger@example.org", "", "no address")
    }
    assert len(answers) == 1
    queued = first_look.rows(Message, purpose="new-link")
    assert len({row.consultation_id for row in queued}) == len(queued) == 2
    addresses = {row.expert_id: row.email for row in first_look.rows(Contact)}
    assert {addresses[row.expert_id] for row in queued} == {"person1@example.org"}


# Ends


def test_the_landing_says_until_when_and_then_the_link_is_over(first_look: Library) -> None:
    link = first_look.link(1)
    browser = first_look.browser()
    assert browser.open(link) == 200
    last = max(stage.closes_at for stage in first_look.rows(Stage))
    end = last + lifetimes.AFTER_ALL
    assert f"It works until {written_in(end, ZONE, 'en')}." in browser.main
    working = come_in(first_look, link)
    for moment, status in ((end - timedelta(minutes=1), 200), (end, 410)):
        with clock.set_to(moment):
            assert first_look.browser().open(link) == status
    with clock.set_to(end):
        over = first_look.browser()
        over.get(link)
        assert over.client.post(link, data={}).status_code in (400, 410)
    assert is_in(working)


def test_a_link_that_is_over_leads_on_by_one_click(first_look: Library) -> None:
    """It is known: nothing is typed, and the mail goes to the address that was invited."""
    link = first_look.link(1)
    with first_look.database.writing() as session:
        lifetimes.revoke_all(session, session.get_one(Expert, first_look.expert(1).id))
    browser = first_look.browser()
    assert browser.open(link) == 410
    assert browser.tree.xpath("//footer//a[starts-with(@href, 'mailto:')]")
    assert browser.press("", "", mark="Send me a new link") == 200
    assert "a new link is on its way" in browser.main
    (new,) = mailed(first_look)
    assert is_in(come_in(first_look, new))


def test_the_link_of_somebody_who_left_looks_alike_and_brings_no_mail(first_look: Library) -> None:
    left, revoked = first_look.link(1), first_look.link(2)
    with first_look.database.writing() as session:
        leaving.withdraw(session, session.get_one(Expert, first_look.expert(1).id), "expert")
        lifetimes.revoke_all(session, session.get_one(Expert, first_look.expert(2).id))
    pages = []
    for link in (left, revoked):
        browser = first_look.browser()
        assert browser.open(link) == 410
        pages.append(browser.main)
        browser.press("", "", mark="Send me a new link")
        pages.append(browser.main)
    assert pages[:2] == pages[2:]
    assert mailed(first_look, 1) == [] and len(mailed(first_look, 2)) == 1


def test_a_session_that_ended_offers_a_new_link_and_whom_to_ask(first_look: Library) -> None:
    browser = first_look.browser()
    assert browser.open(f"/c/{SLUG}/") == 401
    assert browser.tree.xpath(f"//main//a[@href='{ASK}']")
    assert browser.tree.xpath("//footer//a[starts-with(@href, 'mailto:')]")


# Links that mail spoilt

TAILS = (
    ".",
    ",",
    ")",
    ">",
    ";",
    '"',
    "'",
    "]",
    "…",
    "»",
    "”",
    "\u200b",
    "\ufeff",
    " ",
    "%20",
    "=",
    "%3D",
    "%2E",
    "%252E",
    "%E2%80%8B",
    ").",
    ">.",
    '">',
    "/",
    "/.",
    "&",
    "*",
    "\u00a0",
    ".%0D%0A",
    "%0A",
    "!",
    "|",
    "\u2060",
    "\u00ad",
)


@pytest.mark.parametrize("tail", TAILS)
def test_what_stands_behind_a_link_does_not_spoil_it(first_look: Library, tail: str) -> None:
    link = first_look.link(1)
    address = link + (tail if tail.startswith(("%", "/")) or tail == "&" else quote(tail))
    browser = first_look.browser()
    assert browser.open(address) == 200, address
    browser.press("", "")
    assert is_in(browser)


@pytest.mark.parametrize("inside", ["=%0D%0A", "%0A", "%20", "=", "%E2%80%8B", "%3D%0A"])
def test_a_line_broken_in_a_mail_is_put_together_again(first_look: Library, inside: str) -> None:
    link = first_look.link(1)
    assert is_in(come_in(first_look, link[:20] + inside + link[20:]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-1],
        lambda link: link[:-20] + "=",
        lambda link: "/i/",
        lambda link: "/i",
        lambda link: "/i/...",
        lambda link: "/i/" + "A" * 43,
        lambda link: "/i/%00",
        lambda link: "/i/" + "x" * 3000,
        lambda link: link[:10] + "/" + link[10:],
        lambda link: "/i/%ED%A0%80",
    ],
)
def test_a_link_nobody_knows_leads_on(first_look: Library, spoil: Callable[[str], str]) -> None:
    browser = first_look.browser()
    status = browser.open(spoil(first_look.link(1)))
    assert status == 410
    (way,) = browser.tree.xpath("//main//a[contains(., 'Send me a new link')]/@href")
    assert browser.tree.xpath("//footer//a[starts-with(@href, 'mailto:')]"), "whom to ask"
    assert "person1@" not in browser.text and "Person 1" not in browser.text
    ask(first_look, address=way)
    assert len(mailed(first_look)) == 1


def test_the_address_that_ends_reminders_bears_a_full_stop(first_look: Library) -> None:
    with first_look.database.reading() as session:
        expert = session.get_one(Expert, first_look.expert(1).id)
        token = reminders.stop_token(first_look.config, expert)
    address = f"/c/{SLUG}/no-reminders/{token}"
    assert first_look.browser().open(address) == 200
    for tail in (".", ")", "%20", "%E2%80%8B"):
        assert first_look.browser().open(address + tail) == 200


# Not meant for me


def test_a_link_that_reached_another_leads_to_a_letter_and_never_to_answers(first_look: Library) -> None:
    link = first_look.link(1)
    browser = first_look.browser()
    browser.get(link)
    before = len(first_look.rows(LoginSession))
    for words in ("Person 1", "person1@", first_look.expert(1).code):
        assert words not in browser.text
    (way,) = browser.tree.xpath("//a[contains(., 'not meant for me')]/@href")
    for kind in ("nomination", "message"):
        browser.get(way)
        (there,) = browser.tree.xpath(f"//main//a[contains(@href, '{kind}')]/@href")
        browser.get(there)
        typed = {"name": "Žanis Ķirsis", "email": "zanis@example.org", "text": "Knows the harbour."}
        assert browser.press("", "", typed=typed) == 200
        assert "the secretariat has your letter" in browser.main
    assert {row.kind for row in first_look.rows(Letter)} == {"nomination", "message"}
    for address in (f"/c/{SLUG}/", f"/c/{SLUG}/my-data", page("first-look", "visits")):
        assert browser.open(address) == 401
    assert len(first_look.rows(LoginSession)) == before
    assert first_look.rows(Draft, expert_id=first_look.expert(1).id) == []
    told = repr([row.facts for row in first_look.rows(JournalEntry, act="letter")])
    assert "Žanis" not in told and "zanis" not in told


def test_a_letter_says_what_is_missing_and_keeps_what_was_typed(first_look: Library) -> None:
    browser = first_look.browser()
    browser.get(f"{first_look.link(1)}/not-me/nomination")
    assert browser.press("", "", typed={"email": "no address", "text": "Why <b>not</b>"}) == 200
    assert "This is not an e-mail address." in browser.main and "Enter a name." in browser.main
    assert browser.value("item-text") == ["Why <b>not</b>"]
    assert first_look.rows(Letter) == []


def test_a_link_in_many_hands_brings_few_letters(first_look: Library) -> None:
    link = first_look.link(1)
    found = []
    for _ in range(7):
        browser = first_look.browser()
        browser.get(f"{link}/not-me/message")
        found.append(browser.press("", "", typed={"text": "Not me"}))
    assert found == [200] * 7
    assert "Not me" in browser.text
    assert len(first_look.rows(Letter)) == 5


def test_without_a_link_there_is_no_letter(first_look: Library) -> None:
    for below in ("not-me", "not-me/message", "not-me/nomination"):
        assert first_look.browser().open(f"/i/{'A' * 43}/{below}") == 410


# Staff


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def _staff_link(house: House) -> str:
    with house.database.writing() as session:
        account = accounts.find(session, "facilitator@staff.example.org")
        return sign_in.make_link(session, account, Config()).partition("8000")[2]


def test_a_staff_link_bears_what_mail_adds_and_says_when_it_is_over(house: House) -> None:
    for tail in (".", ")", "%20", "%E2%80%8B", ">", "="):
        link = _staff_link(house)
        browser = Browser(house.client())
        assert browser.open(link + tail) == 200
        assert browser.press("", "") == 200 and browser.path == "/staff/"
        again = Browser(house.client())
        assert again.open(link) == 410, "its button would only lead to this page"
        assert again.tree.xpath("//main//a[@href='/staff/login']")
        assert "consult account link" in again.main
    for nobody in ("/staff/link/", "/staff/link/nothing", "/staff/link/a/b"):
        assert Browser(house.client()).open(nobody) == 410


def test_staff_read_letters_and_delete_them(house: House) -> None:
    with house.database.writing() as session:
        expert = session.query(Expert).order_by(Expert.id).first()
        assert expert is not None
        invitations.create_invitation(session, expert)
        letter = letters.write(
            session, expert, "nomination", name="Ž <b>", email="z@example.org", text="Because <i>so</i>"
        )
        handle, code = letter.handle, expert.code
    address = "/c/town-library/facilitate/letters"
    for role, status in (("secretariat", 200), ("facilitator", 200), ("analyst", 403)):
        answer = house.client(role).get(address)
        assert answer.status_code == status
        if status == 200:
            assert "Because &lt;i&gt;so" in answer.text and code in answer.text
            assert "1 letter" in house.client(role).get("/c/town-library/facilitate").text
    secretariat = house.client("secretariat")
    token = re.search(r'name="csrf_token" value="([^"]+)"', secretariat.get(address).text)
    assert token is not None
    for other in ("/c/other-library/facilitate/letters", address):
        there = f"{other}/{handle}/delete"
        data = {"csrf_token": token[1], "mark": mark_for(secretariat, there)}
        gone = secretariat.post(there, data=data).status_code
        assert gone == (303 if other == address else 403)
    assert secretariat.post(f"{address}/{handle}/delete", data=data).status_code == 404
    assert house.rows(Letter) == []
    told = repr([row.facts for row in house.rows(JournalEntry)])
    assert "z@example.org" not in told


def test_staff_end_all_links_at_once_and_a_new_link_ends_none(house: House) -> None:
    with house.database.writing() as session:
        expert = session.query(Expert).filter_by(code="E02").order_by(Expert.id).first()
        assert expert is not None
        link = f"/i/{invitations.create_invitation(session, expert)}"
    working = Browser(house.client())
    enter(working, link)
    there = "/c/town-library/facilitate/experts/E02"
    secretariat = house.client("secretariat")
    assert send(secretariat, f"{there}/new-link").status_code == 303
    assert working.open("/c/town-library/my-data") == 200
    assert Browser(house.client()).open(link) == 200
    assert send(secretariat, f"{there}/end-links").status_code == 303
    assert working.open("/c/town-library/my-data") == 401
    assert Browser(house.client()).open(link) == 410
    acts = [row.act for row in house.rows(JournalEntry)]
    assert acts.count("end links") == 1
    assert house.client("analyst").get(f"{there}/end-links").status_code == 403
