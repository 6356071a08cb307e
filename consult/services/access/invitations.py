"""Personal links: making them, whose they are, how they end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, insert, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.errors import LinkNotValid, Withdrawn
from consult.models import Expert, Invitation, Stage
from consult.refusals.codes import Code, Refusal
from consult.services import journal
from consult.services.access import lifetimes, purposes
from consult.services.access.tokens import LENGTH, bare, new_token, token_hash

MOST: Mapping[str, int] = {purposes.INVITATION: 2, purposes.NEW_LINK: 2}
"""How many links of a purpose an expert has at once, of new ones how many unused; else one."""


class Found(NamedTuple):
    """A link that is known, and whether it still lets in."""

    invitation: Invitation
    expert: Expert
    is_live: bool


def link(config: Config, token: str) -> str:
    """The personal link, built from the configured address only."""
    return f"{config.public_url.rstrip('/')}/i/{token}"


def create_invitation(
    session: Session, expert: Expert, purpose: str = purposes.INVITATION, stage: Stage | None = None
) -> str:
    """A further personal link's token, for a mail of that purpose about a stage, with its end.

    Where an expert would have more of a purpose than `MOST`, the oldest of it ends; sessions it
    opened go on. Raises Withdrawn.
    """
    if expert.withdrawn_at is not None:
        raise Withdrawn(Refusal(Code.WITHDRAWN))
    living = session.scalars(_living(expert, purpose)).all()
    for old in living[: max(0, len(living) - MOST.get(purpose, 1) + 1)]:
        old.revoked_at = utc_now()
    end = lifetimes.end_of(session, expert.consultation_id, stage)
    if purpose == purposes.NEW_LINK:
        end = utc_now() + lifetimes.AT_LEAST  # lengthened when it is used
    (token,) = _write(session, [expert], purpose, stage, end)
    return token


def create_invitations(session: Session, consultation_id: int, experts: Sequence[Expert]) -> list[str]:
    """First links of people who have none that lets in, in one statement; their tokens, in that order."""
    return _write(session, experts, purposes.INVITATION, None, lifetimes.end_of(session, consultation_id, None))


def _write(session: Session, experts: Sequence[Expert], purpose: str, stage: Stage | None, end: datetime) -> list[str]:
    now, tokens = utc_now(), [new_token() for _ in experts]
    rows = [
        {
            "consultation_id": expert.consultation_id,
            "expert_id": expert.id,
            "token_hash": token_hash(token),
            "purpose": purpose,
            "stage_id": stage.id if stage is not None else None,
            "created_at": now,
            "expires_at": end,
        }
        for expert, token in zip(experts, tokens, strict=True)
    ]
    if rows:
        session.execute(insert(Invitation), rows)
    return tokens


def _living(expert: Expert, purpose: str) -> Select[Invitation]:
    """The links of a purpose that let in, the oldest first; of new ones those not used yet."""
    found = select(Invitation).where(
        Invitation.consultation_id == expert.consultation_id,
        Invitation.expert_id == expert.id,
        Invitation.purpose == purpose,
        Invitation.used_at.is_(None),
        is_live(),
    )
    return found.order_by(Invitation.id)


def is_live() -> ColumnElement[bool]:
    """Whether a link lets in now, for a query."""
    return Invitation.revoked_at.is_(None) & (Invitation.expires_at > utc_now())


def find(session: Session, address: str) -> Found | None:
    """The link in the last part of an address, however mail spoilt it; None if it is not known.

    Writes nothing: mail scanners open links.
    """
    token = bare(address)[:LENGTH]
    found = session.execute(
        select(Invitation, Expert, is_live() & Expert.withdrawn_at.is_(None))
        .join(Expert, Expert.id == Invitation.expert_id)
        .where(Invitation.consultation_id == Expert.consultation_id, Invitation.token_hash == token_hash(token))
    ).one_or_none()
    return Found(found[0], found[1], bool(found[2])) if found is not None else None


def expert_of_token(session: Session, token: str) -> Expert:
    """Whose link this is.

    Raises LinkNotValid, the same for a link that never was, is over or whose expert left.
    """
    found = find(session, token)
    if found is None or not found.is_live:
        raise LinkNotValid(Refusal(Code.LINK_NOT_VALID))
    return found.expert


def may_ask(session: Session, expert: Expert) -> bool:
    """Whether a new link that was asked for is made: not while as many wait to be used."""
    journal.lock(session, expert.consultation_id)
    waiting = session.scalars(_living(expert, purposes.NEW_LINK)).all()
    return expert.withdrawn_at is None and len(waiting) < MOST[purposes.NEW_LINK]


def renew(session: Session, expert: Expert, actor: str) -> str:
    """A new link, which takes the place of all earlier ones when it is used; returns its token.

    Raises Withdrawn.
    """
    token = create_invitation(session, expert, purposes.NEW_LINK)
    journal.record(session, expert.consultation_id, actor, "new link", expert=expert.code)
    return token
