"""How long personal links live, and what ends them before: a newer one in use, or staff."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import Expert, Invitation, LoginSession, Message, Stage
from consult.services import journal

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
    last = session.scalar(select(func.max(Stage.closes_at)).where(Stage.consultation_id == consultation_id))
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


def take_over(session: Session, expert: Expert, link_id: int) -> None:
    """The first consent or save through a new link: older links end, with their sessions.

    Only now: whoever knows an address can ask for a new link, and scanners open one. From now on
    it lives as long as an invitation.
    """
    _hold(session, expert)
    older = select(Invitation.id).where(
        Invitation.consultation_id == expert.consultation_id, Invitation.expert_id == expert.id, Invitation.id < link_id
    )
    _end(session, LoginSession, expert, LoginSession.invitation_id.in_(older) | LoginSession.invitation_id.is_(None))
    _end(session, Invitation, expert, Invitation.id < link_id)
    session.execute(
        update(Invitation)
        .where(
            Invitation.consultation_id == expert.consultation_id,
            Invitation.expert_id == expert.id,
            Invitation.id == link_id,
        )
        .values(used_at=utc_now(), expires_at=end_of(session, expert.consultation_id))
    )


def revoke_all(session: Session, expert: Expert) -> None:
    """End every link and every session of an expert; unsent mails, with links in them, go."""
    _hold(session, expert)
    for table in (LoginSession, Invitation):
        _end(session, table, expert)
    session.execute(
        delete(Message).where(
            Message.consultation_id == expert.consultation_id,
            Message.expert_id == expert.id,
            Message.state.in_(("queued", "failed")),
        )
    )


def _hold(session: Session, expert: Expert) -> None:
    """Let whoever opens a session by a link of this expert finish first, and others wait.

    In one order, so that two who end links do not wait for each other.
    """
    session.execute(
        select(Invitation.id)
        .where(
            Invitation.consultation_id == expert.consultation_id,
            Invitation.expert_id == expert.id,
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.id)
        .with_for_update(key_share=True)
    )


def _end(session: Session, table: type[LoginSession | Invitation], expert: Expert, *which: ColumnElement[bool]) -> None:
    session.execute(
        update(table)
        .where(
            table.consultation_id == expert.consultation_id,
            table.expert_id == expert.id,
            table.revoked_at.is_(None),
            *which,
        )
        .values(revoked_at=utc_now())
    )


def end_links(session: Session, expert: Expert, actor: str) -> None:
    """End all links and sessions of an expert at once: one was lost, or is in wrong hands."""
    revoke_all(session, expert)
    journal.record(session, expert.consultation_id, actor, "end links", expert=expert.code)
