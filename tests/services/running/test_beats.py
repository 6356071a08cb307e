"""Signs of life: the last of each worker."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult import clock
from consult.models import Beat
from consult.services.running.beats import CLOCK, beat, last_beat
from tests.services.conftest import BEFORE


def test_the_last_beat_of_each_worker_is_kept(session: Session) -> None:
    assert last_beat(session, CLOCK) is None
    for minutes in (0, 5):
        with clock.set_to(BEFORE + timedelta(minutes=minutes)):
            beat(session, CLOCK)
    with clock.set_to(BEFORE):
        beat(session, "delivering")
    assert last_beat(session, CLOCK) == BEFORE + timedelta(minutes=5)
    assert last_beat(session, "delivering") == BEFORE
    assert session.scalar(select(func.count()).select_from(Beat)) == 2
