"""Staff pages in Chromium: they fit a phone, are accessible, and draw charts under the policy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.web.staffing import HERE, House, open_house

PATHS = {
    "facilitator": (
        "/staff/",
        "/staff/password",
        "facilitate",
        "facilitate/journal",
        "facilitate/stages/round-2/extend",
        "measures",
        "measures/add",
        "measures/L1",
        "measures/L1/reword",
        "measures/comments?show=all",
        "measures/proposals/{proposal}/accept",
        "measures/proposals/{proposal}/title",
        "facilitate/experts/E08/enter/round-2",
    ),
    "analyst": (
        "results",
        "results?show=all&sort=margin",
        "results/round-1",
        "results/round-1/L1",
        "results/first-look",
        "results/round-2",
        "downloads",
        "briefing",
    ),
}
WIDTHS = (390, 1280)
BARS = "#shares .bars .point path"
"""The first may stand for nobody, and have no width."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("staff")
    with open_house(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    """The application on a port of this machine."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@contextmanager
def _signed_in(
    browser: Browser, house: House, address: str, role: str, width: int, **options: object
) -> Iterator[Page]:
    cookie = house.client(role).get_cookie("consult")
    assert cookie is not None
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "consult", "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()


def _full(address: str, path: str) -> str:
    return address + (path if path.startswith("/") else f"/c/{HERE}/{path}")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("role", list(PATHS))
def test_pages_are_accessible_and_fit(browser: Browser, house: House, address: str, role: str, width: int) -> None:
    with _signed_in(browser, house, address, role, width) as page:
        for path in PATHS[role]:
            page.goto(_full(address, house.path(path)))
            found = Axe().run(page).response["violations"]
            assert [(item["id"], item["nodes"][0]["target"]) for item in found] == [], path
            too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(too_wide) == 0, path
            assert page.locator("h1").count() == 1, path
            assert page.title().startswith(page.locator("h1").inner_text()), path


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_is_drawn_under_the_policy(
    browser: Browser, house: House, address: str, width: int, scheme: str
) -> None:
    with _signed_in(browser, house, address, "analyst", width, color_scheme=scheme) as page:
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(_full(address, "results"))
        page.wait_for_selector(BARS, state="attached")
        assert page.locator(BARS).count() >= 7
        assert told == []
        assert {
            url.partition("/c/")[0].partition("/assets")[0].partition("/charts")[0]
            for url in asked
            if not url.startswith("data:")
        } == {address}
        assert "Share" not in page.locator("#shares").inner_html()
        assert page.locator("#shares a").count() == 0
        labels = page.locator("#shares .yaxislayer-above text, #shares .ytick text")
        assert ("quiet reading room" in " ".join(labels.all_text_contents())) is (width > 700)


def test_without_scripts_words_and_tables_stay(browser: Browser, house: House, address: str) -> None:
    with _signed_in(browser, house, address, "analyst", 1280, java_script_enabled=False) as page:
        page.goto(_full(address, "results"))
        assert not page.locator("#shares").is_visible()
        assert page.get_by_text("One bar for each of 7 measures").is_visible()
        page.get_by_text("The numbers behind the chart").click()
        assert page.get_by_role("table", name="Shares of low, middle and high").is_visible()


def test_a_label_cannot_become_markup(browser: Browser, house: House, address: str) -> None:
    """Titles may come from experts; plotly reads tags in labels unless they are escaped."""
    with _signed_in(browser, house, address, "analyst", 1280) as page:
        page.goto(_full(address, "results"))
        page.wait_for_selector(BARS, state="attached")
        drawn = page.evaluate(
            """() => {
                const box = document.getElementById("shares");
                const words = "<a href='https://example.org'>x</a>";
                const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
                    .replaceAll(">", "&gt;");
                const axis = box.layout.yaxis;
                const named = {...axis, ticktext: axis.tickvals.map(() => safe)};
                const layout = {...box.layout, yaxis: named};
                return Plotly.react(box, box.data, layout).then(
                    () => [box.querySelectorAll("a").length, box.textContent.includes(words)]);
            }"""
        )
        assert drawn == [0, True]


def test_the_board_prints_whole(browser: Browser, house: House, address: str) -> None:
    with _signed_in(browser, house, address, "analyst", 1280) as page:
        page.goto(_full(address, "results"))
        page.wait_for_selector(BARS, state="attached")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 960})
        page.wait_for_timeout(300)
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(too_wide) == 0


def test_nothing_comes_back_after_signing_out(browser: Browser, house: House, address: str) -> None:
    with _signed_in(browser, house, address, "facilitator", 1280) as page:
        page.goto(_full(address, "facilitate"))
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/staff/signed-out")
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert "person1@example.org" not in page.content()
