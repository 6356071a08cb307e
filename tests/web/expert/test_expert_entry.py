"""Coming in, saying yes or no, going out, and what nobody else's address opens."""

from datetime import timedelta
from typing import Any

import pytest

from consult import clock
from consult.models import Consent, Draft, Expert, LoginSession, Message, Submission
from consult.services.panel import importing
from consult.services.running import leaving, publishing
from tests.services.conftest import panel_file, town_library
from tests.web.visiting import SLUG, Browser, Library, enter, page


def _without(stored: dict[str, Any], *tables: str) -> dict[str, Any]:
    return {name: rows for name, rows in stored.items() if name not in tables}


def test_opening_a_link_changes_nothing(first_look: Library) -> None:
    """Mail scanners open links, ask for the head only, and do it again."""
    link = first_look.link(14)
    before = first_look.everything()
    scanner = first_look.app.test_client()
    for _ in range(2):
        assert scanner.get(link).status_code == 200
        assert scanner.head(link).status_code == 200
        assert scanner.post(link).status_code == 400  # no token of the page
    assert first_look.everything() == before


def test_a_scanner_that_presses_the_button_opens_a_session_and_nothing_else(first_look: Library) -> None:
    link = first_look.link(14)
    before = first_look.everything()
    scanner = first_look.browser()
    scanner.get(link)
    assert scanner.press("", "") == 200
    assert scanner.path == f"/c/{SLUG}/consent"
    after = first_look.everything()
    assert _without(after, "session") == _without(before, "session")
    assert len(after["session"]) == len(before["session"]) + 1
    expert = first_look.browser()
    enter(expert, link)
    assert (expert.status, expert.path) == (200, f"/c/{SLUG}/")


def test_the_token_leaves_the_address(first_look: Library) -> None:
    link = first_look.link(1)
    browser = first_look.browser()
    browser.get(link)
    browser.press("", "")
    assert link.rpartition("/")[2] not in browser.text


def test_a_no_is_recorded_and_can_be_taken_back(first_look: Library) -> None:
    browser = first_look.browser()
    browser.get(first_look.link(14))
    browser.press("", "")
    browser.press("consent", "no")
    assert browser.path.endswith("/declined") and browser.status == 200
    assert browser.open(page("first-look", "visits")) == 200
    assert browser.path.endswith("/consent"), "no page of questions before a yes"
    browser.press("consent", "yes")
    said = [row.is_given for row in first_look.rows(Consent, expert_id=first_look.expert(14).id)]
    assert said == [False, True]
    assert browser.path == f"/c/{SLUG}/"


def test_nothing_is_taken_before_consent(first_look: Library) -> None:
    browser = first_look.browser()
    browser.get(first_look.link(14))
    browser.press("", "")
    visits = page("first-look", "visits")
    data = {**browser.proof(visits), "item-visits": "weekly"}
    sent = browser.client.post(visits, data=data)
    assert sent.status_code == 403
    assert "weekly" in sent.text, "what was typed stands on the refusal"
    assert first_look.rows(Draft, expert_id=first_look.expert(14).id) == []


def test_a_yes_or_no_is_needed(first_look: Library) -> None:
    browser = first_look.browser()
    browser.get(first_look.link(14))
    browser.press("", "")
    for said in ("", "perhaps"):
        data = {**browser.proof(browser.path), "consent": said}
        sent = browser.client.post(browser.path, data=data)
        assert sent.status_code == 400
    assert first_look.rows(Consent, expert_id=first_look.expert(14).id) == []


def test_after_signing_out_nothing_opens(first_look: Library) -> None:
    browser = first_look.browser(1)
    form = browser.tree.xpath("//header//form")[0]
    sent = browser.client.post(form.get("action"), data=dict(form.form_values()))
    assert sent.status_code == 303
    last = browser.client.get(sent.location)
    assert "cache" in last.headers["Clear-Site-Data"]
    assert "town" not in last.text.lower()
    for address in (f"/c/{SLUG}/", f"/c/{SLUG}/my-data", page("first-look", "visits")):
        assert browser.open(address) == 401
    assert all(row.revoked_at for row in first_look.rows(LoginSession))


