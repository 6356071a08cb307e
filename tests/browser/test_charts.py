"""Chart pages in Chromium: drawn under the policy, accessible, fitting a phone and a hall."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.browser.readers import AXE, CHARTS, RUN, TOO_WIDE
from tests.web.charted import DONE, open_charted
from tests.web.staffing import House

WIDTHS = (1280, 390)
MARKS = ".plot .points path, .plot .point path, .plot .point, .plot .heatmaplayer image"
"""What plotly has drawn of the numbers."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("charts")
    with open_charted(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@contextmanager
def _analyst(browser: Browser, house: House, address: str, width: int) -> Iterator[Page]:
    cookie = house.client("analyst").get_cookie("consult")
    assert cookie is not None
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "consult", "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_chart_is_drawn_and_accessible(browser: Browser, house: House, address: str, width: int) -> None:
    with _analyst(browser, house, address, width) as page:
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request",
            lambda request: (
                told.append(f"asked for {request.url}")
                if not request.url.startswith((address, "data:", "blob:"))
                else None
            ),
        )
        for view in CHARTS:
            page.goto(f"{address}/c/{DONE}/results/charts/{view}")
            page.wait_for_selector(MARKS, state="attached")
            page.evaluate(AXE.axe_script)
            found = page.evaluate(RUN)
            assert [(one["id"], one["nodes"][0]["target"]) for one in found] == [], view
            assert page.evaluate(TOO_WIDE) == 0, view
            assert page.title().startswith(page.locator("h1").inner_text()), view
            assert page.locator(".plot a, .plot .modebar-btn").count() == 0, f"{view}: nothing offers to share it"
            assert told == [], view


@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages_are_accessible_and_print(browser: Browser, house: House, address: str, width: int) -> None:
    with _analyst(browser, house, address, width) as page:
        page.context.clear_cookies()
        for path in ("public", "public/M01"):
            page.goto(f"{address}/c/{DONE}/{path}")
            page.evaluate(AXE.axe_script)
            found = page.evaluate(RUN)
            assert [(one["id"], one["nodes"][0]["target"]) for one in found] == [], path
            assert page.evaluate(TOO_WIDE) == 0, path
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 680, "height": 960})
            assert page.evaluate(TOO_WIDE) == 0, path
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": width, "height": 900})


def test_a_slide_shows_the_chart_and_the_way_back(browser: Browser, house: House, address: str) -> None:
    with _analyst(browser, house, address, 1280) as page:
        page.goto(f"{address}/c/{DONE}/results/charts/shares?round=round-2&slides=1")
        page.wait_for_selector(MARKS, state="attached")
        assert not page.locator("header.top").is_visible()
        assert not page.locator("div.data").is_visible()
        size = "parseFloat(getComputedStyle(document.querySelector('.plot')).fontSize)"
        assert page.evaluate(size) > 16
        page.get_by_role("link", name="Leave the full screen").click()
        page.wait_for_selector("div.data")
        assert "round=round-2" in page.url and "slides" not in page.url
