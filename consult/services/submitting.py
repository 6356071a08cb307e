"""Submitting: the draft copied into an insert-only submission, one value for each variable."""

import secrets
from collections.abc import Iterator, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.definition.answers import Stored, answer_type, store
from consult.definition.asked import Asked, Problem, first
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
from consult.services import past, rounds
from consult.services.responding import Respondent, Step, open_problems, require_open

RECEIPT = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of a receipt: none that look alike."""


class NotReady(AnswersIncomplete):
    """Some answers are missing or not valid; each is listed with its page."""

    def __init__(self, found: Sequence[tuple[Step, Problem]]) -> None:
        super().__init__(f"{len(found)} answers are missing or not valid")
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
    longer leads to is left out.
    """
    known = session.scalar(
        select(Submission).where(
            Submission.stage_id == given.stage.id,
            Submission.expert_id == given.expert.id,
            Submission.idempotency_key == idempotency_key,
        )
    )
    if known is not None:
        return known
    require_open(given)
    found = open_problems(given)
    if found:
        raise NotReady(found)
    submission = _new_submission(session, given, idempotency_key, channel)
    values = dict(_values(given))
    _write_answers(session, given, submission, values)
    _write_comments(session, given, submission)
    _write_for_secretariat(session, given)
    session.flush()
    return submission


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
    return dict(_values(given)) != stored


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
    typed = {**given.earlier, **given.typed}
    for wording in given.wordings:
        for asked in given.rating_step(wording).asked:
            if asked.type == "scale":
                missing = "blank" if asked.key in given.drafts else "not_reached"
                stored = store(asked, typed)
                yield asked.key, stored.get(asked.key, Stored(state=missing))
    questionnaire = given.definition.questionnaire_of(given.stage.key)
    if questionnaire is None:
        return
    around = given.around()
    for question in questionnaire.questions():
        if question.recipient == "analysis":
            yield from _question_values(question_asked=ask(question, around),
                                        whole=ask(question, around, whole=True),
                                        given=given)  # fmt: skip


def _question_values(
    question_asked: Asked | None, whole: Asked | None, given: Respondent
) -> Iterator[tuple[str, Stored]]:
    if whole is None:
        return
    typed = {**given.earlier, **given.typed}
    stored = store(question_asked, typed) if question_asked else {}
    offered = (
        {item.key for item in answer_type(question_asked).variables(question_asked)}
        if question_asked
        else set()
    )
    for variable in answer_type(whole).variables(whole):
        if variable.key in stored:
            yield variable.key, stored[variable.key]
        else:
            state = "blank" if variable.key in offered else "skipped"
            yield variable.key, Stored(state=state)


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


def _write_comments(session: Session, given: Respondent, submission: Submission) -> None:
    for wording in given.wordings:
        for name, kind in (("comment", "reason"), ("unclear", "unclear")):
            words = first(given.typed, f"{wording.key}.{name}")
            if words:
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
    for question in questionnaire.questions() if questionnaire else ():
        if question.recipient != "secretariat":
            continue
        asked = ask(question, given.around())
        names = answer_type(asked).names(asked) if asked else []
        inputs = {name: given.typed[name] for name in names if given.typed.get(name)}
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


def note_shown(session: Session, given: Respondent, step: Step, result_id: int, form: str) -> None:
    """Record which frozen result the expert had on screen when answering this page."""
    assert step.wording is not None
    before = rounds.previous_round(session, given.stage)
    result = rounds.newest_result(session, before) if before else None
    if result is None or result.id != result_id:
        return
    known = session.scalar(
        select(Seen.id).where(
            Seen.expert_id == given.expert.id,
            Seen.stage_id == given.stage.id,
            Seen.measure_version_id == step.wording.version.id,
            Seen.result_id == result_id,
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
                result_id=result_id,
                form=form,
                shown_at=utc_now(),
            )
        )
        session.flush()
