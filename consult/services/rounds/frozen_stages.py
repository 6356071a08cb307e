"""The frozen stages of a consultation, in order, each with its result and what was released."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.model.stage import ReleasedStage
from consult.models import Consultation, Result, Stage
from consult.services.rounds.results import newest_result, released_numbers
from consult.services.rounds.stages import stages_of


@dataclass
class Frozen:
    """One frozen stage with what was released of it."""

    stage: Stage
    result: Result
    numbers: ReleasedStage


def frozen_stages(session: Session, consultation: Consultation) -> list[Frozen]:
    """Frozen stages in order; a stage before that is not in any file."""
    found = []
    for stage in stages_of(session, consultation.id):
        result = newest_result(session, stage)
        numbers = released_numbers(session, stage)
        if result is not None and numbers is not None:
            found.append(Frozen(stage, result, numbers))
    return found
