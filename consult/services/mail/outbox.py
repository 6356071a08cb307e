"""The outbox: mails waiting, claimed, sent. What may have been sent is never sent again unasked."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from sqlalchemy import ColumnElement, CursorResult, Update, func, insert, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import Consultation, Expert, Message
from consult.models.upserts import Upsert
from consult.services.mail import installation
from consult.services.mail.mails import Mail

QUEUED, CLAIMED, SENT = "queued", "claimed", "sent"
FAILED, UNCERTAIN = "failed", "uncertain"


_ONCE = Upsert(Message, lambda new: new.on_conflict_do_nothing().returning(Message.id))


class Queued(NamedTuple):
    """A mail to somebody, and which of its purpose it is."""

    expert: Expert
    mail: Mail
    number: int


class Writes(Protocol):
    """What delivering needs of a database: short transactions, and no trace of links after."""

    def writing(self) -> AbstractContextManager[Session]: ...

    def fold_log(self) -> bool: ...


def queue(
    session: Session, expert: Expert, purpose: str, stage_key: str, subject: str, body: str, number: int = 1
) -> bool:
    """Put a mail into the outbox; False when this expert has had this very one."""
    slug = session.get_one(Consultation, expert.consultation_id).slug
    row = _row(session, slug, Queued(expert, Mail(subject, body), number), purpose, stage_key)
    return session.scalar(_ONCE.of(session), row) is not None


def queue_many(
    session: Session, consultation: Consultation, purpose: str, stage_key: str, queued: Sequence[Queued]
) -> None:
    """Put many mails of a purpose into the outbox, in one statement."""
    if queued:
        rows = [_row(session, consultation.slug, one, purpose, stage_key) for one in queued]
        session.execute(insert(Message), rows)


def _row(session: Session, slug: str, queued: Queued, purpose: str, stage_key: str) -> dict[str, object]:
    expert, mail, number = queued
    return {
        "consultation_id": expert.consultation_id,
        "expert_id": expert.id,
        "purpose": purpose,
        "stage_key": stage_key,
        "number": number,
        "message_id": installation.named(session, slug, expert.handle, purpose, stage_key, number),
        "subject": mail.subject,
        "body": mail.body,
        "state": QUEUED,
        "queued_at": utc_now(),
    }


def next_number(session: Session, expert: Expert, purpose: str, stage_key: str) -> int:
    """The number of an expert's next mail of that purpose: 1, or one more than the last."""
    last = session.scalar(select(func.max(Message.number)).where(*_same(expert, purpose, stage_key)))
    return (last or 0) + 1


def next_numbers(session: Session, consultation_id: int, purpose: str, stage_key: str) -> dict[int, int]:
    """The number of the next mail of that purpose, by expert; of those who had one before."""
    found = session.execute(
        select(Message.expert_id, func.max(Message.number))
        .where(Message.consultation_id == consultation_id, Message.purpose == purpose, Message.stage_key == stage_key)
        .group_by(Message.expert_id)
    )
    return {expert: last + 1 for expert, last in found}


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
    waiting = select(Message.id).where(*_same(expert, purpose, stage_key), Message.state.in_((QUEUED, CLAIMED)))
    return session.scalar(waiting.limit(1)) is not None


def _same(expert: Expert, purpose: str, stage_key: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.consultation_id == expert.consultation_id,
        Message.expert_id == expert.id,
        Message.purpose == purpose,
        Message.stage_key == stage_key,
    )


def changed_one(session: Session, statement: Update) -> int:
    """How many rows a statement changed."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount


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
