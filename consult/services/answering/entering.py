"""Answers given by telephone or on paper: the whole questionnaire, blank, and what is entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.answers import answer_type
from consult.definition.asked import AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.routing import ask
from consult.errors import NoConsent, NotPossible
from consult.models import Channel, Consultation, Draft, Expert, Stage, Submission
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import ExpertAtStage, OfExpert
from consult.services import journal
from consult.services.access import consents
from consult.services.answering import past, responding, saving, submitting
from consult.services.answering.rating_questions import rating_questions
from consult.services.measures import measures

CHANNELS = (Channel.TELEPHONE.value, Channel.PAPER.value)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a questionnaire, or one measure, with everything that may be asked there.

    `depends`: keys of the questions that are asked only after certain answers.
    """

    title: Mapping[str, str]
    intro: Mapping[str, str] | None
    asked: tuple[AskedQuestion, ...]
    depends: frozenset[str] = field(default=frozenset())
    is_measure: bool = False


def blank_parts(session: Session, consultation: Consultation, definition: Definition, stage: Stage) -> list[Part]:
    """Everything a stage may ask of anyone, in the order of the list; nobody's answers."""
    wordings = measures.wordings_in_stage(session, stage) if stage.kind == "round" else []
    found = [Part(one.title, one.text, rating_questions(definition, one.key), is_measure=True) for one in wordings]
    questionnaire = definition.questionnaire_of(stage.key)
    if questionnaire is None:
        return found
    context = RoutingContext(
        definition,
        measures=past.measure_choices(session, stage, questionnaire),
        priorities=past.priorities(session, consultation.id, questionnaire),
    )
    for section in questionnaire.sections:
        asked = [ask(question, context, whole=True) for question in section.questions]
        depends = {one.key for one in section.questions if one.show_if is not None}
        found.append(
            Part(section.title, section.intro, tuple(one for one in asked if one is not None), frozenset(depends))
        )
    return found


def input_names(parts: Sequence[Part]) -> list[str]:
    """Names of everything that can be entered, as pages send them."""
    return [name for part in parts for one in part.asked for name in answer_type(one).names(one)]


def require_untouched(session: Session, expert: Expert, stage: Stage) -> None:
    """Raise NotPossible where the expert began online: only they may see and change that."""
    began = select(Draft.id).where(Draft.expert_id == expert.id, Draft.stage_id == stage.id)
    sent = select(Submission.id).where(Submission.expert_id == expert.id, Submission.stage_id == stage.id)
    if session.scalar(sent.limit(1)) is not None:
        raise NotPossible(Refusal(Code.SUBMITTED_BEFORE, ExpertAtStage(expert.code, stage.key)))
    if session.scalar(began.limit(1)) is not None:
        raise NotPossible(Refusal(Code.BEGUN_ONLINE, ExpertAtStage(expert.code, stage.key)))


def enter(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    expert: Expert,
    stage: Stage,
    typed: Mapping[str, Sequence[str]],
    *,
    channel: str,
    agrees: bool,
    idempotency_key: str,
    actor: str,
) -> Submission:
    """Submit what an expert said or wrote elsewhere, marked with the channel it came by.

    `typed`: by name of input, as a page sends it. `agrees`: the expert was read what they consent
    to and said yes, which is recorded if they had not said so before. Answers that routing does
    not ask for are left out. Raises NoConsent, NotPossible, StageNotOpen, Withdrawn, and NotReady
    with every problem.
    """
    if channel not in CHANNELS:
        raise ValueError(f"answers come by {' or '.join(CHANNELS)}, not by '{channel}'")
    respondent = responding.find_respondent(session, consultation, definition, expert, stage)
    saving.hold(session, respondent)
    saving.require_open(respondent)
    known = submitting.submission_of(session, respondent, idempotency_key)
    if known is not None:
        return known
    require_untouched(session, expert, stage)
    if not consents.consent_of(session, expert):
        if not agrees:
            raise NoConsent(Refusal(Code.NOT_AGREED, OfExpert(expert.code)))
        consents.say_consent(session, expert, definition, expert.language, True)
    parts = blank_parts(session, consultation, definition, stage)
    saving.save(session, respondent, [one for part in parts for one in part.asked], typed, {})
    submission = submitting.submit(session, respondent, idempotency_key=idempotency_key, channel=Channel(channel))
    journal.record(session, consultation.id, actor, "enter answers", stage=stage.key, channel=channel)
    return submission


def channels(session: Session, stage: Stage) -> dict[int, str]:
    """How each expert's newest submission came, where it was not submitted on the pages."""
    rows = session.execute(
        select(Submission.expert_id, Submission.channel)
        .where(Submission.consultation_id == stage.consultation_id, Submission.stage_id == stage.id)
        .order_by(Submission.number)
    )
    newest: dict[int, str] = {}
    for expert, channel in rows:
        newest[expert] = channel
    return {expert: channel for expert, channel in newest.items() if channel != Channel.WEB}
