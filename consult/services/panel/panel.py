"""The panel: who is in it and who has answered, never what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.models import Consent, Consultation, Contact, Draft, Expert, Stage, Submission
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfExpert


@dataclass(frozen=True, slots=True)
class Member:
    """One expert as the facilitator and the secretariat see them.

    `consent` is None until they said yes or no. `has_started` is told by `not_answered` only.
    Name and e-mail are empty once the link to the person is destroyed.
    """

    expert_id: int
    code: str
    name: str
    email: str
    language: str
    attributes: Mapping[str, str]
    group: str | None
    consent: bool | None
    is_withdrawn: bool
    has_started: bool = False


def members(session: Session, consultation: Consultation) -> list[Member]:
    """The whole panel by code, those who left included."""
    newest = newest_consent(session, consultation.id)
    found = session.execute(
        select(Expert, Contact)
        .outerjoin(Contact, (Contact.expert_id == Expert.id) & (Contact.consultation_id == Expert.consultation_id))
        .where(Expert.consultation_id == consultation.id)
        .order_by(func.length(Expert.code), Expert.code)
    )
    return [_member(expert, contact, newest.get(expert.id)) for expert, contact in found]


def _member(expert: Expert, contact: Contact | None, consent: bool | None) -> Member:
    return Member(
        expert_id=expert.id,
        code=expert.code,
        name=contact.name if contact is not None else "",
        email=contact.email if contact is not None else "",
        language=expert.language,
        attributes=expert.attributes,
        group=expert.reporting_group,
        consent=consent,
        is_withdrawn=expert.withdrawn_at is not None,
    )


def newest_consent(session: Session, consultation_id: int, until: datetime | None = None) -> dict[int, bool]:
    """What each expert said last, up to a moment."""
    found = (
        select(Consent.expert_id, Consent.is_given)
        .where(Consent.consultation_id == consultation_id)
        .order_by(Consent.id)
    )
    if until is not None:
        found = found.where(Consent.said_at <= until)
    return dict(session.execute(found).all())


def not_answered(session: Session, consultation: Consultation, stage: Stage) -> list[Member]:
    """Who may still answer a stage and has not submitted: neither left nor declined."""
    submitted = experts_with(session, Submission, consultation.id, stage.id)
    started = experts_with(session, Draft, consultation.id, stage.id)
    return [
        replace(member, has_started=member.expert_id in started)
        for member in members(session, consultation)
        if not member.is_withdrawn and member.consent is not False and member.expert_id not in submitted
    ]


def experts_with(
    session: Session, table: type[Draft] | type[Submission], consultation_id: int, stage_id: int
) -> set[int]:
    """Experts with a draft, or with a submission, in a stage: only that there is one."""
    return set(
        session.scalars(
            select(table.expert_id)
            .where(table.consultation_id == consultation_id, table.stage_id == stage_id)
            .distinct()
        )
    )


def find_expert(session: Session, consultation: Consultation, code: str) -> Expert:
    """The expert of that code. Raises NotFound."""
    expert = session.scalar(select(Expert).where(Expert.consultation_id == consultation.id, Expert.code == code))
    if expert is None:
        raise NotFound(Refusal(Code.NO_SUCH_EXPERT, OfExpert(code)))
    return expert
