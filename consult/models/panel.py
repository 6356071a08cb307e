"""The panel: experts, and apart from them who they are and how they get in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
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
    __table_args__ = (within("expert", "expert_id"), UniqueConstraint("consultation_id", "expert_id", "question"))

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
