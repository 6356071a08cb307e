"""The network is dead and the browser says it is online: nothing typed is lost, and it is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from consult.models import Draft, Submission
from tests.browser.connections import dead, portal
from tests.browser.readers import Reader, mark_own_device, personal_link, reading, serving, words_box
from tests.browser.test_saving import UNSENT
from tests.web.visiting import SLUG, Library, open_library, page

PERSON = 3
WORDS = "A reason that was typed in a hotel"
IN_SIGHT = """(one) => { const box = one.getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-1") as opened:
        yield opened


@contextmanager
def someone(library: Library, browser: Browser, **options: object) -> Iterator[Reader]:
    options = {"viewport": {"width": 390, "height": 844}, **options}
    with serving(library) as address, reading(browser, address, **options) as reader:
        reader.goto(personal_link(library, SLUG, PERSON))
        reader.go()
        yield reader


def stored(library: Library) -> list[str]:
    return library.drafts(Draft, PERSON).get("L1.wish.reason", [])


def told(page: Page) -> None:
    """It is said where the eye is, and the browser claims to be online all the while."""
    expect(page.locator("#sending")).to_be_visible()
    assert page.locator("#sending").evaluate(IN_SIGHT)
    assert page.evaluate("navigator.onLine") is True


@pytest.mark.parametrize("lie", [dead, portal])
def test_a_page_that_cannot_be_sent_stays_says_so_and_goes_by_itself(
    library: Library, browser: Browser, lie: object
) -> None:
    with someone(library, browser) as reader:
        reader.goto(page("round-1", "L1"))
        here = reader.page
        here.route("**/*", lie)  # type: ignore[arg-type]
        words_box(here).fill(WORDS)
        here.locator("main [name='item-L1.wish'][value='4']").check(force=True)
        here.locator("main button.primary:visible").last.click()
        told(here)
        assert here.locator("textarea").first.input_value() == WORDS
        assert stored(library) == []
        here.unroute("**/*")
        here.wait_for_url(lambda url: "/L1" not in url)
        assert stored(library) == [WORDS]


def test_an_answer_that_never_comes_is_not_waited_for(library: Library, browser: Browser) -> None:
    with someone(library, browser) as reader:
        reader.goto(page("round-1", "L1"))
        here = reader.page
        here.route("**/*", lambda route: None)
        words_box(here).fill(WORDS)
        here.locator("main button.primary:visible").last.click()
        expect(here.locator("#sending")).to_be_visible(timeout=29_000)
        assert here.locator("textarea").first.input_value() == WORDS


def test_typing_on_keeps_the_page_and_saving_goes_on(library: Library, browser: Browser) -> None:
    with someone(library, browser) as reader:
        reader.goto(page("round-1", "L1"))
        here = reader.page
        here.route("**/*", dead)
        words_box(here).fill(WORDS)
        here.locator("main button.primary:visible").last.click()
        told(here)
        words_box(here).fill(WORDS + ", and more")
        here.unroute("**/*")
        expect(here.locator("#autosave")).to_have_attribute("data-state", "saved")
        expect(here.locator("#sending")).to_be_hidden()
        assert here.url.endswith("/L1"), "taken away in the middle of a word"
        assert stored(library) == [WORDS + ", and more"]


def test_a_submission_that_cannot_be_sent_goes_later_and_once(library: Library, browser: Browser) -> None:
    with someone(library, browser) as reader:
        reader.goto(page("round-1", "L1"))
        reader.page.locator("main [name='item-L1.wish'][value='4']").check(force=True)
        reader.go()
        reader.goto(page("round-1", "review"))
        here = reader.page
        lost = []

        def lose(route: Route) -> None:
            """The first time it arrives, and only the answer is lost."""
            if not lost:
                lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")

        here.route("**/review", lose)
        here.locator("main button.primary").click()
        told(here)
        assert lost == [204]
        here.unroute("**/review")
        here.wait_for_url("**/receipt")
        found = library.rows(Submission, expert_id=library.expert(PERSON).id)
        assert len([row for row in found if row.stage_id == library.stage("round-1").id]) == 1


def test_an_own_device_forgets_what_was_sent_by_the_button(library: Library, browser: Browser) -> None:
    with someone(library, browser) as reader:
        reader.goto(page("round-1", "L1"))
        mark_own_device(reader.page)
        words_box(reader.page).fill(WORDS)
        reader.go()
        assert stored(library) == [WORDS]
        assert reader.page.evaluate(UNSENT) == 0


# Back


def _goes_back_to_a_page(reader: Reader) -> None:
    """Chromium asks whether to send a form again by an error page without an h1 of ours."""
    reader.page.go_back()
    reader.page.wait_for_load_state()
    assert reader.page.url.startswith(reader.address)
    assert reader.page.locator("main h1").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_back_after_a_refused_page_is_a_page(library: Library, browser: Browser, scripts: bool) -> None:
    with someone(library, browser, java_script_enabled=scripts) as reader:
        reader.goto(page("round-1", "L1"))
        words_box(reader.page).fill("x" * 3_000)
        reader.go()
        assert reader.page.locator("#errors").count() == 1
        assert reader.page.locator("textarea").first.input_value() == "x" * 3_000
        reader.goto(page("round-1", "L2"))
        answers: list[str] = []
        reader.page.on("response", lambda answer: answers.append(answer.request.method))
        _goes_back_to_a_page(reader)
        assert answers and set(answers) == {"GET"}
        assert reader.page.locator("#errors").count() == 1
        assert reader.page.locator("textarea").first.input_value() == "x" * 3_000
        _goes_back_to_a_page(reader)
        assert set(answers) == {"GET"}


def test_back_after_a_request_for_a_reason_is_a_page(tmp_path: Path, browser: Browser) -> None:
    """Without scripts the page comes back to ask; with them it asked at the tap."""
    with open_library(tmp_path, "round-2") as library, someone(library, browser, java_script_enabled=False) as reader:
        reader.goto(page("round-2", "L1"))
        reader.page.locator("main [name='item-L1.wish'][value='1']").check(force=True)
        reader.page.locator("main button[name=go][value=next]:visible").last.click()
        assert reader.page.locator(".asked:visible").count() >= 1
        reader.goto(page("round-2", "L2"))
        answers: list[str] = []
        reader.page.on("response", lambda answer: answers.append(answer.request.method))
        _goes_back_to_a_page(reader)
        assert reader.page.locator(".asked:visible").count() >= 1
        assert answers and set(answers) == {"GET"}


# Keep my rating


def test_keep_chooses_on_the_page_and_stays_where_one_is(tmp_path: Path, browser: Browser) -> None:
    with open_library(tmp_path, "round-2") as library, someone(library, browser) as reader:
        reader.goto(page("round-2", "L1"))
        here = reader.page
        here.evaluate("document.documentElement.dataset.mark = 'old'")
        button = here.locator("button.keep").first
        button.scroll_into_view_if_needed()
        before = here.evaluate("scrollY")
        button.click()
        assert here.evaluate("document.documentElement.dataset.mark") == "old"
        assert here.evaluate("scrollY") == before
        assert button.get_attribute("aria-pressed") == "true"
        expect(here.locator("#autosave")).to_have_attribute("data-state", "saved")
        kept = here.locator(".point.mine input").first
        assert kept.is_checked()
        assert library.drafts(Draft, PERSON)["L1.wish"] == [kept.get_attribute("value")]


def test_keep_without_a_script_leads_back_to_its_scale(tmp_path: Path, browser: Browser) -> None:
    with open_library(tmp_path, "round-2") as library, someone(library, browser, java_script_enabled=False) as reader:
        reader.goto(page("round-2", "L1"))
        with reader.page.expect_navigation():
            reader.page.locator("button.keep").first.click()
        assert reader.page.url.endswith("/L1#item-L1.wish")
        assert reader.page.locator(".point.mine input").first.is_checked()
