"""Sessions: opened by a link, known by a token, listed and ended by whom they belong to."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.errors import LinkNotValid
from consult.models import Account, Consultation, Expert, Invitation, LoginSession
from consult.refusals.codes import Code, Refusal
from consult.services.access import invitations, purposes
from consult.services.access.tokens import LENGTH, bare, new_token, token_hash


class Visit(NamedTuple):
    """Whose session a request comes in, and the new link behind it if nothing was saved yet."""

    expert: Expert
    new_link: int | None


def open_session(session: Session, token: str, days: int) -> str:
    """Open a session by a link; returns its token. Ends and uses up nothing.

    Raises LinkNotValid.
    """
    _hold_link(session, token)
    found = invitations.find(session, token)
    if found is None or not found.is_live:
        raise LinkNotValid(Refusal(Code.LINK_NOT_VALID))
    opened, now = new_token(), utc_now()
    session.add(
        LoginSession(
            token_hash=token_hash(opened),
            consultation_id=found.expert.consultation_id,
            expert_id=found.expert.id,
            invitation_id=found.invitation.id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    session.flush()
    return opened


def _hold_link(session: Session, token: str) -> None:
    """Until the transaction ends: a link revoked at this moment leaves no session behind."""
    session.execute(
        select(Invitation.id)
        .where(Invitation.token_hash == token_hash(bare(token)[:LENGTH]))
        .with_for_update(read=True)
    )


def visit_of(session: Session, consultation: str | int, session_token: str) -> Visit | None:
    """Whose session this is in that consultation (its slug or id); None when it is not live."""
    is_asked = Consultation.slug == consultation if isinstance(consultation, str) else Consultation.id == consultation
    found = session.execute(
        select(Expert, Invitation.id)
        .join(Consultation, Consultation.id == Expert.consultation_id)
        .join(LoginSession, LoginSession.expert_id == Expert.id)
        .outerjoin(
            Invitation,
            (Invitation.id == LoginSession.invitation_id)
            & (Invitation.consultation_id == LoginSession.consultation_id)
            & (Invitation.purpose == purposes.NEW_LINK)
            & Invitation.used_at.is_(None),
        )
        .where(
            is_asked,
            LoginSession.consultation_id == Consultation.id,
            LoginSession.token_hash == token_hash(session_token),
            *is_live_session(),
            Expert.withdrawn_at.is_(None),
        )
    ).one_or_none()
    return Visit(*found) if found is not None else None


def close_session(session: Session, session_token: str) -> None:
    """End an expert's session; nothing happens when it is over already."""
    end_sessions(session, LoginSession.token_hash == token_hash(session_token), LoginSession.expert_id.is_not(None))


def of_holder(holder: Expert | Account) -> tuple[ColumnElement[bool], ...]:
    if isinstance(holder, Account):
        return (LoginSession.account_id == holder.id,)
    return (LoginSession.consultation_id == holder.consultation_id, LoginSession.expert_id == holder.id)


def is_live_session() -> tuple[ColumnElement[bool], ...]:
    return LoginSession.revoked_at.is_(None), LoginSession.expires_at > utc_now()


def end_sessions(session: Session, *which: ColumnElement[bool]) -> int:
    ended = session.scalars(
        update(LoginSession)
        .where(*which, *is_live_session())
        .values(revoked_at=utc_now())
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)
