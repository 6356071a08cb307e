"""Rating pages: feedback, changed wordings, new measures, and the buttons that fill in answers."""

from datetime import timedelta

import pytest
from flask import Flask

from analysis.model.criterion import CriterionResult
from consult import clock
from consult.database import Database
from consult.definition.loader import load
from consult.fates import StableVerdicts
from consult.models import Answer, Draft, FeedbackShown, Result, Submission, VariableRow
from consult.places import data_folder
from consult.services.mail import inviting
from consult.services.measures import revising
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.rounds.results import frozen_content
from consult.services.running import publishing, stage_acts
from tests.web.visiting import NEW, SLUG, WORDS, Browser, Library, enter, page

NDPC = "ndpc-2020"


def _rated(library: Library, number: int, variable: str) -> int:
    """What this expert rated in round 1."""
    with library.database.reading() as session:
        found = (
            session.query(Answer.value)
            .join(VariableRow, VariableRow.id == Answer.variable_id)
            .join(Submission, Submission.id == Answer.submission_id)
            .filter(VariableRow.key == variable, Submission.expert_id == library.expert(number).id)
        )
        return int(found.one()[0])


def test_round_1_shows_nothing_of_anybody(round_1: Library) -> None:
    browser = round_1.browser(1)
    browser.get(page("round-1", "L1"))
    for words in ("median", "panel", "reasons", "Rated high", "You:", "Keep", "New in this round"):
        assert words not in browser.main
    assert not browser.tree.xpath("//main//input[@type='radio' and @checked]")


