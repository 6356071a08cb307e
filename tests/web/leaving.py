"""Everything that leaves the server, page by page and file by file, and the numbers in it."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.test import TestResponse

from consult import clock
from consult.cli import main
from consult.models import Consultation, Expert, Message
from consult.services.access import invitations
from consult.services.files import downloads
from consult.services.files.tableformats import FORMATS
from consult.services.rounds import stages
from consult.services.running import stage_acts
from tests.far_keys import numbers_in, numbers_in_mail
from tests.web.marked import mark_for
from tests.web.staffing import HERE, ROLES, House, token_of
from tests.web.visiting import Browser, enter

ALIKE = 4
"""So many pages of one kind are opened; the addresses of all others stand on those."""


@dataclass(frozen=True)
class Told:
    """Something the server gave away: where, and the numbers of rows found in it."""

    where: str
    numbers: tuple[str, ...]


def command_line(house: House, *words: str) -> str:
    """What a command prints, or why it refuses; a traceback fails the test."""
    folder = Path(str(house.database.url.database)).parent
    env = {
        "CONSULT_DATABASE_URL": house.database.url.render_as_string(),
        "CONSULT_MAIL_BACKEND": "file",
        "CONSULT_MAIL_FOLDER": str(folder / "mail"),
    }
    done = CliRunner().invoke(main, [*words], None, env)
    assert isinstance(done.exception, SystemExit | None), (words, done.exception)
    return done.output


def cookies(app: Flask, client: FlaskClient) -> str:
    """What the browser's cookie says once it is read as the server reads it."""
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert found is not None
    return str(serializer.loads(found.value))


def told(where: str, answer: TestResponse) -> Told:
    heads = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers)
    return Told(where, (*numbers_in(heads), *numbers_in(answer.data)))


def crawl(house: House, who: str, client: FlaskClient, starts: list[str]) -> Iterator[Told]:
    """Every kind of page that can be reached by links."""
    todo, known, alike = deque(starts), set(starts), Counter[object]()
    adapter = house.app.url_map.bind("localhost")
    while todo:
        address = todo.popleft()
        parts = urlsplit(address)
        try:
            endpoint = adapter.match(parts.path, return_rule=True)[0].endpoint
        except (MethodNotAllowed, NotFound):
            endpoint = "none"  # such as an address planted by a test below
        kind = endpoint, tuple(sorted(re.findall(r"(\w+)=", parts.query)))
        alike[kind] += 1
        if alike[kind] > ALIKE:
            continue
        answer = client.get(address, buffered=True)
        assert answer.status_code < 500, address
        yield told(f"{who} at {address}", answer)
        found = [str(answer.location)] if answer.status_code in (302, 303) else []
        if answer.mimetype == "text/html":
            found += [str(link) for link in html.fromstring(answer.text).xpath("//a/@href")]
        for link in found:
            path = link.partition("#")[0].removeprefix("http://localhost")
            if path.startswith("/") and path not in known and "lang=" not in path:
                known.add(path)
                todo.append(path)
    yield Told(f"cookie of {who}", tuple(numbers_in(cookies(house.app, client))))


def newcomer(house: House, code: str) -> Browser:
    """An expert of the town library who came in by a new link and agreed."""
    with house.database.writing() as session:
        held = session.scalars(select(Consultation).filter_by(slug=HERE)).one()
        expert = session.scalars(select(Expert).filter_by(consultation_id=held.id, code=code)).one()
        token = invitations.create_invitation(session, expert)
    browser = Browser(house.client())
    enter(browser, f"/i/{token}")
    return browser


def answering(house: House) -> Iterator[Told]:
    """An expert who has not yet answered goes through a whole round and submits."""
    browser = newcomer(house, "E08")
    browser.get(f"/c/{HERE}/stage/round-2/")
    while not browser.path.endswith("/receipt"):
        yield Told(f"answering at {browser.address}", tuple(numbers_in(browser.text)))
        if browser.path.endswith("/review"):
            browser.press("", "")
        else:
            key = browser.path.rpartition("/")[2]
            browser.press(typed={f"{key}.wish": "4", f"{key}.wish.reason": "Said late"})
        assert browser.status == 200, browser.main
    yield Told("receipt", tuple(numbers_in(browser.text)))
    yield from crawl(house, "expert", browser.client, [f"/c/{HERE}/", f"/c/{HERE}/my-data.json"])


