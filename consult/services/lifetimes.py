"""How long personal links live: every one has an end, which moves with the schedule."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import Invitation, Stage

AFTER_STAGE = timedelta(days=14)
"""A link about one stage ends so long after its close."""
AFTER_ALL = timedelta(days=30)
"""Any other so long after the last close: results, own data and leaving stay within reach."""
AT_LEAST = timedelta(days=14)
"""No link lives shorter; a new link has this long to be used."""


def end_of(session: Session, consultation_id: int, stage: Stage | None = None) -> datetime:
    """When a link made now ends: one about a stage, or else one for the whole consultation."""
    least = utc_now() + AT_LEAST
    if stage is not None:
        return max(stage.closes_at + AFTER_STAGE, least)
    last = session.scalar(
        select(func.max(Stage.closes_at)).where(Stage.consultation_id == consultation_id)
    )
    return max(last + AFTER_ALL, least) if last is not None else least


def lengthen(session: Session, stage: Stage) -> None:
    """Let links live as long as the close of a stage, just moved, asks for. None is shortened."""
    links = ((Invitation.stage_id == stage.id, stage), (Invitation.stage_id.is_(None), None))
    for these, about in links:
        end = end_of(session, stage.consultation_id, about)
        session.execute(
            update(Invitation)
            .where(
                Invitation.consultation_id == stage.consultation_id,
                Invitation.revoked_at.is_(None),
                Invitation.expires_at < end,
                these,
            )
            .values(expires_at=end)
            .execution_options(synchronize_session="fetch")
        )
