"""What somebody says of their answers, or how they gave them, kept beside the draft as yes or nothing."""

from sqlalchemy.orm import Session

from consult.services.answering.responding import Respondent
from consult.services.answering.saving import hold, put, require_open


def is_marked(respondent: Respondent, name: str) -> bool:
    """Whether that is said."""
    said = respondent.drafts.get(name)
    return said is not None and bool(said.values)


def mark(session: Session, respondent: Respondent, name: str, *, is_said: bool) -> None:
    """Say it, or take it back; nothing where it is so already. Raises StageNotOpen, Withdrawn."""
    if is_marked(respondent, name) is is_said:
        return
    hold(session, respondent)
    require_open(respondent)
    put(session, respondent, name, ["yes"] if is_said else [])
