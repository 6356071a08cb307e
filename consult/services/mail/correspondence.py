"""Mails with a personal link, after the invitation: new links, receipts, the next stage."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.errors import NotFound
from consult.models import Consultation, Contact, Expert, Stage, Submission
from consult.refusals.codes import Code, Refusal
from consult.services import journal
from consult.services.access import invitations, lifetimes, purposes
from consult.services.definitions import definition_of
from consult.services.mail import mails, outbox
from consult.services.mail.dated import dated
from consult.services.mail.mails import Mail
from consult.services.panel import panel
from consult.services.rounds.stages import stages_of, takes_answers


class Addressee(NamedTuple):
    """Somebody of the panel to whom a mail about a stage goes."""

    expert: Expert
    name: str
    has_started: bool


def send_new_link(session: Session, expert: Expert, definition: Definition, config: Config, actor: str) -> str:
    """Queue a mail with a new link, whose first use ends all earlier ones; returns the link.

    Raises Withdrawn, or NotFound when the expert's address is no longer kept.
    """
    name = _name_of(session, expert)
    address = invitations.link(config, invitations.renew(session, expert, actor))
    consultation = session.get_one(Consultation, expert.consultation_id)
    definition = dated(session, consultation, definition)
    stage = _open_stage(session, consultation, definition)
    mail = mails.new_link(
        definition,
        expert.language,
        name,
        address,
        title_of(definition, stage, expert) if stage else "",
        mails.deadline(consultation, definition, expert, stage.closes_at) if stage else "",
        mails.deadline(consultation, definition, expert, utc_now() + lifetimes.AT_LEAST),
    )
    outbox.queue_next(session, expert, purposes.NEW_LINK, "", mail)
    return address


def send_link_asked_for(session: Session, expert: Expert, definition: Definition, config: Config) -> None:
    """A new link for an expert, or for whoever said to be one: the caller learns nothing of it.

    While one waits in the outbox, or as many wait to be used as there may be, nothing happens.
    """
    if not invitations.may_ask(session, expert) or _name(session, expert) is None:
        return
    if not outbox.is_waiting(session, expert, purposes.NEW_LINK, ""):
        send_new_link(session, expert, definition, config, "expert")


def send_links_to(session: Session, email: str, config: Config, consultation: Consultation | None = None) -> None:
    """A new link for whoever has this address in the consultation, or in any, if anyone has."""
    is_asked = Contact.consultation_id == consultation.id if consultation else true()
    found = session.scalars(
        select(Expert)
        .join(Contact, Contact.expert_id == Expert.id)
        .where(
            Contact.consultation_id == Expert.consultation_id,
            is_asked,
            func.lower(Contact.email) == email.strip().lower(),
            Expert.withdrawn_at.is_(None),
        )
        .order_by(Expert.consultation_id)
    ).all()
    for expert in found:
        definition = definition_of(session, expert.consultation_id)
        send_link_asked_for(session, expert, definition, config)


def send_receipt(
    session: Session, expert: Expert, definition: Definition, config: Config, stage: Stage, submission: Submission
) -> None:
    """Queue the receipt of a submission, once for each; of one that the close made there is none.

    Raises NotFound as above.
    """
    number = submission.number
    if submission.receipt is None or outbox.is_known(session, expert, purposes.RECEIPT, stage.key, number):
        return
    name = _name_of(session, expert)
    consultation = session.get_one(Consultation, expert.consultation_id)
    definition = dated(session, consultation, definition)
    is_open = stage.closed_at is None and utc_now() <= stage.closes_at
    token = invitations.create_invitation(session, expert, purposes.RECEIPT, stage)
    address = invitations.link(config, token)
    mail = mails.receipt(
        definition,
        expert.language,
        name,
        title_of(definition, stage, expert),
        submission.receipt,
        address,
        mails.deadline(consultation, definition, expert, stage.closes_at) if is_open else "",
    )
    outbox.queue(session, expert, purposes.RECEIPT, stage.key, mail.subject, mail.body, number)


def announce(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    config: Config,
    stage: Stage,
    actor: str,
    addressees: Iterable[Addressee] | None = None,
) -> int:
    """Queue the news that a stage is open, once; returns how many.

    `addressees`: by default everyone who may answer it.
    """
    definition = dated(session, consultation, definition)

    def write(addressee: Addressee) -> Mail | None:
        expert = addressee.expert
        if outbox.next_number(session, expert, purposes.NEXT_ROUND, stage.key) > 1:
            return None
        token = invitations.create_invitation(session, expert, purposes.NEXT_ROUND, stage)
        address = invitations.link(config, token)
        return mails.next_round(
            definition,
            expert.language,
            addressee.name,
            title_of(definition, stage, expert),
            address,
            mails.deadline(consultation, definition, expert, stage.closes_at),
        )

    everyone = may_answer(session, consultation, stage) if addressees is None else addressees
    return write_to_all(session, stage, actor, purposes.NEXT_ROUND, everyone, write)


def write_to_all(
    session: Session,
    stage: Stage,
    actor: str,
    purpose: str,
    addressees: Iterable[Addressee],
    write: Callable[[Addressee], Mail | None],
) -> int:
    """Queue a mail of a purpose to each, about a stage; returns how many, and journals that."""
    journal.lock(session, stage.consultation_id)
    written = 0
    for addressee in addressees:
        mail = write(addressee)
        if mail is not None:
            outbox.queue_next(session, addressee.expert, purpose, stage.key, mail)
            written += 1
    if written:
        journal.record(session, stage.consultation_id, actor, f"mail {purpose}", stage=stage.key, experts=written)
    return written


def may_answer(session: Session, consultation: Consultation, stage: Stage) -> Iterator[Addressee]:
    """Those who may still answer a stage and have an address."""
    waiting = {item.expert_id: item for item in panel.not_answered(session, consultation, stage)}
    experts = session.scalars(
        select(Expert).where(Expert.consultation_id == consultation.id).order_by(Expert.code)
    ).all()
    for expert in experts:
        member = waiting.get(expert.id)
        if member is not None and member.email:
            yield Addressee(expert, member.name, member.has_started)


def _open_stage(session: Session, consultation: Consultation, definition: Definition) -> Stage | None:
    """The stage an expert may answer now; of several the one that closes first."""
    found = [
        stage
        for stage in stages_of(session, consultation.id)
        if stage.kind != "event" and takes_answers(stage, definition.grace)
    ]
    return min(found, key=lambda stage: stage.closes_at, default=None)


def title_of(definition: Definition, stage: Stage, expert: Expert) -> str:
    title = definition.stage(stage.key).title
    return in_language(title, expert.language, definition.languages).text


def _name_of(session: Session, expert: Expert) -> str:
    name = _name(session, expert)
    if name is None:
        raise NotFound(Refusal(Code.ADDRESS_IS_FORGOTTEN))
    return name


def _name(session: Session, expert: Expert) -> str | None:
    return session.scalar(
        select(Contact.name).where(Contact.consultation_id == expert.consultation_id, Contact.expert_id == expert.id)
    )
