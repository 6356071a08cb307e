"""Comments: which may be fed back, and in which words."""

import hashlib
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.text import stripped
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import Comment, Consultation, Release, ReleaseKind, Result, Submission
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.services import journal
from consult.services.measures.comments import shown_stages


def accept_comment(
    session: Session, consultation: Consultation, handle: str, *, actor: str, texts: Mapping[str, str] | None = None
) -> None:
    """Let a comment be fed back, in its own words or in those given per language."""
    comment = _comment(session, consultation, handle)
    words = {key: words for key, text in (texts or {}).items() if (words := stripped(text))}
    comment.moderation = "accepted"
    comment.moderated = words or {comment.language: comment.text}
    comment.reason = None
    journal.record(session, consultation.id, actor, "accept comment", paraphrased=bool(words))
    session.flush()


def withhold_comment(session: Session, consultation: Consultation, handle: str, *, reason: str, actor: str) -> None:
    """Keep a comment from being fed back; the reason stays with it."""
    if not stripped(reason):
        raise ReasonNeeded(Refusal(Code.WITHHOLDING_NEEDS_REASON))
    comment = _comment(session, consultation, handle)
    comment.moderation, comment.reason = "withheld", reason.strip()
    journal.record(session, consultation.id, actor, "withhold comment")
    session.flush()


def _comment(session: Session, consultation: Consultation, handle: str) -> Comment:
    comment = session.scalar(
        select(Comment)
        .join(Submission, Submission.id == Comment.submission_id)
        .where(
            Comment.handle == handle,
            Comment.consultation_id == consultation.id,
            Submission.stage_id.in_(shown_stages(session, consultation)),
        )
    )
    if comment is None:
        raise NotFound(Refusal(Code.NO_SUCH_COMMENT, Named(handle)))
    released = session.scalar(
        select(Release.id)
        .join(Result, Result.id == Release.result_id)
        .join(Submission, Submission.stage_id == Result.stage_id)
        .where(Submission.id == comment.submission_id, Release.kind == ReleaseKind.TEXTS)
        .limit(1)
    )
    if released is not None:
        raise NotPossible(Refusal(Code.REASONS_RELEASED))
    return comment


def scramble(text: str) -> str:
    """A sorting key that is the same for the same words and says nothing about people."""
    return hashlib.sha256(text.encode()).hexdigest()
