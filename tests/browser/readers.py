"""A window of Chromium on a running application, and what it should not have said or asked for."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Locator, Page, Request
from sqlalchemy import select
from werkzeug.serving import make_server

from consult.demo.people import panel as ndpc_people
from consult.models import Consultation, Expert
from consult.services.access import invitations
from consult.services.panel import panel
from consult.web.results.charting.views import VIEWS
from tests.browser.holding import Held
from tests.sources import ROOT
from tests.web.visiting import Library

NDPC = "ndpc-2020"
SIZES = ((390, 844), (1280, 800))
NARROW = 320
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = Axe()
STYLES = [ROOT / "consult/web/static" / name for name in ("consult.css", "staff.css")]
RUN = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"
Look = tuple[tuple[int, int], str]
LOOKS: tuple[Look, ...] = tuple((size, scheme) for size in SIZES for scheme in ("light", "dark"))
"""Every size in both colours."""
SEEN = ("color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block")
"""Rules whose answer hangs on size and colours; all others are asked once a page."""
RUN_SEEN = """(rules) => axe.run({resultTypes: ['violations'], runOnly: {type: 'rule',
    values: rules}}).then((found) => found.violations)"""
CHARTS = (
    *(view for view in VIEWS if view != "before-after"),
    *("before-after?question=PRE-19", "before-after?question=PRE-19&part=changes"),
    *("lists?question=PRE-25", "shares?slides=1"),
)
"""Every chart, and its forms that look different."""
REFUSED = ("status of 422", "status of 409", "status of 401")
VIOLATION = """addEventListener("securitypolicyviolation",
    (event) => console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""


@dataclass
class Reader:
    """One browser window, and everything it should not have said or asked for."""

    page: Page
    address: str
    told: list[str] = field(default_factory=list)
    mirror: Page | None = None

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", self._see)
        self.page.add_init_script(VIOLATION)

    def _hear(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        # Chromium reports the status of a refused form as an error of its own.
        if getattr(message, "type", "") == "error" and not any(one in text for one in REFUSED):
            self.told.append(text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.address + "/", "data:")):
            self.told.append(f"asked for {request.url}")

    def examine_looks(self, where: str, looks: Sequence[Look], size: tuple[int, int], scheme: str) -> None:
        """Accessible in those sizes and colours, nothing to scroll sideways; then as it was.

        Where scripts are off axe cannot run: it is shown a copy of the page, made without them.
        """
        page = self.page if self.mirror is None else self.mirror
        if self.mirror is not None:
            self.mirror.set_content(_without_scripts(self.page.content()))
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.axe_script)
        for place, look in enumerate(looks):
            self._dress(page, *look)
            found = page.evaluate(RUN) if place == 0 else page.evaluate(RUN_SEEN, list(SEEN))
            targets = [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found]
            assert targets == [], (where, look, targets)
            assert page.evaluate(TOO_WIDE) == 0, (where, look)
        self._dress(page, (NARROW, 640), scheme)
        assert page.evaluate(TOO_WIDE) == 0, (where, NARROW)
        self._dress(page, size, scheme)

    @staticmethod
    def _dress(page: Page, size: tuple[int, int], scheme: str) -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        # Colours that fade into each other would be measured half-way.
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")

    def goto(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status == 200, path

    def go(self) -> None:
        """Press the button of the page and arrive."""
        with self.page.expect_navigation():
            self.page.locator("main button.primary:visible").last.click()

    def examine(self, what: str) -> None:
        """Both sizes: accessible, nothing to scroll sideways, nothing said on the console."""
        self.page.evaluate(AXE.axe_script)
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            found = self.page.evaluate(RUN)
            assert [(one["id"], one["nodes"][0]["target"]) for one in found] == [], (what, width)
            assert self.page.evaluate(TOO_WIDE) == 0, (what, width)
        self.page.set_viewport_size({"width": NARROW, "height": 640})
        assert self.page.evaluate(TOO_WIDE) == 0, (what, NARROW)
        assert self.page.locator("h1").count() == 1, what
        assert self.told == [], what


UNFOLD = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


def words_box(page: Page, name: str = "") -> Locator:
    """The box for words of that name, or the first there is, with what it is folded into opened."""
    page.evaluate(UNFOLD)
    return page.locator(f"textarea[name='{name}']" if name else "textarea").first


def own_device(page: Page) -> Locator:
    """The box of the menu that says whose device this is."""
    page.locator("details.menu").evaluate("(one) => { one.open = true; }")
    return page.locator("#settings [data-key='consult-own-device:']")


def mark_own_device(page: Page) -> None:
    """Say in the menu that the device is one's own, and fold it away."""
    own_device(page).check()
    page.locator("details.menu > summary").click()


def sign_out(page: Page) -> None:
    """By the button in the head of the page, or in its menu."""
    for menu in page.locator("details.menu").all():
        menu.evaluate("(one) => { one.open = true; }")
    with page.expect_navigation():
        page.locator("header form button").click()


@contextmanager
def serving(library: Library | Held) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, library.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def wait_until(page: Page, condition: str, seconds: float = 8.0) -> None:
    """Wait until a JavaScript expression is true of the page, whichever page is there by then.

    Asked again and again from outside: Playwright's own waiting evaluates a string inside the page,
    which the pages' content security policy refuses. Raises TimeoutError.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(Error):  # between two pages there is nothing to ask
            if page.evaluate(condition):
                return
        page.wait_for_timeout(40)
    raise TimeoutError(f"{page.url}: never became true: {condition}")


def _without_scripts(page: str) -> str:
    """A page as a browser without scripts shows it, for one that has them; by itself."""
    linked = page
    page = re.sub(r"<script\b.*?</script>|<link\b[^>]*>", "", page, flags=re.DOTALL)
    page = re.sub(r"<(/?)noscript>", r"<\1div>", page)
    style = "".join(path.read_text("utf-8") for path in STYLES if path.name in linked)
    return page.replace("</head>", f"<style>{style}</style></head>", 1)


@contextmanager
def reading(browser: Browser, address: str, **options: object) -> Iterator[Reader]:
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    if options.get("java_script_enabled", True):
        yield Reader(context.new_page(), address)
    else:
        beside = browser.new_context(**options | {"java_script_enabled": True})  # type: ignore[arg-type]
        yield Reader(context.new_page(), address, mirror=beside.new_page())
        beside.close()
    context.close()


def personal_link(library: Library, slug: str, number: int) -> str:
    """A personal link of the expert in that place of the panel's file."""
    with library.database.writing() as session:
        consultation = session.scalars(select(Consultation).filter_by(slug=slug)).one()
        found = {item.email: item.expert_id for item in panel.members(session, consultation)}
        email = f"person{number}@example.org"
        if slug == NDPC:
            email = ndpc_people()[number - 1].email
        expert = session.get_one(Expert, found[email])
        return f"/i/{invitations.create_invitation(session, expert)}"
