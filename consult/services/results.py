"""Freezing: the tables of a closed stage become one result with a digest, for good."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import __version__
from analysis.canonical import canonical_json, digest
from analysis.disclosure import release
from analysis.protocol import DisclosureRule
from analysis.report import stage_result
from consult.clock import utc_now
from consult.models import Consultation, Release, Result, Stage
from consult.services import collecting, ledger, revising, rounds
from consult.services.gathering import stage_input


def freeze(session: Session, consultation: Consultation, stage: Stage) -> Result:
    """Compute a closed stage once and keep it; numbers are released as the protocol allows.

    A round is judged by the registered protocol only (ProtocolLocked otherwise).
    """
    protocol = rounds.registered_protocol(session, consultation)
    given = stage_input(session, consultation, stage, protocol)
    content = stage_result(protocol, given)
    result = Result(
        consultation_id=consultation.id,
        stage_id=stage.id,
        number=1,
        digest=digest(content),
        protocol_digest=protocol.digest(),
        analysis_version=__version__,
        content=canonical_json(content),
        row_seed=secrets.token_hex(32),
        frozen_at=utc_now(),
    )
    session.add(result)
    session.flush()
    _release(session, consultation, stage, result, content, protocol.disclosure)
    collecting.collect_proposals(session, consultation, stage)
    settled = {
        key: "; ".join(
            f"{name}: {one['verdict']['verdict']}, stable"
            for name, one in measure["criteria"].items()
        )
        for key, measure in content["measures"].items()
        if measure["settled"]
    }
    revising.settle(session, stage, settled)
    session.flush()
    return result


def _release(
    session: Session,
    consultation: Consultation,
    stage: Stage,
    result: Result,
    content: dict[str, Any],
    rule: DisclosureRule,
) -> None:
    """What of it everyone entitled may see, once held against all that was released before."""
    shown = release(content, rule)
    places = ledger.enter(session, consultation, stage, result, shown, rule)
    shown["withheld"] = [list(place) for place in places]
    session.add(
        Release(
            consultation_id=consultation.id,
            result_id=result.id,
            kind="numbers",
            number=1,
            digest=digest(shown),
            content=shown,
            released_at=utc_now(),
        )
    )


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
