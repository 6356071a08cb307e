"""Frozen stages that lost somebody for good: what is left of their texts would tell who wrote."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import FrozenRows, Result, Stage, Submission


def thinned(session: Session, consultation_id: int) -> dict[int, str]:
    """Id and key of each frozen stage of which a submission that counted was erased."""
    frozen = session.execute(
        select(Stage.id, Stage.key, FrozenRows.people)
        .join(Result, Result.stage_id == Stage.id)
        .join(FrozenRows, FrozenRows.result_id == Result.id)
        .where(Stage.consultation_id == consultation_id)
        .order_by(Stage.position)
    ).all()
    here = set(session.scalars(select(Submission.id).where(Submission.consultation_id == consultation_id)))
    return {
        stage_id: key for stage_id, key, people in frozen if any(submission not in here for _, submission, _ in people)
    }
