"""Leaving, erasing, seeing one's own data, and destroying the link between people and answers."""

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import (
    Answer,
    Base,
    ChangeNote,
    Comment,
    Consent,
    Consultation,
    Contact,
    Draft,
    Expert,
    FeedbackShown,
    HeldForm,
    Invitation,
    JournalEntry,
    Letter,
    LoginSession,
    Message,
    Objection,
    Proposal,
    SecretariatAnswer,
    Submission,
)
from consult.services import journal
from consult.services.access import lifetimes
from consult.services.definitions import definition_of
from consult.services.panel import pseudonyms

LINK = (HeldForm, SecretariatAnswer, LoginSession, Invitation, Message, Contact)
"""What ties a person to an expert's code."""
GIVEN = (Draft, FeedbackShown, Consent, Objection)
"""What an expert left behind, beside submissions."""
OfExpert = (
    HeldForm
    | SecretariatAnswer
    | LoginSession
    | Invitation
    | Message
    | Contact
    | Draft
    | FeedbackShown
    | Consent
    | Objection
    | Submission
    | Proposal
    | Letter
)
"""A row that says whose it is."""
ERASE = "erase"


def withdraw(session: Session, expert: Expert, actor: str) -> None:
    """An expert leaves: links and sessions end, unsent mails go.

    The answers count no more from the next freeze on; what was frozen before stays, row files
    too. Leaving twice changes nothing. `actor` is a role or a member of staff, never the expert's
    name.
    """
    from consult.services.files import (
        keeping,  # the numbers load scipy: no expert's page needs them
    )

    if expert.withdrawn_at is not None:
        return
    keeping.keep_rows(session, session.get_one(Consultation, expert.consultation_id))
    expert.withdrawn_at = utc_now()
    session.flush()
    lifetimes.revoke_all(session, expert)
    journal.record(session, expert.consultation_id, actor, "withdraw", experts=1)


def erase(session: Session, expert: Expert, actor: str) -> None:
    """Delete everything known of an expert and everything they gave.

    What remains is an empty place in the panel, so that the number invited stays true: a code
    with a new pseudonym, without language, attributes and group. Proposals stay, and letters that
    others wrote, without the link back; frozen tables stay and can no longer be recomputed
    (`erased` tells how many times); row and text files of the stages this expert was counted in
    are withheld for good.

    On SQLite the bytes leave the file's journal at the next `PRAGMA wal_checkpoint(TRUNCATE)`.
    """
    withdraw(session, expert, actor)
    journal.lock(session, expert.consultation_id)
    submissions = select(Submission.id).where(*of_expert(Submission, expert))
    for inside in (ChangeNote, Comment, Answer):
        _delete(session, inside, inside.submission_id.in_(submissions))
    for table in (Submission, *GIVEN, *LINK):
        _delete(session, table, *of_expert(table, expert))
    for linked in (Proposal, Letter):
        session.execute(
            update(linked)
            .where(*of_expert(linked, expert))
            .values(expert_id=None)
            .execution_options(synchronize_session=False)
        )
    expert.pseudonym = pseudonyms.new_pseudonym(session, expert.consultation_id)
    expert.language, expert.attributes, expert.reporting_group = "", {}, None
    session.flush()
    session.expire_all()
    journal.record(session, expert.consultation_id, actor, ERASE, erased=1)


def erased(session: Session, consultation_id: int) -> int:
    """How many experts of a consultation were erased."""
    return (
        session.scalar(
            select(func.count()).where(JournalEntry.consultation_id == consultation_id, JournalEntry.act == ERASE)
        )
        or 0
    )


def forget_panel(session: Session, consultation: Consultation, actor: str) -> int:
    """Destroy the link between people and answers for good; returns how many contacts went.

    Names, addresses, answers to the secretariat (their drafts too), letters, links, sessions and
    mails go in one act; answers stay, under codes that lead to nobody. Nobody gets in afterwards.
    """
    journal.lock(session, consultation.id)
    found = session.scalar(select(func.count()).where(Contact.consultation_id == consultation.id))
    for table in (*LINK, Letter):
        _delete(session, table, table.consultation_id == consultation.id)
    for question in definition_of(session, consultation.id).questions.values():
        if question.recipient == "secretariat":
            typed = (Draft.name == question.key) | Draft.name.startswith(f"{question.key}.", autoescape=True)
            _delete(session, Draft, Draft.consultation_id == consultation.id, typed)
    session.expire_all()
    journal.record(session, consultation.id, actor, "forget panel", experts=found or 0)
    return found or 0


def of_expert(table: type[OfExpert], expert: Expert) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The rows of one expert, in their consultation."""
    return table.consultation_id == expert.consultation_id, table.expert_id == expert.id


def _delete(session: Session, table: type[Base], *where: ColumnElement[bool]) -> None:
    statement = delete(table).where(*where)
    session.execute(statement.execution_options(synchronize_session=False))
