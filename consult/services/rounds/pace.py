"""How long a stage took: minutes counted without people, and their median once it is closed."""

from collections.abc import Mapping
from itertools import accumulate
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Consultation, Pace, Stage
from consult.models.submission import MOST_MINUTES
from consult.models.upserts import Upsert

_ONE_MORE = Upsert(
    Pace,
    lambda new: new.on_conflict_do_update(
        index_elements=[Pace.stage_id, Pace.minutes], set_={"people": Pace.people + 1}
    ),
)
FEWEST = 8
"""So many people are needed for a median."""


def count(session: Session, stage: Stage, seconds: float) -> None:
    """Count one person who needed so long, of a stage that is open; two people at once count twice."""
    minutes = min(max(1, ceil(seconds / 60)), MOST_MINUTES)
    row = {"stage_id": stage.id, "minutes": minutes, "consultation_id": stage.consultation_id, "people": 1}
    session.execute(_ONE_MORE.of(session), row)


def median_minutes(session: Session, consultation: Consultation) -> dict[int, int]:
    """By stage, the minutes that half of those counted did not exceed; of closed ones, from eight people on."""
    rows = session.execute(
        select(Pace.stage_id, Pace.minutes, Pace.people)
        .join(Stage, Stage.id == Pace.stage_id)
        .where(Pace.consultation_id == consultation.id, Stage.closed_at.is_not(None))
        .order_by(Pace.minutes)
    )
    counted: dict[int, dict[int, int]] = {}
    for stage, minutes, people in rows:
        counted.setdefault(stage, {})[minutes] = people
    return {stage: _median(people) for stage, people in counted.items() if sum(people.values()) >= FEWEST}


def _median(people: Mapping[int, int]) -> int:
    """The lower median of minutes in order, by how many people needed each."""
    half = sum(people.values()) / 2
    return next(minutes for minutes, so_far in zip(people, accumulate(people.values()), strict=True) if so_far >= half)
