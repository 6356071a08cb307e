"""Objections to a use: they count from the next freeze and the next release on; what was released stays."""

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.definition.consultation import Definition
from consult.errors import NotFound, Withdrawn
from consult.models import Expert, Objection
from consult.optional_uses import OptionalUse
from consult.refusals.codes import Code, Refusal


def objections_of(session: Session, expert: Expert) -> set[OptionalUse]:
    """The uses that an expert objects to."""
    found = session.scalars(
        select(Objection.use).where(
            Objection.consultation_id == expert.consultation_id, Objection.expert_id == expert.id
        )
    )
    return {OptionalUse(use) for use in found}


def objects_to(session: Session, expert: Expert, definition: Definition, use: OptionalUse) -> bool:
    """Whether an expert objects to a use; nothing is asked of the database where it is not optional."""
    is_optional = any(one.optional is use for one in definition.consent.uses)
    return is_optional and use in objections_of(session, expert)


def say(session: Session, expert: Expert, definition: Definition, use: str, *, objects: bool) -> None:
    """Object to a use, or take that back. Raises NotFound where it is not optional, Withdrawn."""
    if expert.withdrawn_at is not None:
        raise Withdrawn(Refusal(Code.WITHDRAWN))
    known = next((one.optional for one in definition.consent.uses if one.key == use), None)
    if known is None:
        raise NotFound(Refusal(Code.NO_SUCH_PAGE))
    session.refresh(expert, with_for_update={"key_share": True})  # twice at once is once
    is_said = known in objections_of(session, expert)
    if objects and not is_said:
        session.add(
            Objection(consultation_id=expert.consultation_id, expert_id=expert.id, use=known, said_at=utc_now())
        )
    elif is_said and not objects:
        session.execute(delete(Objection).where(Objection.expert_id == expert.id, Objection.use == known))
    session.flush()


def objectors(consultation_id: int, use: OptionalUse) -> Select[int]:
    """Ids of the experts who object to a use."""
    return select(Objection.expert_id).where(Objection.consultation_id == consultation_id, Objection.use == use)
