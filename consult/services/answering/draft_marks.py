"""What somebody says of their answers, or how they gave them, kept beside the draft as yes or nothing."""

from sqlalchemy.orm import Session

from consult.models import Draft
from consult.services.answering.responding import Respondent
from consult.services.answering.saving import hold, require_open


def is_marked(respondent: Respondent, name: str) -> bool:
    """Whether that is said."""
    said = respondent.drafts.get(name)
    return said is not None and bool(said.values)


def mark(session: Session, respondent: Respondent, name: str, *, is_said: bool) -> None:
    """Say it, or take it back. Raises StageNotOpen, Withdrawn."""
    hold(session, respondent)
    require_open(respondent)
    said, values = respondent.drafts.get(name), ["yes"] if is_said else []
    if said is None:
        said = Draft(
            consultation_id=respondent.consultation.id,
            stage_id=respondent.stage.id,
            expert_id=respondent.expert.id,
            name=name,
            values=values,
            revision=1,
        )
        session.add(said)
        respondent.drafts[name] = said
    elif said.values != values:
        said.values, said.revision = values, said.revision + 1
    session.flush()