def test_leaving_ends_links_and_sessions(round_2: Library) -> None:
    link = round_2.link(1)
    other = round_2.browser(1)
    browser = round_2.browser()
    enter(browser, link)
    frozen = round_2.everything()["result"]
    browser.get(f"/c/{SLUG}/leave")
    assert browser.press("", "", mark="Withdraw") == 200
    assert "Clear-Site-Data" in browser.headers
    for somebody in (browser, other):
        for address in (f"/c/{SLUG}/", f"/c/{SLUG}/my-data", page("round-2", "L1")):
            assert somebody.open(address) == 401
    late = round_2.browser()
    assert late.open(link) == 410
    assert late.press("", "", mark="Send me a new link") == 200
    assert round_2.rows(Message, purpose="new-link") == [], "who left gets no link"
    assert late.client.post(link).status_code in (400, 410)
    assert round_2.everything()["result"] == frozen


def test_what_a_leaver_had_typed_is_on_the_page_that_refuses_it(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    with round_2.database.writing() as session:
        leaving.withdraw(session, session.get_one(Expert, round_2.expert(1).id), "facilitator")
    drafts = round_2.rows(Draft)
    assert browser.press(typed={"L1.wish": "2", "L1.wish.reason": "Quiet is cheap"}) == 401
    assert "Quiet is cheap" in browser.main
    assert [row.id for row in round_2.rows(Draft)] == [row.id for row in drafts]


def test_another_consultation_and_another_expert_stay_closed(first_look: Library) -> None:
    with first_look.database.writing() as session:
        there = publishing.publish(session, town_library(), actor="test", slug="other-library")
        importing.import_panel(session, there, town_library(), panel_file(2, start=80), "test")
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    browser.press(typed={"visits": "weekly"})
    for below in (
        "",
        "my-data",
        "consent",
        "leave",
        "stage/first-look/",
        "stage/first-look/visits",
        "stage/first-look/review",
        "stage/first-look/receipt",
    ):
        assert browser.open(f"/c/other-library/{below}") == 401, below
        assert browser.open(f"/c/nowhere/{below}") == 404, below
    for wrong in (
        "stage/nothing/",
        "stage/nothing/visits",
        "stage/first-look/nothing",
        "stage/first-look/L1",
        "stage/first-look/receipt",
    ):
        assert browser.open(f"/c/{SLUG}/{wrong}") == 404, wrong
    second = first_look.browser(2)
    second.get(f"/c/{SLUG}/my-data")
    assert "weekly" not in second.text and "Every week" not in second.main
    assert "person2@" in second.main and "person1@" not in second.main


def test_a_session_does_not_carry_over_by_name(first_look: Library) -> None:
    """The cookie says which consultation a session is for; the session itself must agree."""
    with first_look.database.writing() as session:
        publishing.publish(session, town_library(), actor="test", slug="other-library")
    browser = first_look.browser(1)
    with browser.client.session_transaction() as cookie:
        cookie["experts"] = {"other-library": cookie["experts"][SLUG]}
    assert browser.open("/c/other-library/") == 401


def test_a_session_ends_by_itself(first_look: Library) -> None:
    browser = first_look.browser(1)
    days = first_look.config.session_days
    with clock.set_to(clock.utc_now() + timedelta(days=days, minutes=1)):
        assert browser.open(f"/c/{SLUG}/") == 401


def test_a_new_link_is_promised_to_everybody_alike(first_look: Library) -> None:
    old = first_look.link(1)
    answers = []
    for email in ("person1@example.org", "stranger@example.org", "no address", ""):
        browser = first_look.browser()
        browser.get(f"/c/{SLUG}/new-link")
        form = browser.main_form()
        data = {**dict(form.form_values()), "email": email}
        browser._arrive(browser.path, browser.client.post(browser.path, data=data))
        answers.append((browser.status, browser.main))
    assert len(set(answers)) == 1 and answers[0][0] == 200
    assert first_look.browser().open(old) == 200, "nobody is thrown out by asking"


def test_own_data_can_be_read_and_taken_along(round_1: Library) -> None:
    browser = round_1.browser(1)
    assert browser.open(f"/c/{SLUG}/my-data") == 200
    assert "person1@example.org" in browser.main
    assert browser.open(f"/c/{SLUG}/my-data.json") == 405
    browser.open(f"/c/{SLUG}/my-data")
    form = browser.main_form("as a file")
    told = browser.client.post(form.get("action"), data=dict(form.form_values())).json
    assert told is not None
    assert [row["email"] for row in told["contact"]] == ["person1@example.org"]
    submitted = round_1.rows(Submission, expert_id=round_1.expert(1).id)
    assert [row["receipt"] for row in told["submissions"]] == [row.receipt for row in submitted]
    assert "person2@" not in str(told)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000"])
def test_a_strange_host_is_refused(first_look: Library, host: str) -> None:
    browser = Browser(first_look.app.test_client())
    answer = browser.client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
