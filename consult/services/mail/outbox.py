"""The outbox: mails waiting, claimed, sent. What may have been sent is never sent again unasked."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, Update, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.errors import NotFound
from consult.models import Consultation, Contact, Expert, Message
from consult.services import journal, ordering
from consult.services.mail import installation
from consult.services.mail.composing import compose
from consult.services.mail.mailers import Mailer, Refused, Stop, Unreachable, open_mailer
from consult.services.mail.mails import Mail

QUEUED, CLAIMED, SENT = "queued", "claimed", "sent"
FAILED, UNCERTAIN = "failed", "uncertain"


class Writes(Protocol):
    """What delivering needs of a database: short transactions, and no trace of links after."""

    def writing(self) -> AbstractContextManager[Session]: ...

    def fold_log(self) -> bool: ...


def queue(
    session: Session, expert: Expert, purpose: str, stage_key: str, subject: str, body: str,
    number: int = 1,
) -> bool:  # fmt: skip
    """Put a mail into the outbox; False when this expert has had this very one."""
    slug = session.scalar(
        select(Consultation.slug).where(Consultation.id == expert.consultation_id)
    )
    identity = installation.named(session, slug, expert.handle, purpose, stage_key, number)
    try:
        with session.begin_nested():
            session.add(
                Message(
                    consultation_id=expert.consultation_id,
                    expert_id=expert.id,
                    purpose=purpose,
                    stage_key=stage_key,
                    number=number,
                    message_id=identity,
                    subject=subject,
                    body=body,
                    state=QUEUED,
                    queued_at=utc_now(),
                )
            )
    except IntegrityError:
        return False
    return True


def next_number(session: Session, expert: Expert, purpose: str, stage_key: str) -> int:
    """The number of an expert's next mail of that purpose: 1, or one more than the last."""
    last = session.scalar(
        select(func.max(Message.number)).where(*_same(expert, purpose, stage_key))
    )
    return (last or 0) + 1


def is_known(session: Session, expert: Expert, purpose: str, stage_key: str, number: int) -> bool:
    """Whether this very mail was queued before, whatever became of it."""
    known = select(Message.id).where(*_same(expert, purpose, stage_key), Message.number == number)
    return session.scalar(known) is not None


def queue_next(session: Session, expert: Expert, purpose: str, stage_key: str, mail: Mail) -> None:
    """Put a further mail of that purpose into the outbox."""
    number = next_number(session, expert, purpose, stage_key)
    queue(session, expert, purpose, stage_key, mail.subject, mail.body, number)


def is_waiting(session: Session, expert: Expert, purpose: str, stage_key: str) -> bool:
    """Whether a mail of that purpose is still to be sent."""
    waiting = select(Message.id).where(
        *_same(expert, purpose, stage_key), Message.state.in_((QUEUED, CLAIMED))
    )
    return session.scalar(waiting.limit(1)) is not None


def _same(expert: Expert, purpose: str, stage_key: str) -> tuple[Any, ...]:
    return (
        Message.consultation_id == expert.consultation_id,
        Message.expert_id == expert.id,
        Message.purpose == purpose,
        Message.stage_key == stage_key,
    )


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
        counts[UNCERTAIN] += _changed(session, stale.values(state=UNCERTAIN, error=words))
        waiting = session.scalars(
            select(Message.id).where(Message.state == QUEUED).order_by(Message.id)
        ).all()
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
    if not _changed(session, claim.values(state=CLAIMED, error=None)):
        return None
    message, expert, consultation = session.execute(
        select(Message, Expert, Consultation)
        .join(Expert, Expert.id == Message.expert_id)
        .join(Consultation, Consultation.id == Message.consultation_id)
        .where(Message.id == key)
    ).one()
    contact = session.scalar(
        select(Contact).where(
            Contact.consultation_id == message.consultation_id,
            Contact.expert_id == message.expert_id,
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
        _changed(session, own.values(**result))


def _leave_queued(database: Writes, keys: Sequence[int], words: str) -> int:
    """Note why these mails were not sent; how many still wait."""
    with database.writing() as session:
        waiting = update(Message).where(Message.id.in_(keys), Message.state == QUEUED)
        return _changed(session, waiting.values(error=words))


def _changed(session: Session, statement: Update) -> int:
    """How many rows a statement changed."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount


def undecided(session: Session, config: Config, consultation: Consultation) -> list[Message]:
    """Mails that wait for a person: uncertain ones, and those the server refused for good.

    In an order that does not tell when they were written: a receipt is, when somebody submits.
    """
    found = session.scalars(
        select(Message).where(
            Message.consultation_id == consultation.id, Message.state.in_((UNCERTAIN, FAILED))
        )
    )
    seed = ordering.seed_of(config, consultation)
    return sorted(found, key=lambda message: ordering.place(seed, message.handle))


def decide(
    session: Session, consultation: Consultation, handle: str, actor: str, *, is_sent: bool
) -> None:
    """Let an undecided mail count as sent, or queue it again. Raises NotFound."""
    message = session.scalar(
        select(Message).where(
            Message.consultation_id == consultation.id,
            Message.handle == handle,
            Message.state.in_((UNCERTAIN, FAILED)),
        )
    )
    if message is None:
        raise NotFound("there is no such mail to decide about")
    message.state, message.error = (SENT, None) if is_sent else (QUEUED, None)
    if is_sent:
        message.subject, message.body, message.sent_at = None, None, utc_now()
    session.flush()
    act = "count mail as sent" if is_sent else "send mail again"
    journal.record(session, consultation.id, actor, act, purpose=message.purpose)


def oldest_queued(session: Session) -> datetime | None:
    """Since when the mail has waited that waits longest; None when none does."""
    return session.scalar(select(func.min(Message.queued_at)).where(Message.state == QUEUED))


def summary(session: Session, consultation: Consultation) -> dict[str, dict[str, int]]:
    """How many mails of each purpose are in each state."""
    counted: dict[str, dict[str, int]] = {}
    found = session.execute(
        select(Message.purpose, Message.state, func.count())
        .where(Message.consultation_id == consultation.id)
        .group_by(Message.purpose, Message.state)
        .order_by(Message.purpose, Message.state)
    )
    for purpose, state, number in found:
        counted.setdefault(purpose, {})[state] = number
    return counted
