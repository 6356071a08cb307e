"""Mails of which nobody knows whether they arrived: a person decides."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.errors import NotFound
from consult.models import Consultation, Message
from consult.refusals.codes import Code, Refusal
from consult.services import journal, ordering
from consult.services.mail.outbox import FAILED, QUEUED, SENT, UNCERTAIN


def undecided(session: Session, config: Config, consultation: Consultation) -> list[Message]:
    """Mails that wait for a person: uncertain ones, and those the server refused for good.

    In an order that does not tell when they were written: a receipt is, when somebody submits.
    """
    found = session.scalars(
        select(Message).where(Message.consultation_id == consultation.id, Message.state.in_((UNCERTAIN, FAILED)))
    )
    seed = ordering.seed_of(config, consultation)
    return sorted(found, key=lambda message: ordering.place(seed, message.handle))


def decide(session: Session, consultation: Consultation, handle: str, actor: str, *, is_sent: bool) -> None:
    """Let an undecided mail count as sent, or queue it again. Raises NotFound."""
    message = session.scalar(
        select(Message).where(
            Message.consultation_id == consultation.id, Message.handle == handle, Message.state.in_((UNCERTAIN, FAILED))
        )
    )
    if message is None:
        raise NotFound(Refusal(Code.NO_SUCH_MAIL))
    message.state, message.error = (SENT, None) if is_sent else (QUEUED, None)
    if is_sent:
        message.subject, message.body, message.sent_at = None, None, utc_now()
    session.flush()
    act = "count mail as sent" if is_sent else "send mail again"
    journal.record(session, consultation.id, actor, act, purpose=message.purpose)
