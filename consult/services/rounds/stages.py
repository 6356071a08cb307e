"""Stages: their state from the clock, their order, and departures from the schedule."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.errors import NotFound
from consult.models import Consultation, Deviation, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named


class StageAct(StrEnum):
    """What is done to a stage."""

    OPEN = "open"
    EXTEND = "extend"
    CLOSE = "close"


class StageState(StrEnum):
    """Where a stage stands."""

    PLANNED = "planned"
    DUE = "due"
    OPEN = "open"
    GRACE = "grace"
    ENDED = "ended"
    MISSED = "missed"
    CLOSED = "closed"


def state(stage: Stage, grace: int, now: datetime | None = None) -> StageState:
    """The state of a stage: `due` waits to be opened, `ended` to be closed and frozen; a stage
    that was never opened in its time is `missed`."""
    now = now or utc_now()
    if stage.closed_at is not None:
        return StageState.CLOSED
    if stage.opened_at is None:
        if now < stage.opens_at:
            return StageState.PLANNED
        return StageState.DUE if now < stage.closes_at else StageState.MISSED
    if now <= stage.closes_at:
        return StageState.OPEN
    if now <= stage.closes_at + timedelta(seconds=grace):
        return StageState.GRACE
    return StageState.ENDED


def takes_answers(stage: Stage, grace: int) -> bool:
    """Whether an answer is accepted now, the grace after the close included."""
    return state(stage, grace) in (StageState.OPEN, StageState.GRACE)


def find_stage(session: Session, consultation_id: int, key: str) -> Stage:
    """The stage of that key. Raises NotFound."""
    stage = session.scalar(select(Stage).where(Stage.consultation_id == consultation_id, Stage.key == key))
    return stage_named([stage] if stage is not None else [], key)


def stage_named(stages: Iterable[Stage], key: str) -> Stage:
    """The one of these stages with that key. Raises NotFound."""
    for stage in stages:
        if stage.key == key:
            return stage
    raise NotFound(Refusal(Code.NO_SUCH_STAGE, Named(key)))


_ALL = select(Stage).where(Stage.consultation_id == bindparam("of")).order_by(Stage.opens_at, Stage.position)
_ALL_HELD = _ALL.with_for_update(read=True).execution_options(populate_existing=True)


def stages_of(session: Session, consultation_id: int, *, holds: bool = False) -> list[Stage]:
    """All stages in the order of their opening; `holds`: none is opened, moved or closed meanwhile."""
    return list(session.scalars(_ALL_HELD if holds else _ALL, {"of": consultation_id}))


def rounds_of(session: Session, consultation_id: int) -> list[Stage]:
    """The rating rounds in order."""
    return list(
        session.scalars(
            select(Stage)
            .where(Stage.consultation_id == consultation_id, Stage.kind == "round")
            .order_by(Stage.round_number)
        )
    )


def deviations(session: Session, consultation: Consultation) -> list[Deviation]:
    """Departures from the protocol, the oldest first."""
    return list(
        session.scalars(select(Deviation).where(Deviation.consultation_id == consultation.id).order_by(Deviation.id))
    )
