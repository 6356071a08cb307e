"""Whether a consultation is finished: then nothing about its measures can change any more."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotPossible
from consult.models import Release, ReleaseKind
from consult.refusals.codes import Code, Refusal
from consult.services import journal


def final_content(session: Session, consultation_id: int) -> Mapping[str, Any] | None:
    """What the `final` release says; None before the consultation is finished."""
    return session.scalar(
        select(Release.content)
        .where(Release.consultation_id == consultation_id, Release.kind == ReleaseKind.FINAL)
        .order_by(Release.id.desc())
        .limit(1)
    )


def is_finished(session: Session, consultation_id: int) -> bool:
    """Whether nothing about the measures can change any more."""
    final = (Release.consultation_id == consultation_id, Release.kind == ReleaseKind.FINAL)
    return session.scalar(select(Release.id).where(*final).limit(1)) is not None


def require_unfinished(session: Session, consultation_id: int) -> None:
    """Let a finish that is being made come first. Raises NotPossible once it was made."""
    journal.lock(session, consultation_id)
    if is_finished(session, consultation_id):
        raise NotPossible(Refusal(Code.FINISHED))
