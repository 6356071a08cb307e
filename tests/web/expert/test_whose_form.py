"""Two experts, one browser: a page belongs to whom it was drawn for, whoever came in since."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from consult.models import Consent, Draft, Expert, LoginSession, Submission
from consult.services.panel import importing
from consult.services.running import publishing
from tests.services.conftest import panel_file, town_library
from tests.web.markup import faults
from tests.web.visiting import SLUG, Browser, Library, enter, page

ONE, TWO = 1, 3
NEW, OTHER_NEW = 14, 13
WORDS = "A garden behind the house"
LEAVE, DATA, CONSENT = (f"/c/{SLUG}/{name}" for name in ("leave", "my-data", "consent"))
BUDGET, VISITS = page("first-look", "budget"), page("first-look", "visits")


def name(number: int) -> str:
    return f"Person {number}"


def tab(library: Library, number: int, address: str, beside: Browser | None = None) -> Browser:
    """That person comes in by a link, in the same browser as `beside`, and opens a page."""
    made = Browser(beside.client) if beside else library.browser()
    enter(made, library.link(number))
    assert made.open(address) == 200, made.main
    return made


def entered_as(browser: Browser) -> str:
    """Who is signed in now, as the header of a fresh page says."""
    asked = Browser(browser.client)
    asked.open(f"/c/{SLUG}/privacy")
    return str(asked.tree.xpath("string(//header)"))


def refused(told: Browser, drawn: int, present: int) -> None:
    """The page says whose page it is, whose session, that nothing was stored, and both ways on."""
    assert told.status == 409, told.main
    assert faults(told.text) == []
    assert f"opened for {name(drawn)}" in told.main
    assert f"signed in as {name(present)}" in told.main
    assert "Nothing was stored" in told.main
    assert told.tree.xpath("//main//a[contains(., $who)]", who=f"Go on as {name(present)}")
    assert told.main_form("Send it again") is not None


def drafts(library: Library) -> list[Any]:
    return library.rows(Draft)


def test_the_header_says_for_whom_a_page_is(round_1: Library) -> None:
    browser = round_1.browser(ONE)
    for below in (
        "",
        "my-data",
        "leave",
        "consent",
        "privacy",
        "help",
        "accessibility",
        "stage/round-1/L1",
        "stage/round-1/review",
        "stage/round-1/print",
        "stage/round-1/ratings",
        "stage/first-look/receipt",
    ):
        assert browser.open(f"/c/{SLUG}/{below}") == 200, below
        header = " ".join(browser.tree.xpath("string(//header)").split())
        assert f"Signed in as {name(ONE)}" in header, below
        assert name(TWO) not in header
    stranger = round_1.browser()
    for below in ("privacy", "help", "new-link"):
        stranger.open(f"/c/{SLUG}/{below}")
        assert "Signed in as" not in stranger.text


def test_whom_a_page_is_for_stands_on_paper_too(round_1: Library) -> None:
    browser = round_1.browser(ONE)
    browser.open(page("round-1", "print"))
    (said,) = browser.tree.xpath("//header//*[contains(., 'Signed in as')][not(*)]")
    assert said.xpath("ancestor::nav") == [], "printing leaves navigation out"


def test_a_session_that_is_over_names_nobody(first_look: Library) -> None:
    browser = first_look.browser(ONE)
    with first_look.database.writing() as session:
        for row in session.query(LoginSession).all():
            session.delete(row)
    browser.open(f"/c/{SLUG}/privacy")
    assert browser.status == 200 and "Signed in as" not in browser.text
    assert "Sign out" not in browser.text


@pytest.mark.parametrize(("drawn", "present"), [(ONE, TWO), (TWO, ONE)])
def test_a_page_is_not_stored_for_who_came_in_since(first_look: Library, drawn: int, present: int) -> None:
    mine = tab(first_look, drawn, BUDGET)
    tab(first_look, present, BUDGET, beside=mine)
    mine.press(typed={"budget.building": "10", "missing": WORDS})
    refused(mine, drawn, present)
    assert drafts(first_look) == []
    assert WORDS in mine.main and "10" in mine.main


def test_who_came_in_later_saves_and_who_came_back_saves(first_look: Library) -> None:
    """Both orders: the first page is refused while the second person is in, and taken again."""
    mine = tab(first_look, ONE, BUDGET)
    theirs = tab(first_look, TWO, BUDGET, beside=mine)
    kept = mine.text, mine.address
    assert theirs.press(typed={"missing": "Theirs"}) != 409
    assert first_look.drafts(Draft, TWO)["missing"] == ["Theirs"]
    mine.press(typed={"missing": WORDS})
    refused(mine, ONE, TWO)
    theirs.open(BUDGET)
    enter(Browser(mine.client), first_look.link(ONE))
    theirs.press(typed={"missing": "Theirs again"})
    refused(theirs, TWO, ONE)
    mine.text, mine.address = kept
    assert mine.press(typed={"missing": WORDS}) != 409
    assert first_look.drafts(Draft, ONE)["missing"] == [WORDS]
    assert first_look.drafts(Draft, TWO)["missing"] == ["Theirs"]


def test_sent_again_under_ones_own_link_it_is_stored(first_look: Library) -> None:
    mine = tab(first_look, ONE, BUDGET)
    tab(first_look, TWO, BUDGET, beside=mine)
    mine.press(typed={"budget.building": "10", "missing": WORDS})
    kept = mine.text, mine.address
    assert mine.press("", "", mark="Send it again") == 409, "not while the other is in"
    enter(Browser(mine.client), first_look.link(ONE))
    mine.text, mine.address = kept
    assert mine.press("", "", mark="Send it again") in (200, 422)
    assert first_look.drafts(Draft, ONE)["missing"] == [WORDS]
    assert first_look.drafts(Draft, ONE)["budget.building"] == ["10"]
    assert first_look.drafts(Draft, TWO) == {}


def test_going_on_leads_to_the_same_page_of_who_is_signed_in(first_look: Library) -> None:
    mine = tab(first_look, ONE, BUDGET)
    tab(first_look, TWO, BUDGET, beside=mine)
    mine.press(typed={"missing": WORDS})
    (way,) = mine.tree.xpath("//main//a[contains(., 'Go on as')]/@href")
    assert mine.open(way) == 200 and mine.path == BUDGET
    assert name(TWO) in mine.text and WORDS not in mine.text


@pytest.mark.parametrize(("drawn", "present"), [(ONE, TWO), (TWO, ONE)])
def test_typing_is_not_saved_for_who_came_in_since(first_look: Library, drawn: int, present: int) -> None:
    mine = tab(first_look, drawn, BUDGET)
    form = {**dict(mine.main_form().form_values()), "item-missing": WORDS}
    tab(first_look, present, VISITS, beside=mine)
    sent = mine.client.post(BUDGET + "/autosave", data=form)
    assert (sent.status_code, sent.mimetype) == (409, "application/json")
    assert sent.json is not None and sent.json["saved"] is False
    assert name(drawn) in sent.json["whose"] and name(present) in sent.json["whose"]
    assert drafts(first_look) == []
    enter(Browser(mine.client), first_look.link(drawn))
    assert mine.client.post(BUDGET + "/autosave", data=form).status_code == 200
    assert first_look.drafts(Draft, drawn)["missing"] == [WORDS]


def test_a_stage_that_is_closed_is_not_told_as_another_person(first_look: Library) -> None:
    mine = tab(first_look, ONE, BUDGET)
    form = dict(mine.main_form().form_values())
    first_look.close("first-look")
    sent = mine.client.post(BUDGET + "/autosave", data=form)
    assert sent.status_code == 409 and sent.json is None if sent.is_json else True
    assert "whose" not in sent.text


@pytest.mark.parametrize("with_answers", [True, False])
def test_submitting_submits_nobody_else(round_1: Library, with_answers: bool) -> None:
    mine = tab(round_1, ONE, page("round-1", "review"))
    theirs = tab(round_1, TWO, page("round-1", "L1"), beside=mine)
    if with_answers:
        theirs.press(typed={"L1.wish": "5"})
    before = round_1.rows(Submission)
    mine.press("go", "submit")
    refused(mine, ONE, TWO)
    assert len(round_1.rows(Submission)) == len(before)


@pytest.mark.parametrize("said", ["yes", "no"])
@pytest.mark.parametrize(("drawn", "present"), [(NEW, OTHER_NEW), (OTHER_NEW, NEW)])
def test_nobody_agrees_for_another(first_look: Library, drawn: int, present: int, said: str) -> None:
    mine = first_look.browser()
    mine.get(first_look.link(drawn))
    mine.press("", "")
    mine.open(CONSENT)
    theirs = Browser(mine.client)
    theirs.get(first_look.link(present))
    theirs.press("", "")
    before = len(first_look.rows(Consent))
    mine.press("consent", said)
    refused(mine, drawn, present)
    assert len(first_look.rows(Consent)) == before


def test_nobody_leaves_for_another(first_look: Library) -> None:
    mine = tab(first_look, ONE, LEAVE)
    tab(first_look, TWO, DATA, beside=mine)
    mine.press("", "", mark="Withdraw")
    refused(mine, ONE, TWO)
    assert all(row.withdrawn_at is None for row in first_look.rows(Expert))


def test_ones_own_data_is_not_handed_out_as_anothers(first_look: Library) -> None:
    mine = tab(first_look, ONE, DATA)
    theirs = tab(first_look, TWO, DATA, beside=mine)
    mine.press("", "", mark="file")
    refused(mine, ONE, TWO)
    assert "person3@example.org" not in mine.text
    form = theirs.main_form("file")
    sent = theirs.client.post(form.get("action"), data=dict(form.form_values()))
    assert sent.json is not None
    assert [row["email"] for row in sent.json["contact"]] == ["person3@example.org"]


def test_nobody_signs_another_out(first_look: Library) -> None:
    mine = tab(first_look, ONE, BUDGET)
    form = mine.tree.xpath("//header//form")[0]
    tab(first_look, TWO, BUDGET, beside=mine)
    sent = mine.client.post(form.get("action"), data=dict(form.form_values()))
    assert sent.status_code == 409
    assert name(TWO) in entered_as(mine)


def test_a_token_that_ran_out_does_not_hand_the_page_over(first_look: Library) -> None:
    """The refusal keeps the mark of the page: its button sends for the same person."""
    mine = tab(first_look, ONE, BUDGET)
    with mine.client.session_transaction() as cookie:
        cookie.pop("csrf_token")
    assert mine.press(typed={"missing": WORDS}) == 400
    tab(first_look, TWO, BUDGET, beside=mine)
    assert mine.press("", "", mark="Send it again") == 409
    assert drafts(first_look) == [] and WORDS in mine.main


def test_after_signing_out_another_person_is_not_given_the_page(first_look: Library) -> None:
    mine = tab(first_look, ONE, BUDGET)
    with first_look.database.writing() as session:
        for row in session.query(LoginSession).all():
            session.delete(row)
    assert mine.press(typed={"missing": WORDS}) == 401
    tab(first_look, TWO, BUDGET, beside=mine)
    mine.press("", "", mark="Send it again")
    refused(mine, ONE, TWO)
    assert WORDS in mine.main and drafts(first_look) == []


def test_a_long_page_is_given_back_whole(first_look: Library) -> None:
    """What a page carries unseen does not count against what was typed on it."""
    mine = tab(first_look, ONE, BUDGET)
    form = {**dict(mine.main_form().form_values()), **{f"rev-x{one}": "0:" for one in range(300)}}
    form |= {f"item-x{one}": f"words {one}" for one in range(300)}
    tab(first_look, TWO, BUDGET, beside=mine)
    answer = Browser(mine.client)
    answer._arrive(BUDGET, mine.client.post(BUDGET, data=form))
    refused(answer, ONE, TWO)
    assert all(f"words {one}" in answer.main for one in range(300))


# Marks that do not hold

Change = Callable[[str], str]
CHANGES: dict[str, Change] = {
    "none": lambda mark: "",
    "cut": lambda mark: mark[:-3],
    "another handle": lambda mark: "a" * 16 + mark[16:],
    "no handle": lambda mark: mark[16:],
    "longer": lambda mark: mark + "A",
    "not letters": lambda mark: mark.upper() + "é\x00",
    "twice": lambda mark: mark + mark,
}


def post(browser: Browser, address: str, **changed: str) -> TestResponse:
    form = {**dict(browser.main_form().form_values()), "item-missing": WORDS, "go": "next"}
    return browser.client.post(address, data={**form, **changed})


@pytest.mark.parametrize("change", CHANGES)
def test_a_mark_that_was_tampered_with_is_refused_and_names_nobody_else(first_look: Library, change: str) -> None:
    mine = tab(first_look, ONE, BUDGET)
    mark = mine.value("mark")[0]
    sent = post(mine, BUDGET, mark=CHANGES[change](mark))
    assert sent.status_code == 409 and WORDS in sent.text
    assert "opened for" not in sent.text
    assert name(ONE) in sent.text
    assert drafts(first_look) == []


def test_a_name_is_told_only_where_the_mark_holds(first_look: Library) -> None:
    """Handle of one person with the rest of another's mark: nothing but who is signed in."""
    mine = tab(first_look, ONE, BUDGET)
    mark = mine.value("mark")[0]
    handle = first_look.expert(TWO).handle
    sent = post(mine, BUDGET, mark=handle + mark[len(handle) :])
    assert sent.status_code == 409
    assert name(TWO) not in sent.text and handle not in sent.text.replace(handle + mark[16:], "")


