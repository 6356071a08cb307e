"""Gathering what the briefing is made of: released results and the change log, without a name."""

from collections.abc import Iterable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consult.briefing.contents import BriefingInput, MeasureGiven, StageGiven, build
from consult.briefing.context import DeviationGiven, ProposalGiven, VersionGiven
from consult.briefing.model import UNDATED, Briefing
from consult.models import (
    Answer,
    Consultation,
    Deviation,
    FrozenRows,
    Measure,
    MeasureFate,
    MeasureVersion,
    Proposal,
    Registration,
    Result,
    Stage,
    StageMeasure,
    VariableRow,
)
from consult.services.definitions import definition_of
from consult.services.frozen.codebook import codebook
from consult.services.rounds.results import newest_result, released_numbers, released_reasons
from consult.services.rounds.stages import stages_of
from consult.services.rounds.statuses import statuses_of
from consult.services.submissions import counted
from consult.words.dates import written


def briefing_of(session: Session, consultation: Consultation, language: str, notes: str = "") -> Briefing:
    """The briefing of a consultation in one language, from what is frozen and released now.

    `notes`: the editor's side file. Raises NotPossible when it does not fit the briefing.
    """
    return build(gather(session, consultation, language), notes)


def gather(session: Session, consultation: Consultation, language: str) -> BriefingInput:
    """Everything the briefing needs: plain values, no row of the database and no name."""
    found = _reported(stages_of(session, consultation.id))
    keys = {stage.id: stage.key for stage in found}
    results = {stage.key: newest_result(session, stage) for stage in found}
    frozen = [result.frozen_at for result in results.values() if result is not None]
    zone = ZoneInfo(consultation.zone)
    return BriefingInput(
        definition=definition_of(session, consultation.id),
        language=language,
        stages=tuple(_stage(session, consultation, stage, language) for stage in found),
        measures=_measures(session, consultation, keys),
        proposals=_proposals(session, consultation),
        deviations=_deviations(session, consultation),
        registration=_registration(session, consultation, zone, language),
        dates=_dates(found, zone, language),
        free_texts=_free_texts(session, consultation, found),
        statuses=statuses_of(session, consultation),
        frozen_on=written(max(frozen).astimezone(zone), "date", language) if frozen else "",
        frozen_at=max(frozen) if frozen else UNDATED,
    )


def _reported(stages: list[Stage]) -> list[Stage]:
    """What a briefing speaks of: everything up to the last round; what follows comes too late."""
    ends = [stage.closes_at for stage in stages if stage.kind == "round"]
    return [stage for stage in stages if not ends or stage.closes_at <= max(ends)]


def _stage(session: Session, consultation: Consultation, stage: Stage, language: str) -> StageGiven:
    zone = ZoneInfo(consultation.zone)
    text = definition_of(session, consultation.id).stage(stage.key)
    result, numbers = newest_result(session, stage), released_numbers(session, stage)
    return StageGiven(
        key=stage.key,
        kind=stage.kind,
        round=stage.round_number,
        title=text.title,
        opens=written(stage.opens_at.astimezone(zone), "date", language),
        closes=written(stage.closes_at.astimezone(zone), "date", language),
        participation=numbers.participation if numbers is not None else None,
        numbers=numbers,
        texts=released_reasons(session, stage),
        digest=result.digest if result is not None else "",
    )


def _dates(stages: list[Stage], zone: ZoneInfo, language: str) -> dict[str, str]:
    return {
        f"{{{form} {stage.key}.{end}}}": written(moment.astimezone(zone), form, language)
        for stage in stages
        for end, moment in (("opens", stage.opens_at), ("closes", stage.closes_at))
        for form in ("date", "time", "datetime")
    }


