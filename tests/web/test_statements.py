"""What one request of an expert asks of the database: little, and never a look through what others gave."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from consult.config import Config
from consult.database import Database
from consult.schema import upgrade
from consult.web.application import make_app
from tests.benchmarks.web import journeys, world
from tests.benchmarks.web.client import Reply

OF_PEOPLE = (
    "answer|change_note|comment|consent|contact|draft|expert|invitation|message|objection|proposal|secretariat_answer|"
    "session|shown|submission"
)
"""Tables that grow with the panel."""
LOOKS_THROUGH = re.compile(rf"^SCAN ({OF_PEOPLE})\b")


@dataclass
class Watched:
    """An expert's browser, and every statement that its last request made."""

    client: FlaskClient
    database: Database
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def get(self, path: str) -> Reply:
        self.asked.clear()
        return _reply(self.client.get(path))

    def post(self, path: str, form: dict[str, str]) -> Reply:
        self.asked.clear()
        return _reply(self.client.post(path, data=form))

    @property
    def statements(self) -> int:
        """Statements, the beginning of the transaction aside."""
        return sum(not text.startswith("BEGIN") for text, _values in self.asked)

    def plans(self) -> list[str]:
        """How SQLite finds the rows of each, a line for each table."""
        with self.database.engine.connect() as connection:
            held = connection.connection.dbapi_connection
            assert held is not None
            lines = []
            for text, values in self.asked:
                if text.startswith(("SELECT", "UPDATE", "DELETE")):
                    cursor = held.cursor()
                    cursor.execute(f"EXPLAIN QUERY PLAN {text}", values)
                    lines += [str(row[3]) for row in cursor.fetchall()]
        return lines


def _reply(response: Any) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(response.status_code, headers, response.data, ())


@contextmanager
def watched(folder: Path, at: str) -> Iterator[Watched]:
    config = Config(
        database_url=f"sqlite:///{folder / 'consult.db'}", mail_backend="file", mail_folder=str(folder / "mail")
    )
    database = Database(config.database_url)
    upgrade(database)
    (way,) = world.fill(config, at, 1, agreed=True)
    app = make_app(config)
    made = app.extensions["consult_database"]
    client = app.test_client()
    client.set_cookie(*way.cookie.split("=", 1))
    found = Watched(client, made)
    event.listen(made.engine, "before_cursor_execute", lambda *given: found.asked.append((given[2], given[3])))
    yield found
    made.dispose()
    database.dispose()


@pytest.fixture
def survey(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path, "thirty") as opened:
        yield opened


@pytest.fixture
def second_round(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path, "round-2") as opened:
        yield opened


BASE = f"/c/{world.SLUG}/stage/thirty/"


def send(survey: Watched, items: int) -> None:
    page = survey.get(f"{BASE}i01")
    typed = dict(list(journeys.typed().items())[:items])
    assert survey.post(f"{BASE}i01", {**journeys.hidden(page), **typed, "go": "next"}).status == 303


@pytest.mark.parametrize("items", [1, 30])
def test_a_page_of_thirty_items_is_three_statements_and_saving_it_five(survey: Watched, items: int) -> None:
    survey.get(f"{BASE}i01")
    assert survey.statements <= 3, survey.asked
    send(survey, items)
    assert survey.statements <= 5, survey.asked
    survey.get(f"{BASE}i01")
    assert survey.statements <= 3, survey.asked


@pytest.mark.parametrize("items", [1, 30])
def test_saving_while_one_types_is_five_statements(survey: Watched, items: int) -> None:
    page = survey.get(f"{BASE}i01")
    typed = dict(list(journeys.typed().items())[:items])
    assert survey.post(f"{BASE}i01/autosave", {**journeys.hidden(page), **typed}).status == 200
    assert survey.statements <= 5, survey.asked


@pytest.mark.parametrize("items", [1, 30])
def test_the_review_is_three_statements(survey: Watched, items: int) -> None:
    send(survey, items)
    survey.get(f"{BASE}review")
    assert survey.statements <= 3, survey.asked


def test_submitting_does_not_grow_with_what_was_answered(survey: Watched) -> None:
    needed = []
    for items in (1, 30):
        send(survey, items)
        review = survey.get(f"{BASE}review")
        assert survey.post(f"{BASE}review", {**journeys.hidden(review), "go": "submit"}).status == 303
        needed.append(survey.statements)
    assert needed[1] <= needed[0] <= 15, needed


def test_no_request_of_an_expert_looks_through_what_others_gave(survey: Watched) -> None:
    found = []

    def looked() -> None:
        found.extend(line for line in survey.plans() if LOOKS_THROUGH.match(line))

    survey.get(f"/c/{world.SLUG}/")
    looked()
    send(survey, 30)
    looked()
    review = survey.get(f"{BASE}review")
    looked()
    survey.post(f"{BASE}review", {**journeys.hidden(review), "go": "submit"})
    looked()
    for path in (f"{BASE}receipt", f"{BASE}i01", f"/c/{world.SLUG}/", f"/c/{world.SLUG}/my-data"):
        survey.get(path)
        looked()
    assert found == []


def test_no_request_of_a_second_round_looks_through_what_others_gave(second_round: Watched) -> None:
    base = f"/c/{world.SLUG}/stage/round-2/"
    found = []
    for path in (f"/c/{world.SLUG}/", f"{base}L01", f"{base}review", f"{base}all"):
        second_round.get(path)
        found += [line for line in second_round.plans() if LOOKS_THROUGH.match(line)]
    page = second_round.get(f"{base}L02")
    typed = {"item-L02.important": "8", "item-L02.feasible": "8"}
    assert second_round.post(f"{base}L02", {**journeys.hidden(page), **typed, "go": "next"}).status == 303
    found += [line for line in second_round.plans() if LOOKS_THROUGH.match(line)]
    assert found == []


def test_a_look_through_others_would_be_seen(survey: Watched) -> None:
    survey.asked[:] = [("SELECT count(*) FROM consent WHERE version = ?", ("1",))]
    assert [line for line in survey.plans() if LOOKS_THROUGH.match(line)] != []
