"""A window of Chromium on a running application, and what it should not have said or asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request
from sqlalchemy import select
from werkzeug.serving import make_server

from consult.demo.people import panel as ndpc_people
from consult.models import Consultation, Expert
from consult.services import invitations, panel
from tests.browser.holding import Held
from tests.web.visiting import Library

NDPC = "ndpc-2020"
SIZES = ((390, 844), (1280, 800))
NARROW = 320
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = Axe()
RUN = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"
REFUSED = ("status of 422", "status of 409")
VIOLATION = """addEventListener("securitypolicyviolation",
    (event) => console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""


@dataclass
class Reader:
    """One browser window, and everything it should not have said or asked for."""

    page: Page
    address: str
    told: list[str] = field(default_factory=list)

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

    def goto(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status == 200, path

    def go(self) -> None:
        """Press the button of the page and arrive."""
        with self.page.expect_navigation():
            self.page.locator("main button.primary").last.click()

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


@contextmanager
def reading(browser: Browser, address: str, **options: object) -> Iterator[Reader]:
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield Reader(context.new_page(), address)
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
