"""Where somebody is signed in, and ending that elsewhere."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.models import Account, Expert, Invitation, LoginSession
from consult.refusals.codes import Code, Refusal
from consult.services.access.sessions import end_sessions, is_live_session, of_holder
from consult.services.access.tokens import token_hash


class SignIn(NamedTuple):
    """A live session as its owner sees it; `purpose` is that of the link, None if not known."""

    handle: str
    opened_at: datetime
    purpose: str | None
    is_this: bool


def sign_ins(session: Session, holder: Expert | Account, session_token: str) -> list[SignIn]:
    """Where somebody is signed in, the newest first; `session_token` is that of the reader."""
    found = session.execute(
        select(LoginSession, Invitation.purpose)
        .outerjoin(
            Invitation,
            (Invitation.id == LoginSession.invitation_id)
            & (Invitation.consultation_id == LoginSession.consultation_id),
        )
        .where(*of_holder(holder), *is_live_session())
        .order_by(LoginSession.id.desc())
    )
    own = token_hash(session_token)
    return [SignIn(row.handle, row.created_at, purpose, row.token_hash == own) for row, purpose in found]


def end_sign_in(session: Session, holder: Expert | Account, handle: str) -> None:
    """End one session of somebody's own. Raises NotFound for any other."""
    if not end_sessions(session, LoginSession.handle == handle, *of_holder(holder)):
        raise NotFound(Refusal(Code.NO_SUCH_SESSION))


def end_others(session: Session, holder: Expert | Account, session_token: str) -> int:
    """End all sessions of somebody but the one they act in; returns how many."""
    return end_sessions(session, LoginSession.token_hash != token_hash(session_token), *of_holder(holder))
