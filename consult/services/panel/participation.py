"""How many of the panel came how far in each stage: never who, never what."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.model.stage import Participation
from consult.clock import utc_now
from consult.models import Consultation, Draft, Expert, Stage, Submission
from consult.services.panel.panel import experts_with, newest_consent


def by_stage(session: Session, consultation: Consultation) -> dict[str, Participation]:
    """By stage, in order: experts invited, of these consented, started and submitted.

    Counted as of the stage's close, or as of now while it is not closed, so that the numbers of a
    closed stage stay. Who had left before a stage opened was not invited to it; who left before
    its close counts as invited only.
    """
    left = select(Expert.id, Expert.withdrawn_at).where(Expert.consultation_id == consultation.id)
    experts = dict(session.execute(left).all())
    stages = session.scalars(select(Stage).where(Stage.consultation_id == consultation.id).order_by(Stage.position))
    return {stage.key: _participation(session, stage, experts) for stage in stages}


def _participation(session: Session, stage: Stage, experts: Mapping[int, datetime | None]) -> Participation:
    opened = stage.opened_at or stage.opens_at
    until = stage.closed_at or utc_now()
    invited = {key for key, left in experts.items() if left is None or left > opened}
    present = {key for key in invited if (left := experts[key]) is None or left > until}
    consent = newest_consent(session, stage.consultation_id, until)
    submitted = present & experts_with(session, Submission, stage.consultation_id, stage.id)
    started = present & experts_with(session, Draft, stage.consultation_id, stage.id)
    return Participation(
        invited=len(invited),
        consented=sum(consent.get(key, False) for key in present),
        started=len(started | submitted),
        submitted=len(submitted),
    )
