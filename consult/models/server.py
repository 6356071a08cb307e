"""The server itself: who it is, that its workers live, and what was tried at its doors."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, String, Table, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, Keyed


class Installation(Keyed, Base):
    """One row: what tells this installation from every other one, drawn when it was made."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    secret: Mapped[str] = mapped_column(String(64))


@event.listens_for(Installation.__table__, "after_create")
def _draw(table: Table, connection: Connection, **kw: Any) -> None:
    connection.execute(table.insert().values(id=1, secret=secrets.token_hex(32)))


class Beat(Keyed, Base):
    """When a worker beside the web server last said that it lives."""

    __tablename__ = "beat"

    worker: Mapped[str] = mapped_column(String(12), unique=True)
    at: Mapped[datetime]


class Attempt(Keyed, Base):
    """How often one caller, account or address came to one door within a span of time.

    `subject` is a keyed hash: nothing of the caller can be read from it.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("subject", "ends_at"),)

    subject: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(index=True)
    number: Mapped[int]
