"""Attempts at a door, counted in the database: the limits hold over processes and restarts."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Rate
from consult.models import Attempt

MOST = 20_000
"""Rows that may stand at once; whoever comes then is counted together with all others."""
CROWD = "everybody"


def count(session: Session, secret: str, door: str, who: str, rate: Rate) -> int:
    """Count an attempt; returns 0 while it is within the rate, else the seconds to wait.

    `who` is a caller, an account or an address; only a hash keyed by `secret` is kept. To be
    committed whatever comes of the attempt.
    """
    now = utc_now()
    ends_at = _end(now, rate)
    subject = _subject(secret, door, who)
    number = _add_one(session, subject, ends_at)
    if number is None:
        session.execute(delete(Attempt).where(Attempt.ends_at <= now))
        if (session.scalar(select(func.count()).select_from(Attempt)) or 0) >= MOST:
            subject = _subject(secret, door, CROWD)
        number = _first(session, subject, ends_at)
    return 0 if number <= rate.number else max(1, int((ends_at - now).total_seconds()))


def forget(session: Session, secret: str, door: str, who: str) -> None:
    """Count from nothing again: whoever it was has shown who they are."""
    session.execute(delete(Attempt).where(Attempt.subject == _subject(secret, door, who)))


def _end(now: datetime, rate: Rate) -> datetime:
    """The end of the span of time that a moment falls into."""
    past = int(now.timestamp()) // rate.seconds * rate.seconds
    return datetime.fromtimestamp(past, UTC) + timedelta(seconds=rate.seconds)


def _subject(secret: str, door: str, who: str) -> str:
    return hmac.new(secret.encode(), f"{door}\n{who}".encode(), hashlib.sha256).hexdigest()


def _add_one(session: Session, subject: str, ends_at: datetime) -> int | None:
    return session.scalar(
        update(Attempt)
        .where(Attempt.subject == subject, Attempt.ends_at == ends_at)
        .values(number=Attempt.number + 1)
        .returning(Attempt.number)
        .execution_options(synchronize_session=False)
    )


def _first(session: Session, subject: str, ends_at: datetime) -> int:
    number = _add_one(session, subject, ends_at)
    if number is not None:
        return number
    try:
        with session.begin_nested():
            session.add(Attempt(subject=subject, ends_at=ends_at, number=1))
    except IntegrityError:  # another process was first
        return _add_one(session, subject, ends_at) or 1
    return 1
