"""Experts' pages in Chromium: phone and desk, English and Russian, with scripts and without."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.definition.loader import load
from consult.demo.people import panel_file as ndpc_panel
from consult.models import Draft, Expert, Submission
from consult.places import data_folder
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from tests.browser.readers import NDPC, UNFOLD, Reader, personal_link, reading, serving, sign_out, words_box
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, reworked, town_library
from tests.web.visiting import SLUG, Library, open_library, page

BARS = "bars-library"
WORDS = {"en": ("Error: ", "Changed on two devices"), "ru": ("Ошибка: ", "Изменено на двух устройствах")}
"""How the title of an error begins, and the heading above two versions."""
PERSON = {"en": 1, "ru": 22}
"""Who of the large panel reads which language."""
TYPES = {
    "single": "PRE-03",
    "multi": "PRE-04",
    "number": "PRE-08",
    "matrix": "PRE-12",
    "scale": "PRE-21",
    "text": "PRE-23",
    "rank": "PRE-26",
    "group": "PRE-31",
    "points": "PRE-32",
}
"""A page of each type of question."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Round 2 of the town library."""
    with open_library(tmp_path, "round-2") as opened:
        yield opened


def _add_large(session: Session) -> None:
    """The questionnaire that has every type of question, in two languages, open now."""
    definition = load(data_folder("questionnaires") / NDPC)
    start = clock.utc_now().date() - timedelta(days=8)
    large = publishing.publish(session, definition, actor="test", schedule="plan-b", start=start)
    importing.import_panel(session, large, definition, ndpc_panel(), "test")
    stage_acts.tick(session, large)


def _add_bars(session: Session) -> None:
    """The town library once more, with the panel's ratings as bars on the scale."""
    protocol = town_library().protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    protocol["feedback"]["form"] = "bars_on_scale"
    definition = reworked(town_library(), protocol=protocol)
    with clock.set_to(BEFORE):
        made = publishing.publish(session, definition, actor="test", slug=BARS)
        importing.import_panel(session, made, definition, panel_file(9), "test")
    experts = list(session.scalars(select(Expert).filter_by(consultation_id=made.id)))
    for expert in experts:
        playing.agree(session, definition, expert)
    playing.play(session, definition, made, experts, stages.find_stage(session, made.id, "round-1"))
    stage_acts.open_stage(session, made, stages.find_stage(session, made.id, "round-2"), actor="test")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_questions_are_accessible_and_fit(library: Library, browser: Browser, language: str) -> None:
    """The way in, and a page of each type of question."""
    with library.database.writing() as session:
        _add_large(session)
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(f"{personal_link(library, NDPC, PERSON[language])}?lang={language}")
        reader.examine("landing")
        reader.go()
        reader.examine("consent")
        reader.go()
        reader.examine("tasks")
        assert reader.page.locator("html").get_attribute("lang") == language
        for kind, key in TYPES.items():
            if key in ("PRE-08", "PRE-23"):
                _choose(reader, "PRE-07" if key == "PRE-08" else "PRE-13")
            reader.goto(f"/c/{NDPC}/stage/pre-event/{key}")
            reader.examine(kind)
        for box in reader.page.locator("main input.short").all():
            box.fill("7")
        reader.go()
        assert reader.page.title().startswith(WORDS[language][0])
        assert reader.page.locator("#errors").evaluate("one => one === document.activeElement")
        reader.examine("error")
        reader.goto(f"/c/{NDPC}/my-data")
        reader.examine("own data")


def _choose(reader: Reader, key: str) -> None:
    """Choose what leads to more questions, on the page that holds this one."""
    where = {"PRE-07": "PRE-04", "PRE-13": "PRE-13"}[key]
    reader.goto(f"/c/{NDPC}/stage/pre-event/{where}")
    value = {"PRE-07": "between", "PRE-13": "yes"}[key]
    reader.page.locator(f"input[name='item-{key}'][value='{value}']").check()
    if key == "PRE-07":
        reader.page.locator("input[name='item-PRE-05']").first.check()
    reader.go()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_rating_is_accessible_and_fits(library: Library, browser: Browser, language: str) -> None:
    """Feedback in words and as bars, changed wording, two versions, review and receipt."""
    with library.database.writing() as session:
        _add_bars(session)
    number = {"en": 1, "ru": 2}[language]
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(f"{personal_link(library, BARS, number)}?lang={language}")
        reader.go()
        reader.goto(f"/c/{BARS}/stage/round-2/L1")
        reader.examine("rating with bars")
        reader.goto(personal_link(library, SLUG, number))
        reader.go()
        reader.goto(page("round-2", "L2"))
        reader.examine("rating, reworded")
        _disagree(library, reader, number)
        assert WORDS[language][1] in reader.page.locator("#conflicts").inner_text()
        reader.examine("two versions")
        reader.page.locator("input[value=yours]").check()
        reader.go()
        while "/review" not in reader.page.url:
            reader.page.locator("main input[type=radio]").nth(3).check()
            reader.go()
        reader.examine("review")
        reader.go()
        assert reader.page.url.endswith("/receipt")
        reader.examine("receipt")


