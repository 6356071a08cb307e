"""The town library at three moments, and browsers that answer it through its pages."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from lxml import html
from lxml.html import FormElement, HtmlElement
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.demo.visitor import Visitor
from consult.models import Base, Comment, Consultation, Contact, Expert, Stage
from consult.schema import upgrade
from consult.services.access import invitations, sessions
from consult.services.measures import measures, moderation, revising
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.web.application import make_app
from consult.web.marks import form_mark, recognise
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, town_library

SLUG = "town-library"
PANEL, AGREED, ANSWER = 14, 13, 12
"""Experts in the panel, those who agreed before, those who answered every stage so far."""
NEW = "M08"
"""The key of the measure that came in after round 1."""
WORDS = {
    "L2": "Sewing machines and hand tools, two evenings a week.",
    "L3": "A café inside the library, open an hour longer than the shelves.",
}
Typed = Mapping[str, str | Sequence[str] | None]


class Browser(Visitor):
    """A person's browser: sends what stands in a form, and looks at refusals as pages too."""

    status = 0
    headers: Mapping[str, str]

    def _arrive(self, address: str, response: TestResponse) -> None:
        while response.status_code in (301, 302, 303, 308):
            address = str(response.location)
            response = self.client.get(address)
        self.address, self.status, self.headers = address, response.status_code, response.headers
        self.text = response.text if response.mimetype.startswith("text/") else ""

    @property
    def path(self) -> str:
        return self.page

    @property
    def is_refused(self) -> bool:
        """Whether the page came back: something on it is to be mended or to be chosen."""
        return self.status == 200 and bool(self.tree.xpath("//*[@id='errors' or @id='conflicts']"))

    @property
    def tree(self) -> HtmlElement:
        return html.fromstring(self.text)

    @property
    def main(self) -> str:
        """The words of the page as a reader sees them, white space evened out."""
        return " ".join(self.tree.xpath("string(//main)").split())

    def main_form(self, mark: str = "") -> FormElement:
        """The form inside `<main>`; the one whose words hold `mark`, if there are several."""
        found = [form for form in self.tree.xpath("//main//form") if mark in form.text_content()]
        assert found, f"{self.address} ({self.status}) has no form '{mark}': {self.main[:400]}"
        return found[-1]

    def proof(self, address: str) -> dict[str, str]:
        """What a form to an address of this expert carries, also where no page offers it."""
        app = self.client.application
        with self.client.session_transaction() as cookie:
            held = cookie["experts"][SLUG]
        with app.test_request_context(address):
            with app.extensions["consult_database"].reading() as session:
                visit = sessions.visit_of(session, SLUG, held)
            assert visit is not None
            recognise(visit.expert, visit.name)
            return {"csrf_token": self.value("csrf_token")[0], "mark": form_mark(address)}

    def value(self, name: str) -> list[str]:
        """What stands in one input of the page."""
        return [value for key, value in _standing(self.main_form()) if key == name]

    def press(
        self,
        name: str = "go",
        value: str = "next",
        typed: Typed | None = None,
        *,
        mark: str = "",
        more: Mapping[str, str] | None = None,
    ) -> int:
        """Type into the page (names without `item-`; None empties), press a button, follow it.

        What a page does not offer is refused here; `more` is sent beside it, as no browser would.
        """
        form = self.main_form(mark)
        data: MultiDict[str, str] = MultiDict(_standing(form))
        for key, given in (typed or {}).items():
            full = key if key.startswith(("pick-", "tick-")) else f"item-{key}"
            assert form.xpath(".//*[@name=$name]", name=full), f"{self.address} has no {full}"
            data.setlist(full, [given] if isinstance(given, str) else list(given or ()))
        if name:
            offered = form.xpath(".//button[@name=$name and @value=$value]", name=name, value=value)
            assert offered, f"{self.address} has no button {name}={value}"
            data.add(name, value)
        for key, given in (more or {}).items():
            data.add(key, given)
        target = form.get("action") or self.address
        self._arrive(target, self.client.post(target, data=data))
        return self.status

    def is_refused_with(self, typed: Typed | None = None, **more: Any) -> bool:
        """Press "Save and continue" and say whether the page came back to be mended."""
        self.press(typed=typed, **more)
        return self.is_refused

    def open(self, address: str) -> int:
        """Open a page and say its status."""
        self.get(address)
        return self.status


