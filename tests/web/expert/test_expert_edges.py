"""What goes wrong while one answers: late, twice, too long, expired. Nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Answer, Draft, Expert, HeldForm, LoginSession, Submission, VariableRow
from consult.services.access import invitations, lifetimes
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from tests.services.conftest import panel_file, town_library
from tests.services.samples import needing
from tests.web.visiting import SLUG, Browser, Library, enter, page

LONG = "Why not — " + "a long story. " * 40
ANSWERS: tuple[dict[str, str | list[str]], ...] = (
    {"visits": "monthly"},
    {
        "reasons": ["borrow", "elsewhere"],
        "reasons.other": "The warm rooms",
        "satisfied.books": "4",
        "satisfied.rooms": "2",
        "satisfied.hours": "no:dont_know",
    },
    {"budget.building": "5", "budget.staff": "3", "budget.stock": "2", "missing": "A garden"},
)


def answer_first_look(browser: Browser) -> None:
    """Answer all pages; ends on the review."""
    browser.get(page("first-look", ""))
    for typed in ANSWERS:
        assert browser.press(typed=typed) == 200
    assert browser.path == page("first-look", "review")


def test_a_whole_stage_from_the_first_page_to_the_receipt(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    for words in (
        "Every month",
        "To borrow or return",
        "The warm rooms",
        "4",
        "I do not know",
        "Building: 5",
        "A garden",
    ):
        assert words in browser.main, words
    assert browser.press("go", "submit") == 200
    assert browser.path == page("first-look", "receipt")
    submission = first_look.rows(Submission, expert_id=first_look.expert(1).id)[-1]
    assert submission.receipt in browser.main and not submission.is_late
    browser.get(f"/c/{SLUG}/")
    assert "submitted" in browser.main and "Change my answers" in browser.main


def test_back_and_next_keep_what_was_saved(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    seen = []
    browser.get(page("first-look", "budget"))
    while browser.path != f"/c/{SLUG}/":
        seen.append(browser.path.rpartition("/")[2])
        shown = {key: browser.value(f"item-{key}") for key in ANSWERS[3 - len(seen)]}
        wanted = {k: [v] if isinstance(v, str) else v for k, v in ANSWERS[3 - len(seen)].items()}
        assert shown == wanted
        back = browser.tree.xpath("//main//a[normalize-space()='Back']/@href")[0]
        browser.get(back)
    assert seen == ["budget", "reasons", "visits"]


def test_pressing_submit_twice_submits_once(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    data = [*browser.main_form().form_values(), ("go", "submit")]
    first = browser.client.post(browser.path, data=dict(data))
    second = browser.client.post(browser.path, data=dict(data))
    assert first.location == second.location
    assert len(first_look.rows(Submission, expert_id=first_look.expert(1).id)) == 1


def test_changing_an_answer_after_submitting_is_said_until_it_is_submitted(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    browser.press("go", "submit")
    browser.get(page("first-look", "budget"))
    browser.press(typed={"budget.building": "4", "budget.staff": "4"})
    browser.get(page("first-look", "receipt"))
    assert "You changed answers since" in browser.main
    with clock.set_to(first_look.stage("first-look").closes_at + timedelta(hours=1)):
        browser.get(page("first-look", "receipt"))
        assert browser.tree.xpath("//main//*[contains(@class, 'warn')]"), "not what counts"
        assert browser.tree.xpath("//main//a[contains(., 'Change my answers')]") == []
    with clock.set_to(clock.utc_now() + timedelta(hours=1)):
        browser.get(page("first-look", "review"))
        browser.press("go", "submit")
        assert "You changed answers since" not in browser.main
    assert len(first_look.rows(Submission, expert_id=first_look.expert(1).id)) == 2


def test_missing_answers_are_named_with_their_page(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    browser.press(typed={"visits": "never"})
    browser.press(typed={"satisfied.books": "4"})
    assert browser.is_refused, "asked about once"
    said = [link.text_content() for link in browser.tree.xpath("//*[@id='errors']//a")]
    assert len(said) == len(set(said)) == 2, "each row by its name"
    assert any("The rooms" in one for one in said) and any("opening hours" in one for one in said)
    assert browser.press() == 200 and not browser.is_refused, "and then it can stay open"
    assert browser.path == page("first-look", "budget")
    browser.get(page("first-look", "review"))
    assert "count as left open" in browser.main
    ways = {link.text_content(): link.get("href") for link in browser.tree.xpath("//main//details//li/a")}
    wish = "How much do you like these things as they are today? "
    budget = "Divide 10 points between the three parts of the budget."
    assert list(ways) == [wish + "The rooms", wish + "The opening hours", budget]
    for way in ways.values():
        address, _, anchor = way.partition("#")
        assert browser.open(address) == 200 and browser.tree.xpath("//*[@id=$id]", id=anchor)
    browser.get(page("first-look", "review"))
    browser.press("go", "submit")
    assert browser.path == page("first-look", "receipt")
    (sent,) = first_look.rows(Submission, expert_id=first_look.expert(1).id)
    keys = {row.id: row.key for row in first_look.rows(VariableRow)}
    states = {keys[row.variable_id]: row.state for row in first_look.rows(Answer, submission_id=sent.id)}
    assert states["satisfied.rooms"] == "blank" and states["budget.staff"] == "not_reached"
    assert states["reasons.work"] == "skipped"


def test_what_is_wrong_is_mended_before_submitting(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "budget"))
    browser.press(typed={"budget.building": "7"})
    browser.get(page("first-look", "review"))
    browser.press("go", "submit")
    assert browser.is_refused
    assert browser.tree.xpath("string(//title)").startswith("Error: Check your answers")
    (link,) = browser.tree.xpath("//main//*[@id='errors']//a")
    assert "Divide 10 points" in link.text_content() and "add up to 7" in link.text_content()
    assert link.get("href") == page("first-look", "budget#item-budget")
    assert first_look.rows(Submission, expert_id=first_look.expert(1).id) == []


def test_what_is_indispensable_says_so_beforehand_and_holds_back(first_look: Library) -> None:
    definition = needing("role")
    with first_look.database.writing() as session:
        made = publishing.publish(session, definition, actor="test", slug="needed")
        importing.import_panel(session, made, definition, panel_file(1, start=70), "test")
        stage = stages.find_stage(session, made.id, "first-look")
        stage_acts.tick(session, made)
        expert = session.scalars(select(Expert).filter_by(consultation_id=made.id)).one()
        token = invitations.create_invitation(session, expert)
        assert stage.opened_at
    browser = first_look.browser()
    enter(browser, f"/i/{token}")
    browser.get("/c/needed/stage/first-look/hello")
    assert "Who are you? (needed to submit)" in browser.main
    for _ in range(2):
        assert browser.is_refused_with()
        assert "Who are you? – Nothing can be submitted without this answer." in browser.main
    browser.get("/c/needed/stage/first-look/review")
    assert "Needed before you can submit (1)" in browser.main
    browser.press("go", "submit")
    assert browser.is_refused
    (link,) = browser.tree.xpath("//*[@id='errors']//a/@href")
    assert link == "/c/needed/stage/first-look/hello#item-role"


def test_a_problem_is_told_at_the_top_and_beside_the_field(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    browser.press(typed={"visits": "rarely"})
    assert browser.is_refused_with({"reasons": ["borrow", "just_so"], "satisfied.books": "3"})
    assert browser.tree.xpath("string(//title)").startswith("Error: ")
    ids = set(browser.tree.xpath("//@id"))
    anchors = browser.tree.xpath("//*[@id='errors']//a/@href")
    assert len(anchors) == 3 and all(anchor.removeprefix("#") in ids for anchor in anchors)
    assert "keep only one of them" in browser.main
    assert browser.value("item-reasons") == ["borrow", "just_so"]
    assert browser.value("item-satisfied.books") == ["3"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"budget.building": "5", "budget.staff": "6"}, "add up to 11"),
        ({"budget.building": "ten"}, "Enter whole numbers from 0 to 10"),
        ({"budget.building": "²"}, "Enter whole numbers from 0 to 10"),
        ({"budget.building": "--5"}, "Enter whole numbers from 0 to 10"),
        ({"budget.building": "9" * 400}, "Enter whole numbers from 0 to 10"),
        ({"budget.building": "10", "missing": "x" * 501}, "shorten the text to 500 characters"),
        ({"budget.building": "10", "budget": "no:dont_know"}, "Either share out the points"),
    ],
)
def test_a_bad_answer_is_refused_with_its_reason_and_kept(
    first_look: Library, typed: dict[str, str], words: str
) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    browser.get(page("first-look", "budget"))
    empty = dict.fromkeys(("budget.building", "budget.staff", "budget.stock", "missing"), "")
    assert browser.is_refused_with({**empty, **typed})
    assert words in browser.main
    for name, value in typed.items():
        assert browser.value(f"item-{name}") == [value]
    for address in ("review", "receipt", "budget"):
        assert browser.open(page("first-look", address)) in (200, 404)
    assert browser.open(f"/c/{SLUG}/my-data") == 200
    browser.get(page("first-look", "review"))
    browser.press("go", "submit")
    assert browser.is_refused


@pytest.mark.parametrize("value", ["²", "6", "0", "no:not_my_field", "--1", "1e0", "９", "\x00"])
def test_a_rating_that_is_no_point_is_refused(round_2: Library, value: str) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    assert browser.press(typed={"L1.wish": value}) == 200
    for address in (page("round-2", "review"), page("round-2", "L1"), f"/c/{SLUG}/my-data"):
        assert browser.open(address) == 200
    browser.get(page("round-2", "review"))
    browser.press("go", "submit")
    kept = round_2.rows(Submission, expert_id=round_2.expert(1).id, stage_id=round_2.stage("round-2").id)
    assert bool(kept) == (value == "\x00"), "a null character is nothing typed"


def test_over_long_text_is_refused_with_the_number_and_kept(round_1: Library) -> None:
    browser = round_1.browser(1)
    browser.get(page("round-1", "L1"))
    assert browser.is_refused_with({"L1.wish": "4", "L1.wish.reason": LONG})
    assert "shorten the text to 400 characters" in browser.main
    assert browser.value("item-L1.wish.reason")[0].strip() == LONG.strip()
    assert browser.value("item-L1.wish") == ["4"]
    assert round_1.drafts(Draft, 1)["L1.wish.reason"] == [LONG]


def test_a_body_of_two_megabytes_is_refused(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "budget"))
    before = first_look.drafts(Draft, 1)
    assert browser.press(more={"item-more": "x" * 2_000_000}) == 413
    assert browser.tree.xpath("//h1")
    assert first_look.drafts(Draft, 1) == before


def test_unknown_fields_are_ignored(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    more = {
        "item-nothing": "x",
        "item-missing": "smuggled",
        "item-visits.other": "y",
        "rev-": "z",
        "pick-visits": "nonsense",
        "keep": "wish",
        "prefill": "visits",
        "result": "²",
        "form": "f" * 99,
        "shown-visits": "²",
        "conflict": "nothing",
    }
    assert browser.press(typed={"visits": "weekly"}, more=more) == 200
    assert first_look.drafts(Draft, 1) == {"visits": ["weekly"]}


def test_the_mark_of_what_was_shown_is_not_taken_on_trust(round_2: Library) -> None:
    browser = round_2.browser(1)
    for result in ("999999", "²", "9" * 40, "-1", "1"):
        browser.get(page("round-2", "L1"))
        assert browser.press(typed={"L1.wish": "4"}, more={"result": result}) == 200
    assert browser.open(page("round-2", "L1") + "?n-L1=²&lang=xx") == 200


def test_a_page_that_routing_skips_takes_no_answers(first_look: Library) -> None:
    """`reasons` is not asked of those who never come; sent all the same, it is not stored."""
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    browser.press(typed={"visits": "never"})
    assert browser.path == page("first-look", "reasons")  # for the matrix, without the question
    assert browser.tree.xpath("//*[@name='item-reasons']") == []
    browser.press(typed={"satisfied.books": "3"}, more={"item-reasons": "borrow"})
    assert "reasons" not in first_look.drafts(Draft, 1)
    for stage, key in (("first-look", "reasons2"), ("round-1", "L1"), ("first-look", "L1")):
        there = page(stage, key)
        data = {**browser.proof(there), "item-reasons": "borrow", "item-L1.wish": "5"}
        sent = browser.client.post(there, data=data)
        assert sent.status_code in (404, 409) and "whose it is" not in sent.text
    assert set(first_look.drafts(Draft, 1)) == {"visits", "satisfied.books", "satisfied.rooms", "satisfied.hours"}


def test_what_was_typed_on_a_page_that_is_gone_is_kept_on_screen(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    gone = page("first-look", "gone")
    data = {**browser.proof(gone), "item-reasons.other": "To see my neighbours"}
    sent = browser.client.post(gone, data=data)
    assert sent.status_code == 404 and "To see my neighbours" in sent.text


def test_within_the_grace_an_answer_counts_and_is_marked_late(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    closes = first_look.stage("first-look").closes_at
    grace = timedelta(seconds=town_library().grace)
    with clock.set_to(closes + grace):
        browser.get(page("first-look", "budget"))
        assert browser.press(typed={"missing": "Typed at the last moment"}) == 200
        assert browser.press("go", "submit") == 200
        assert browser.path == page("first-look", "receipt")
    late = first_look.rows(Submission, expert_id=first_look.expert(1).id)
    assert [row.is_late for row in late] == [True]


def test_after_the_grace_everything_typed_stands_on_the_refusal(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    browser.get(page("first-look", "budget"))
    before = first_look.drafts(Draft, 1)
    late = first_look.stage("first-look").closes_at + timedelta(seconds=town_library().grace + 1)
    typed = {"missing": "Two lines\nof <b>hope</b>", "budget.staff": "4", "budget.stock": "1"}
    with clock.set_to(late):
        assert browser.press(typed=typed) == 409
        for value in ("of <b>hope</b>", "4", "1", "5"):
            assert value in browser.main
        assert "not stored" in browser.main
        assert browser.tree.xpath("//main//b") == []
        browser.get(page("first-look", "budget"))
        assert browser.path == f"/c/{SLUG}/", "a closed page leads to the tasks"
    assert first_look.drafts(Draft, 1) == before
    assert first_look.rows(Submission, expert_id=first_look.expert(1).id) == []


def test_submitting_after_the_grace_is_refused(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    with clock.set_to(first_look.stage("first-look").closes_at + timedelta(hours=1)):
        assert browser.press("go", "submit") == 409
    assert first_look.rows(Submission, expert_id=first_look.expert(1).id) == []


def _lose_token(library: Library, browser: Browser) -> None:
    with browser.client.session_transaction() as cookie:
        cookie.pop("csrf_token")


def _lose_cookies(library: Library, browser: Browser) -> None:
    browser.client.delete_cookie("consult", domain="localhost")


def _end_session(library: Library, browser: Browser) -> None:
    with library.database.writing() as session:
        expert = library.expert(1)
        rows = session.query(LoginSession).filter_by(expert_id=expert.id)
        for row in rows:
            row.revoked_at = clock.utc_now()


@pytest.mark.parametrize(("lose", "status"), [(_lose_token, 400), (_lose_cookies, 400), (_end_session, 401)])
def test_an_expired_page_keeps_every_word_and_is_sent_again_by_its_button(
    first_look: Library, lose: Callable[[Library, Browser], None], status: int
) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    browser.get(page("first-look", "budget"))
    before = first_look.drafts(Draft, 1)
    text = 'Line one\n"two" & <three>\n\n  {{7*7}}'
    typed = {"budget.building": "1", "budget.staff": "1", "budget.stock": "8", "missing": text}
    lose(first_look, browser)
    assert browser.press(typed=typed) == status
    assert first_look.drafts(Draft, 1) == before
    assert "othing" in browser.main and "stored" in browser.main
    shown = [item.text_content() for item in browser.tree.xpath("//main//dd")]
    assert all(value in shown for value in typed.values())
    if lose is not _lose_token:
        if lose is _lose_cookies:
            assert browser.press("", "") == 401
            assert text in [item.text_content() for item in browser.tree.xpath("//main//dd")]
        other_tab = Browser(browser.client)
        enter(other_tab, first_look.link(1))
    assert browser.press("", "") == 200
    assert browser.path == page("first-look", "review")
    stored = first_look.drafts(Draft, 1)
    assert stored["missing"][0].replace("\r\n", "\n") == text
    assert stored["budget.stock"] == ["8"]


def test_an_emptied_page_can_be_sent_again_too(first_look: Library) -> None:
    browser = first_look.browser(1)
    answer_first_look(browser)
    browser.get(page("first-look", "budget"))
    _end_session(first_look, browser)
    empty = dict.fromkeys(("budget.building", "budget.staff", "budget.stock", "missing"), "")
    assert browser.press(typed=empty) == 401
    enter(Browser(browser.client), first_look.link(1))
    browser.press("", "")
    assert browser.is_refused, "stored, and told what is missing"
    assert first_look.drafts(Draft, 1)["missing"] == []


def test_ending_the_links_ends_the_session_but_not_what_was_typed(first_look: Library) -> None:
    browser = first_look.browser(1)
    browser.get(page("first-look", "visits"))
    with first_look.database.writing() as session:
        expert = session.merge(first_look.expert(1), load=True)
        lifetimes.end_links(session, expert, "test")
        token = invitations.renew(session, expert, "test")
    assert browser.press(typed={"visits": "weekly"}) == 401
    enter(Browser(browser.client), f"/i/{token}")
    assert browser.press("", "") == 200
    assert first_look.drafts(Draft, 1)["visits"] == ["weekly"]


def _two_tabs(library: Library) -> tuple[Browser, Browser]:
    """Both tabs show the same page; the second one has saved."""
    mine = library.browser(1)
    mine.get(page("first-look", "visits"))
    mine.press(typed={"visits": "monthly"})
    other = library.browser(1)
    for tab in (mine, other):
        tab.get(page("first-look", "budget"))
    typed = {"budget.building": "10", "missing": "A garden", "budget": None}
    assert other.press(typed=typed) == 200
    return mine, other


def test_two_tabs_show_both_versions_and_lose_none(first_look: Library) -> None:
    mine, _ = _two_tabs(first_look)
    assert mine.is_refused_with({"missing": "A workshop"})
    assert "Changed on two devices" in mine.main
    versions = [item.text_content() for item in mine.tree.xpath("//*[@id='conflicts']//label")]
    assert any("A workshop" in text for text in versions)
    assert any("A garden" in text for text in versions)
    assert first_look.drafts(Draft, 1)["missing"] == ["A garden"]
    assert mine.tree.xpath("//*[@id='errors']") == []
    assert mine.is_refused_with(), "not choosing shows it again"
    assert "A workshop" in mine.main and "A garden" in mine.main
    (said,) = mine.tree.xpath("//*[@id='errors']//a")
    assert "Choose which version to keep" in said.text_content()
    assert mine.tree.xpath("//*[@id=$id]", id=said.get("href").removeprefix("#"))
    assert first_look.drafts(Draft, 1)["missing"] == ["A garden"]


def test_a_version_not_chosen_yet_is_kept_and_nobody_elses(first_look: Library) -> None:
    """It stands at the page's address for as long as it is not chosen; no other expert gets it."""
    mine, _ = _two_tabs(first_look)
    mine.press(typed={"missing": "A workshop"})
    kept = mine.address
    other = first_look.browser(2)
    for address in (kept, kept.replace("budget", "visits")):
        assert other.open(address) in (200, 404) and "A workshop" not in other.text
    later = first_look.browser(1)
    assert later.open(kept) == 200 and "A workshop" in later.main
    assert later.press(typed={"pick-missing": "yours"}) == 200
    assert first_look.drafts(Draft, 1)["missing"] == ["A workshop"]
    assert first_look.rows(HeldForm) == [], "chosen, and forgotten"
    assert mine.open(kept) == 200 and not mine.is_refused


