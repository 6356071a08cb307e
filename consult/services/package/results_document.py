"""What `results.json` of a package says: every released table, statistic and verdict.

Also what is needed to compute them again from the rows: the stages, the measures with all their
wordings, the variables, and for which stages there are no rows, and why. No name, no pseudonym,
no time of an answer, no row order.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.version import __version__ as analysis_version
from consult.briefing.context import DeviationGiven, VersionGiven
from consult.errors import NotFound
from consult.models import (
    Consultation,
    DefinitionRow,
    Deviation,
    Measure,
    MeasureFate,
    MeasureVersion,
    Registration,
    Release,
    ReleaseKind,
    Result,
    Stage,
    StageMeasure,
    VariableRow,
)
from consult.refusals.codes import Code, Refusal
from consult.services.briefings import gather
from consult.services.frozen.row_files import RowFiles
from consult.services.package.results_rows import (
    AskedInStage,
    Document,
    MeasureRow,
    RegistrationRow,
    ReleaseRow,
    ResultRow,
    StageRow,
    VariableTold,
)
from consult.services.rounds.results import newest_result
from consult.services.rounds.stages import stages_of
from consult.services.running import leaving

FORMAT = 4
"""1: told how many left since a stage was frozen, and its rows were without them. 2: what the
program noted of a measure's fate was a sentence in `reason`. 3: said nowhere what every measure
came to."""


def results_document(
    session: Session, consultation: Consultation, language: str, standings: Mapping[int, RowFiles]
) -> Document:
    """The whole document, JSON values only; the same for the same consultation anywhere.

    `language`: the one the tables of the package are in. `standings`: the row files of every frozen result.
    """
    stages = stages_of(session, consultation.id)
    registration = session.scalar(select(Registration).where(Registration.consultation_id == consultation.id))
    gathered = gather(session, consultation, language)
    return {
        "format": FORMAT,
        "code": {"consult": version("consult"), "analysis": analysis_version},
        "consultation": {
            "slug": consultation.slug,
            "zone": consultation.zone,
            "schedule": consultation.schedule,
            "language": language,
            "definition_digest": published(session, consultation).digest,
        },
        "registration": _registration(registration),
        "erased": leaving.erased(session, consultation.id),
        "stages": [_stage(session, stage, standings) for stage in stages],
        "variables": _variables(session, consultation),
        "measures": _measures(session, consultation, stages),
        "proposals": list(gathered.proposals),
        "deviations": _deviations(session, consultation),
        "free_texts": dict(gathered.free_texts),
    }


def _registration(found: Registration | None) -> RegistrationRow | None:
    return None if found is None else {"digest": found.digest, "locked_at": found.locked_at.isoformat()}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def published(session: Session, consultation: Consultation) -> DefinitionRow:
    """The definition as it was published last. Raises NotFound."""
    found = session.scalar(
        select(DefinitionRow)
        .where(DefinitionRow.consultation_id == consultation.id)
        .order_by(DefinitionRow.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(Refusal(Code.NOT_PUBLISHED))
    return found


def _stage(session: Session, stage: Stage, standings: Mapping[int, RowFiles]) -> StageRow:
    result = newest_result(session, stage)
    return {
        "key": stage.key,
        "kind": stage.kind,
        "round": stage.round_number,
        "position": stage.position,
        "opens_at": stage.opens_at.isoformat(),
        "closes_at": stage.closes_at.isoformat(),
        "opened_at": _moment(stage.opened_at),
        "closed_at": _moment(stage.closed_at),
        "result": _result(session, result, standings[result.id]) if result is not None else None,
    }


def _result(session: Session, result: Result, standing: RowFiles) -> ResultRow:
    return {
        "number": result.number,
        "digest": result.digest,
        "protocol_digest": result.protocol_digest,
        "analysis_version": result.analysis_version,
        "correction": result.correction,
        "frozen_at": result.frozen_at.isoformat(),
        "rows_withheld": standing.withheld,
        "numbers": _release(session, result, ReleaseKind.NUMBERS),
        "texts": _release(session, result, ReleaseKind.TEXTS),
        "final": _release(session, result, ReleaseKind.FINAL),
    }


def _release(session: Session, result: Result, kind: ReleaseKind) -> ReleaseRow | None:
    found = session.scalar(
        select(Release)
        .where(Release.result_id == result.id, Release.kind == kind)
        .order_by(Release.number.desc())
        .limit(1)
    )
    return {"digest": found.digest, "content": found.content} if found is not None else None


def _variables(session: Session, consultation: Consultation) -> list[VariableTold]:
    rows = session.scalars(select(VariableRow).where(VariableRow.consultation_id == consultation.id))
    found = [
        VariableTold(
            key=row.key,
            question=row.question,
            level=row.level,
            scale=row.scale,
            labels=row.labels,
            text=row.text,
            disclosure=row.disclosure,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: row["key"])


def _measures(session: Session, consultation: Consultation, stages: Sequence[Stage]) -> list[MeasureRow]:
    rows = session.scalars(
        select(Measure).where(Measure.consultation_id == consultation.id).order_by(Measure.position)
    ).all()
    names = {row.id: row.key for row in rows}
    keys = {stage.id: stage.key for stage in stages}
    return [
        {
            "key": row.key,
            "theme": row.theme,
            "position": row.position,
            "versions": _versions(session, row),
            "asked": _asked(session, row, keys),
            "fates": [
                {
                    "stage": keys.get(fate.stage_id or 0),
                    "fate": fate.fate,
                    "code": fate.code,
                    "facts": fate.facts,
                    "reason": fate.reason,
                    "reason_in": fate.reason_in,
                    "into": names.get(fate.into_measure_id or 0),
                }
                for fate in session.scalars(
                    select(MeasureFate).where(MeasureFate.measure_id == row.id).order_by(MeasureFate.id)
                )
            ],
        }
        for row in rows
    ]


def _versions(session: Session, measure: Measure) -> list[VersionGiven]:
    rows = session.scalars(
        select(MeasureVersion).where(MeasureVersion.measure_id == measure.id).order_by(MeasureVersion.number)
    )
    return [
        {
            "number": row.number,
            "content": row.content,
            "is_pairable": row.is_pairable,
            "reason": row.reason,
            "reason_in": row.reason_in,
        }
        for row in rows
    ]


def _asked(session: Session, measure: Measure, keys: dict[int, str]) -> dict[str, AskedInStage]:
    """The stages that asked a measure: number of the wording, and place in the list."""
    rows = session.execute(
        select(StageMeasure.stage_id, MeasureVersion.number, StageMeasure.position)
        .join(MeasureVersion, MeasureVersion.id == StageMeasure.measure_version_id)
        .where(MeasureVersion.measure_id == measure.id)
    )
    return {keys[stage]: {"version": number, "position": position} for stage, number, position in rows}


def _deviations(session: Session, consultation: Consultation) -> list[DeviationGiven]:
    rows = session.scalars(select(Deviation).where(Deviation.consultation_id == consultation.id).order_by(Deviation.id))
    return [
        {"stage": row.stage_key, "kind": row.kind, "reason": row.reason, "reason_in": row.reason_in, "facts": row.facts}
        for row in rows
    ]
