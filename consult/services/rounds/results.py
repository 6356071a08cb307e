"""Frozen results: the newest of a stage, whole, and what was released of it."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.models import Release, Result, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage


def released_numbers(session: Session, stage: Stage) -> dict[str, Any] | None:
    """What everyone entitled may see of a frozen stage; None before it is frozen."""
    return _released(session, stage, "numbers")


def released_texts(session: Session, stage: Stage) -> dict[str, Any] | None:
    """Released reasons and fates of a round; None until the next round opened."""
    return _released(session, stage, "texts")


_CONTENTS: dict[str, dict[str, Any]] = {}
"""Released contents by digest: a digest names one content, so nothing here goes stale."""


def _released(session: Session, stage: Stage, kind: str) -> dict[str, Any] | None:
    newest = session.execute(
        select(Release.id, Release.digest)
        .join(Result, Result.id == Release.result_id)
        .where(
            Result.stage_id == stage.id,
            Result.consultation_id == stage.consultation_id,
            Release.kind == kind,
        )
        .order_by(Result.number.desc(), Release.number.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    if newest.digest not in _CONTENTS:
        content = session.scalar(select(Release.content).where(Release.id == newest.id))
        assert content is not None
        _CONTENTS[newest.digest] = content
    return _CONTENTS[newest.digest]


def previous_round(session: Session, stage: Stage) -> Stage | None:
    """The round before this one; None for the first."""
    if stage.round_number is None or stage.round_number == 1:
        return None
    return session.scalar(
        select(Stage).where(
            Stage.consultation_id == stage.consultation_id,
            Stage.round_number == stage.round_number - 1,
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


def frozen_content(session: Session, stage: Stage) -> dict[str, Any]:
    """The frozen result of a stage, whole: for those who may see it only. Raises NotFound."""
    result = newest_result(session, stage)
    if result is None:
        raise NotFound(Refusal(Code.NO_RESULT, OfStage(stage.key)))
    content: dict[str, Any] = json.loads(result.content)
    return content