@dataclass(frozen=True)
class Library:
    """An application on the town library's database."""

    app: Flask
    database: Database
    config: Config

    def stage(self, key: str) -> Stage:
        with self.database.reading() as session:
            return stages.find_stage(session, _consultation(session).id, key)

    def expert(self, number: int) -> Expert:
        with self.database.reading() as session:
            return _experts(session)[number - 1]

    def link(self, number: int) -> str:
        """A further personal link of this expert, without the server's address."""
        with self.database.writing() as session:
            token = invitations.create_invitation(session, _experts(session)[number - 1])
        return f"/i/{token}"

    def browser(self, number: int | None = None) -> Browser:
        """A browser; with a number that expert's, who came in by a link and agreed."""
        made = Browser(self.app.test_client())
        if number is not None:
            enter(made, self.link(number))
        return made

    def rows(self, table: type[Base], **wanted: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table).filter_by(**wanted)))

    def drafts(self, table: type[Base], number: int) -> dict[str, list[str]]:
        return {row.name: row.values for row in self.rows(table, expert_id=self.expert(number).id)}

    def close(self, key: str) -> None:
        """Close and freeze a stage an hour after its announced end."""
        with self.database.writing() as session:
            consultation = _consultation(session)
            stage = stages.find_stage(session, consultation.id, key)
            with clock.set_to(stage.closes_at + timedelta(hours=1)):
                stage_acts.close_stage(session, consultation, stage, actor="test")

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with self.database.reading() as session:
            return {
                name: sorted(map(tuple, session.execute(table.select())), key=repr)
                for name, table in Base.metadata.tables.items()
            }


def _standing(form: FormElement) -> list[tuple[str, str]]:
    """What a form would send; the line break after `<textarea>` is markup, not text."""
    areas = {area.get("name") for area in form.xpath(".//textarea")}
    return [(name, value.removeprefix("\n") if name in areas else value) for name, value in form.form_values()]


def enter(browser: Browser, link: str) -> None:
    """Come in by a personal link and agree, if that was not said before."""
    browser.get(link)
    browser.press("", "")
    if browser.path.endswith("/consent"):
        browser.press("consent", "yes")


def page(stage: str, key: str) -> str:
    """The address of a page of the town library."""
    return f"/c/{SLUG}/stage/{stage}/{key}"


@contextmanager
def open_library(folder: Path, at: str) -> Iterator[Library]:
    """The town library on the second day of a stage: `first-look`, `round-1` or `round-2`."""
    path = folder / "consult.db"
    path.write_bytes(_played(at))
    config = Config(
        database_url=f"sqlite:///{path}",
        rate_limit="1000 per minute",
        mail_backend="file",
        mail_folder=str(folder / "mail"),
    )
    app = make_app(config)
    app.testing = True
    database: Database = app.extensions["consult_database"]
    library = Library(app, database, config)
    with clock.set_to(library.stage(at).opens_at + timedelta(days=1)):
        yield library
    database.dispose()


@cache
def _played(at: str) -> bytes:
    """The database file at that moment, made once per process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "consult.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        with database.writing() as session, clock.set_to(BEFORE):
            _play(session, at)
        database.dispose()
        return path.read_bytes()


def _play(session: Session, at: str) -> None:
    definition = town_library()
    consultation = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, consultation, definition, panel_file(PANEL), "test")
    experts = _experts(session)
    for expert in experts[:AGREED]:
        playing.agree(session, definition, expert)
    for key in ("first-look", "round-1", "round-2"):
        stage = stages.find_stage(session, consultation.id, key)
        if key == "round-2":
            _between(session, consultation)
        if key == at:
            with clock.set_to(stage.opens_at):
                stage_acts.open_stage(session, consultation, stage, actor="test")
            return
        playing.play(
            session,
            definition,
            consultation,
            experts[:ANSWER],
            stage,
            rate=_rate,
            text="Because the harbour has no room of its own",
        )


def _rate(name: str, chance: random.Random) -> str:
    """L1 is wanted by all; L7 is judged by few; the others somewhere."""
    if name == "L1.wish":
        return chance.choice("445")
    if name == "L7.wish":
        return "no:dont_know" if chance.random() < 0.7 else "4"
    return playing.any_point(name, chance)


def _between(session: Session, consultation: Consultation) -> None:
    """One substantive and one editorial rewording, a measure added, every reason let through."""
    with clock.set_to(_moment(session, consultation)):
        for key, substantive in (("L2", True), ("L3", False)):
            wording = measures.find_measure(session, consultation.id, key)
            revising.reword_measure(
                session,
                consultation,
                wording,
                {"text": {"en": WORDS[key]}},
                is_substantive=substantive,
                reason="As asked in comments.",
                actor="test",
            )
        revising.add_measure(
            session,
            consultation,
            {
                "title": {"en": "Lending of tools"},
                "text": {"en": "Drills and ladders for a week."},
                "actors": [],
                "barriers": [],
                "instrument": None,
                "late": False,
            },
            theme="service",
            reason="Proposed by the panel.",
            actor="test",
        )
        for comment in session.scalars(select(Comment).order_by(Comment.id)).all():
            moderation.accept_comment(session, consultation, comment.handle, actor="test")


def _moment(session: Session, consultation: Consultation) -> datetime:
    return stages.find_stage(session, consultation.id, "round-2").opens_at - timedelta(days=3)


def _consultation(session: Session) -> Consultation:
    return session.scalars(select(Consultation).filter_by(slug=SLUG)).one()


def _experts(session: Session) -> list[Expert]:
    """The panel in the order of its file."""
    found = session.execute(
        select(Expert, Contact.email)
        .join(Contact, Contact.expert_id == Expert.id)
        .where(Expert.consultation_id == _consultation(session).id)
    )
    numbers = {email.partition("@")[0].removeprefix("person"): expert for expert, email in found}
    return [numbers[key] for key in sorted(numbers, key=int)]
