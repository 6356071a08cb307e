"""Writing a submission: answers, comments, and answers that go to the secretariat only."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.protocol.states import NoAnswer
from consult.clock import utc_now
from consult.definition.answers import Stored, answer_type, store
from consult.definition.asked import AskedQuestion, Inputs, first
from consult.definition.routing import ask
from consult.models import Answer, Comment, SecretariatAnswer, Submission, VariableRow
from consult.services.answering.rating_questions import reason_key
from consult.services.answering.responding import Respondent


def _values(respondent: Respondent) -> Iterator[tuple[str, Stored]]:
    """Every variable of the stage with its value, or the kind of no-answer."""
    context = respondent.context()
    for wording in respondent.wordings:
        for asked in respondent.rating_step(wording).asked:
            if asked.type == "scale":
                missing = NoAnswer.BLANK if asked.key in respondent.drafts else NoAnswer.NOT_REACHED
                stored = store(asked, context.inputs)
                yield asked.key, stored.get(asked.key, Stored(state=missing))
    questionnaire = respondent.definition.questionnaire_of(respondent.stage.key)
    if questionnaire is None:
        return
    for question in questionnaire.questions():
        whole = ask(question, context, whole=True)
        if question.recipient == "analysis" and whole is not None:
            yield from _question_values(ask(question, context), whole, respondent, context.inputs)


def _question_values(
    question_asked: AskedQuestion | None, whole: AskedQuestion, respondent: Respondent, inputs: Inputs
) -> Iterator[tuple[str, Stored]]:
    stored: dict[str, Stored] = {}
    missing: dict[str, NoAnswer] = {}
    if question_asked is not None:
        kind = answer_type(question_asked)
        stored = kind.store(question_asked, inputs)
        is_reached = any(name in respondent.drafts for name in kind.names(question_asked))
        state = NoAnswer.BLANK if is_reached else NoAnswer.NOT_REACHED
        missing = {item.key: state for item in kind.variables(question_asked)}
    for variable in answer_type(whole).variables(whole):
        state = missing.get(variable.key, NoAnswer.SKIPPED)
        yield variable.key, stored.get(variable.key, Stored(state=state))


def write_answers(session: Session, respondent: Respondent, submission: Submission, values: dict[str, Stored]) -> None:
    rows = session.execute(
        select(VariableRow.key, VariableRow.id).where(
            VariableRow.consultation_id == respondent.consultation.id, VariableRow.key.in_(values)
        )
    )
    versions = {wording.key: wording.version.id for wording in respondent.wordings}
    records = [
        {
            "submission_id": submission.id,
            "variable_id": variable_id,
            "consultation_id": respondent.consultation.id,
            "value": values[key].value,
            "text": values[key].text,
            "state": values[key].state,
            "measure_version_id": versions.get(key.partition(".")[0]),
        }
        for key, variable_id in rows
    ]
    if records:
        session.execute(insert(Answer), records)


class TypedComment(NamedTuple):
    """Words typed with a measure; a reason without a criterion is said of the measure as a whole."""

    measure_id: int
    kind: str
    criterion: str | None
    text: str


def typed_comments(respondent: Respondent) -> Iterator[TypedComment]:
    """Each comment typed."""
    content = respondent.definition.measures
    criteria = [criterion.key for criterion in content.criteria] if content else []
    inputs_typed = respondent.typed
    for wording in respondent.wordings:
        inputs: list[tuple[str, str, str | None]] = [
            *((reason_key(f"{wording.key}.{key}"), "reason", key) for key in criteria),
            (f"{wording.key}.comment", "reason", None),
            (f"{wording.key}.unclear", "unclear", None),
        ]
        for name, kind, criterion in inputs:
            if words := first(inputs_typed, name):
                yield TypedComment(wording.measure.id, kind, criterion, words)


def write_comments(session: Session, respondent: Respondent, submission: Submission) -> None:
    for typed in typed_comments(respondent):
        session.add(
            Comment(
                consultation_id=respondent.consultation.id,
                submission_id=submission.id,
                **typed._asdict(),
                language=respondent.expert.language,
                moderation="waiting",
            )
        )


def write_for_secretariat(session: Session, respondent: Respondent) -> None:
    questionnaire = respondent.definition.questionnaire_of(respondent.stage.key)
    context = respondent.context()
    for question in questionnaire.questions() if questionnaire else ():
        if question.recipient != "secretariat":
            continue
        asked = ask(question, context)
        names = answer_type(asked).names(asked) if asked else []
        inputs = {name: list(context.inputs[name]) for name in names if context.inputs.get(name)}
        row = session.scalar(
            select(SecretariatAnswer).where(
                SecretariatAnswer.consultation_id == respondent.consultation.id,
                SecretariatAnswer.expert_id == respondent.expert.id,
                SecretariatAnswer.question == question.key,
            )
        )
        if row is None and inputs:
            session.add(
                SecretariatAnswer(
                    consultation_id=respondent.consultation.id,
                    expert_id=respondent.expert.id,
                    question=question.key,
                    inputs=inputs,
                    given_at=utc_now(),
                )
            )
        elif row is not None:
            row.inputs, row.given_at = inputs, utc_now()
