"""`python -m tests.browser.screenshots [part ...]`: pictures of every page to build/screenshots.

Every page and state of the expert and every page of the staff, at two widths, in English and
Russian, in light colours and a few in dark ones, with an index.html that shows them side by side.
"""

import html
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from consult.demo.browser import read_form
from consult.demo.people import panel as people
from consult.models import Comment, Proposal
from consult.services.staff import accounts, sign_in
from tests.browser.conftest import launched
from tests.browser.holding import OTHERS, SLUG, WALKERS, Held, consultation, held_at
from tests.browser.readers import CHARTS, SIZES, Reader, reading, serving, words_box
from tests.browser.walking import Walker

OUT = Path("build/screenshots")
TYPES = {
    "single": "PRE-03",
    "multi": "PRE-04",
    "matrix": "PRE-12",
    "scale": "PRE-21",
    "text": "PRE-23",
    "rank": "PRE-26",
    "group": "PRE-31",
    "points": "PRE-32",
}
STAFF: Mapping[str, tuple[str, ...]] = {
    "facilitator": (
        "/staff/",
        "/staff/password",
        "facilitate",
        "facilitate/journal",
        "facilitate/stages/round-2/extend",
        "facilitate/stages/round-2/close",
        "facilitate/stages/round-3/open",
        "facilitate/finish",
        "facilitate/experts/E01/new-link",
        "facilitate/experts/E01/withdraw",
        "facilitate/experts/E01/correct",
        "facilitate/letters",
        "/staff/sign-ins",
        "measures",
        "measures/add",
        "measures/M09",
        "measures/M09/reword",
        "measures/M09/merge",
        "measures/M09/drop",
        "measures/comments?show=all",
        "measures/comments/{comment}/accept",
        "measures/comments/{comment}/withhold",
        "measures/proposals/{proposal}/accept",
        "measures/proposals/{proposal}/merge",
        "measures/proposals/{proposal}/withhold",
        "measures/proposals/{proposal}/title",
    ),
    "analyst": (
        "results",
        "results/pre-event",
        "results/post-event",
        "results/round-1",
        "results/round-1/M16",
        "results/round-2",
        "downloads",
        "briefing",
    ),
    "secretariat": ("facilitate", "downloads"),
}
DARK = ("tasks", "matrix", "error", "rating-2", "results", "facilitate", "conflict")
"""What is also shown in dark colours."""
FOLLOWED: Mapping[str, tuple[str, ...]] = {"facilitate": ("/enter/",), "measures": ("/accept", "/merge", "/withhold")}
"""Pages of the facilitator that stand behind the first link of a kind: whose it is, varies."""


@dataclass
class Camera:
    """Takes the page that is open, at both widths."""

    page: Page
    language: str
    taken: list[Path] = field(default_factory=list)

    def take(self, name: str) -> None:
        schemes = ("light", "dark") if name.split("_")[-1] in DARK else ("light",)
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for width, height in SIZES:
                self.page.set_viewport_size({"width": width, "height": height})
                path = OUT / f"{name}_{self.language}_{width}_{scheme}.png"
                # A chart is drawn again for the new width.
                has_chart = self.page.locator(".js-plotly-plot").count() > 0
                self.page.wait_for_timeout(700 if has_chart else 80)
                self.page.screenshot(path=path, full_page=True, timeout=60_000)
                self.taken.append(path)
        self.page.emulate_media(color_scheme="light")


class Visit(Walker):
    """A person who answers without looking closely; the pictures are looked at later."""

    def look(self) -> None:
        page = self.reader.page
        self.address, self.text = page.url, page.content()
        self.form = read_form(self.text)


@contextmanager
def _visiting(browser: Browser, held: Held, language: str) -> Iterator[tuple[Visit, Camera]]:
    with serving(held) as address, reading(browser, address) as reader:
        person = people()[WALKERS[language] - 1]
        yield Visit(reader, person, True), Camera(reader.page, language)


def _stage(key: str, page: str = "") -> str:
    return f"/c/{SLUG}/stage/{key}/{page}"


