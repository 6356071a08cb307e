"""Revising the list of measures: adding, rewording, merging and dropping, with a reason."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult import fates
from consult.clock import utc_now
from consult.errors import NotPossible, ReasonNeeded
from consult.fates import FINAL, Fate, GoesInto, Noted, StableVerdicts
from consult.models import Answer, Consultation, Measure, MeasureFate, MeasureVersion, Proposal, Stage, Submission
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfMeasure
from consult.services import journal
from consult.services.measures import reasons
from consult.services.measures.finished import require_unfinished
from consult.services.measures.measures import Wording, live_wordings, newest_fates
from consult.services.measures.reasons import Reason

Content = Mapping[str, Mapping[str, str] | Sequence[str] | str | bool | None]
"""A wording as versions keep it: its texts by language, and what else the folder says of a measure."""


def add_measure(
    session: Session,
    consultation: Consultation,
    content: Content,
    *,
    theme: str,
    reason: Reason,
    actor: str,
    proposal: Proposal | None = None,
) -> Wording:
    """A new measure for the next round, from a proposal or the facilitator's own hand."""
    require_unfinished(session, consultation.id)
    _need_reason(reason)
    count = session.execute(
        select(func.count(), func.max(Measure.position)).where(Measure.consultation_id == consultation.id)
    ).one()
    taken = set(session.scalars(select(Measure.key).where(Measure.consultation_id == consultation.id)))
    number = int(count[0]) + 1
    while f"M{number:02d}" in taken:
        number += 1
    measure = Measure(
        consultation_id=consultation.id, key=f"M{number:02d}", theme=theme, position=int(count[1] or 0) + 1
    )
    session.add(measure)
    session.flush()
    version = _add_version(session, measure, content, is_pairable=True, reason=reason)
    _decide(session, measure, Fate.ADDED, reason)
    if proposal is not None:
        proposal.fate, proposal.measure_id = "accepted", measure.id
        reasons.note(proposal, reason)
    journal.record(session, consultation.id, actor, "add measure", measure=measure.key)
    session.flush()
    return Wording(measure, version)


def reword_measure(
    session: Session,
    consultation: Consultation,
    wording: Wording,
    content: Content,
    *,
    is_substantive: bool,
    reason: Reason,
    actor: str,
) -> Wording:
    """A new wording. Substantive: earlier ratings are not compared with those to come."""
    _need_reason(reason)
    _need_live(session, wording)
    merged = {**wording.version.content, **content}
    if merged == wording.version.content:
        raise NotPossible(Refusal(Code.SAME_WORDING))
    version = _add_version(session, wording.measure, merged, is_pairable=not is_substantive, reason=reason)
    _decide(session, wording.measure, Fate.REWORDED, reason)
    journal.record(
        session,
        consultation.id,
        actor,
        "reword measure",
        measure=wording.key,
        version=version.number,
        substantive=is_substantive,
    )
    session.flush()
    return Wording(wording.measure, version)


def correct_wording(session: Session, wording: Wording, content: Content) -> None:
    """The folder's corrected wording of a measure that nobody has rated yet."""
    _add_version(session, wording.measure, content, is_pairable=True, reason="folder corrected")


def merge_measure(
    session: Session,
    consultation: Consultation,
    wording: Wording,
    into: Wording,
    *,
    reason: Reason,
    actor: str,
    content: Content | None = None,
) -> None:
    """Merge one measure into another; the other gets a new wording that inherits no ratings."""
    _need_reason(reason)
    _need_live(session, wording)
    _need_live(session, into)
    if wording.measure.id == into.measure.id:
        raise NotPossible(Refusal(Code.MERGED_INTO_ITSELF))
    merged = {**into.version.content, **(content or {})}
    _add_version(session, into.measure, merged, is_pairable=False, reason=reason)
    _decide(session, into.measure, Fate.REWORDED, reason)
    _decide(session, wording.measure, Fate.MERGED, reason, into=into.measure)
    journal.record(session, consultation.id, actor, "merge measure", measure=wording.key, into=into.key)
    session.flush()


