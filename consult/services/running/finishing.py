"""Finishing a consultation: after its last round, what became of every measure is said for good."""

from sqlalchemy.orm import Session

from consult import statuses
from consult.errors import NotPossible
from consult.models import Consultation, Release, ReleaseKind, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage
from consult.services import journal
from consult.services.definitions import definition_of
from consult.services.measures.finished import is_finished, require_unfinished
from consult.services.rounds import releasing
from consult.services.rounds.results import newest_result
from consult.services.rounds.stages import StageState, rounds_of, state
from consult.services.rounds.statuses import provisional


def last_round(session: Session, consultation: Consultation) -> Stage:
    """The last round that was held, once no round can come any more.

    Raises NotPossible while a round is to be opened, open or not yet frozen, or none was held.
    """
    grace = definition_of(session, consultation.id).grace
    held = []
    for stage in rounds_of(session, consultation.id):
        if state(stage, grace) is StageState.CLOSED:
            held.append(stage)
        elif state(stage, grace) is not StageState.MISSED:
            raise NotPossible(Refusal(Code.ROUND_AHEAD, OfStage(stage.key)))
    if not held:
        raise NotPossible(Refusal(Code.NO_ROUND_HELD))
    return held[-1]


def hindrance(session: Session, consultation: Consultation) -> Refusal | None:
    """Why it cannot be finished now: a round is ahead, or it was done; None where it can."""
    if is_finished(session, consultation.id):
        return Refusal(Code.FINISHED)
    try:
        last_round(session, consultation)
    except NotPossible as refused:
        return refused.refusal
    return None


def finish(session: Session, consultation: Consultation, *, actor: str) -> Release:
    """Release the last round's reasons and fates, and the final status of every measure.

    Nothing about the measures can change after it. Raises NotPossible where it was done before, or
    a round is still to come.
    """
    require_unfinished(session, consultation.id)
    stage = last_round(session, consultation)
    result, found = newest_result(session, stage), provisional(session, consultation)
    if result is None or found is None:
        raise NotPossible(Refusal(Code.NO_RESULT, OfStage(stage.key)))
    releasing.release_texts(session, stage)
    release = releasing.add_release(session, result, ReleaseKind.FINAL, statuses.written(found))
    journal.record(session, consultation.id, actor, "finish", stage=stage.key, digest=release.digest)
    session.flush()
    return release