def questionnaire(browser: Browser, held: Held, language: str) -> list[Path]:
    """The way in, a page of each type of question, errors, review, receipt, one's own pages."""
    with _visiting(browser, held, language) as (visit, camera), held.during("pre-event"):
        link = held.link(visit.person.number)
        for name, below in (("not-me", "not-me"), ("nomination", "not-me/nomination")):
            visit.goto(f"{link}/{below}?lang={language}")
            camera.take(f"a0_{name}")
        visit.goto(f"{link}?lang={language}")
        camera.take("a1_landing")
        visit.press()
        camera.take("a2_consent")
        visit.press()
        camera.take("a3_tasks")
        for kind, key in TYPES.items():
            if key == "PRE-23":
                visit.goto(_stage("pre-event", "PRE-13"))
                visit.reader.page.locator("input[name='item-PRE-13'][value='yes']").check()
                visit.press()
            visit.goto(_stage("pre-event", key))
            camera.take(f"b_{kind}")
        for box in visit.reader.page.locator("main input.short").all():
            box.fill("7")
        visit.press()
        camera.take("c_error")
        visit.stage(_stage("pre-event"), None)
        camera.take("d1_review")
        visit.press()
        camera.take("d2_receipt")
        for name in ("my-data", "leave", "help", "privacy", "accessibility", "new-link"):
            visit.goto(f"/c/{SLUG}/{name}")
            camera.take(f"e_{name}")
        visit.goto(_stage("pre-event", "print"))
        camera.take("e_print")
        for name, path in (("link-over", "/i/nothing"), ("not-found", f"/c/{SLUG}/nothing")):
            visit.reader.page.goto(visit.reader.address + path)
            camera.take(f"f_{name}")
        return camera.taken


def second_round(browser: Browser, held: Held, language: str) -> list[Path]:
    """Ratings with feedback: reworded, new, split, a reason asked for, two versions, too late."""
    with _visiting(browser, held, language) as (visit, camera), held.during("round-2"):
        page = visit.reader.page
        visit.come_in(f"{held.link(visit.person.number)}?lang={language}")
        for key, name in {
            "M04": "rating-2",
            "M09": "reworded",
            "M12": "editorial",
            "M33": "new",
            "M24": "split",
        }.items():
            visit.goto(_stage("round-2", key))
            camera.take(f"g_{name}")
        visit.goto(_stage("round-2", "M08"))
        for name in ("importance", "feasibility"):
            page.locator(f"input[name='item-M08.{name}'][value='1']").check()
        visit.press()
        camera.take("g_reason-asked")
        visit.goto(_stage("round-2", "M01"))
        _from_another_device(held, visit)
        words_box(page).fill("Typed on this device")
        visit.press()
        camera.take("g_conflict")
        visit.goto(_stage("round-2"))
        visit.stage(_stage("round-2"), 2)
        camera.take("h_review")
        visit.goto(_stage("round-2", "ratings"))
        camera.take("h_ratings")
        visit.goto(_stage("round-2", "M01"))
        with held.after("round-2"):
            words_box(page).fill("Typed too late")
            visit.press()
            camera.take("i_too-late")
            visit.goto(f"/c/{SLUG}/")
            camera.take("i_tasks-after")
        _as_another(held, visit)
        camera.take("i_foreign")
        return camera.taken


def _as_another(held: Held, visit: Visit) -> None:
    """A page drawn for one person, sent after another came in."""
    page = visit.reader.page
    visit.goto(_stage("round-2", "M01"))
    other = page.context.new_page()
    other.goto(visit.reader.address + held.link(OTHERS[0]))
    with other.expect_navigation():
        other.locator("main button.primary:visible").last.click()
    other.close()
    words_box(page).fill("Typed for somebody else")
    visit.press()


def _from_another_device(held: Held, visit: Visit) -> None:
    other = visit.reader.page.context.new_page()
    other.goto(visit.reader.address + _stage("round-2", "M01"))
    words_box(other).fill("Written on the other device")
    with other.expect_navigation():
        other.locator("main button.primary:visible").last.click()
    other.close()


def last_round(browser: Browser, held: Held, language: str) -> list[Path]:
    """What is settled, and the choice of five."""
    with _visiting(browser, held, language) as (visit, camera), held.during("round-3"):
        visit.come_in(f"{held.link(visit.person.number)}?lang={language}")
        camera.take("j_tasks-last")
        visit.goto(_stage("round-3"))
        for one in visit.reader.page.locator("main details").all():
            one.evaluate("one => { one.open = true }")
        camera.take("j_settled")
        visit.goto(_stage("round-3", "R3-01"))
        camera.take("j_priorities")
        return camera.taken


