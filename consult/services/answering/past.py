"""What an expert answered in earlier stages, read back as it was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from analysis.protocol.protocol import NO_OPINIONS
from consult.definition.answers import Stored, answer_type
from consult.definition.asked import NO
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.question import Questionnaire
from consult.definition.routing import ask
from consult.models import Answer, Expert, Result, SecretariatAnswer, Stage, Submission, VariableRow
from consult.services.definitions import definition_of
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.services.rounds import results

Choices = Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]]


_NEWEST = (
    select(func.max(Submission.id))
    .where(Submission.consultation_id == bindparam("consultation"), Submission.expert_id == bindparam("expert"))
    .group_by(Submission.stage_id)
)
_STORED = (
    select(VariableRow.key, Answer.value, Answer.text, Answer.state)
    .join(Answer, Answer.variable_id == VariableRow.id)
    .join(Submission, Submission.id == Answer.submission_id)
)
_OF_ALL = _STORED.where(Submission.id.in_(_NEWEST)).order_by(Submission.id)
_OF_STAGE = _STORED.where(
    Submission.id
    == select(func.max(Submission.id))
    .where(Submission.stage_id == bindparam("stage"), Submission.expert_id == bindparam("expert"))
    .scalar_subquery()
)


def newest_submissions(expert: Expert) -> Select[int]:
    """The id of the submission of an expert that counts, by stage: a query to use within one."""
    return _NEWEST.params(consultation=expert.consultation_id, expert=expert.id)


def stored_answers(session: Session, expert: Expert, stage: Stage | None = None) -> dict[str, Stored]:
    """The values that count for an expert, by variable key, of one stage or of all surveys."""
    asked = {"consultation": expert.consultation_id, "expert": expert.id}
    rows = (
        session.execute(_OF_ALL, asked)
        if stage is None
        else session.execute(_OF_STAGE, {"stage": stage.id, "expert": expert.id})
    )
    return {key: Stored(value, text, state) for key, value, text, state in rows}


def as_typed(known: Stored | None) -> str:
    """A stored rating or no-answer as a form sends it; empty where nothing was chosen."""
    if known is not None and known.value is not None:
        return str(known.value)
    return f"{NO}{known.state}" if known is not None and known.state in NO_OPINIONS else ""


@dataclass(frozen=True, slots=True)
class RoundBefore:
    """The round before one, for one expert: its measures as they were worded, and the answers that count."""

    stage: Stage
    wordings: Mapping[str, Wording]
    stored: Mapping[str, Stored]


def round_before(session: Session, expert: Expert, stage: Stage) -> RoundBefore | None:
    """What an expert rated in the round before; None for the first round and for a survey."""
    before = results.previous_round(session, stage)
    if before is None:
        return None
    wordings = {one.key: one for one in measures.wordings_in_stage(session, before)}
    return RoundBefore(before, wordings, stored_answers(session, expert, before))


def earlier_inputs(
    session: Session, consultation_id: int, definition: Definition, expert: Expert, questionnaire: Questionnaire
) -> dict[str, list[str]]:
    """Answers of other questionnaires that this one's routing, options or rows read."""
    own = {question.key for question in questionnaire.questions()}
    wanted = {key for question in questionnaire.questions() for key in question.reads()} - own
    if not wanted:
        return {}
    stored = stored_answers(session, expert)
    context = RoutingContext(definition)
    found: dict[str, list[str]] = {}
    for key in sorted(wanted):
        asked = ask(definition.questions[key], context, whole=True)
        if asked is not None:
            found |= answer_type(asked).read(asked, stored)
    told = session.scalars(
        select(SecretariatAnswer).where(
            SecretariatAnswer.consultation_id == consultation_id,
            SecretariatAnswer.expert_id == expert.id,
            SecretariatAnswer.question.in_(wanted),
        )
    )
    for answer in told:
        found |= answer.inputs
    return found


def measure_choices(session: Session, stage: Stage, questionnaire: Questionnaire) -> Choices:
    """Measures as options, if this questionnaire offers any."""
    sources = [source for question in questionnaire.questions() for source in question.sources()]
    if not any(source.measures or source.priorities for source in sources):
        return {}
    consultation_id = stage.consultation_id
    kinds: dict[str, Callable[[], list[Wording]]] = {
        "all": lambda: measures.newest_wordings(session, consultation_id),
        "surviving": lambda: measures.surviving_wordings(session, consultation_id),
        "in_stage": lambda: measures.wordings_in_stage(session, stage),
    }
    wanted = {"all", *(source.measures for source in sources if source.measures)}
    return {kind: tuple((item.key, item.title) for item in kinds[kind]()) for kind in wanted}


def priorities(session: Session, consultation_id: int, questionnaire: Questionnaire) -> Choices:
    """The top picks of frozen results that this questionnaire asks about, by stage."""
    wanted = {
        source.priorities
        for question in questionnaire.questions()
        for source in question.sources()
        if source.priorities
    }
    if not wanted:
        return {}
    titles = {item.key: item.title for item in measures.newest_wordings(session, consultation_id)}
    pick = definition_of(session, consultation_id).protocol.priorities
    found = {}
    for key in sorted(wanted):
        stage = session.scalar(select(Stage).where(Stage.consultation_id == consultation_id, Stage.key == key))
        result: Result | None = results.newest_result(session, stage) if stage else None
        ranked = results.priorities_of(result) if result else ()
        top = [entry.key for entry in ranked][: pick.pick if pick else 5]
        found[key] = tuple((measure, titles[measure]) for measure in top if measure in titles)
    return found
