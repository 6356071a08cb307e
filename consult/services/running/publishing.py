"""From a checked folder to a consultation in the database."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.definition.clocks import NoSuchTime, moment_in
from consult.definition.consultation import Definition
from consult.definition.measure import Measure as MeasureText
from consult.definition.parts import KEBAB, Window
from consult.errors import AlreadyPublished, NotPossible
from consult.models import (
    Consultation,
    DefinitionRow,
    Measure,
    MeasureVersion,
    Registration,
    Stage,
    Submission,
    Team,
    VariableRow,
)
from consult.refusals.codes import Code, Refusal, StageBecause
from consult.refusals.facts import AtTime, Named, NamedAmong, NamedUpTo
from consult.services import journal
from consult.services.measures import measures, revising
from consult.services.rounds import starting

LOCAL = "%Y-%m-%d %H:%M"
NAME_LENGTH = 60


def local_moment(text: str, zone: str, shift: timedelta = timedelta()) -> datetime:
    """A wall-clock time of the folder, moved by whole days, as a moment in UTC.

    Whole days are added to the wall clock, so that 09:00 stays 09:00 over a change of the clocks.

    Raises NotPossible for a time that the zone's clocks leave out or show twice, and ValueError
    for what is no time.
    """
    written = datetime.strptime(text, LOCAL)
    try:
        return moment_in(written + shift, ZoneInfo(zone))
    except OverflowError:
        raise NotPossible(Refusal(Code.TIME_MOVED_TOO_FAR, AtTime(text))) from None
    except NoSuchTime as error:
        raise NotPossible(error.refusal) from None


def shift_to(windows: dict[str, Window], start: date | None) -> timedelta:
    """By how many days the schedule moves so that its first day is `start`."""
    if start is None:
        return timedelta()
    first = min(datetime.strptime(window.opens, LOCAL) for window in windows.values())
    return timedelta(days=(start - first.date()).days)


def publish(
    session: Session,
    definition: Definition,
    *,
    actor: str,
    schedule: str | None = None,
    start: date | None = None,
    slug: str | None = None,
) -> Consultation:
    """Make a consultation from a definition, with one of its schedules.

    `start` moves the whole schedule so that its first day is that date; `slug` gives a second
    consultation from the same folder a name of its own.

    Raises AlreadyPublished, or NotPossible for an unknown schedule.
    """
    name = slug or definition.slug
    if not re.fullmatch(KEBAB, name) or len(name) > NAME_LENGTH:
        raise NotPossible(Refusal(Code.NO_PART_OF_ADDRESS, NamedUpTo(name, NAME_LENGTH)))
    if session.scalar(select(Consultation.id).where(Consultation.slug == name)) is not None:
        raise AlreadyPublished(Refusal(Code.PUBLISHED_ALREADY, Named(name)))
    chosen = schedule or definition.default_schedule
    if chosen not in definition.schedules:
        raise NotPossible(Refusal(Code.NO_SUCH_SCHEDULE, NamedAmong(chosen, tuple(definition.schedules))))
    now = utc_now()
    consultation = Consultation(slug=name, zone=definition.zone, schedule=chosen, created_at=now)
    session.add(consultation)
    session.flush()
    _add_definition(session, consultation.id, definition, now)
    _add_stages(session, consultation.id, definition, chosen, start)
    _add_measures(session, consultation.id, definition, now)
    for option in definition.lists.get("teams", ()):
        session.add(Team(consultation_id=consultation.id, key=option.key, label=option.label))
    facts = {"digest": definition.digest(), "schedule": chosen}
    journal.record(session, consultation.id, actor, "publish", **facts)
    session.flush()
    return consultation


def republish(session: Session, consultation: Consultation, definition: Definition, *, actor: str) -> int:
    """Publish a corrected definition before anyone has submitted; returns its version.

    Raises NotPossible once there are submissions or the protocol is registered.
    """
    started = session.scalar(select(func.count()).where(Submission.consultation_id == consultation.id))
    locked = session.scalar(select(Registration.id).where(Registration.consultation_id == consultation.id))
    if started or locked:
        raise NotPossible(Refusal(Code.TOO_LATE_TO_CORRECT))
    schedule = definition.schedules.get(consultation.schedule)
    stages = {stage.key: stage for stage in consultation.stages}
    if schedule is None or set(schedule.stages) != set(stages):
        raise NotPossible(Refusal(Code.OTHER_STAGES))
    version = _add_definition(session, consultation.id, definition, utc_now())
    known = set(session.scalars(select(Measure.key).where(Measure.consultation_id == consultation.id)))
    _correct_measures(session, consultation.id, definition)
    _add_measures(session, consultation.id, definition, utc_now(), leave_out=known)
    # Nobody has submitted: the columns of stages open already are made anew.
    session.execute(delete(VariableRow).where(VariableRow.consultation_id == consultation.id))
    for stage in stages.values():
        if stage.opened_at is not None:
            starting.ensure_questionnaire_variables(session, consultation, stage)
    digest = definition.digest()
    journal.record(session, consultation.id, actor, "republish", digest=digest, version=version)
    return version


def _add_definition(session: Session, consultation_id: int, definition: Definition, now: datetime) -> int:
    newest = session.scalar(
        select(func.max(DefinitionRow.version)).where(DefinitionRow.consultation_id == consultation_id)
    )
    version = (newest or 0) + 1
    session.add(
        DefinitionRow(
            consultation_id=consultation_id,
            version=version,
            digest=definition.digest(),
            content=definition.canonical(),
            published_at=now,
        )
    )
    session.flush()
    return version


def _wording(measure: MeasureText) -> dict[str, Any]:
    return measure.model_dump(mode="json", include={"title", "text", "actors", "barriers", "instrument", "late"})


def _correct_measures(session: Session, consultation_id: int, definition: Definition) -> None:
    """Give measures known already the folder's wording, if it was corrected."""
    known = {item.key: item for item in measures.newest_wordings(session, consultation_id)}
    for measure in definition.measures.measures if definition.measures else ():
        wording = known.get(measure.key)
        if wording is not None and wording.version.content != _wording(measure):
            revising.correct_wording(session, wording, _wording(measure))


