"""Letters to the secretariat by people whom the link of another reached: proposals and messages.

They name people, so they stand beside the contacts, go with them, and are in no file.
"""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.errors import NotFound, NotPossible
from consult.models import Consultation, Expert, Letter
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Counted, Named
from consult.services import journal

KINDS = ("nomination", "message")
NAME_LENGTH, TEXT_LENGTH = 200, 2_000
MOST_WAITING = 5
"""Letters by the links of one expert that may wait: a link in many hands fills no disk."""


class Received(NamedTuple):
    """A letter, and whose invitation it came by; None once that expert was erased."""

    letter: Letter
    code: str | None


def write(session: Session, expert: Expert, kind: str, *, name: str, email: str, text: str) -> Letter:
    """Keep a letter that came by a link of this expert. Raises NotPossible when many wait."""
    journal.lock(session, expert.consultation_id)
    waiting = session.scalar(
        select(func.count()).where(Letter.consultation_id == expert.consultation_id, Letter.expert_id == expert.id)
    )
    if (waiting or 0) >= MOST_WAITING:
        raise NotPossible(Refusal(Code.TOO_MANY_LETTERS, Counted(MOST_WAITING)))
    letter = Letter(
        consultation_id=expert.consultation_id,
        expert_id=expert.id,
        kind=kind,
        name=name,
        email=email,
        text=text,
        written_at=utc_now(),
    )
    session.add(letter)
    session.flush()
    journal.record(session, expert.consultation_id, "visitor", "letter", kind=kind)
    return letter


def received(session: Session, consultation: Consultation) -> list[Received]:
    """The letters that wait, the oldest first."""
    found = session.execute(
        select(Letter, Expert.code)
        .outerjoin(Expert, (Expert.id == Letter.expert_id) & (Expert.consultation_id == Letter.consultation_id))
        .where(Letter.consultation_id == consultation.id)
        .order_by(Letter.id)
    )
    return [Received(letter, code) for letter, code in found]


def waiting(session: Session, consultation: Consultation) -> int:
    """How many letters wait."""
    counted = select(func.count()).where(Letter.consultation_id == consultation.id)
    return session.scalar(counted) or 0


def delete_letter(session: Session, consultation: Consultation, handle: str, actor: str) -> None:
    """Delete a letter that was dealt with. Raises NotFound."""
    letter = session.scalar(select(Letter).where(Letter.consultation_id == consultation.id, Letter.handle == handle))
    if letter is None:
        raise NotFound(Refusal(Code.NO_SUCH_LETTER, Named(handle)))
    kind = letter.kind
    session.delete(letter)
    session.flush()
    journal.record(session, consultation.id, actor, "delete letter", kind=kind)
