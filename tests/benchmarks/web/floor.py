"""The least that could do the job: the same requests and durable writes, and nothing else.

Flask, a page made once with slots for the token, Core statements, SQLite with synchronous=FULL or
PostgreSQL. No definition, no rules, no languages, no marks, no drafts, nothing but a bare row for
each answer.
"""

import secrets
import sqlite3

from flask import Flask, Response, redirect, request, session
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine, Row
from werkzeug.wrappers import Response as Answer

from tests.benchmarks.web.items import ITEMS, asks

DATA = MetaData()
PERSON = Table(
    "person",
    DATA,
    Column("id", Integer, primary_key=True),
    Column("token", String(40), unique=True),
    Column("agreed", Integer, server_default="0"),
    Column("receipt", String(20)),
)
DRAFT, ANSWER = (
    Table(
        name,
        DATA,
        Column("person", ForeignKey(PERSON.c.id), primary_key=True),
        Column("item", Integer, primary_key=True),
        Column("value", Integer),
    )
    for name in ("draft", "answer")
)
SECRET = "floor" * 8
FIND = select(PERSON.c.id, PERSON.c.receipt).where(PERSON.c.token == bindparam("token"))
TYPED = select(DRAFT.c.item, DRAFT.c.value).where(DRAFT.c.person == bindparam("person"))


def engine(url: str) -> Engine:
    """An engine as consult's own is set: WAL, synchronous FULL, a write begins at once."""
    made = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), connect_args={"timeout": 30} if "sqlite" in url else {}
    )
    if "sqlite" in url:

        @event.listens_for(made, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(made, "begin")
        def _begin(connection: Connection) -> None:
            writes = connection.get_execution_options().get("writes")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


def fill(url: str, people: int) -> list[str]:
    """Tables and people; their tokens."""
    made = engine(url)
    DATA.create_all(made)
    tokens = [secrets.token_urlsafe(16) for _ in range(people)]
    with made.begin() as connection:
        connection.execute(insert(PERSON), [{"token": token} for token in tokens])
    made.dispose()
    return tokens


def _frame(main: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Floor</title></head>'
        f'<body><main><form method="post"><input type="hidden" name="csrf_token" value="@token@">{main}'
        '<button name="go" value="next">Save</button></form></main></body></html>'
    )


def _items() -> str:
    points = "".join(
        f'<label><input type="radio" name="item-i@item@" value="{value}">{value}</label>' for value in range(1, 10)
    )
    return "".join(
        f"<fieldset><legend>{asks(number)}</legend>" + points.replace("@item@", f"{number:02}") + "</fieldset>"
        for number in range(1, ITEMS + 1)
    )


PAGE = _frame(_items())
PLAIN = _frame("<p>@words@</p>")


def make(url: str) -> Flask:
    """The application; each view reads who it is, and writes what a step of consult must keep."""
    app = Flask(__name__)
    app.secret_key = SECRET
    made = engine(url)
    writing = made.execution_options(writes=True)

    def token() -> str:
        if "csrf" not in session:
            session["csrf"] = secrets.token_hex(20)
        return str(session["csrf"])

    def plain(words: str) -> str:
        return PLAIN.replace("@token@", token()).replace("@words@", words)

    def who(connection: Connection) -> Row[int, str | None]:
        return connection.execute(FIND, {"token": session["token"]}).one()

    @app.before_request
    def _checked() -> Response | None:
        if request.method == "POST" and request.form["csrf_token"] != session.get("csrf"):
            return Response(status=400)
        return None

    @app.route("/i/<link>", methods=["GET", "POST"])
    def enter(link: str) -> str | Answer:
        if request.method == "GET":
            with made.connect() as connection:
                connection.execute(FIND, {"token": link}).one()
            return plain("Enter")
        with writing.begin() as connection:
            connection.execute(PERSON.update().where(PERSON.c.token == link).values(agreed=0))
        session["token"] = link
        return redirect("/consent", 303)

    @app.route("/consent", methods=["GET", "POST"])
    def consent() -> str | Answer:
        if request.method == "GET":
            return plain("Agree")
        with writing.begin() as connection:
            connection.execute(PERSON.update().where(PERSON.c.id == who(connection).id).values(agreed=1))
        return redirect("/", 303)

    @app.get("/")
    def tasks() -> str:
        with made.connect() as connection:
            who(connection)
        return plain("Start")

    @app.route("/page", methods=["GET", "POST"])
    def page() -> str | Answer:
        if request.method == "GET":
            with made.connect() as connection:
                connection.execute(TYPED, {"person": who(connection).id}).all()
            return PAGE.replace("@token@", token())
        form = request.form
        typed = {number: int(form[f"item-i{number:02}"]) for number in range(1, ITEMS + 1)}
        assert all(1 <= value <= 9 for value in typed.values())
        with writing.begin() as connection:
            person = who(connection).id
            rows = [{"person": person, "item": item, "value": value} for item, value in typed.items()]
            connection.execute(insert(DRAFT), rows)
        return redirect("/review", 303)

    @app.route("/review", methods=["GET", "POST"])
    def review() -> str | Answer:
        if request.method == "GET":
            with made.connect() as connection:
                found = connection.execute(TYPED, {"person": who(connection).id}).all()
            return plain("".join(f"<p>{item}: {value}</p>" for item, value in found))
        with writing.begin() as connection:
            person = who(connection).id
            rows = [
                {"person": person, "item": item, "value": value}
                for item, value in connection.execute(TYPED, {"person": person})
            ]
            connection.execute(insert(ANSWER), rows)
            receipt = secrets.token_hex(5)
            connection.execute(PERSON.update().where(PERSON.c.id == person).values(receipt=receipt))
        return redirect("/receipt", 303)

    @app.get("/receipt")
    def receipt() -> str:
        with made.connect() as connection:
            return plain(str(who(connection).receipt))

    return app


def stored(url: str) -> int:
    """People all of whose answers stand in the database."""
    made = engine(url)
    whole = select(ANSWER.c.person).group_by(ANSWER.c.person).having(func.count() == ITEMS)
    with made.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(whole.subquery()))
    made.dispose()
    return int(found or 0)
