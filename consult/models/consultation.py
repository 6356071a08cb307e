"""Consultations: what was published, its stages, its locked protocol and its variables."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.models.base import Base, Keyed, within


class Consultation(Keyed, Base):
    """One inquiry from invitation to briefing."""

    __tablename__ = "consultation"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    schedule: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]

    stages: Mapped[list["Stage"]] = relationship(
        order_by="Stage.position", viewonly=True, back_populates="consultation"
    )


class DefinitionRow(Keyed, Base):
    """A published definition, whole and immutable."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("consultation_id", "version"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[str]
    published_at: Mapped[datetime]


class Stage(Keyed, Base):
    """One step with a beginning and an end. Its state follows from the clock and `closed_at`."""

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("consultation_id", "key"),
        UniqueConstraint("consultation_id", "round_number"),
        CheckConstraint("kind IN ('survey', 'event', 'round')", name="kind"),
        CheckConstraint("(kind = 'round') = (round_number IS NOT NULL)", name="round_has_number"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    round_number: Mapped[int | None]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship(viewonly=True, back_populates="stages")


class Registration(Keyed, Base):
    """The protocol as locked when the first round opened."""

    __tablename__ = "registration"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    protocol: Mapped[dict[str, Any]]
    locked_at: Mapped[datetime]


class Deviation(Keyed, Base):
    """A logged departure from the protocol, with its reason."""

    __tablename__ = "deviation"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_reason"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_key: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    reason: Mapped[str]
    noted_at: Mapped[datetime]
    reason_in: Mapped[dict[str, Any] | None]


class VariableRow(Keyed, Base):
    """One column of the data; its key is stable over stages."""

    __tablename__ = "variable"
    __table_args__ = (UniqueConstraint("consultation_id", "id"), UniqueConstraint("consultation_id", "key"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(10))
    scale: Mapped[str | None] = mapped_column(String(60))
    labels: Mapped[list[Any]]
    text: Mapped[dict[str, Any]]
    disclosure: Mapped[str] = mapped_column(String(10))


class Team(Keyed, Base):
    """A group of experts at the event."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("consultation_id", "id"), UniqueConstraint("consultation_id", "key"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[dict[str, Any]]


class Note(Keyed, Base):
    """What a rapporteur wrote down of a team, by topic."""

    __tablename__ = "note"
    __table_args__ = (within("team", "team_id"), UniqueConstraint("team_id", "topic"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    team_id: Mapped[int]
    topic: Mapped[str] = mapped_column(String(60))
    text: Mapped[str]
    revision: Mapped[int]
    written_at: Mapped[datetime]