def drop_measure(session: Session, consultation: Consultation, wording: Wording, *, reason: Reason, actor: str) -> None:
    """Take a measure out. Refused for one that has been rated once only."""
    _need_reason(reason)
    _need_live(session, wording)
    if 1 in (_times_rated(session, wording), _times_rated(session, wording, as_it_reads=True)):
        raise NotPossible(Refusal(Code.RATED_ONCE))
    _decide(session, wording.measure, Fate.DROPPED, reason)
    journal.record(session, consultation.id, actor, "drop measure", measure=wording.key)
    session.flush()


def _times_rated(session: Session, wording: Wording, *, as_it_reads: bool = False) -> int:
    """In how many rounds a measure was rated; as it reads: since its last substantive change."""
    changed = select(func.coalesce(func.max(MeasureVersion.number), 1)).where(
        MeasureVersion.measure_id == wording.measure.id, MeasureVersion.is_pairable.is_(False)
    )
    query = (
        select(func.count(func.distinct(Submission.stage_id)))
        .join(Answer, Answer.submission_id == Submission.id)
        .join(MeasureVersion, MeasureVersion.id == Answer.measure_version_id)
        .where(MeasureVersion.measure_id == wording.measure.id, Answer.value.is_not(None))
    )
    if as_it_reads:
        query = query.where(MeasureVersion.number >= changed.scalar_subquery())
    return session.scalar(query) or 0


def settle(session: Session, stage: Stage, keys: Mapping[str, StableVerdicts]) -> None:
    """Note the measures that a frozen round settled, each with its verdicts.

    One dropped or merged while the round was open stays so.
    """
    by_key = {item.key: item for item in live_wordings(session, stage.consultation_id)}
    for key, verdicts in keys.items():
        if key not in by_key:
            continue
        _decide(session, by_key[key].measure, Fate.SETTLED, verdicts, stage=stage)


def _decide(
    session: Session,
    measure: Measure,
    fate: Fate,
    why: Reason | Noted,
    *,
    into: Measure | None = None,
    stage: Stage | None = None,
) -> None:
    session.add(
        MeasureFate(
            consultation_id=measure.consultation_id,
            stage_id=stage.id if stage else _last_round(session, measure.consultation_id),
            measure_id=measure.id,
            fate=fate.value,
            into_measure_id=into.id if into else None,
            decided_at=utc_now(),
            **(fates.columns(why) if isinstance(why, Noted) else reasons.columns(why)),
        )
    )
    session.flush()


def carry(session: Session, stage: Stage, wordings: list[Wording]) -> None:
    """Note the measures that a new round takes over from the one before."""
    for wording in wordings:
        _decide(session, wording.measure, Fate.CARRIED, GoesInto(stage.key))


def _last_round(session: Session, consultation_id: int) -> int | None:
    """The newest round already closed: the one a fate follows."""
    return session.scalar(
        select(Stage.id)
        .where(Stage.consultation_id == consultation_id, Stage.kind == "round", Stage.closed_at.is_not(None))
        .order_by(Stage.round_number.desc())
        .limit(1)
    )


def _add_version(
    session: Session, measure: Measure, content: Content, *, is_pairable: bool, reason: Reason
) -> MeasureVersion:
    number = session.scalar(select(func.max(MeasureVersion.number)).where(MeasureVersion.measure_id == measure.id))
    version = MeasureVersion(
        consultation_id=measure.consultation_id,
        measure_id=measure.id,
        number=(number or 0) + 1,
        content=dict(content),
        is_pairable=is_pairable,
        made_at=utc_now(),
        **reasons.columns(reason),
    )
    session.add(version)
    session.flush()
    return version


def _need_reason(reason: Reason) -> None:
    if not reasons.is_said(reason):
        raise ReasonNeeded(Refusal(Code.CHANGE_NEEDS_REASON))


def _need_live(session: Session, wording: Wording) -> None:
    require_unfinished(session, wording.measure.consultation_id)
    fate = newest_fates(session, wording.measure.consultation_id).get(wording.measure.id)
    if fate is not None and fate.fate in FINAL:
        raise NotPossible(Refusal(Code.MEASURE_IS_OVER, OfMeasure(fate.fate, wording.key)))
