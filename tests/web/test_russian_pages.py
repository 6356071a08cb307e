"""Pages, mails and the briefing in Russian: no English word of the interface is left on them."""

import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.demo.people import panel_file
from consult.models import Comment, Consultation, Contact, Expert, MeasureFate, Stage
from consult.places import data_folder
from consult.schema import upgrade
from consult.services.access import invitations
from consult.services.mail import mails
from consult.services.measures import measures, moderation, revising
from consult.services.panel import importing
from consult.services.rounds.stages import find_stage
from consult.services.running import publishing, stage_acts
from consult.services.staff import accounts, sign_in
from consult.web import status_pages
from consult.web.application import make_app
from tests.services import playing
from tests.web.russian import left_in_english
from tests.web.visiting import Browser, enter

SLUG = "ndpc-2020"
ROLES = ("facilitator", "secretariat", "analyst")
TEXT = "Потому что так проще начать, чем собирать всё сразу"


@dataclass(frozen=True)
class Room:
    """The consultation of 2020 on the second day of round 2, one round rated by twelve."""

    app: Flask
    database: Database

    def link(self) -> str:
        """A personal link of the first expert who reads Russian; this one rated in round 1."""
        with self.database.writing() as session:
            expert = next(one for one in _experts(session) if one.language == "ru")
            return f"/i/{invitations.create_invitation(session, expert)}"

    def expert(self) -> Browser:
        browser = Browser(self.app.test_client())
        browser.get("/?lang=ru")
        enter(browser, self.link())
        return browser

    def staff(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        with self.database.writing() as session:
            account = accounts.find(session, f"{role}@staff.example.org")
            token = sign_in.open_staff_session(session, account, 12)
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"], cookie["lang"] = token, True, "ru"
        return client


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    path = tmp_path / "consult.db"
    path.write_bytes(_played())
    config = Config(
        database_url=f"sqlite:///{path}",
        rate_limit="1000 per minute",
        mail_backend="file",
        mail_folder=str(tmp_path / "mail"),
    )
    app = make_app(config)
    app.testing = True
    database: Database = app.extensions["consult_database"]
    with ExitStack() as stack:
        stack.callback(database.dispose)
        with database.reading() as session:
            consultation = session.scalars(select(Consultation)).one()
            opened = find_stage(session, consultation.id, "round-2").opens_at
        stack.enter_context(clock.set_to(opened + timedelta(days=1)))
        yield Room(app, database)


@cache
def _definition() -> Definition:
    return load(data_folder("questionnaires") / SLUG)


@cache
def _played() -> bytes:
    """The database file, played once per process."""
    definition = _definition()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "consult.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        plan = definition.schedules[definition.default_schedule].stages
        first = min(publishing.local_moment(one.opens, definition.zone) for one in plan.values())
        with database.writing() as session, clock.set_to(first - timedelta(days=9)):
            _play(session, definition)
        database.dispose()
        return path.read_bytes()


def _play(session: Session, definition: Definition) -> None:
    consultation = publishing.publish(session, definition, actor="clock")
    importing.import_panel(session, consultation, definition, panel_file(), "test")
    experts = _experts(session)
    for expert in experts[:20]:
        playing.agree(session, definition, expert)
    for key in ("pre-event", "event", "post-event", "round-1"):
        raters = experts[:12] if key in ("post-event", "round-1") else []
        playing.play(session, definition, consultation, raters, _stage(session, key), rate=_rate, text=TEXT)
    second = _stage(session, "round-2")
    with clock.set_to(second.opens_at - timedelta(days=1)):
        _moderate(session, consultation)
    with clock.set_to(second.opens_at):
        stage_acts.open_stage(session, consultation, second, actor="clock")
    with clock.set_to(second.opens_at + timedelta(hours=1)):
        playing.answer(
            session, definition, consultation, experts[0], second, rate=_rate, text=TEXT, chance=random.Random(2)
        )
    for role in ROLES:
        account = accounts.add(session, f"{role}@staff.example.org", "Анна", None)
        accounts.grant(session, account, consultation, role)


def _experts(session: Session) -> list[Expert]:
    """The panel in the order of its file."""
    query = select(Expert).join(Contact, Contact.expert_id == Expert.id).order_by(Contact.email)
    return list(session.scalars(query))


def _moderate(session: Session, consultation: Consultation) -> None:
    for comment in session.scalars(select(Comment).order_by(Comment.id)).all():
        moderation.accept_comment(
            session,
            consultation,
            comment.handle,
            actor="clock",
            texts=dict.fromkeys(("en", "ru"), "Потому что так проще"),
        )
    first, second, third = measures.live_wordings(session, consultation.id)[:3]
    revising.reword_measure(
        session,
        consultation,
        first,
        {"text": {"en": "Anew.", "ru": "Сказано заново."}},
        is_substantive=False,
        reason="Так короче.",
        actor="clock",
    )
    revising.merge_measure(session, consultation, second, third, reason="Об одном.", actor="clock")


def _stage(session: Session, key: str) -> Stage:
    return session.scalars(select(Stage).filter_by(key=key)).one()


def _rate(name: str, chance: random.Random) -> str:
    """M01 is rated by all, so that there is a former rating to keep."""
    has_none = chance.random() < 0.1 and not name.startswith("M01.")
    return "no:dont_know" if has_none else str(chance.randint(3, 9))


def _offenders(pages: dict[str, str]) -> list[str]:
    return [f"{name}: {words.strip()}" for name, page in pages.items() for words in left_in_english(page)]


def test_an_experts_pages_are_in_russian(room: Room) -> None:
    browser = room.expert()
    pages = {}
    round_2 = f"/c/{SLUG}/stage/round-2"
    for address in (
        "",
        "my-data",
        "leave",
        "privacy",
        "help",
        "accessibility",
        "new-link",
        "declined",
        "stage/round-2/review",
        "stage/round-2/print",
        "stage/round-2/ratings",
        "stage/round-1/receipt",
        "consent",
    ):
        assert browser.open(f"/c/{SLUG}/{address}") == 200, address
        pages[address] = browser.text
    browser.open(f"{round_2}/")
    pages["rating"] = browser.text
    browser.press(typed={}, more={"item-M02.importance": "99"})
    pages["refused"] = browser.text
    browser.open(f"{round_2}/M01")
    pages["reworded"] = browser.text
    assert "Сказано заново." in browser.main and "Оставить обе и дальше" in browser.main
    assert _offenders(pages) == []


def test_pages_without_a_session_are_in_russian(room: Room) -> None:
    client = room.app.test_client()
    addresses = (
        "/?lang=ru",
        room.link(),
        "/i/wrong",
        "/nowhere",
        "/staff/login",
        "/staff/signed-out",
        "/staff/link/wrong",
        f"/c/{SLUG}/",
        f"/c/{SLUG}/results",
    )
    pages = {address: client.get(address, follow_redirects=True).text for address in addresses}
    with room.app.test_request_context("/?lang=ru"):
        for code in status_pages.WORDS:
            pages[str(code)] = status_pages.status_page(code)
    assert _offenders(pages) == []


@pytest.mark.parametrize("role", ROLES)
def test_staff_pages_are_in_russian(room: Room, role: str) -> None:
    """Every page that links lead to, from the list of consultations on."""
    client = room.staff(role)
    todo, pages = ["/staff/?lang=ru", "/staff/password"], {}
    while todo:
        address = todo.pop(0)
        response = client.get(address, buffered=True)
        response.close()
        if response.mimetype != "text/html":
            continue
        assert response.status_code == 200, address
        pages[address] = _without_facts(response.text)
        for link in html.fromstring(response.text).xpath("//a/@href"):
            target = link.partition("#")[0]
            if _is_new(target, [*todo, *pages]):
                todo.append(target)
    assert len(pages) > 5
    assert _offenders(pages) == []


def _without_facts(page: str) -> str:
    """The journal's page without who acted (here `test`) and the facts as they were recorded."""
    tree = html.fromstring(page)
    if "/journal" in tree.xpath("string(//nav[@class='langs']/a/@href)"):
        for cell in tree.xpath("//tbody//td[2] | //tbody//td[last()]"):
            cell.drop_tree()
    return html.tostring(tree, encoding="unicode")


def _is_new(target: str, known: list[str]) -> bool:
    """One page of a kind: the twentieth measure shows no other words than the second."""
    kinds = {_kind(address) for address in known}
    return target.startswith(("/c/", "/staff/")) and "lang=" not in target and _kind(target) not in kinds


def _kind(address: str) -> str:
    return re.sub(r"\?.*|/(?:M\d+|X\w+|\d+)\b", "", address)


def test_mails_are_in_russian(room: Room) -> None:
    definition, words = (_definition(), ("Игорь", "Второй раунд", "https://example.org/i/x", "завтра"))
    name, stage, link, deadline = words
    letters = [
        mails.invitation(definition, "ru", name, link, deadline),
        mails.reminder(definition, "ru", name, stage, link, deadline, has_started=True),
        mails.reminder(definition, "ru", name, stage, link, deadline, has_started=False),
        mails.next_round(definition, "ru", name, stage, link, deadline),
        mails.new_link(definition, "ru", name, link, stage, deadline),
        mails.receipt(definition, "ru", name, stage, "ABCD-2345", link, deadline),
    ]
    pages = {mail.subject: f"<p>{escape(mail.subject)}</p><p>{escape(mail.body)}</p>" for mail in letters}
    assert all("Здравствуйте, Игорь!" in page for page in pages.values())
    assert _offenders(pages) == []


def test_a_reason_is_asked_and_kept_in_both_languages(room: Room) -> None:
    client = room.staff("facilitator")
    address = f"/c/{SLUG}/measures/M01/reword"
    page = html.fromstring(client.get(address).text)
    assert page.xpath("//textarea[@name='item-reason']/@lang") == ["en"]
    assert page.xpath("//textarea[@name='item-reason_ru']/@lang") == ["ru"]
    fields = {
        "title_en": "Anew",
        "title_ru": "Заново",
        "text_en": "Said anew.",
        "text_ru": "Иначе.",
        "kind": "editorial",
        "reason": "Said shorter",
        "reason_ru": "Сказано короче",
    }
    hidden = page.xpath("//main//form//input[@type='hidden']")
    sent = {one.get("name"): one.get("value") for one in hidden}
    sent |= {f"item-{name}": words for name, words in fields.items()}
    assert client.post(address, data={**sent, "item-reason": " "}).location != address
    assert client.post(address, data=sent).status_code == 303
    shown = client.get(f"/c/{SLUG}/measures/M01").text
    assert "Сказано короче" in shown and "Said shorter" not in shown
    with room.database.reading() as session:
        newest = session.scalars(select(MeasureFate).order_by(MeasureFate.id.desc())).first()
        assert newest is not None
        assert (newest.reason, newest.reason_in) == ("Said shorter", {"en": "Said shorter", "ru": "Сказано короче"})
