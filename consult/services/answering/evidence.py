"""What an expert sees of the evidence on a measure, by the rule of the protocol."""

from dataclasses import dataclass
from enum import StrEnum

from consult.definition.asked import given
from consult.definition.measure import Evidence
from consult.services.answering.feedback_types import Feedback
from consult.services.answering.responding import Respondent, Step


class EvidenceState(StrEnum):
    """How it stands with the evidence on a measure, for one expert."""

    LEFT_OUT = "left_out"
    """The protocol shows none."""
    AFTER_RATING = "after_rating"
    """It is shown once this expert has rated the measure."""
    NONE = "none"
    """There is none on this measure."""
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class MeasureEvidence:
    """How it stands, and what may be read now."""

    state: EvidenceState
    pieces: tuple[Evidence, ...] = ()


def evidence_for(respondent: Respondent, step: Step, feedback: Feedback | None) -> MeasureEvidence | None:
    """The evidence on the measure of this page; None where the consultation has none on any measure."""
    definition = respondent.definition
    if not definition.evidence:
        return None
    rule, pieces = definition.rules.feedback.evidence, definition.evidence.get(step.key, ())
    if rule == "never":
        return MeasureEvidence(EvidenceState.LEFT_OUT)
    if not pieces:
        return MeasureEvidence(EvidenceState.NONE)
    if rule == "after_first_rating" and not _has_rated(respondent, step, feedback):
        return MeasureEvidence(EvidenceState.AFTER_RATING)
    return MeasureEvidence(EvidenceState.SHOWN, pieces)


def _has_rated(respondent: Respondent, step: Step, feedback: Feedback | None) -> bool:
    """Whether every criterion was answered, in this round or before."""
    ratings = [item.key for item in step.asked if item.type == "scale"]
    assert ratings, f"{step.key} is rated on nothing"
    before = feedback.criteria if feedback else {}
    return all(
        given(respondent.typed, key) or ((one := before.get(key.partition(".")[2])) and one.kept is not None)
        for key in ratings
    )