def _disagree(library: Library, reader: Reader, number: int) -> None:
    """Another device saves a reason while this one writes a different one."""
    other = library.browser(number)
    other.get(page("round-2", "L2"))
    other.press(typed={"L2.wish": "3", "L2.wish.reason": "One reason"})
    reader.page.locator("input[name='item-L2.wish'][value='3']").check()
    words_box(reader.page).fill("Another reason")
    reader.go()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_whole_questionnaire_by_clicking(tmp_path: Path, browser: Browser, has_scripts: bool) -> None:
    with (
        open_library(tmp_path, "first-look") as library,
        serving(library) as address,
        reading(browser, address, java_script_enabled=has_scripts) as reader,
    ):
        reader.goto(personal_link(library, SLUG, 14))
        click = _clicker(reader)
        click("Continue")
        reader.page.get_by_role("button", name="Yes, I agree and take part").click()
        reader.page.get_by_role("link", name="Start").click()
        reader.page.get_by_label("Every month").check()
        click("Save and go on")
        reader.page.get_by_label("To borrow or return").check()
        reader.page.get_by_label("For an event").check()
        for name in ("The books", "The rooms", "The opening hours"):
            row = reader.page.get_by_role("group", name=name)
            row.locator("label.point").nth(3).click()
        click("Save and go on")
        for name, points in (("Building", "4"), ("Staff", "4"), ("Books and media", "2")):
            reader.page.get_by_label(name).fill(points)
        reader.page.get_by_label("What is missing today?").fill("Кафе & <b>garden</b>\nBenches")
        click("Save and go on")
        reader.page.evaluate(UNFOLD)
        assert reader.page.get_by_text("Кафе & <b>garden</b>").is_visible()
        click("Submit my answers")
        submission = library.rows(Submission, expert_id=library.expert(14).id)[-1]
        assert reader.page.get_by_text(submission.receipt).is_visible()
        kept = library.drafts(Draft, 14)
        assert kept["reasons"] == ["borrow", "events"] and kept["satisfied.rooms"] == ["4"]
        assert reader.told == []


def _clicker(reader: Reader) -> Callable[[str], None]:
    def click(name: str) -> None:
        with reader.page.expect_navigation():
            reader.page.get_by_role("button", name=name).last.click()

    return click


def test_digit_keys_rate_and_can_be_switched_off(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, 3))
        reader.go()
        reader.goto(page("round-2", "L1"))
        chosen = reader.page.locator("input[name='item-L1.wish']:checked")
        reader.page.keyboard.press("4")
        assert chosen.get_attribute("value") == "4"
        reader.page.locator("details.menu > summary").click()
        reader.page.locator("#settings [data-key='consult-keys:']").uncheck()
        reader.page.locator("details.menu > summary").click()
        reader.page.keyboard.press("2")
        assert chosen.get_attribute("value") == "4"
        assert reader.told == []


def test_a_rating_by_a_digit_is_saved_by_itself(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, 3))
        reader.go()
        reader.goto(page("round-2", "L1"))
        reader.page.keyboard.press("4")
        expect(reader.page.locator("#autosave")).to_have_attribute("data-state", "saved")
        assert library.drafts(Draft, 3)["L1.wish"] == ["4"]


def test_characters_are_counted_alike_on_the_page_and_by_the_server(library: Library, browser: Browser) -> None:
    """400 emoji are 400 characters, twice as many of the browser's own units, with space around."""
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, 3))
        reader.go()
        for count, is_over in ((400, False), (401, True)):
            reader.goto(page("round-2", "L1"))
            box = words_box(reader.page)
            box.fill(" " + "🎺" * count + "\n")
            counted = reader.page.locator("textarea + .count").first
            assert counted.is_visible()
            assert counted.text_content() == f"{count} of at most 400 characters"
            assert counted.evaluate("(one) => one.classList.contains('over')") is is_over
            reader.go()
            assert (reader.page.locator("#errors").count() == 1) is is_over


def test_back_shows_nothing_after_signing_out(library: Library, browser: Browser) -> None:
    with serving(library) as address, reading(browser, address) as reader:
        reader.goto(personal_link(library, SLUG, 3))
        reader.go()
        reader.goto(page("round-2", "L1"))
        words_box(reader.page).fill("Nobody should read this")
        sign_out(reader.page)
        reader.page.go_back()
        reader.page.wait_for_load_state("networkidle")
        content = reader.page.content()
        assert "Nobody should read this" not in content
        assert "A quiet reading room" not in content


def test_a_scanner_that_runs_scripts_and_presses_the_button_leaves_only_a_session(
    tmp_path: Path, browser: Browser
) -> None:
    """Some open links in a whole browser, wait, scroll, press what there is, and go away."""
    with (
        open_library(tmp_path, "first-look") as library,
        serving(library) as address,
        reading(browser, address) as reader,
    ):
        link, before = library.link(14), library.everything()
        reader.goto(link)
        reader.page.mouse.wheel(0, 5_000)
        reader.page.wait_for_load_state("networkidle")
        assert library.everything() == before
        reader.go()
        reader.page.wait_for_load_state("networkidle")
        after = library.everything()
        assert {name for name in after if after[name] != before[name]} == {"session"}
        assert len(after["session"]) == len(before["session"]) + 1
        assert reader.told == []
        with reading(browser, address) as expert:
            expert.goto(link)
            expert.go()
            assert expert.page.url.endswith("/consent")
