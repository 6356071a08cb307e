"""Opening, moving and closing stages, by people and by the clock."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.errors import AlreadyClosed, NotPossible, ReasonNeeded, StageNotFrozen, StageNotOpen
from consult.models import Consultation, Deviation, Result, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage
from consult.services import journal
from consult.services.access import lifetimes
from consult.services.answering import saved_answers
from consult.services.definitions import definition_of
from consult.services.measures import reasons
from consult.services.measures.finished import require_unfinished
from consult.services.measures.reasons import Reason
from consult.services.rounds import freezing, starting
from consult.services.rounds.saved import is_declared
from consult.services.rounds.stages import StageAct, StageState, stages_of, state

CLOCK = "clock"
"""How the journal names what the schedule did."""


def open_stage(session: Session, consultation: Consultation, stage: Stage, *, actor: str, reason: Reason = "") -> None:
    """Open a stage now, whether due or ahead of its time (then with a reason).

    A round fixes its measures, registers the protocol if it is the first, and releases the texts
    of the one before. Raises StageNotFrozen when an earlier round is not frozen yet.
    """
    _hold(session, stage)
    _need_unfinished(session, stage)
    if stage.opened_at is not None:
        raise NotPossible(Refusal(Code.OPENED_BEFORE, OfStage(stage.key)))
    if stage.kind == "round":
        starting.require_frozen_past(session, stage)
    now = utc_now()
    if now < stage.opens_at:
        if not reasons.is_said(reason):
            raise ReasonNeeded(Refusal(Code.OPENING_NEEDS_REASON))
        _deviate(session, stage, "opened early", reason, planned=stage.opens_at.isoformat())
        stage.opens_at = now
    elif now >= stage.closes_at:
        raise NotPossible(Refusal(Code.OVER_ALREADY, OfStage(stage.key)))
    stage.opened_at = now
    if stage.kind == "round":
        starting.start_round(session, consultation, stage)
    starting.ensure_questionnaire_variables(session, consultation, stage)
    journal.record(session, consultation.id, actor, "open stage", stage=stage.key)
    session.flush()


def extend_stage(
    session: Session, consultation: Consultation, stage: Stage, closes_at: datetime, *, actor: str, reason: Reason
) -> None:
    """Move the announced close. A deviation, with a reason; not after the stage was closed."""
    _hold(session, stage)
    _need_unfinished(session, stage)
    if stage.closed_at is not None:
        raise AlreadyClosed(Refusal(Code.CLOSED_AND_FROZEN, OfStage(stage.key)))
    if not reasons.is_said(reason):
        raise ReasonNeeded(Refusal(Code.MOVING_NEEDS_REASON))
    if closes_at <= max(stage.opens_at, utc_now()):
        raise NotPossible(Refusal(Code.CLOSE_NOT_AHEAD))
    before = stage.closes_at.isoformat()
    _deviate(session, stage, "close moved", reason, before=before, after=closes_at.isoformat())
    stage.closes_at = closes_at
    session.flush()
    lifetimes.lengthen(session, stage)
    journal.record(
        session, consultation.id, actor, "extend stage", stage=stage.key, before=before, after=closes_at.isoformat()
    )
    session.flush()


def close_stage(
    session: Session, consultation: Consultation, stage: Stage, *, actor: str, reason: Reason = ""
) -> Result | None:
    """Close a stage and freeze its numbers in the same transaction.

    Closing ahead of time is a deviation and needs a reason. An event freezes nothing.
    """
    # the numbers load scipy: no expert's page needs them
    from consult.services.files import keeping

    definition = definition_of(session, consultation.id)
    _hold(session, stage)
    where = state(stage, definition.grace)
    if where is StageState.CLOSED:
        raise AlreadyClosed(Refusal(Code.CLOSED_ALREADY, OfStage(stage.key)))
    if where in (StageState.PLANNED, StageState.DUE, StageState.MISSED):
        raise StageNotOpen(Refusal(Code.NOT_OPENED, OfStage(stage.key)))
    now = utc_now()
    if where is StageState.OPEN and now < stage.closes_at:
        if not reasons.is_said(reason):
            raise ReasonNeeded(Refusal(Code.CLOSING_NEEDS_REASON))
        _deviate(session, stage, "closed early", reason, planned=stage.closes_at.isoformat())
        stage.closes_at = now
    stage.closed_at = now
    session.flush()
    journal.lock(session, consultation.id)  # nobody leaves between the counts and who was counted
    saved = saved_answers.count_at_close(session, consultation, definition, stage)
    frozen = freezing.freeze(session, consultation, stage) if stage.kind != "event" else None
    if frozen is not None:
        keeping.keep_rows(session, consultation, new=frozen)
    facts: dict[str, str | int | None] = {"stage": stage.key, "digest": frozen.digest if frozen else None}
    if is_declared(definition, stage):
        facts["counted_at_close"] = saved
    journal.record(session, consultation.id, actor, "close stage", **facts)
    return frozen


def _hold(session: Session, stage: Stage) -> None:
    """Let others who open, close or submit wait, and see what they did until now."""
    session.flush()
    session.refresh(stage, with_for_update={"key_share": True})


def _need_unfinished(session: Session, stage: Stage) -> None:
    """No round after the consultation was finished; other stages may still come."""
    if stage.kind == "round":
        require_unfinished(session, stage.consultation_id)


def _deviate(session: Session, stage: Stage, kind: str, reason: Reason, **facts: object) -> None:
    session.add(
        Deviation(
            consultation_id=stage.consultation_id,
            stage_key=stage.key,
            kind=kind,
            facts=facts,
            noted_at=utc_now(),
            **reasons.columns(reason),
        )
    )


def tick(
    session: Session,
    consultation: Consultation,
    *,
    actor: str = CLOCK,
    told: Callable[[Stage, StageAct], object] | None = None,
) -> list[str]:
    """Do what the clock asks for: close what has ended, open what is due. Idempotent.

    Returns one line per act; `told` is called after each. A round that cannot open yet because the
    one before is not frozen stays due.
    """
    definition = definition_of(session, consultation.id)
    done = []
    for stage in stages_of(session, consultation.id):
        if state(stage, definition.grace) not in (StageState.ENDED, StageState.DUE):
            continue
        _hold(session, stage)
        where = state(stage, definition.grace)
        if where is StageState.ENDED:
            close_stage(session, consultation, stage, actor=actor)
            done.append(f"closed {stage.key}")
            if told is not None:
                told(stage, StageAct.CLOSE)
        elif where is StageState.DUE:
            try:
                open_stage(session, consultation, stage, actor=actor)
            except StageNotFrozen:
                continue
            done.append(f"opened {stage.key}")
            if told is not None:
                told(stage, StageAct.OPEN)
    return done
