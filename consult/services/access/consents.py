"""Consent, the gate behind the links: what an expert said to which text."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.canonical import digest
from consult.clock import utc_now
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.errors import Withdrawn
from consult.models import Consent, Expert
from consult.refusals.codes import Code, Refusal


def consent_hash(definition: Definition, language: str) -> str:
    """SHA-256 of everything an expert agrees to, as shown in a language (dates unfilled)."""
    order = definition.languages
    points = [
        [in_language(one.title, language, order).text, in_language(one.text, language, order).text]
        for one in definition.privacy.points
    ]
    shown: dict[str, object] = {
        "privacy": [
            definition.privacy.version,
            in_language(definition.privacy.text, language, order).text,
            *([points] if points else []),
        ],
        "statement": in_language(definition.consent.statement, language, order).text,
        "uses": {use.key: in_language(use.text, language, order).text for use in definition.consent.uses},
    }
    if definition.protocol.counts_saved_answers:
        shown["saved_answers"] = definition.protocol.saved_answers
    if optional := {use.key: use.optional for use in definition.consent.uses if use.optional}:
        shown["optional"] = optional
    return digest(shown)


def say_consent(session: Session, expert: Expert, definition: Definition, language: str, is_given: bool) -> Consent:
    """Record a yes or a no, with the version and the hash of the text. Raises Withdrawn."""
    if expert.withdrawn_at is not None:
        raise Withdrawn(Refusal(Code.WITHDRAWN))
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
        .where(Consent.consultation_id == expert.consultation_id, Consent.expert_id == expert.id)
        .order_by(Consent.id.desc())
        .limit(1)
    )