def staff(browser: Browser, held: Held, language: str) -> list[Path]:
    """Every page of the staff, in the middle of round 2."""
    taken = []
    with held.during("round-2"), serving(held) as address:
        held.answer("round-2", OTHERS[:7])
        handles = _handles(held)
        for role, paths in STAFF.items():
            with reading(browser, address) as reader:
                camera = Camera(reader.page, language)
                reader.goto("/staff/login?lang=" + language)
                if role == "facilitator":
                    camera.take("s_login")
                reader.goto(_account(held, role))
                reader.go()
                for path in paths:
                    full = path if path.startswith("/") else f"/c/{SLUG}/{path}"
                    reader.page.goto(address + full.format(**handles))
                    reader.page.wait_for_timeout(200)
                    name = re.sub(r"\W+", "-", path.partition("?")[0]).strip("-")
                    camera.take(f"s_{role}_{name}")
                if role == "facilitator":
                    _follow(reader, camera)
                taken += camera.taken
    return taken


def _handles(held: Held) -> dict[str, str]:
    """Of a comment and of a proposal, for the addresses of pages about one."""
    with held.database.reading() as session:
        found = {"comment": Comment.handle, "proposal": Proposal.handle}
        return {name: session.scalars(select(column)).all()[0] for name, column in found.items()}


def _follow(reader: Reader, camera: Camera) -> None:
    for path, kinds in FOLLOWED.items():
        for kind in kinds:
            reader.goto(f"/c/{SLUG}/{path}")
            reader.page.locator(f"main a[href*='{kind}']").first.click()
            reader.page.wait_for_load_state()
            camera.take(f"s_facilitator_{path}-first-{kind.strip('/')}")


def results(browser: Browser, held: Held, language: str) -> list[Path]:
    """What the analyst and everybody else see after the last round: every chart among it."""
    held.answer("round-3", OTHERS)
    held.close("round-3")
    with serving(held) as address, reading(browser, address) as reader:
        camera = Camera(reader.page, language)
        reader.goto(_account(held, "analyst") + f"?lang={language}")
        reader.go()
        for name in ("results", "results/round-3", "results/round-3/M16", "briefing"):
            reader.goto(f"/c/{SLUG}/{name}")
            camera.take(f"t_{name.replace('/', '-')}")
        for view in CHARTS:
            reader.goto(f"/c/{SLUG}/results/charts/{view}")
            reader.page.wait_for_load_state("networkidle")
            reader.page.wait_for_timeout(300)  # plotly draws when everything is there
            camera.take(f"u_{view.replace('?', '-').replace('&', '-')}")
    return camera.taken


def _account(held: Held, role: str) -> str:
    with held.database.writing() as session:
        email = f"{role}@demo.example"
        account = accounts.add(session, email, f"Demo {role}", None)
        accounts.grant(session, account, consultation(session), role)
        link = sign_in.make_link(session, account, held.config, hours=2)
    return link.removeprefix(held.config.public_url)


PARTS: Mapping[str, tuple[str, Callable[[Browser, Held, str], list[Path]]]] = {
    "questionnaire": ("pre-event", questionnaire),
    "second-round": ("round-2", second_round),
    "last-round": ("round-3", last_round),
    "staff": ("round-2", staff),
    "results": ("round-3", results),
}


def write_index(taken: list[Path]) -> None:
    """All pictures on one page, those of one screen beside each other."""
    screens: dict[str, list[Path]] = {}
    for path in sorted(taken):
        screens.setdefault(path.stem.rsplit("_", 3)[0], []).append(path)
    parts = []
    for name, paths in screens.items():
        shown = "".join(
            f'<figure><a href="{path.name}"><img src="{path.name}" loading="lazy" alt=""></a>'
            f"<figcaption>{html.escape(path.stem.removeprefix(name).strip('_'))}</figcaption>"
            "</figure>"
            for path in paths
        )
        parts.append(f"<h2>{html.escape(name)}</h2><div>{shown}</div>")
    style = "div{display:flex;gap:1rem;overflow:auto}img{height:30rem;border:1px solid #999}"
    (OUT / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title>'
        f"<style>{style}</style><h1>Screens</h1>{''.join(parts)}</html>"
    )


def main(wanted: list[str]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    OUT.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        for name in wanted or PARTS:
            at, part = PARTS[name]
            for language in WALKERS:
                with TemporaryDirectory() as folder, held_at(Path(folder), at) as held:
                    print(f"{name} {language}: {len(part(browser, held, language))} pictures")
    write_index(list(OUT.glob("*.png")))
    print(f"See {OUT}/index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
