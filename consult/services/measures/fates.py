"""What became of a measure: its wordings and its fates."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Measure, MeasureFate, MeasureVersion, Stage
from consult.services.measures.measures import Wording


@dataclass(frozen=True, slots=True)
class Happened:
    """A fate of a measure: after which stage, and into which other measure if it was merged."""

    fate: MeasureFate
    stage: str | None
    into: str | None


def versions(session: Session, wording: Wording) -> list[MeasureVersion]:
    """Every wording of a measure, the newest first."""
    return list(
        session.scalars(
            select(MeasureVersion)
            .where(
                MeasureVersion.consultation_id == wording.measure.consultation_id,
                MeasureVersion.measure_id == wording.measure.id,
            )
            .order_by(MeasureVersion.number.desc())
        )
    )


def fates(session: Session, wording: Wording) -> list[Happened]:
    """Everything that became of a measure, the oldest first."""
    into = Measure.__table__.alias("into_measure")
    found = session.execute(
        select(MeasureFate, Stage.key, into.c.key)
        .outerjoin(Stage, Stage.id == MeasureFate.stage_id)
        .outerjoin(into, into.c.id == MeasureFate.into_measure_id)
        .where(
            MeasureFate.consultation_id == wording.measure.consultation_id, MeasureFate.measure_id == wording.measure.id
        )
        .order_by(MeasureFate.id)
    )
    return [Happened(fate, stage, other) for fate, stage, other in found]
