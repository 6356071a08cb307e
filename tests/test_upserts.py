"""Inserting what may be there already, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Beat
from consult.models.upserts import Upsert
from tests.services.conftest import fresh_database

FIRST, LATER = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    with fresh_database(request.param, tmp_path) as database, database.open_session(writes=True) as opened:
        yield opened


def beats(session: Session) -> list[tuple[str, datetime]]:
    return [(worker, at) for worker, at in session.execute(select(Beat.worker, Beat.at).order_by(Beat.worker))]


def test_what_is_there_is_changed_and_what_is_not_is_added(session: Session) -> None:
    beat = Upsert(
        Beat, lambda new: new.on_conflict_do_update(index_elements=[Beat.worker], set_={"at": new.excluded.at})
    )
    for rows in (
        [{"worker": "post", "at": FIRST}],
        [{"worker": "clock", "at": LATER}, {"worker": "post", "at": LATER}],
    ):
        session.execute(beat.of(session), rows)
    assert beats(session) == [("clock", LATER), ("post", LATER)]


def test_what_is_there_can_stay_and_that_is_told(session: Session) -> None:
    once = Upsert(Beat, lambda new: new.on_conflict_do_nothing().returning(Beat.id))
    told = [session.scalar(once.of(session), {"worker": "post", "at": at}) for at in (FIRST, LATER)]
    assert told[0] is not None and told[1] is None
    assert beats(session) == [("post", FIRST)]