def test_round_2_shows_the_frozen_feedback_and_the_own_rating(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    with round_2.database.reading() as session:
        stage = round_2.stage("round-1")
        counts = frozen_content(session, stage).measures["L1"].criteria["wish"].counts
    ratings = sorted(point for point, count in enumerate(counts, 1) for _ in range(count))
    assert len(ratings) == 12
    median = (ratings[5] + ratings[6]) / 2
    assert f"; median {median:g}." in browser.main
    own = _rated(round_2, 1, "L1.wish")
    assert f"You before: {own}." in browser.main
    assert browser.tree.xpath("//dl[@class='sides']//dt/text()") == ["Rated high", "Rated low"]
    assert not browser.tree.xpath("//main//input[@type='radio' and @checked]"), "marked, not chosen"
    assert browser.tree.xpath("//label[contains(@class, 'mine')]//input/@value") == [str(own)]


def test_keeping_a_rating_is_one_button(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    own = _rated(round_2, 1, "L1.wish")
    assert browser.tree.xpath("//button[@name='keep']/text()") == [f"Keep {own}"]
    assert browser.press("keep", "wish", typed={"L1.wish.reason": "As before"}) == 200
    assert browser.path == page("round-2", "L1")
    assert browser.value("item-L1.wish") == [str(own)]
    assert round_2.drafts(Draft, 1)["L1.wish.reason"] == ["As before"]


def test_what_was_shown_is_noted(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    assert round_2.rows(FeedbackShown) == []
    browser.press(typed={"L1.wish": "4"})
    browser.get(page("round-2", "L1"))
    browser.press(typed={"L1.wish": "5"})
    assert [row.result_id for row in round_2.rows(FeedbackShown)] == [
        round_2.rows(Result, stage_id=round_2.stage("round-1").id)[0].id
    ]


def test_a_substantive_rewording_shows_both_wordings_and_keeps_nothing(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L2"))
    assert "Reworded since the last round" in browser.main
    assert WORDS["L2"] in browser.main and "a laser cutter and hand tools" in browser.main
    assert browser.tree.xpath("//button[@name='keep' or @value='keep']") == []
    assert f"You before: {_rated(round_2, 1, 'L2.wish')}." in browser.main, "the old one still stands"
    browser.press("go", "next", more={"keep": "wish"})
    assert round_2.drafts(Draft, 1).get("L2.wish", []) == [], "nor by a forged button"
    browser.get(page("round-2", "L2"))
    browser.press("", more={"go": "keep"})
    assert round_2.drafts(Draft, 1).get("L2.wish", []) == [], "nor by one that keeps all"


def test_an_editorial_rewording_shows_both_wordings_and_can_be_kept(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L3"))
    assert "Reworded since the last round" in browser.main
    assert WORDS["L3"] in browser.main and "open one hour longer" in browser.main
    own = _rated(round_2, 1, "L3.wish")
    browser.press("keep", "wish")
    assert browser.value("item-L3.wish") == [str(own)]


def test_a_new_measure_is_marked_and_has_no_feedback(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", NEW))
    assert "New in this round" in browser.main and "Drills and ladders" in browser.main
    for words in ("median", "Keep", "You:", "Rated high"):
        assert words not in browser.main
    browser.get(page("round-2", "L1"))
    assert "New in this round" not in browser.main


def test_someone_new_in_round_2_sees_the_panel_but_no_own_rating(round_2: Library) -> None:
    browser = round_2.browser(14)
    browser.get(page("round-2", "L1"))
    assert "of 12 rated" in browser.main
    assert "You:" not in browser.main and "Keep" not in browser.main


def test_a_reason_is_asked_for_once_and_never_forced(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    assert browser.press(typed={"L1.wish": "1"}) == 200
    assert browser.path == page("round-2", "L1")
    assert browser.value("item-L1.wish") == ["1"]
    asked = browser.tree.xpath("//details[@data-why and @open]/p[@class='asked' and not(@hidden)]/text()")
    own = _rated(round_2, 1, "L1.wish")
    assert asked, "it says which rating differs from which"
    assert any(one == f"You rated {own} before." for one in asked) == (own >= 3)
    assert browser.press() == 200
    assert browser.path != page("round-2", "L1")
    browser.get(page("round-2", "L1"))
    browser.press(typed={"L1.wish": "1", "L1.wish.reason": "Silence is to be had at home"})
    assert browser.path != page("round-2", "L1"), "a reason given is not asked for"


def _submit(library: Library, number: int, ratings: dict[str, str]) -> None:
    """Go through round 2: these ratings, `3` for the rest."""
    browser = library.browser(number)
    browser.get(page("round-2", ""))
    while not browser.path.endswith("/review"):
        key = browser.path.rpartition("/")[2]
        browser.press(typed={f"{key}.wish": ratings.get(key, "3")})
        if browser.path.endswith(f"/{key}"):
            browser.press()
    browser.press("go", "submit")
    assert browser.path == page("round-2", "receipt")


def _results(library: Library, key: str) -> dict[str, CriterionResult]:
    with library.database.reading() as session:
        found = frozen_content(session, library.stage(key)).measures
    return {name: one.criteria["wish"] for name, one in found.items()}


def test_a_measure_few_could_judge_says_so(round_2: Library) -> None:
    """Most chose "I do not know" for L7: fewer rated it than the eight a verdict needs."""
    assert _results(round_2, "round-1")["L7"].verdict.verdict == "not_judged"
    browser = round_2.browser(1)
    browser.get(page("round-2", "L7"))
    n = sum(_results(round_2, "round-1")["L7"].counts)
    assert n < 8
    wanted = f"The median of {n} answer" if n >= 5 else "Too few answered"
    assert wanted in browser.main, "a distribution below the floor is told by its median"
    for number in range(1, 10):
        _submit(round_2, number, {"L7": "no:dont_know"})
    round_2.close("round-2")
    now = _results(round_2, "round-2")
    assert now["L7"].verdict.verdict == "not_judged"
    assert now["L1"].verdict.verdict == "none" and now["L1"].n == 9


def test_a_leaver_is_counted_no_more_and_frozen_results_stay(round_2: Library) -> None:
    before = _results(round_2, "round-1")
    for number in range(1, 10):
        _submit(round_2, number, {"L1": "5"})
    browser = round_2.browser(1)
    browser.get(f"/c/{SLUG}/leave")
    browser.press("", "", mark="Withdraw")
    round_2.close("round-2")
    assert _results(round_2, "round-1") == before
    after = _results(round_2, "round-2")
    assert after["L1"].counts == (0, 0, 0, 0, 8)
    with round_2.database.reading() as session:
        taken = frozen_content(session, round_2.stage("round-2")).participation
    assert taken.submitted == 8


IN = StableVerdicts((("wish", "in"),))


def test_one_press_keeps_every_rating_and_goes_on(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    own = _rated(round_2, 1, "L1.wish")
    assert browser.press("go", "keep") == 200
    # The order is drawn for each expert; after the last measure comes the review.
    is_next = browser.path != page("round-2", "L1") and "on=1" in browser.address
    assert is_next or browser.path == page("round-2", "review")
    assert round_2.drafts(Draft, 1)["L1.wish"] == [str(own)]


def test_one_press_keeps_nothing_over_what_was_just_chosen(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(page("round-2", "L1"))
    chosen = "5" if _rated(round_2, 1, "L1.wish") != 5 else "4"
    browser.press("go", "keep", typed={"L1.wish": chosen})
    assert round_2.drafts(Draft, 1)["L1.wish"] == [chosen]
    browser.get(page("round-2", "L1"))
    assert browser.tree.xpath("//button[@value='keep']") == [], "where all is answered nothing is left to keep"


def test_the_question_stands_in_full_where_it_has_no_short_form(round_2: Library) -> None:
    browser = round_2.browser(1)
    for address in (page("round-2", "L1"), page("round-2", "L1") + "?on=1"):
        browser.get(address)
        assert browser.tree.xpath("//legend[not(contains(@class, 'vh'))]//span[@class='in-full']")


def test_who_has_rated_all_and_not_submitted_is_told_so(round_2: Library) -> None:
    browser = round_2.browser(1)
    told = "It counts once you have submitted it."
    browser.get(page("round-2", ""))
    while not browser.path.endswith("/review"):
        browser.press(typed={f"{browser.path.rpartition('/')[2]}.wish": "3"})
    browser.get(f"/c/{SLUG}/")
    assert told in browser.main
    assert browser.tree.xpath("//a[contains(@class, 'start')]/text()") == ["Check and submit"]
    browser.get(page("round-2", "review"))
    browser.press("go", "submit")
    browser.get(f"/c/{SLUG}/")
    assert told not in browser.main
    assert browser.tree.xpath("//a[contains(@class, 'start')]/text()") == ["Change my answers"]
    assert browser.tree.xpath("//main/p[@class = 'eyebrow']/span/text()") == ["submitted"]


def test_the_start_says_what_changed_since_the_last_round(round_2: Library) -> None:
    browser = round_2.browser(1)
    browser.get(f"/c/{SLUG}/")
    lines = browser.tree.xpath("//section[@aria-labelledby='changes-title']//li/text()")
    assert "Reworded, old and new stand side by side: 2" in lines and "New: 1" in lines
    assert browser.tree.xpath("//h1/text()") != ["My tasks"]
    assert browser.tree.xpath("//main//a[contains(@class, 'primary')]/text()") == ["Start"], "one way on"


def test_settled_measures_are_listed_with_their_verdict(round_2: Library) -> None:
    with round_2.database.writing() as session:
        stage = stages.find_stage(session, round_2.stage("round-1").consultation_id, "round-1")
        revising.settle(session, stage, {"L1": IN, "L7": StableVerdicts((("wish", "not_judged"),))})
    browser = round_2.browser(1)
    browser.get(page("round-2", "ratings"))
    listed = {
        item.text_content().partition(":")[0]: item.text_content().partition(":")[2].strip()
        for item in browser.tree.xpath("//h2[.='Measures whose rating is finished']/following-sibling::ul[1]/li")
    }
    assert set(listed) == {"A quiet reading room", "Homework help"}
    assert listed["A quiet reading room"].endswith("rated high, agreed")
    assert "could not judge" in listed["Homework help"]


def test_reasons_given_stand_without_names_and_escaped(round_1: Library) -> None:
    browser = round_1.browser(1)
    browser.get(page("round-1", "L1"))
    browser.press(typed={"L1.wish": "5", "L1.wish.reason": "<b>Because</b> {{7*7}}"})
    browser.get(page("round-1", "review"))
    assert "<b>Because</b> {{7*7}}" in browser.main
    assert browser.tree.xpath("//main//b") == []


@pytest.fixture
def pre_event(first_look: Library) -> Browser:
    """An expert at the first page of the questionnaire before the event of another folder."""
    app: Flask = first_look.app
    database: Database = app.extensions["consult_database"]
    definition = load(data_folder("questionnaires") / NDPC)
    file = (
        "name,email,language,country,role,team,group\n"
        "Ilze Kalna,ilze@example.org,en,LV,role_manager,team_drivers,creative\n"
    )
    with database.writing() as session:
        consultation = publishing.publish(
            session, definition, actor="test", start=clock.utc_now().date() - timedelta(days=1)
        )
        importing.import_panel(session, consultation, definition, file.encode(), "test")
        row = inviting.invite_all(session, consultation, definition, first_look.config, "test")[0]
        stage_acts.tick(session, consultation)
    browser = first_look.browser()
    enter(browser, row.link.removeprefix(first_look.config.public_url))
    browser.get(f"/c/{NDPC}/stage/pre-event/PRE-03")
    assert browser.status == 200
    return browser


def _at(key: str) -> str:
    return f"/c/{NDPC}/stage/pre-event/{key}"


def test_what_the_panel_file_says_can_be_taken_over_by_a_button(pre_event: Browser) -> None:
    assert "Use “Latvia”" in pre_event.main
    assert pre_event.value("item-PRE-03") == [], "offered, not filled in"
    pre_event.press("prefill", "PRE-03")
    assert pre_event.path == _at("PRE-03") and pre_event.value("item-PRE-03") == ["LV"]


def test_one_more_can_be_added_to_a_group_until_it_is_full(pre_event: Browser, first_look: Library) -> None:
    pre_event.get(_at("PRE-31"))
    pre_event.press("add", "PRE-31", typed={"PRE-31.1.title": "A desk"})
    assert pre_event.value("item-PRE-31.1.title") == ["A desk"], "what was typed came along"
    assert pre_event.value("item-PRE-31.2.title") == [""]
    pre_event.press("add", "PRE-31", typed={"PRE-31.2.title": "<i>Two</i>"})
    assert pre_event.value("item-PRE-31.3.title") == [""]
    assert pre_event.tree.xpath("//button[@name='add']") == []
    assert pre_event.is_refused_with({"PRE-31.3.title": "x"})
    anchors = pre_event.tree.xpath("//*[@id='errors']//a/@href")
    assert "#item-PRE-31.1.what" in anchors and "#item-PRE-31.3.title" in anchors
    assert set(anchors) <= {f"#{one}" for one in pre_event.tree.xpath("//@id")}
    assert pre_event.value("item-PRE-31.2.title") == ["<i>Two</i>"]


def test_a_large_number_is_asked_about_once(pre_event: Browser) -> None:
    pre_event.get(_at("PRE-13"))
    pre_event.press(typed={"PRE-13": "yes", "PRE-15": ["ps_health"]})
    assert pre_event.path == _at("PRE-14")
    typed = {"PRE-14": "060", "PRE-16.ps_health": "1"}
    assert pre_event.is_refused_with(typed) and "60 is a large number" in pre_event.main
    assert pre_event.press(typed={"PRE-14.confirm": "60"}) == 200
    pre_event.get(_at("PRE-14"))
    assert pre_event.press() == 200, "what was confirmed stays confirmed"
    pre_event.get(_at("PRE-14"))
    assert pre_event.is_refused_with({"PRE-14": "70"}), "another number is asked about again"


def test_an_answer_excluded_by_another_page_is_refused(pre_event: Browser) -> None:
    pre_event.press(typed={"PRE-03": "LV"})
    pre_event.get(_at("PRE-04"))
    assert pre_event.tree.xpath("//*[@name='item-PRE-04' and @value='LV']") == []
    assert pre_event.is_refused_with(more={"item-PRE-04": "LV"})
    assert "You named this one before" in pre_event.main


def test_the_same_place_cannot_be_given_twice(pre_event: Browser) -> None:
    pre_event.get(_at("PRE-26"))
    same = {f"PRE-26.{place}": "D01" for place in (1, 2)}
    assert pre_event.is_refused_with(same) and "already has a place" in pre_event.main
    assert [pre_event.value(f"item-PRE-26.{place}") for place in (1, 2)] == [["D01"], ["D01"]]


def test_the_pages_follow_the_readers_language(pre_event: Browser) -> None:
    pre_event.get(_at("PRE-03") + "?lang=ru")
    assert pre_event.tree.get("lang") == "ru"
    assert "В какой стране вы в основном работаете?" in pre_event.main
    pre_event.get(_at("PRE-12"))
    assert pre_event.tree.get("lang") == "ru", "remembered"