@pytest.mark.parametrize(("choice", "stored"), [("yours", "A workshop"), ("theirs", "A garden")])
def test_the_version_chosen_is_stored(first_look: Library, choice: str, stored: str) -> None:
    mine, _ = _two_tabs(first_look)
    mine.press(typed={"missing": "A workshop"})
    assert mine.press(typed={"pick-missing": choice}) == 200
    assert first_look.drafts(Draft, 1)["missing"] == [stored]
    assert first_look.drafts(Draft, 1)["budget.building"] == ["10"], "untouched here, kept"


def test_what_the_conflict_page_shows_of_the_other_tab_can_be_changed_there(first_look: Library) -> None:
    """The page shows what the other tab stored; taking it back is a change like any other."""
    mine, _ = _two_tabs(first_look)
    mine.press(typed={"missing": "A workshop"})
    assert mine.value("item-budget.building") == ["10"]
    typed = {"pick-missing": "yours", "budget.building": "", "budget": "no:dont_know"}
    assert mine.press(typed=typed) == 200
    stored = first_look.drafts(Draft, 1)
    assert stored["budget.building"] == [] and stored["budget"] == ["no:dont_know"]


def test_versions_are_shown_in_words(first_look: Library) -> None:
    mine, other = first_look.browser(1), first_look.browser(1)
    for tab in (mine, other):
        tab.get(page("first-look", "visits"))
    other.press(typed={"visits": "weekly"})
    assert mine.is_refused_with({"visits": "rarely"})
    said = [item.text_content() for item in mine.tree.xpath("//*[@id='conflicts']//label")]
    assert any("A few times" in text for text in said), said
    assert any("Every week" in text for text in said), said
    matrix, theirs = first_look.browser(1), first_look.browser(1)
    for tab in (matrix, theirs):
        tab.get(page("first-look", "reasons"))
    theirs.press(typed={"reasons": ["borrow"], "satisfied.rooms": "5"})
    assert matrix.is_refused_with({"satisfied.rooms": "no:dont_know"})
    block = matrix.tree.xpath("//*[@id='conflicts']")[0].text_content()
    assert "The rooms" in block and "Very much" in block and "I do not know" in block


