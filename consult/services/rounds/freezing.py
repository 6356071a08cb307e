"""Freezing: the tables of a closed stage become one result with a digest, for good."""

import secrets

from sqlalchemy.orm import Session

from analysis.disclosure.floors import release
from analysis.model.stage import StageResult
from analysis.model.writer import digest_of, stored, written
from analysis.protocol.protocol import DisclosureRule
from analysis.result.stage import stage_result
from analysis.version import __version__
from consult.clock import utc_now
from consult.fates import StableVerdicts
from consult.models import Consultation, ReleaseKind, Result, Stage
from consult.services.measures import revising
from consult.services.rounds import collecting, ledger, releasing, starting
from consult.services.rounds.gathering import stage_input


def freeze(session: Session, consultation: Consultation, stage: Stage) -> Result:
    """Compute a closed stage once and keep it; numbers are released as the protocol allows.

    A round is judged by the registered protocol only (ProtocolLocked otherwise).
    """
    protocol = starting.registered_protocol(session, consultation)
    given = stage_input(session, consultation, stage, protocol)
    content = stage_result(protocol, given)
    result = Result(
        consultation_id=consultation.id,
        stage_id=stage.id,
        number=1,
        digest=digest_of(content),
        protocol_digest=protocol.digest(),
        analysis_version=__version__,
        content=stored(content),
        row_seed=secrets.token_hex(32),
        frozen_at=utc_now(),
    )
    session.add(result)
    session.flush()
    _release(session, consultation, stage, result, content, protocol.disclosure)
    collecting.collect_proposals(session, consultation, stage)
    settled = {
        key: StableVerdicts(tuple((name, one.verdict.verdict) for name, one in measure.criteria.items()))
        for key, measure in content.measures.items()
        if measure.settled
    }
    revising.settle(session, stage, settled)
    session.flush()
    return result


def _release(
    session: Session,
    consultation: Consultation,
    stage: Stage,
    result: Result,
    content: StageResult,
    rule: DisclosureRule,
) -> None:
    """What of it everyone entitled may see, once held against all that was released before."""
    shown = ledger.enter(session, consultation, stage, result, release(content, rule), rule)
    releasing.add_release(session, result, ReleaseKind.NUMBERS, written(shown))
