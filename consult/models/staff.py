"""Staff: accounts, roles, the outbox and the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, Handled, Keyed, one_of, within
from consult.roles import Role


class Account(Keyed, Base):
    """A member of staff. Without a password only a one-time link opens it."""

    __tablename__ = "account"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool]
    created_at: Mapped[datetime]


class AccountLink(Keyed, Base):
    """A one-time way in for staff; only the SHA-256 of its token is stored."""

    __tablename__ = "account_link"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Membership(Keyed, Base):
    """The role of an account in one consultation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "consultation_id", "role"),
        CheckConstraint(one_of("role", Role), name="role"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    role: Mapped[str] = mapped_column(String(12))


class Message(Keyed, Handled, Base):
    """Outbox: one row for each person, purpose and stage; the body is blanked once sent."""

    __tablename__ = "message"
    __table_args__ = (
        within("expert", "expert_id"),
        UniqueConstraint("consultation_id", "expert_id", "purpose", "stage_key", "number"),
        CheckConstraint("state IN ('queued', 'claimed', 'sent', 'failed', 'uncertain')", name="state"),
        UniqueConstraint("consultation_id", "handle"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20))
    stage_key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str | None]
    body: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(10))
    error: Mapped[str | None]
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class JournalEntry(Keyed, Base):
    """One act by staff, chained to the one before by its hash. Append-only."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254))
    act: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
