"""Sessions: opened by a link, known by a token, listed and ended by whom they belong to."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.errors import LinkNotValid
from consult.models import Account, Consent, Consultation, Contact, DefinitionRow, Expert, Invitation, LoginSession
from consult.refusals.codes import Code, Refusal
from consult.services.access import invitations, purposes
from consult.services.access.tokens import LENGTH, bare, new_token, token_hash


class Visit(NamedTuple):
    """Whose session a request comes in, where, and what decides about it.

    `name` is empty once the link to the person is destroyed; `agrees`: what was said last of the
    consent, None before anything was; `new_link`: the link behind it, if nothing was saved by it yet;
    `digest`: of the newest definition, None before one is published.
    """

    consultation: Consultation
    expert: Expert
    name: str
    agrees: bool | None
    new_link: int | None
    digest: str | None


def is_live_session(now: ColumnElement[datetime] | None = None) -> tuple[ColumnElement[bool], ...]:
    """Whether a session lets in: now, or at the moment that a statement is given."""
    return LoginSession.revoked_at.is_(None), LoginSession.expires_at > (utc_now() if now is None else now)


# Made once, and not anew by every request.
_VISIT = (
    select(
        Consultation,
        Expert,
        Contact.name,
        select(Consent.is_given)
        .where(Consent.consultation_id == Expert.consultation_id, Consent.expert_id == Expert.id)
        .order_by(Consent.id.desc())
        .limit(1)
        .scalar_subquery(),
        Invitation.id,
        select(DefinitionRow.digest)
        .where(DefinitionRow.consultation_id == Consultation.id)
        .order_by(DefinitionRow.version.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .select_from(LoginSession)
    .join(Consultation, Consultation.id == LoginSession.consultation_id)
    .join(Expert, and_(Expert.consultation_id == Consultation.id, Expert.id == LoginSession.expert_id))
    .outerjoin(Contact, and_(Contact.consultation_id == Consultation.id, Contact.expert_id == Expert.id))
    .outerjoin(
        Invitation,
        and_(
            Invitation.id == LoginSession.invitation_id,
            Invitation.consultation_id == LoginSession.consultation_id,
            Invitation.purpose == purposes.NEW_LINK,
            Invitation.used_at.is_(None),
        ),
    )
    .where(
        Consultation.slug == bindparam("slug"),
        LoginSession.token_hash == bindparam("token"),
        *is_live_session(bindparam("now")),
        Expert.withdrawn_at.is_(None),
    )
)
_VISIT_HELD = _VISIT.with_for_update(of=Expert, key_share=True)


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


def visit_of(session: Session, slug: str, session_token: str, *, holds: bool = False) -> Visit | None:
    """Whose session this is in that consultation, read at once; None when it is not live.

    `holds`: their other devices wait until this transaction ends.
    """
    asked = {"slug": slug, "token": token_hash(session_token), "now": utc_now()}
    found = session.execute(_VISIT_HELD if holds else _VISIT, asked).one_or_none()
    if found is None:
        return None
    consultation, expert, name, *rest = found
    return Visit(consultation, expert, name or "", *rest)


def close_session(session: Session, session_token: str) -> None:
    """End an expert's session; nothing happens when it is over already."""
    end_sessions(session, LoginSession.token_hash == token_hash(session_token), LoginSession.expert_id.is_not(None))


def of_holder(holder: Expert | Account) -> tuple[ColumnElement[bool], ...]:
    if isinstance(holder, Account):
        return (LoginSession.account_id == holder.id,)
    return (LoginSession.consultation_id == holder.consultation_id, LoginSession.expert_id == holder.id)


def end_sessions(session: Session, *which: ColumnElement[bool]) -> int:
    ended = session.scalars(
        update(LoginSession)
        .where(*which, *is_live_session())
        .values(revoked_at=utc_now())
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)
