"""Submitting: the draft copied into an insert-only submission, one value for each variable."""

import secrets
from collections.abc import Iterator, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.definition.answers import Stored, answer_type, store
from consult.definition.asked import Asked, Inputs, Problem, first
from consult.definition.routing import ask
from consult.errors import AnswersIncomplete
from consult.models import (
    Answer,
    Comment,
    SecretariatAnswer,
    Seen,
    Submission,
    VariableRow,
)
from consult.services.answering import past
from consult.services.answering.gaps import obstacles
from consult.services.answering.responding import Respondent, Step, hold, require_open
from consult.services.measures.measures import Wording
from consult.services.rounds import results

RECEIPT = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of a receipt: none that look alike."""


class NotReady(AnswersIncomplete):
    """Some answers are not valid or indispensable; each is listed with its page."""

    def __init__(self, found: Sequence[tuple[Step, Problem]]) -> None:
        super().__init__(f"{len(found)} answers are not valid, or missing and indispensable")
        self.found = list(found)


def submit(
    session: Session,
    given: Respondent,
    *,
    idempotency_key: str,
    channel: str = "web",
) -> Submission:
    """Submit the draft. Sending the same key again gives the same submission.

    Raises NotReady with every problem and its page, StageNotOpen, Withdrawn. What routing no
    longer leads to is left out; gaps are stored as `blank`, or `not_reached` where no page that
    asks was sent.
    """
    hold(session, given)
    known = submission_of(session, given, idempotency_key)
    if known is not None:
        return known
    require_open(given)
    found = obstacles(given)
    if found:
        raise NotReady(found)
    submission = _new_submission(session, given, idempotency_key, channel)
    values = dict(_values(given))
    _write_answers(session, given, submission, values)
    _write_comments(session, given, submission)
    _write_for_secretariat(session, given)
    session.flush()
    return submission


def submission_of(session: Session, given: Respondent, idempotency_key: str) -> Submission | None:
    """What was submitted with that key before."""
    return session.scalar(
        select(Submission).where(
            Submission.stage_id == given.stage.id,
            Submission.expert_id == given.expert.id,
            Submission.idempotency_key == idempotency_key,
        )
    )


def newest_submission(session: Session, given: Respondent) -> Submission | None:
    """The submission that counts for this expert and stage, if any."""
    return session.scalar(
        select(Submission)
        .where(
            Submission.consultation_id == given.consultation.id,
            Submission.stage_id == given.stage.id,
            Submission.expert_id == given.expert.id,
        )
        .order_by(Submission.number.desc())
        .limit(1)
    )


def has_changed_since(session: Session, given: Respondent, submission: Submission) -> bool:
    """Whether the draft differs from what was submitted, so that submitting again has a point."""
    stored = past.stored_answers(session, given.expert, given.stage)
    if dict(_values(given)) != stored:
        return True
    said = session.execute(
        select(Comment.measure_id, Comment.kind, Comment.text).where(
            Comment.submission_id == submission.id
        )
    )
    typed = {(wording.measure.id, kind, words) for wording, kind, words in _comments(given)}
    return typed != {(measure_id, kind, words) for measure_id, kind, words in said}


def _new_submission(
    session: Session, given: Respondent, idempotency_key: str, channel: str
) -> Submission:
    number = session.scalar(
        select(func.max(Submission.number)).where(
            Submission.stage_id == given.stage.id, Submission.expert_id == given.expert.id
        )
    )
    now = utc_now()
    letters = "".join(secrets.choice(RECEIPT) for _ in range(8))
    submission = Submission(
        consultation_id=given.consultation.id,
        stage_id=given.stage.id,
        expert_id=given.expert.id,
        number=(number or 0) + 1,
        idempotency_key=idempotency_key,
        receipt=f"{letters[:4]}-{letters[4:]}",
        channel=channel,
        is_late=now > given.stage.closes_at,
        submitted_at=now,
    )
    session.add(submission)
    session.flush()
    return submission


def _values(given: Respondent) -> Iterator[tuple[str, Stored]]:
    """Every variable of the stage with its value, or the kind of no-answer."""
    around = given.around()
    for wording in given.wordings:
        for asked in given.rating_step(wording).asked:
            if asked.type == "scale":
                missing = "blank" if asked.key in given.drafts else "not_reached"
                stored = store(asked, around.inputs)
                yield asked.key, stored.get(asked.key, Stored(state=missing))
    questionnaire = given.definition.questionnaire_of(given.stage.key)
    if questionnaire is None:
        return
    for question in questionnaire.questions():
        whole = ask(question, around, whole=True)
        if question.recipient == "analysis" and whole is not None:
            yield from _question_values(ask(question, around), whole, given, around.inputs)


def _question_values(
    question_asked: Asked | None, whole: Asked, given: Respondent, inputs: Inputs
) -> Iterator[tuple[str, Stored]]:
    stored: dict[str, Stored] = {}
    missing: dict[str, str] = {}
    if question_asked is not None:
        kind = answer_type(question_asked)
        stored = kind.store(question_asked, inputs)
        is_reached = any(name in given.drafts for name in kind.names(question_asked))
        state = "blank" if is_reached else "not_reached"
        missing = {item.key: state for item in kind.variables(question_asked)}
    for variable in answer_type(whole).variables(whole):
        state = missing.get(variable.key, "skipped")
        yield variable.key, stored.get(variable.key, Stored(state=state))


def _write_answers(
    session: Session, given: Respondent, submission: Submission, values: dict[str, Stored]
) -> None:
    rows = session.execute(
        select(VariableRow.key, VariableRow.id).where(
            VariableRow.consultation_id == given.consultation.id, VariableRow.key.in_(values)
        )
    )
    versions = {wording.key: wording.version.id for wording in given.wordings}
    records = [
        {
            "submission_id": submission.id,
            "variable_id": variable_id,
            "consultation_id": given.consultation.id,
            "value": values[key].value,
            "text": values[key].text,
            "state": values[key].state,
            "measure_version_id": versions.get(key.partition(".")[0]),
        }
        for key, variable_id in rows
    ]
    if records:
        session.execute(insert(Answer), records)


def _comments(given: Respondent) -> Iterator[tuple[Wording, str, str]]:
    """Measure, kind and words of each comment typed."""
    typed = given.typed
    for wording in given.wordings:
        for name, kind in (("comment", "reason"), ("unclear", "unclear")):
            if words := first(typed, f"{wording.key}.{name}"):
                yield wording, kind, words


def _write_comments(session: Session, given: Respondent, submission: Submission) -> None:
    for wording, kind, words in _comments(given):
        session.add(
            Comment(
                consultation_id=given.consultation.id,
                submission_id=submission.id,
                measure_id=wording.measure.id,
                kind=kind,
                text=words,
                language=given.expert.language,
                moderation="waiting",
            )
        )


def _write_for_secretariat(session: Session, given: Respondent) -> None:
    questionnaire = given.definition.questionnaire_of(given.stage.key)
    around = given.around()
    for question in questionnaire.questions() if questionnaire else ():
        if question.recipient != "secretariat":
            continue
        asked = ask(question, around)
        names = answer_type(asked).names(asked) if asked else []
        inputs = {name: list(around.inputs[name]) for name in names if around.inputs.get(name)}
        row = session.scalar(
            select(SecretariatAnswer).where(
                SecretariatAnswer.consultation_id == given.consultation.id,
                SecretariatAnswer.expert_id == given.expert.id,
                SecretariatAnswer.question == question.key,
            )
        )
        if row is None and inputs:
            session.add(
                SecretariatAnswer(
                    consultation_id=given.consultation.id,
                    expert_id=given.expert.id,
                    question=question.key,
                    inputs=inputs,
                    given_at=utc_now(),
                )
            )
        elif row is not None:
            row.inputs, row.given_at = inputs, utc_now()


def note_shown(session: Session, given: Respondent, step: Step, name: str, form: str) -> None:
    """Record which frozen result the expert had on screen when answering this page."""
    assert step.wording is not None
    before = results.previous_round(session, given.stage)
    result = results.newest_result(session, before) if before else None
    if before is None or result is None or results.name_of(before, result) != name:
        return
    known = session.scalar(
        select(Seen.id).where(
            Seen.expert_id == given.expert.id,
            Seen.stage_id == given.stage.id,
            Seen.measure_version_id == step.wording.version.id,
            Seen.result_id == result.id,
            Seen.form == form,
        )
    )
    if known is None:
        session.add(
            Seen(
                consultation_id=given.consultation.id,
                expert_id=given.expert.id,
                stage_id=given.stage.id,
                measure_version_id=step.wording.version.id,
                result_id=result.id,
                form=form,
                shown_at=utc_now(),
            )
        )
        session.flush()
