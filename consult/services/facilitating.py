"""What the facilitator's pages look up: an expert by code, deviations, registration, history."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.models import (
    Consultation,
    Deviation,
    Expert,
    Measure,
    MeasureFate,
    MeasureVersion,
    Registration,
    Release,
    Result,
    Stage,
)
from consult.services import moderation
from consult.services.measures import Wording
from consult.services.moderation import CommentView


def find_expert(session: Session, consultation: Consultation, code: str) -> Expert:
    """The expert of that code. Raises NotFound."""
    expert = session.scalar(
        select(Expert).where(Expert.consultation_id == consultation.id, Expert.code == code)
    )
    if expert is None:
        raise NotFound(f"there is no expert '{code}'")
    return expert


def deviations(session: Session, consultation: Consultation) -> list[Deviation]:
    """Departures from the protocol, the oldest first."""
    return list(
        session.scalars(
            select(Deviation)
            .where(Deviation.consultation_id == consultation.id)
            .order_by(Deviation.id)
        )
    )


def registration(session: Session, consultation: Consultation) -> Registration | None:
    """The protocol as locked; None before the first round opened."""
    return session.scalar(
        select(Registration).where(Registration.consultation_id == consultation.id)
    )


@dataclass(frozen=True, slots=True)
class Moderated:
    """A comment of a closed stage; `is_over` once the reasons of its round were released."""

    view: CommentView
    is_over: bool

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.view.moderation == "waiting" and not self.is_over


def closed_comments(session: Session, consultation: Consultation) -> list[Moderated]:
    """Comments of closed stages, and whether anything is still to be decided about them."""
    released = (
        select(Stage.key)
        .join(Result, Result.stage_id == Stage.id)
        .join(Release, Release.result_id == Result.id)
        .where(Stage.consultation_id == consultation.id, Release.kind == "texts")
    )
    over = set(session.scalars(released))
    return [
        Moderated(item, item.stage in over) for item in moderation.comments(session, consultation)
    ]


def waiting(session: Session, consultation: Consultation) -> dict[str, int]:
    """How many comments and proposals of closed stages wait for a decision."""
    comments = closed_comments(session, consultation)
    proposals = moderation.proposals(session, consultation)
    return {
        "comments": sum(comment.is_waiting for comment in comments),
        "proposals": sum(proposal.fate == "waiting" for proposal in proposals),
    }


@dataclass(frozen=True, slots=True)
class Happened:
    """A fate of a measure: after which stage, and into which other measure if it was merged."""

    fate: MeasureFate
    stage: str | None
    into: str | None


def versions(session: Session, wording: Wording) -> list[MeasureVersion]:
    """Every wording of a measure, the newest first."""
    return list(
        session.scalars(
            select(MeasureVersion)
            .where(
                MeasureVersion.consultation_id == wording.measure.consultation_id,
                MeasureVersion.measure_id == wording.measure.id,
            )
            .order_by(MeasureVersion.number.desc())
        )
    )


def fates(session: Session, wording: Wording) -> list[Happened]:
    """Everything that became of a measure, the oldest first."""
    into = Measure.__table__.alias("into_measure")
    found = session.execute(
        select(MeasureFate, Stage.key, into.c.key)
        .outerjoin(Stage, Stage.id == MeasureFate.stage_id)
        .outerjoin(into, into.c.id == MeasureFate.into_measure_id)
        .where(
            MeasureFate.consultation_id == wording.measure.consultation_id,
            MeasureFate.measure_id == wording.measure.id,
        )
        .order_by(MeasureFate.id)
    )
    return [Happened(fate, stage, other) for fate, stage, other in found]
