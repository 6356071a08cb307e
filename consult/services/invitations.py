"""The ways in: personal links, the sessions they open, and consent as the gate behind them."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.errors import LinkNotValid, Withdrawn
from consult.models import Consent, Consultation, Contact, Expert, Invitation, LoginSession, Stage
from consult.services import journal, mails, outbox
from consult.services.calendar import lies_ahead
from consult.services.dated import dated
from consult.services.stages import stages_of


class InvitedRow(NamedTuple):
    """A link as `consult invite --out` writes it: the only place beside the mail that has it."""

    name: str
    email: str
    link: str


def token_hash(token: str) -> str:
    """SHA-256 of a token, 64 hex digits: what the database keeps."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def link(config: Config, token: str) -> str:
    """The personal link, built from the configured address only."""
    return f"{config.public_url.rstrip('/')}/i/{token}"


def create_invitation(session: Session, expert: Expert) -> str:
    """A further personal link's token (256 random bits). Raises Withdrawn."""
    if expert.withdrawn_at is not None:
        raise Withdrawn()
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            consultation_id=expert.consultation_id,
            expert_id=expert.id,
            token_hash=token_hash(token),
            created_at=utc_now(),
        )
    )
    session.flush()
    return token


def expert_of_token(session: Session, token: str) -> Expert:
    """Whose link this is. Writes nothing: mail scanners open links.

    Raises LinkNotValid, the same for a link that never was, was revoked or whose expert left.
    """
    expert = session.scalar(
        select(Expert)
        .join(Invitation, Invitation.expert_id == Expert.id)
        .where(
            Invitation.consultation_id == Expert.consultation_id,
            Invitation.token_hash == token_hash(token),
            Invitation.revoked_at.is_(None),
            Expert.withdrawn_at.is_(None),
        )
    )
    if expert is None:
        raise LinkNotValid()
    return expert


def open_session(session: Session, token: str, days: int) -> str:
    """Open a session by a link; returns its token. Consumes nothing. Raises LinkNotValid."""
    # Held until the end, so that a link revoked at this moment leaves no session behind.
    session.execute(
        select(Invitation.id)
        .where(Invitation.token_hash == token_hash(token))
        .with_for_update(read=True)
    )
    expert = expert_of_token(session, token)
    opened = secrets.token_urlsafe(32)
    now = utc_now()
    session.add(
        LoginSession(
            token_hash=token_hash(opened),
            consultation_id=expert.consultation_id,
            expert_id=expert.id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    session.flush()
    return opened


def expert_of_session(
    session: Session, consultation: str | int, session_token: str
) -> Expert | None:
    """Whose session this is in that consultation (its slug or id); None when it is not live."""
    is_asked = (
        Consultation.slug == consultation
        if isinstance(consultation, str)
        else Consultation.id == consultation
    )
    return session.scalar(
        select(Expert)
        .join(Consultation, Consultation.id == Expert.consultation_id)
        .join(LoginSession, LoginSession.expert_id == Expert.id)
        .where(
            is_asked,
            LoginSession.consultation_id == Consultation.id,
            LoginSession.token_hash == token_hash(session_token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > utc_now(),
            Expert.withdrawn_at.is_(None),
        )
    )


def close_session(session: Session, session_token: str) -> None:
    """End an expert's session; nothing happens when it is over already."""
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.token_hash == token_hash(session_token),
            LoginSession.expert_id.is_not(None),
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=utc_now())
    )


def revoke_all(session: Session, expert: Expert) -> None:
    """End every link and every session of an expert: links first, see `open_session`."""
    for table in (Invitation, LoginSession):
        session.execute(
            update(table)
            .where(
                table.consultation_id == expert.consultation_id,
                table.expert_id == expert.id,
                table.revoked_at.is_(None),
            )
            .values(revoked_at=utc_now())
        )


def renew(session: Session, expert: Expert, actor: str) -> str:
    """A new link in place of all earlier ones, whose sessions end; returns its token.

    Raises Withdrawn.
    """
    if expert.withdrawn_at is not None:
        raise Withdrawn()
    revoke_all(session, expert)
    token = create_invitation(session, expert)
    journal.record(session, expert.consultation_id, actor, "new link", expert=expert.code)
    return token


def consent_hash(definition: Definition, language: str) -> str:
    """SHA-256 of everything an expert agrees to, as shown in a language (dates unfilled)."""
    order = definition.languages
    shown = {
        "privacy": [
            definition.privacy.version,
            in_language(definition.privacy.text, language, order).text,
        ],
        "statement": in_language(definition.consent.statement, language, order).text,
        "uses": {
            use.key: in_language(use.text, language, order).text for use in definition.consent.uses
        },
    }
    canonical = json.dumps(shown, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def say_consent(
    session: Session, expert: Expert, definition: Definition, language: str, is_given: bool
) -> Consent:
    """Record a yes or a no, with the version and the hash of the text. Raises Withdrawn."""
    if expert.withdrawn_at is not None:
        raise Withdrawn()
    consent = Consent(
        consultation_id=expert.consultation_id,
        expert_id=expert.id,
        version=definition.consent.version[:40],
        text_hash=consent_hash(definition, language),
        is_given=is_given,
        said_at=utc_now(),
    )
    session.add(consent)
    session.flush()
    return consent


def consent_of(session: Session, expert: Expert) -> bool | None:
    """What the expert said last; None before they said anything."""
    return session.scalar(
        select(Consent.is_given)
        .where(
            Consent.consultation_id == expert.consultation_id,
            Consent.expert_id == expert.id,
        )
        .order_by(Consent.id.desc())
        .limit(1)
    )


def invite_all(
    session: Session, consultation: Consultation, definition: Definition, config: Config,
    actor: str,
) -> list[InvitedRow]:  # fmt: skip
    """Give a link to every expert who has none, and queue the invitations.

    They name the deadline of the first stage that can still be answered. A second call invites
    only those who came since. Who left is not invited.
    """
    journal.lock(session, consultation.id)
    has_link = exists().where(
        Invitation.consultation_id == Expert.consultation_id,
        Invitation.expert_id == Expert.id,
        Invitation.revoked_at.is_(None),
    )
    found = session.execute(
        select(Expert, Contact)
        .join(Contact, Contact.expert_id == Expert.id)
        .where(
            Contact.consultation_id == Expert.consultation_id,
            Expert.consultation_id == consultation.id,
            Expert.withdrawn_at.is_(None),
            ~has_link,
        )
        .order_by(Expert.code)
    )
    definition = dated(session, consultation, definition)
    stage = _next_stage(session, consultation)
    invited = []
    for expert, contact in found.all():
        address = link(config, create_invitation(session, expert))
        until = mails.deadline(consultation, definition, expert, stage.closes_at) if stage else ""
        mail = mails.invitation(definition, expert.language, contact.name, address, until)
        outbox.queue_next(session, expert, mails.INVITATION, "", mail)
        invited.append(InvitedRow(contact.name, contact.email, address))
    if invited:
        journal.record(session, consultation.id, actor, "invite", experts=len(invited))
    return invited


def _next_stage(session: Session, consultation: Consultation) -> Stage | None:
    """The first stage that can still be answered."""
    now = utc_now()
    return next(
        (
            stage
            for stage in stages_of(session, consultation.id)
            if stage.kind != "event" and lies_ahead(stage, now)
        ),
        None,
    )
