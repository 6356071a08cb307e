"""What experts type and submit."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from analysis.protocol.states import NoAnswer
from consult.models.base import Base, Handled, Keyed, one_of, within


class Channel(StrEnum):
    """How a submission came. `DRAFT`: the close made it of saved answers that were never submitted."""

    WEB = "web"
    TELEPHONE = "telephone"
    PAPER = "paper"
    DRAFT = "draft"


MOST_MINUTES = 120
"""A stage that took longer is counted as this."""


class Draft(Keyed, Base):
    """One value being typed, with its revision.

    `is_sent`: it stood on a page that was pressed on from; what is only typed and saved by itself did not.
    """

    __tablename__ = "draft"
    __table_args__ = (
        within("stage", "stage_id"),
        within("expert", "expert_id"),
        UniqueConstraint("stage_id", "expert_id", "name"),
        CheckConstraint("revision > 0", name="revision_counts"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_id: Mapped[int]
    expert_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    values: Mapped[list[Any]]
    revision: Mapped[int]
    is_sent: Mapped[bool] = mapped_column(default=False)


class Submission(Keyed, Base):
    """One expert's answers to one stage, as submitted. Insert-only; the newest counts.

    One that the close made has no receipt.
    """

    __tablename__ = "submission"
    __table_args__ = (
        within("stage", "stage_id"),
        within("expert", "expert_id"),
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("stage_id", "expert_id", "number"),
        UniqueConstraint("stage_id", "expert_id", "idempotency_key"),
        Index("ix_submission_expert", "consultation_id", "expert_id"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("(receipt IS NULL) = (channel = 'draft')", name="receipt_of_whom_submits"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_id: Mapped[int]
    expert_id: Mapped[int]
    number: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str | None] = mapped_column(String(20), unique=True)
    channel: Mapped[str] = mapped_column(String(10))
    is_late: Mapped[bool]
    submitted_at: Mapped[datetime]


class Answer(Base):
    """The value of one variable in one submission: a value, a text or a state, exactly one."""

    __tablename__ = "answer"
    __table_args__ = (
        within("submission", "submission_id"),
        within("variable", "variable_id"),
        within("measure_version", "measure_version_id"),
        CheckConstraint(
            "(value IS NOT NULL AND text IS NULL AND state IS NULL) OR "
            "(value IS NULL AND text IS NOT NULL AND state IS NULL) OR "
            "(value IS NULL AND text IS NULL AND state IS NOT NULL)",
            name="exactly_one",
        ),
        CheckConstraint(f"state IS NULL OR {one_of('state', NoAnswer)}", name="known_state"),
        Index("ix_answer_tally", "variable_id", "submission_id", "value", "state"),
    )

    submission_id: Mapped[int] = mapped_column(primary_key=True)
    variable_id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    value: Mapped[int | None]
    text: Mapped[str | None]
    state: Mapped[str | None] = mapped_column(String(20))
    measure_version_id: Mapped[int | None]


class Comment(Keyed, Handled, Base):
    """Free text given with a rating, and what moderation made of it.

    A reason is given for the rating of a `criterion`; without one it is said of the measure as a whole.
    """

    __tablename__ = "comment"
    __table_args__ = (
        within("submission", "submission_id"),
        within("measure", "measure_id"),
        CheckConstraint("kind IN ('reason', 'unclear')", name="kind"),
        CheckConstraint("criterion IS NULL OR kind = 'reason'", name="criterion_of_reason"),
        CheckConstraint("moderation IN ('waiting', 'accepted', 'withheld')", name="moderation"),
        CheckConstraint("moderation <> 'withheld' OR reason IS NOT NULL", name="withheld_why"),
        UniqueConstraint("consultation_id", "handle"),
        Index("ix_comment_submission", "submission_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    submission_id: Mapped[int]
    measure_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    criterion: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(12))
    moderation: Mapped[str] = mapped_column(String(10))
    moderated: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]


class ChangeNote(Keyed, Base):
    """What somebody says played a part in changing the rating of a measure, or in keeping it."""

    __tablename__ = "change_note"
    __table_args__ = (
        within("submission", "submission_id"),
        within("measure", "measure_id"),
        UniqueConstraint("submission_id", "measure_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    submission_id: Mapped[int]
    measure_id: Mapped[int]
    has_changed: Mapped[bool]
    named: Mapped[list[Any]]
    """Codes of `WhyChanged`."""


class Proposal(Keyed, Handled, Base):
    """A measure put forward; the link to who did can be cut by erasure.

    `title_in`: its title as readers see it, by language; without it, the writer's own words.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        within("stage", "stage_id"),
        within("expert", "expert_id"),
        within("measure", "measure_id"),
        CheckConstraint("fate IN ('waiting', 'accepted', 'merged', 'withheld')", name="fate"),
        CheckConstraint("fate <> 'withheld' OR reason IS NOT NULL", name="withheld_why"),
        UniqueConstraint("consultation_id", "handle"),
        Index("ix_proposal_expert", "consultation_id", "expert_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_id: Mapped[int]
    expert_id: Mapped[int | None]
    title: Mapped[str]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(12))
    fate: Mapped[str] = mapped_column(String(10))
    measure_id: Mapped[int | None]
    reason: Mapped[str | None]
    reason_in: Mapped[dict[str, Any] | None]
    title_in: Mapped[dict[str, Any] | None]


class Pace(Base):
    """How many people needed so many minutes for a stage, when they submitted it first; whose they are is not kept."""

    __tablename__ = "pace"
    __table_args__ = (
        within("stage", "stage_id"),
        CheckConstraint("people > 0", name="people_counted"),
        CheckConstraint(f"minutes BETWEEN 1 AND {MOST_MINUTES}", name="known_minutes"),
    )

    stage_id: Mapped[int] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    people: Mapped[int]
