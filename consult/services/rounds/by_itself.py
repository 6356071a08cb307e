"""Whether going on by itself costs reasons: how many people wrote how many, with it and without."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.model.stage import ReasonsGiven, ReasonsOf
from consult.models import Comment, Draft, Stage, Submission
from consult.services import submissions

GOES_BY_ITSELF = "goes_by_itself"
"""The name under which a draft keeps that a page went on by itself after the last rating."""


def reasons_given(session: Session, stage: Stage, at: datetime | None = None) -> ReasonsGiven | None:
    """Numbers of reasons of those who let pages go on by themselves, and of all others; None where nobody did."""
    marked = select(Draft.expert_id).where(Draft.stage_id == stage.id, Draft.name == GOES_BY_ITSELF)
    rows = session.execute(
        select(Submission.id, Submission.expert_id.in_(marked), func.count(Comment.id))
        .outerjoin(Comment, (Comment.submission_id == Submission.id) & (Comment.kind == "reason"))
        .where(Submission.stage_id == stage.id, Submission.id.in_(submissions.counted(stage, at)))
        .group_by(Submission.id, Submission.expert_id)
    ).all()
    found = {is_marked: [count for _id, one, count in rows if bool(one) is is_marked] for is_marked in (True, False)}
    if not found[True]:
        return None
    return ReasonsGiven(by_itself=_of(found[True]), others=_of(found[False]))


def _of(counts: list[int]) -> ReasonsOf:
    return ReasonsOf(people=len(counts), written=sum(counts))
