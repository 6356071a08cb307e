"""Sending the queue: each mail claimed, handed over once, and what became of it written."""

from collections import Counter
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.models import Consultation, Contact, Expert, Message
from consult.services.mail.composing import compose
from consult.services.mail.mailers import open_mailer
from consult.services.mail.outbox import CLAIMED, FAILED, QUEUED, SENT, UNCERTAIN, Writes, changed_one
from consult.services.mail.stopping import Mailer, Refused, Stop, Unreachable


def deliver(database: Writes, config: Config, stop: Stop | None = None) -> dict[str, int]:
    """Send what is queued; returns how many mails ended in which state.

    `stop` ends it early: what was not handed over stays queued. Links of sent mails are blanked,
    also in the log of a SQLite file.

    Each mail is claimed in one transaction, sent, and its result written in another. A mail whose
    result was never written becomes `uncertain` at the next run and waits for a person. When the
    mail server cannot be reached, or asks to come back later, mails stay queued.
    """
    counts: Counter[str] = Counter()
    with database.writing() as session:
        stale = update(Message).where(Message.state == CLAIMED)
        words = "interrupted while sending; it may have arrived"
        counts[UNCERTAIN] += changed_one(session, stale.values(state=UNCERTAIN, error=words))
        waiting = session.scalars(select(Message.id).where(Message.state == QUEUED).order_by(Message.id)).all()
    if not waiting:
        return _told(counts)
    try:
        with open_mailer(config, stop) as mailer:
            for key in waiting:
                if stop is not None and stop.is_asked:
                    break
                state = _deliver_one(database, config, mailer, key)
                if state is not None:
                    counts[state] += 1
    except Unreachable as unreachable:
        counts[QUEUED] += _leave_queued(database, waiting, str(unreachable))
    if counts[SENT]:
        database.fold_log()
    return _told(counts)


def _told(counts: Counter[str]) -> dict[str, int]:
    return {state: number for state, number in sorted(counts.items()) if number}


def _deliver_one(database: Writes, config: Config, mailer: Mailer, key: int) -> str | None:
    """Claim, send and settle one mail; its state, or None when another run has it."""
    with database.writing() as session:
        outgoing = _claim(session, config, key)
    if outgoing is None:
        return None
    if isinstance(outgoing, str):
        _settle(database, key, FAILED, outgoing)
        return FAILED
    try:
        state, error = _attempt(mailer, *outgoing)
    except Unreachable as unreachable:
        _settle(database, key, QUEUED, str(unreachable))
        raise
    _settle(database, key, state, error)
    return state


def _claim(session: Session, config: Config, key: int) -> tuple[EmailMessage, str] | str | None:
    """A mail to send and its name for files; words when it cannot be sent; None when taken."""
    claim = update(Message).where(Message.id == key, Message.state == QUEUED)
    if not changed_one(session, claim.values(state=CLAIMED, error=None)):
        return None
    message, expert, consultation = session.execute(
        select(Message, Expert, Consultation)
        .join(Expert, Expert.id == Message.expert_id)
        .join(Consultation, Consultation.id == Message.consultation_id)
        .where(Message.id == key)
    ).one()
    contact = session.scalar(
        select(Contact).where(
            Contact.consultation_id == message.consultation_id, Contact.expert_id == message.expert_id
        )
    )
    if contact is None:
        return "there is no address any more"
    try:
        mail = compose(session, config, message, expert, consultation, contact)
    except (ValueError, IndexError) as error:
        return f"it cannot be written as a mail ({type(error).__name__})"
    return mail, f"{consultation.slug}-{message.handle}-{message.purpose}"


def _attempt(mailer: Mailer, mail: EmailMessage, name: str) -> tuple[str, str | None]:
    """Hand a mail over: its state and what went wrong. Raises Unreachable."""
    try:
        mailer.send(mail, name)
    except Refused as refused:
        return (FAILED if refused.is_lasting else QUEUED), str(refused)
    except Unreachable:
        raise
    except Exception as error:
        return UNCERTAIN, f"broke off while sending ({type(error).__name__}); it may have arrived"
    return SENT, None


def _settle(database: Writes, key: int, state: str, error: str | None) -> None:
    """Write a result. A parallel run may have called the mail uncertain meanwhile: it is not."""
    with database.writing() as session:
        result: dict[str, Any] = {"state": state, "error": error}
        if state == SENT:
            result |= {"subject": None, "body": None, "sent_at": utc_now()}
        own = update(Message).where(Message.id == key, Message.state.in_((CLAIMED, UNCERTAIN)))
        changed_one(session, own.values(**result))


def _leave_queued(database: Writes, keys: Sequence[int], words: str) -> int:
    """Note why these mails were not sent; how many still wait."""
    with database.writing() as session:
        waiting = update(Message).where(Message.id.in_(keys), Message.state == QUEUED)
        return changed_one(session, waiting.values(error=words))
