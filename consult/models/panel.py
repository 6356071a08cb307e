"""The panel: experts, and apart from them who they are and how they get in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, Handled, Keyed, within


class Expert(Keyed, Handled, Base):
    """One member of the panel, without a name. Row files carry `pseudonym`, never `code`."""

    __tablename__ = "expert"
    __table_args__ = (
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("consultation_id", "code"),
        UniqueConstraint("consultation_id", "pseudonym"),
        UniqueConstraint("consultation_id", "handle"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    code: Mapped[str] = mapped_column(String(12))
    pseudonym: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(12))
    attributes: Mapped[dict[str, Any]]
    reporting_group: Mapped[str | None] = mapped_column(String(60))
    withdrawn_at: Mapped[datetime | None]


class Contact(Keyed, Base):
    """Name and e-mail: the only place where a person is named; and whether reminders may come."""

    __tablename__ = "contact"
    __table_args__ = (
        within("expert", "expert_id"),
        UniqueConstraint("consultation_id", "expert_id"),
        UniqueConstraint("consultation_id", "email"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    reminders_stopped_at: Mapped[datetime | None]


class SecretariatAnswer(Keyed, Base):
    """An answer meant for the secretariat, kept beside the contact, never in the data."""

    __tablename__ = "secretariat_answer"
    __table_args__ = (
        within("expert", "expert_id"),
        UniqueConstraint("consultation_id", "expert_id", "question"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    question: Mapped[str] = mapped_column(String(60))
    inputs: Mapped[dict[str, Any]]
    given_at: Mapped[datetime]


class Letter(Keyed, Handled, Base):
    """What somebody wrote to the secretariat who got the link of another: kept like a contact."""

    __tablename__ = "letter"
    __table_args__ = (
        within("expert", "expert_id"),
        UniqueConstraint("consultation_id", "handle"),
        CheckConstraint("kind IN ('nomination', 'message')", name="kind"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int | None]
    """Whose link it came by, for the secretariat to see which invitation went astray."""
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    text: Mapped[str]
    written_at: Mapped[datetime]


class Invitation(Keyed, Base):
    """A personal way in, until its end; the token is never stored, only its SHA-256.

    `purpose` is the mail that brings it; `used_at` is kept of new links only: the first consent
    or save through it, when the older links ended.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        within("expert", "expert_id"),
        within("stage", "stage_id"),
        UniqueConstraint("consultation_id", "id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    stage_id: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Consent(Keyed, Base):
    """What an expert agreed to or refused, and which text it was. Insert-only."""

    __tablename__ = "consent"
    __table_args__ = (within("expert", "expert_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    text_hash: Mapped[str] = mapped_column(String(64))
    is_given: Mapped[bool]
    said_at: Mapped[datetime]


class LoginSession(Keyed, Handled, Base):
    """A revocable session of an expert or of a staff account, exactly one of them.

    An expert's knows the link that opened it.
    """

    __tablename__ = "session"
    __table_args__ = (
        within("expert", "expert_id"),
        within("invitation", "invitation_id"),
        CheckConstraint("(expert_id IS NULL) <> (account_id IS NULL)", name="one_holder"),
        CheckConstraint(
            "(expert_id IS NULL) = (consultation_id IS NULL)", name="expert_in_consultation"
        ),
        Index("ix_session_live", "expert_id", sqlite_where=text("revoked_at IS NULL"),
              postgresql_where=text("revoked_at IS NULL")),
        UniqueConstraint("handle"),
    )  # fmt: skip

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    invitation_id: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
