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
from consult.services.access.invitations import create_invitations, is_live
from consult.services.mail import mails, outbox
from consult.services.mail.calendar import lies_ahead
from consult.services.mail.dated import dated
from consult.services.mail.outbox import Queued
from consult.services.rounds.stages import stages_of

AT_ONCE = 1_000
"""Links and mails that are written in one go."""


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
    invited: list[InvitedRow] = []
    people = found.all()
    numbers = outbox.next_numbers(session, consultation.id, purposes.INVITATION, "")
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        tokens = create_invitations(session, consultation.id, [expert for expert, _contact in some])
        queued = []
        for (expert, contact), token in zip(some, tokens, strict=True):
            address = invitations.link(config, token)
            until = mails.deadline(consultation, definition, expert, stage.closes_at) if stage else ""
            mail = mails.invitation(definition, expert.language, contact.name, address, until)
            queued.append(Queued(expert, mail, numbers.get(expert.id, 1)))
            invited.append(InvitedRow(contact.name, contact.email, address))
        outbox.queue_many(session, consultation, purposes.INVITATION, "", queued)
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