def _add_stages(
    session: Session, consultation_id: int, definition: Definition, schedule: str, start: date | None
) -> None:
    windows = definition.schedules[schedule].stages
    shift = shift_to(windows, start)
    for position, (key, window) in enumerate(windows.items(), start=1):
        stage = definition.stage(key)
        opens_at, closes_at = _moments(key, window, definition.zone, shift)
        session.add(
            Stage(
                consultation_id=consultation_id,
                key=key,
                kind=stage.kind,
                position=position,
                round_number=stage.round,
                opens_at=opens_at,
                closes_at=closes_at,
            )
        )
    session.flush()


def _moments(key: str, window: Window, zone: str, shift: timedelta) -> tuple[datetime, datetime]:
    try:
        opens_at, closes_at = (local_moment(text, zone, shift) for text in (window.opens, window.closes))
    except NotPossible as error:
        code = Code.NO_MOVED_TIME_OF_STAGE if shift else Code.NO_TIME_OF_STAGE
        raise NotPossible(Refusal(code, StageBecause(key, error.refusal))) from None
    return opens_at, closes_at


def _add_measures(
    session: Session, consultation_id: int, definition: Definition, now: datetime, leave_out: set[str] | None = None
) -> None:
    if definition.measures is None:
        return
    for position, measure in enumerate(definition.measures.measures, start=1):
        if leave_out and measure.key in leave_out:
            continue
        row = Measure(consultation_id=consultation_id, key=measure.key, theme=measure.theme, position=position)
        session.add(row)
        session.flush()
        session.add(
            MeasureVersion(
                consultation_id=consultation_id,
                measure_id=row.id,
                number=1,
                content=_wording(measure),
                is_pairable=True,
                made_at=now,
            )
        )
    session.flush()