def test_no_changed_letter_of_a_mark_is_let_through(first_look: Library) -> None:
    mine = tab(first_look, ONE, BUDGET)
    mark = mine.value("mark")[0]

    @settings(max_examples=60, deadline=None)
    @given(place=st.integers(0, len(mark) - 1), letter=st.characters(codec="ascii"))
    def change(place: int, letter: str) -> None:
        assume(mark[place] != letter)
        changed = mark[:place] + letter + mark[place + 1 :]
        assert post(mine, BUDGET, mark=changed).status_code == 409

    change()
    assert drafts(first_look) == []


def test_a_mark_is_of_one_page_one_stage_and_one_consultation(first_look: Library) -> None:
    with first_look.database.writing() as session:
        publishing.publish(session, town_library(), actor="test", slug="other-library")
        there = publishing.publish(session, town_library(), actor="test", slug="third-library")
        importing.import_panel(session, there, town_library(), panel_file(2, start=80), "test")
    mine = tab(first_look, ONE, BUDGET)
    for address in (
        VISITS,
        VISITS + "/autosave",
        page("round-1", "budget"),
        CONSENT,
        LEAVE,
        page("first-look", "review"),
        f"/c/{SLUG}/sign-out",
    ):
        assert post(mine, address).status_code == 409, address
    assert drafts(first_look) == []
    with mine.client.session_transaction() as cookie:
        cookie["experts"] = {"other-library": cookie["experts"][SLUG]}
    assert post(mine, BUDGET.replace(SLUG, "other-library")).status_code == 401


def test_no_mark_prints_what_a_row_file_or_an_address_says(first_look: Library) -> None:
    expert = first_look.expert(ONE)
    mine = tab(first_look, ONE, BUDGET)
    mark = mine.value("mark")[0]
    assert mark.startswith(expert.handle)
    assert expert.pseudonym not in mine.text and expert.code not in mark
