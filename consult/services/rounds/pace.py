"""How long a stage took: minutes counted without people, and their median once it is closed."""

from math import ceil

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Pace, Stage

MOST_MINUTES = 120
"""Longer is counted as this."""
FEWEST = 8
"""So many people are needed for a median."""


def count(session: Session, stage: Stage, seconds: float) -> None:
    """Count one person who needed so long, of a stage that is open; two people at once count twice."""
    minutes = min(max(1, ceil(seconds / 60)), MOST_MINUTES)
    if _is_raised(session, stage, minutes):
        return
    try:
        with session.begin_nested():
            session.add(Pace(stage_id=stage.id, minutes=minutes, consultation_id=stage.consultation_id, people=1))
    except IntegrityError:  # somebody else was the first with these minutes just now
        _is_raised(session, stage, minutes)


def _is_raised(session: Session, stage: Stage, minutes: int) -> bool:
    counted = (
        update(Pace)
        .where(Pace.stage_id == stage.id, Pace.minutes == minutes)
        .values(people=Pace.people + 1)
        .returning(Pace.people)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(counted) is not None


def median_minutes(session: Session, stage: Stage) -> int | None:
    """The minutes that half of those counted did not exceed; None before the close, or of fewer than eight."""
    if stage.closed_at is None:
        return None
    rows = session.execute(
        select(Pace.minutes, Pace.people)
        .where(Pace.consultation_id == stage.consultation_id, Pace.stage_id == stage.id)
        .order_by(Pace.minutes)
    ).all()
    people = sum(count for _minutes, count in rows)
    if people < FEWEST:
        return None
    so_far = 0
    for minutes, number in rows:
        so_far += number
        if 2 * so_far >= people:
            return int(minutes)
    raise AssertionError("the median lies among the counted")
