"""Attempts are counted in the database: over processes, within bounds, and naming nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Rate
from consult.database import Database
from consult.models import Attempt
from consult.services.staff import attempts

NOW = datetime(2026, 9, 1, 12, 0, 20, tzinfo=UTC)
RATE = Rate(3, 60)
SECRET = "s" * 32


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def count(session: Session, who: str = "192.0.2.1", door: str = "log-in") -> int:
    return attempts.count(session, SECRET, door, who, RATE)


def test_so_many_and_no_more_until_the_span_is_over(session: Session) -> None:
    assert [count(session) for _ in range(5)] == [0, 0, 0, 40, 40]
    assert count(session, who="192.0.2.2") == 0 and count(session, door="new link") == 0
    with clock.set_to(NOW + timedelta(seconds=39)):
        assert count(session) == 1
    with clock.set_to(NOW + timedelta(seconds=40)):
        assert count(session) == 0


def test_who_got_in_is_counted_from_nothing(session: Session) -> None:
    for who in ("ann", "bo"):
        for _ in range(4):
            count(session, who)
    attempts.forget(session, SECRET, "log-in", "ann")
    assert count(session, "ann") == 0 and count(session, "bo") > 0


def test_nothing_of_anybody_is_kept(session: Session) -> None:
    count(session, "ann@example.org")
    (row,) = session.scalars(select(Attempt))
    assert len(row.subject) == 64 and "ann" not in row.subject
    attempts.count(session, "another secret", "log-in", "ann@example.org", RATE)
    assert len(set(session.scalars(select(Attempt.subject)))) == 2


def test_what_is_over_goes_away(session: Session) -> None:
    for number in range(10):
        count(session, f"192.0.2.{number}")
    with clock.set_to(NOW + timedelta(minutes=1)):
        count(session)
    assert len(session.scalars(select(Attempt.id)).all()) == 1


def test_there_is_a_bound_and_behind_it_still_a_limit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST", 5)
    waits = [count(session, f"192.0.2.{number}") for number in range(20)]
    assert waits[:8] == [0] * 8 and all(waits[8:])
    assert len(session.scalars(select(Attempt.id)).all()) == 6
    assert count(session, "192.0.2.0") == 0  # known before the crowd came


def test_many_at_once_are_all_counted(database: Database) -> None:
    """Each on a connection of its own, as from several processes."""

    def try_it(number: int) -> int:
        with database.writing() as session:
            return count(session)

    with ThreadPoolExecutor(6) as pool:
        waits = list(pool.map(try_it, range(24)))
    assert sum(wait == 0 for wait in waits) == RATE.number
    with database.reading() as session:
        assert session.scalars(select(Attempt.number)).all() == [24]
