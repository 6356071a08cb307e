"""Starting a round: what goes in, the registration of the protocol, the stage's variables."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.protocol.protocol import Protocol
from consult.clock import utc_now
from consult.definition.answers.base import Variable
from consult.definition.rules import build_protocol
from consult.definition.variables import questionnaire_variables, rating_variables
from consult.errors import ProtocolLocked, StageNotFrozen
from consult.models import Consultation, Registration, Stage, StageMeasure, VariableRow
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Digests, OfStages
from consult.services import journal
from consult.services.definitions import definition_of
from consult.services.measures import measures, revising
from consult.services.rounds import releasing
from consult.services.rounds.results import newest_result, previous_round


def registration(session: Session, consultation: Consultation) -> Registration | None:
    """The protocol as locked; None before the first round opened."""
    return session.scalar(select(Registration).where(Registration.consultation_id == consultation.id))


def require_frozen_past(session: Session, stage: Stage) -> Stage | None:
    """The round before, which must be frozen; None for the first. Raises StageNotFrozen."""
    before = previous_round(session, stage)
    if before is not None and newest_result(session, before) is None:
        raise StageNotFrozen(Refusal(Code.EARLIER_NOT_FROZEN, OfStages(stage.key, before.key)))
    return before


def start_round(session: Session, consultation: Consultation, stage: Stage) -> None:
    """Fix what a round asks. Registers the protocol at the first; later ones need a frozen past.

    Raises StageNotFrozen when the round before is not frozen.
    """
    before = require_frozen_past(session, stage)
    registered_protocol(session, consultation, register=True)
    wordings = measures.live_wordings(session, consultation.id)
    for position, wording in enumerate(wordings, start=1):
        session.add(
            StageMeasure(
                consultation_id=consultation.id,
                stage_id=stage.id,
                measure_version_id=wording.version.id,
                position=position,
            )
        )
    session.flush()
    definition = definition_of(session, consultation.id)
    for wording in wordings:
        ensure_variables(session, consultation.id, rating_variables(wording.key, definition))
    if before is not None:
        asked_before = {item.measure.id for item in measures.wordings_in_stage(session, before)}
        again = [item for item in wordings if item.measure.id in asked_before]
        revising.carry(session, stage, again)
        releasing.release_texts(session, before)


def registered_protocol(session: Session, consultation: Consultation, *, register: bool = False) -> Protocol:
    """The protocol a verdict may be given under: the registered one.

    With `register`, it is locked if it is not yet. Raises ProtocolLocked when the definition's
    protocol is not the registered one.
    """
    definition = definition_of(session, consultation.id)
    criteria = definition.measures.criteria if definition.measures else ()
    protocol = build_protocol(definition.protocol, definition.scales, criteria)
    row = session.scalar(select(Registration).where(Registration.consultation_id == consultation.id))
    if row is None and register:
        session.add(
            Registration(
                consultation_id=consultation.id,
                digest=protocol.digest(),
                protocol=protocol.to_dict(),
                locked_at=utc_now(),
            )
        )
        journal.record(session, consultation.id, "clock", "register protocol", digest=protocol.digest())
        session.flush()
    elif row is not None and row.digest != protocol.digest():
        raise ProtocolLocked(
            Refusal(
                Code.OTHER_PROTOCOL,
                Digests(f"{row.locked_at:%Y-%m-%d}", f"{row.digest[:12]}…", f"{protocol.digest()[:12]}…"),
            )
        )
    return protocol


def ensure_questionnaire_variables(session: Session, consultation: Consultation, stage: Stage) -> None:
    """Make the variables of a stage's questionnaire that are not there yet."""
    definition = definition_of(session, consultation.id)
    questionnaire = definition.questionnaire_of(stage.key)
    if questionnaire is None:
        return
    known = [(item.key, item.title) for item in measures.newest_wordings(session, consultation.id)]
    found = questionnaire_variables(questionnaire, definition, known)
    ensure_variables(session, consultation.id, (item for item in found if item.recipient == "analysis"))


def ensure_variables(session: Session, consultation_id: int, wanted: Iterable[Variable]) -> None:
    """Add variables by key; those that exist keep their row."""
    known = set(session.scalars(select(VariableRow.key).where(VariableRow.consultation_id == consultation_id)))
    for variable in wanted:
        if variable.key in known:
            continue
        known.add(variable.key)
        session.add(
            VariableRow(
                consultation_id=consultation_id,
                key=variable.key,
                question=variable.question,
                level=variable.level,
                scale=variable.scale,
                labels=list(variable.labels),
                text=dict(variable.text),
                disclosure=variable.disclosure,
            )
        )
    session.flush()