def downloaded(house: House) -> Iterator[tuple[str, TestResponse]]:
    """Every file in every format, and the package."""
    for role in ("analyst", "secretariat"):
        client = house.client(role)
        token = token_of(client, f"/c/{HERE}/downloads")
        wanted = [(name, form) for name, spec in downloads.FILES.items() if role in spec.roles for form in FORMATS]
        for name, form in [*wanted, *([("package.zip", "")] if role == "analyst" else [])]:
            data = {"csrf_token": token, "format": form}
            address = f"/c/{HERE}/downloads/{name}"
            data["mark"] = mark_for(client, address)
            answer = client.post(address, data=data, buffered=True)
            assert answer.status_code == 200, (name, form, answer.text)
            yield f"{name} as {form}", answer


def mails(house: House) -> Iterator[Told]:
    """Every kind of mail, as a file with its name."""
    folder = Path(str(house.database.url.database)).parent
    command_line(house, "invite", HERE)
    command_line(house, "announce", HERE, "round-2")
    command_line(house, "remind", HERE, "round-2")
    command_line(house, "link", HERE, "E13", "--mail")
    command_line(house, "deliver")
    found = sorted((folder / "mail").glob("*.eml"))
    for purpose in ("invitation", "reminder", "next-round", "new-link", "receipt"):
        assert any(purpose in file.name for file in found), purpose
    for file in found:
        yield Told(f"mail {file.name}", tuple(numbers_in(file.name)))
        yield Told(f"in mail {file.name}", tuple(numbers_in_mail(file.read_bytes())))
    with house.database.writing() as session:
        waiting = session.scalars(select(Message.id).order_by(Message.id).limit(2)).all()
        uncertain = update(Message).where(Message.id.in_(waiting))
        session.execute(uncertain.values(state="uncertain", error="broke off"))


COMMANDS = {
    "list": [()],
    "status": [(HERE, "--names")],
    "panel": [("list", HERE), ("template", HERE)],
    "own-data": [(HERE, "E01")],
    "answers": [("sheet", HERE, "round-2")],
    "measures": [("list", HERE), ("show", HERE, "L1")],
    "proposals": [("list", HERE)],
    "comments": [("list", HERE)],
    "deviations": [(HERE,)],
    "journal": [(HERE,), (HERE, "--verify")],
    "mails": [("list", HERE)],
    "results": [(HERE, "round-1")],
    "verify": [(HERE,)],
    "download": [(HERE,), (HERE, "participation.csv"), (HERE, "reasons.csv")],
    "account": [("link", "facilitator@staff.example.org")],
    "tick": [()],
    "db": [("check",)],
}
ELSEWHERE = {"check", "schema", "analyse", "serve", "demo", "publish", "republish"}
"""Commands that read a folder or a file, or serve the pages seen here."""
ACTS = {
    "invite",
    "link",
    "announce",
    "remind",
    "deliver",
    "open",
    "extend",
    "close",
    "finish",
    "withdraw",
    "erase",
    "forget-panel",
    "package",
    "briefing",
}
"""Commands of which some run in the other parts and the rest print one line about a code."""


def commands(house: House) -> Iterator[Told]:
    for command, calls in COMMANDS.items():
        for words in calls:
            printed = command_line(house, command, *words)
            yield Told(f"consult {command} {' '.join(words)}", tuple(numbers_in(printed)))


def briefings(house: House, folder: Path) -> Iterator[Told]:
    for end in ("html", "docx", "md"):
        command_line(house, "briefing", "write", HERE, "--out", str(folder / f"b.{end}"))
        content = (folder / f"b.{end}").read_bytes()
        assert content
        yield Told(f"briefing as {end}", tuple(numbers_in(content)))


STARTS = [
    f"/c/{HERE}/{page}"
    for page in ("facilitate", "measures", "measures/comments?show=all", "results", "downloads", "briefing", "public")
]


def pages(house: House, when: str, roles: Sequence[str]) -> Iterator[Told]:
    for role in roles:
        yield from crawl(house, f"{role} {when}", house.client(role), [*STARTS, "/staff/"])


@contextmanager
def closed(house: House) -> Iterator[None]:
    """Round 2 is closed, and it is an hour later."""
    with house.database.writing() as session:
        consultation = session.scalars(select(Consultation).filter_by(slug=HERE)).one()
        stage = stages.find_stage(session, consultation.id, "round-2")
        after = stage.closes_at + timedelta(hours=1)
        with clock.set_to(after):
            stage_acts.close_stage(session, consultation, stage, actor="test")
    with clock.set_to(after):
        yield


def everything(house: House, folder: Path) -> Iterator[Told]:
    """All that leaves the server in the middle of round 2, and again once it is closed."""
    yield from answering(house)
    yield from mails(house)
    yield from pages(house, "in the round", ROLES)
    with closed(house):
        yield from pages(house, "after the round", ROLES)
        yield from (told(where, answer) for where, answer in downloaded(house))
        yield from commands(house)
        yield from briefings(house, folder)