def _measures(session: Session, consultation: Consultation, keys: Mapping[int, str]) -> tuple[MeasureGiven, ...]:
    rows = list(
        session.scalars(select(Measure).where(Measure.consultation_id == consultation.id).order_by(Measure.position))
    )
    names = {row.id: row.key for row in rows}
    versions = _by_measure(session.scalars(_of(MeasureVersion, consultation)))
    fates = _by_measure(session.scalars(_of(MeasureFate, consultation)))
    asked = session.execute(
        select(MeasureVersion.measure_id, Stage.key, MeasureVersion.number)
        .join(StageMeasure, StageMeasure.measure_version_id == MeasureVersion.id)
        .join(Stage, Stage.id == StageMeasure.stage_id)
        .where(StageMeasure.consultation_id == consultation.id)
        .order_by(Stage.round_number)
    ).all()
    return tuple(
        MeasureGiven(
            key=row.key,
            theme=row.theme,
            versions=tuple(_version(item) for item in versions.get(row.id, ())),
            asked={stage: number for measure, stage, number in asked if measure == row.id},
            fates=tuple(
                {
                    "stage": keys.get(item.stage_id or 0),
                    "fate": item.fate,
                    "reason": item.reason,
                    "reason_in": item.reason_in,
                    "into": names.get(item.into_measure_id or 0),
                }
                for item in fates.get(row.id, ())
            ),
        )
        for row in rows
    )


def _version(row: MeasureVersion) -> VersionGiven:
    return {
        "number": row.number,
        "content": row.content,
        "is_pairable": row.is_pairable,
        "reason": row.reason,
        "reason_in": row.reason_in,
    }


Recorded = TypeVar("Recorded", MeasureVersion, MeasureFate)


def _of(table: type[Recorded], consultation: Consultation) -> Select[Recorded]:
    """The rows of a consultation in the order they were made."""
    return select(table).where(table.consultation_id == consultation.id).order_by(table.id)


def _by_measure(rows: Iterable[Recorded]) -> dict[int, list[Recorded]]:
    found: dict[int, list[Recorded]] = {}
    for row in rows:
        found.setdefault(row.measure_id, []).append(row)
    return found


def _proposals(session: Session, consultation: Consultation) -> tuple[ProposalGiven, ...]:
    """In the order of their titles, which says nothing about who made them."""
    rows = session.execute(
        select(Proposal, Measure.key)
        .outerjoin(Measure, Measure.id == Proposal.measure_id)
        .where(Proposal.consultation_id == consultation.id)
    )
    found = [
        ProposalGiven(
            title=row.title,
            title_in=row.title_in,
            text=row.text,
            fate=row.fate,
            reason=row.reason,
            reason_in=row.reason_in,
            measure=measure,
        )
        for row, measure in rows
    ]
    return tuple(sorted(found, key=lambda item: (item["title"], item["text"])))


def _deviations(session: Session, consultation: Consultation) -> tuple[DeviationGiven, ...]:
    rows = session.scalars(select(Deviation).where(Deviation.consultation_id == consultation.id).order_by(Deviation.id))
    return tuple(
        {"stage": row.stage_key, "kind": row.kind, "reason": row.reason, "reason_in": row.reason_in, "facts": row.facts}
        for row in rows
    )


def _registration(session: Session, consultation: Consultation, zone: ZoneInfo, language: str) -> dict[str, str] | None:
    row = session.scalar(select(Registration).where(Registration.consultation_id == consultation.id))
    if row is None:
        return None
    date = written(row.locked_at.astimezone(zone), "date", language)
    return {"digest": row.digest, "date": date}


def _free_texts(session: Session, consultation: Consultation, stages: list[Stage]) -> dict[str, int]:
    """How many texts each question got in frozen stages; not what they say."""
    columns = codebook(session, consultation)
    found: dict[str, int] = {}
    for stage in stages:
        result = newest_result(session, stage)
        if result is None:
            continue
        for key, count in _texts_of(session, stage, result).items():
            if key in columns and columns[key].file == "free-texts.csv":
                found[key] = found.get(key, 0) + count
    return found


def _texts_of(session: Session, stage: Stage, result: Result) -> dict[str, int]:
    """How many texts each variable got, as counted when the stage was frozen.

    Counted now only where an older version froze it: whoever leaves has it written down first.
    """
    stored: dict[str, int] | None = session.scalar(select(FrozenRows.texts).where(FrozenRows.result_id == result.id))
    if stored is not None:
        return stored
    rows = session.execute(
        select(VariableRow.key, func.count())
        .join(Answer, Answer.variable_id == VariableRow.id)
        .where(Answer.submission_id.in_(counted(stage)), Answer.text.is_not(None))
        .group_by(VariableRow.key)
    )
    return dict(rows.all())