def test_the_same_change_in_two_tabs_is_no_conflict(first_look: Library) -> None:
    mine, _ = _two_tabs(first_look)
    assert mine.press(typed={"budget.building": "10", "missing": "A garden"}) == 200


def test_saving_while_typing_does_not_undo_the_other_tab(first_look: Library) -> None:
    """Autosave renews the marks of what it stored, not of what it has never shown."""
    mine, _ = _two_tabs(first_look)
    form = dict(mine.main_form().form_values())
    form["item-budget.staff"] = "1"
    told = mine.client.post(page("first-look", "budget") + "/autosave", data=form).json
    renewed = {f"rev-{name}": mark for name, mark in told["marks"].items()}
    data = {**form, **renewed, "go": "next"}
    mine.client.post(page("first-look", "budget"), data=data)
    assert first_look.drafts(Draft, 1)["missing"] == ["A garden"]
    assert first_look.drafts(Draft, 1)["budget.building"] == ["10"]


def test_emptying_a_page_in_one_tab_is_not_undone_by_the_other(first_look: Library) -> None:
    mine, other = _two_tabs(first_look)
    for tab in (mine, other):
        tab.get(page("first-look", "budget"))
    other.press(typed={"missing": ""})
    mine.press()
    assert first_look.drafts(Draft, 1)["missing"] == []
