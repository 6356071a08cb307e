"""What of two stages is compared: questions asked again, and measures worded alike."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.protocol.protocol import Scale
from analysis.result.stage_input import PairInput
from analysis.tables.pairs import PairTable
from consult.definition.answers import answer_type
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.routing import ask
from consult.definition.rules import build_scale
from consult.models import MeasureVersion, Stage
from consult.services import submissions
from consult.services.definitions import definition_of
from consult.services.measures.measures import Wording


def is_pairable(session: Session, earlier: Wording, later: Wording) -> bool:
    """Whether no substantive change of wording lies between two versions of a measure."""
    if earlier.version.id == later.version.id:
        return True
    breaks = session.scalar(
        select(func.count()).where(
            MeasureVersion.measure_id == later.measure.id,
            MeasureVersion.number > earlier.version.number,
            MeasureVersion.number <= later.version.number,
            MeasureVersion.is_pairable.is_(False),
        )
    )
    return not breaks


def reasked(session: Session, stage: Stage) -> list[tuple[Stage, str, str, Scale]]:
    """Questions asked again on a scale: where first, the earlier and the later variable, scale."""
    definition = definition_of(session, stage.consultation_id)
    questionnaire = definition.questionnaire_of(stage.key)
    context = RoutingContext(definition)
    found = []
    for question in questionnaire.questions() if questionnaire else ():
        if question.reask is None:
            continue
        later, earlier = (
            list(answer_type(asked).variables(asked))
            for key in (question.key, question.reask)
            if (asked := ask(definition.questions[key], context, whole=True)) is not None
        )
        origin = _stage_asking(session, stage, definition, question.reask)
        if origin is None:
            continue
        known = {item.key.removeprefix(question.reask): item for item in earlier}
        for item in later:
            match = known.get(item.key.removeprefix(question.key))
            if match is not None and item.scale is not None:
                scale = build_scale(item.scale, definition.scales[item.scale])
                found.append((origin, match.key, item.key, scale))
    return found


def before_after(session: Session, stage: Stage, at: datetime | None = None) -> tuple[PairInput, ...]:
    """The tables of what a stage asks again, of those here or, `at` a moment, who were then."""
    return tuple(
        PairInput(later, earlier, scale, _pair(session, origin, stage, (earlier, later, scale), at))
        for origin, earlier, later, scale in reasked(session, stage)
    )


def _pair(
    session: Session, origin: Stage, stage: Stage, keys: tuple[str, str, Scale], at: datetime | None
) -> PairTable:
    return submissions.pair_tables(session, origin, stage, [keys], at)[keys[1]]


def _stage_asking(session: Session, stage: Stage, definition: Definition, question: str) -> Stage | None:
    """The stage whose questionnaire holds a question."""
    for other in definition.stages:
        questionnaire = definition.questionnaire_of(other.key)
        if questionnaire and any(item.key == question for item in questionnaire.questions()):
            return session.scalar(
                select(Stage).where(Stage.consultation_id == stage.consultation_id, Stage.key == other.key)
            )
    return None
