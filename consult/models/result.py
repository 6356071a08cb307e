"""Frozen results, what was released of them, and who was shown what."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base, Keyed, within


class Result(Keyed, Base):
    """The frozen numbers of a closed stage. No update, no delete."""

    __tablename__ = "result"
    __table_args__ = (
        within("stage", "stage_id"),
        UniqueConstraint("consultation_id", "id"),
        UniqueConstraint("stage_id", "number"),
        CheckConstraint("(number = 1) = (correction IS NULL)", name="correction_says_why"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    stage_id: Mapped[int]
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    protocol_digest: Mapped[str] = mapped_column(String(64))
    analysis_version: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(deferred=True)  # large, and few who ask for a result read it
    row_seed: Mapped[str] = mapped_column(String(64))
    correction: Mapped[str | None]
    frozen_at: Mapped[datetime]


class ReleaseKind(StrEnum):
    """What is released of a frozen result: its numbers at the close, its reasons and fates when the
    next round opens or the consultation is finished, and at the finish every measure's status."""

    NUMBERS = "numbers"
    TEXTS = "texts"
    FINAL = "final"


class Release(Keyed, Base):
    """What experts and readers may see of a frozen result, once and for good.

    One of kind `final` belongs to the last round's result and speaks of all measures.
    """

    __tablename__ = "release"
    __table_args__ = (
        within("result", "result_id"),
        UniqueConstraint("result_id", "kind", "number"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in ReleaseKind)})", name="kind"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    result_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    released_at: Mapped[datetime]


class Population(Keyed, Base):
    """The experts behind every released table of a result, for the audit of later releases.

    Never shown, never in a file. Who was erased is an empty place by then and stays in it: what
    was released with their answers stands as well.
    """

    __tablename__ = "population"
    __table_args__ = (within("result", "result_id"), UniqueConstraint("result_id"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    result_id: Mapped[int]
    tables: Mapped[list[Any]]


class FrozenRows(Keyed, Base):
    """Who stands in the row files of a frozen stage, and how: fixed with its result.

    `people`: in the order of the files, of each the expert, the submission that counts, and a
    number that those share whom the files tell apart by nothing but their answers. `withheld`: why
    there are no row files of this stage; null where there are. `texts`: how many texts each
    variable got. `digests`: SHA-256 of the stage's part of each file; of those that are written.
    Never shown. A submission that is gone was erased.
    """

    __tablename__ = "frozen_rows"
    __table_args__ = (within("result", "result_id"), UniqueConstraint("result_id"))

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    result_id: Mapped[int]
    people: Mapped[list[Any]]
    hidden_groups: Mapped[list[Any]]
    shown_variables: Mapped[list[Any]]
    withheld: Mapped[str | None] = mapped_column(String(20))
    texts: Mapped[dict[str, Any]]
    digests: Mapped[dict[str, Any]]


class FeedbackShown(Keyed, Base):
    """Which frozen result an expert was shown with a measure, and in which form.

    `reasons`: which stood first, for each criterion and side, by the start of its SHA-256.
    """

    __tablename__ = "shown"
    __table_args__ = (
        within("expert", "expert_id"),
        within("stage", "stage_id"),
        within("measure_version", "measure_version_id"),
        within("result", "result_id"),
        UniqueConstraint("expert_id", "stage_id", "measure_version_id", "result_id", "form"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    expert_id: Mapped[int]
    stage_id: Mapped[int]
    measure_version_id: Mapped[int]
    result_id: Mapped[int]
    form: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[dict[str, Any] | None]
    shown_at: Mapped[datetime]
