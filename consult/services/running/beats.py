"""Signs of life of what works beside the web server."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import Beat

CLOCK = "clock"


def beat(session: Session, worker: str) -> None:
    """Note that a worker lives."""
    known = session.scalar(select(Beat).where(Beat.worker == worker))
    if known is None:
        session.add(Beat(worker=worker, at=utc_now()))
    else:
        known.at = utc_now()
    session.flush()


def last_beat(session: Session, worker: str) -> datetime | None:
    """When a worker last lived; None when it never did."""
    return session.scalar(select(Beat.at).where(Beat.worker == worker))
