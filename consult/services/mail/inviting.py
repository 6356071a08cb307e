"""Inviting the panel: a link and a mail for everybody who has none."""

from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Contact, Expert, Invitation, Stage
from consult.services import journal
from consult.services.access import invitations, purposes
from consult.services.access.invitations import create_invitation, is_live
from consult.services.mail import mails, outbox
from consult.services.mail.calendar import lies_ahead
from consult.services.mail.dated import dated
from consult.services.rounds.stages import stages_of


class InvitedRow(NamedTuple):
    """A link as `consult invite --out` writes it: the only place beside the mail that has it."""

    name: str
    email: str
    link: str


def invite_all(
    session: Session, consultation: Consultation, definition: Definition, config: Config, actor: str
) -> list[InvitedRow]:
    """Give a link to every expert who has none, and queue the invitations.

    They name the deadline of the first stage that can still be answered. A second call invites
    only those who came since. Who left is not invited.
    """
    journal.lock(session, consultation.id)
    has_link = exists().where(
        Invitation.consultation_id == Expert.consultation_id, Invitation.expert_id == Expert.id, is_live()
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
        address = invitations.link(config, create_invitation(session, expert))
        until = mails.deadline(consultation, definition, expert, stage.closes_at) if stage else ""
        mail = mails.invitation(definition, expert.language, contact.name, address, until)
        outbox.queue_next(session, expert, purposes.INVITATION, "", mail)
        invited.append(InvitedRow(contact.name, contact.email, address))
    if invited:
        journal.record(session, consultation.id, actor, "invite", experts=len(invited))
    return invited


def _next_stage(session: Session, consultation: Consultation) -> Stage | None:
    """The first stage that can still be answered."""
    now = utc_now()
    return next(
        (stage for stage in stages_of(session, consultation.id) if stage.kind != "event" and lies_ahead(stage, now)),
        None,
    )
