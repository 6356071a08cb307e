"""Finding consultations and their published definitions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.consultation import Definition
from consult.definition.loader import load_text
from consult.errors import NotFound
from consult.models import Consultation, DefinitionRow
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named

_PARSED: dict[str, Definition] = {}
"""Definitions by digest: a digest names one content, so nothing here goes stale."""


def definition_of(session: Session, consultation_id: int) -> Definition:
    """The newest published definition of a consultation; parsed once per process."""
    row = session.execute(
        select(DefinitionRow.digest)
        .where(DefinitionRow.consultation_id == consultation_id)
        .order_by(DefinitionRow.version.desc())
        .limit(1)
    ).one_or_none()
    return definition_of_digest(session, consultation_id, row.digest if row is not None else None)


def definition_of_digest(session: Session, consultation_id: int, digest: str | None) -> Definition:
    """A published definition of a consultation by its digest. Raises NotFound without one."""
    if digest is None:
        raise NotFound(Refusal(Code.NOT_PUBLISHED))
    if digest not in _PARSED:
        content = session.scalar(
            select(DefinitionRow.content).where(
                DefinitionRow.consultation_id == consultation_id, DefinitionRow.digest == digest
            )
        )
        assert content is not None
        _PARSED[digest] = load_text(content)
    return _PARSED[digest]


def consultation_by_slug(session: Session, slug: str) -> Consultation:
    """The consultation of that name. Raises NotFound."""
    found = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if found is None:
        raise NotFound(Refusal(Code.NO_SUCH_CONSULTATION, Named(slug)))
    return found


def only_consultation(session: Session) -> Consultation | None:
    """The consultation of a server that holds a single one; else None."""
    found = session.scalars(select(Consultation).order_by(Consultation.id).limit(2)).all()
    return found[0] if len(found) == 1 else None
