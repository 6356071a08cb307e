"""Frozen results: the newest of a stage, whole, and what was released of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.model.reader import read_frozen, read_priorities, read_release
from analysis.model.stage import Priority, ReleasedStage
from analysis.model.stage import Stage as Frozen
from consult.errors import NotFound
from consult.models import Release, ReleaseKind, Result, Stage
from consult.recent import Recent
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage
from consult.released_texts import MeasureTexts, texts_by_measure
from consult.services.definitions import definition_of

Read = TypeVar("Read")


def released_numbers(session: Session, stage: Stage) -> ReleasedStage | None:
    """What everyone entitled may see of a frozen stage; None before it is frozen."""
    newest = _newest(session, stage, ReleaseKind.NUMBERS)
    return None if newest is None else _read_once(session, newest, _NUMBERS, read_release)


def released_json(session: Session, stage: Stage) -> dict[str, Any] | None:
    """The same as it is stored, to be handed on as it stands."""
    newest = _newest(session, stage, ReleaseKind.NUMBERS)
    return None if newest is None else _content(session, newest)


def released_texts(session: Session, stage: Stage) -> dict[str, Any] | None:
    """Released reasons and fates of a round; None until the next round opened."""
    newest = _newest(session, stage, ReleaseKind.TEXTS)
    return None if newest is None else _content(session, newest)


def released_reasons(session: Session, stage: Stage) -> Mapping[str, MeasureTexts]:
    """Released reasons and remarks by measure; empty until the next round opened."""
    content = definition_of(session, stage.consultation_id).measures
    newest = _newest(session, stage, ReleaseKind.TEXTS)
    if content is None or newest is None:
        return {}
    deciding = content.deciding.key
    return _read_once(session, newest, _REASONS, lambda texts: texts_by_measure(texts, deciding), deciding)


@dataclass(frozen=True, slots=True)
class _Newest:
    """The release that counts, not yet read."""

    id: int
    digest: str


def _newest(session: Session, stage: Stage, kind: ReleaseKind) -> _Newest | None:
    row = session.execute(
        select(Release.id, Release.digest)
        .join(Result, Result.id == Release.result_id)
        .where(Result.stage_id == stage.id, Result.consultation_id == stage.consultation_id, Release.kind == kind)
        .order_by(Result.number.desc(), Release.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _Newest(row.id, row.digest)


def _content(session: Session, newest: _Newest) -> dict[str, Any]:
    content = session.scalar(select(Release.content).where(Release.id == newest.id))
    return dict(content or {})


_NUMBERS: Recent[ReleasedStage] = Recent(64)
_REASONS: Recent[Mapping[str, MeasureTexts]] = Recent(64)
"""What was released as it was read, by digest: a digest names one content for ever."""


def _read_once(
    session: Session, newest: _Newest, kept: Recent[Read], read: Callable[[dict[str, Any]], Read], way: str = ""
) -> Read:
    """What a release says; `way` names how it is read, where there are several."""
    found = kept.get((newest.digest, way))
    if found is None:
        found = read(_content(session, newest))
        kept.put((newest.digest, way), found)
    return found


def previous_round(session: Session, stage: Stage) -> Stage | None:
    """The round before this one; None for the first."""
    if stage.round_number is None or stage.round_number == 1:
        return None
    return session.scalar(
        select(Stage).where(
            Stage.consultation_id == stage.consultation_id, Stage.round_number == stage.round_number - 1
        )
    )


def newest_result(session: Session, stage: Stage) -> Result | None:
    """The result that counts for a stage: the newest, if a computation was corrected."""
    return session.scalar(
        select(Result)
        .where(Result.stage_id == stage.id, Result.consultation_id == stage.consultation_id)
        .order_by(Result.number.desc())
        .limit(1)
    )


def name_of(stage: Stage, result: Result) -> str:
    """What a frozen result is called outside: `round-1/1`, by its stage and number."""
    return f"{stage.key}/{result.number}"


def frozen_content(session: Session, stage: Stage) -> Frozen:
    """The frozen result of a stage, whole: for those who may see it only. Raises NotFound."""
    result = newest_result(session, stage)
    if result is None:
        raise NotFound(Refusal(Code.NO_RESULT, OfStage(stage.key)))
    return content_of(result)


def content_of(result: Result) -> Frozen:
    """What a frozen result says."""
    return read_frozen(json.loads(result.content))


def priorities_of(result: Result) -> tuple[Priority, ...]:
    """What the panel picked, by a frozen result, the first first."""
    return read_priorities(json.loads(result.content))
