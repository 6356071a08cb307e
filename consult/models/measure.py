"""Measures, every wording of them, and what went into which round."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.fates import Fate
from consult.models.base import Base, Keyed, one_of, within


class Measure(Keyed, Base):
    """What is rated, whatever its wording."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("consultation_id", "id"), UniqueConstraint("consultation_id", "key"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str] = mapped_column(String(20))
    theme: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]


class MeasureVersion(Keyed, Base):
    """One wording, in all languages. `is_pairable` says ratings before and after compare."""

    __tablename__ = "measure_version"
    __table_args__ = (
        within("measure", "measure_id"),
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("measure_id", "number"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    measure_id: Mapped[int]
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    is_pairable: Mapped[bool]
    reason: Mapped[str | None]
    made_at: Mapped[datetime]
    reason_in: Mapped[dict[str, Any] | None]


class StageMeasure(Keyed, Base):
    """A measure in a round, the wording on screen, and its fate afterwards."""

    __tablename__ = "stage_measure"
    __table_args__ = (
        within("stage", "stage_id"),
        within("measure_version", "measure_version_id"),
        UniqueConstraint("stage_id", "measure_version_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_id: Mapped[int]
    measure_version_id: Mapped[int]
    position: Mapped[int]


class MeasureFate(Keyed, Base):
    """What became of a measure after a round, and why. Insert-only; the newest counts.

    `reason` is a person's; what the program notes by itself are `code` and `facts`.
    """

    __tablename__ = "measure_fate"
    __table_args__ = (
        within("stage", "stage_id"),
        within("measure", "measure_id"),
        within("measure", "into_measure_id"),
        CheckConstraint(one_of("fate", Fate), name="fate"),
        CheckConstraint(f"(fate = '{Fate.MERGED}') = (into_measure_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("code IS NOT NULL OR reason IS NOT NULL AND length(reason) > 0", name="has_code_or_reason"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_id: Mapped[int | None]
    measure_id: Mapped[int]
    fate: Mapped[str] = mapped_column(String(10))
    into_measure_id: Mapped[int | None]
    reason: Mapped[str | None]
    decided_at: Mapped[datetime]
    reason_in: Mapped[dict[str, Any] | None]
    code: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
