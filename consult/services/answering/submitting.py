"""Submitting: the draft copied into an insert-only submission, one value for each variable."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.definition.asked import Problem
from consult.errors import AnswersIncomplete
from consult.models import ChangeNote, Channel, Comment, FeedbackShown, Submission
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Counted
from consult.services.answering import past
from consult.services.answering.change_notes import TypedNote, typed_notes, write_change_notes
from consult.services.answering.feedback import feedback_for, shown_first
from consult.services.answering.gaps import obstacles
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.saving import hold, require_open
from consult.services.answering.writing import (
    TypedComment,
    _values,
    typed_comments,
    write_answers,
    write_comments,
    write_for_secretariat,
)
from consult.services.rounds import results

RECEIPT = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of a receipt: none that look alike."""


_SUBMITTED = (
    select(Submission)
    .where(Submission.stage_id == bindparam("stage"), Submission.expert_id == bindparam("expert"))
    .order_by(Submission.number.desc())
)


class NotReady(AnswersIncomplete):
    """Some answers are not valid or indispensable; each is listed with its page."""

    def __init__(self, found: Sequence[tuple[Step, Problem]]) -> None:
        super().__init__(Refusal(Code.ANSWERS_NOT_READY, Counted(len(found))))
        self.found = list(found)


class Submitted(NamedTuple):
    """A submission, and whether it was made just now: not where the same was sent before."""

    submission: Submission
    is_new: bool


def submit(
    session: Session, respondent: Respondent, *, idempotency_key: str, channel: Channel = Channel.WEB
) -> Submission:
    """Submit the draft; see `submit_once`."""
    return submit_once(session, respondent, idempotency_key=idempotency_key, channel=channel).submission


def submit_once(
    session: Session, respondent: Respondent, *, idempotency_key: str, channel: Channel = Channel.WEB
) -> Submitted:
    """Submit the draft. Sending the same key again gives the same submission.

    Raises NotReady with every problem and its page, StageNotOpen, Withdrawn. What routing no
    longer leads to is left out; gaps are stored as `blank`, or `not_reached` where no page that
    asks was sent.
    """
    hold(session, respondent)
    before = submissions_of(session, respondent)
    known = next((one for one in before if one.idempotency_key == idempotency_key), None)
    if known is not None:
        return Submitted(known, is_new=False)
    require_open(respondent)
    found = obstacles(respondent)
    if found:
        raise NotReady(found)
    number = before[0].number + 1 if before else 1
    return Submitted(write_submission(session, respondent, idempotency_key, channel, number), is_new=True)


def write_submission(
    session: Session, respondent: Respondent, idempotency_key: str, channel: Channel, number: int = 1
) -> Submission:
    """The draft as a submission, whoever made it one and whatever is missing in it."""
    submission = _new_submission(session, respondent, idempotency_key, channel, number)
    values = dict(_values(respondent))
    write_answers(session, respondent, submission, values)
    write_comments(session, respondent, submission)
    write_change_notes(session, respondent, submission)
    write_for_secretariat(session, respondent)
    session.flush()
    return submission


def submission_of(session: Session, respondent: Respondent, idempotency_key: str) -> Submission | None:
    """What was submitted with that key before."""
    return session.scalar(
        select(Submission).where(
            Submission.stage_id == respondent.stage.id,
            Submission.expert_id == respondent.expert.id,
            Submission.idempotency_key == idempotency_key,
        )
    )


def submissions_of(session: Session, respondent: Respondent) -> Sequence[Submission]:
    """All submissions of this expert and stage, the one that counts first."""
    return session.scalars(_SUBMITTED, {"stage": respondent.stage.id, "expert": respondent.expert.id}).all()


def newest_submission(session: Session, respondent: Respondent) -> Submission | None:
    """The submission that counts for this expert and stage, if any."""
    return next(iter(submissions_of(session, respondent)), None)


def has_submitted(session: Session, respondent: Respondent) -> bool:
    """Whether this expert submitted the stage."""
    return newest_submission(session, respondent) is not None


def has_changed_since(session: Session, respondent: Respondent, submission: Submission) -> bool:
    """Whether the draft differs from what was submitted, so that submitting again has a point."""
    stored = past.stored_answers(session, respondent.expert, respondent.stage)
    if dict(_values(respondent)) != stored:
        return True
    said = session.execute(
        select(Comment.measure_id, Comment.kind, Comment.criterion, Comment.text).where(
            Comment.submission_id == submission.id
        )
    )
    if {*typed_comments(respondent)} != {TypedComment(*row) for row in said}:
        return True
    noted = session.scalars(select(ChangeNote).where(ChangeNote.submission_id == submission.id))
    known = {TypedNote(note.measure_id, note.has_changed, tuple(note.named)) for note in noted}
    return {*typed_notes(session, respondent)} != known


def _new_submission(
    session: Session, respondent: Respondent, idempotency_key: str, channel: Channel, number: int
) -> Submission:
    now = utc_now()
    submission = Submission(
        consultation_id=respondent.consultation.id,
        stage_id=respondent.stage.id,
        expert_id=respondent.expert.id,
        number=number,
        idempotency_key=idempotency_key,
        receipt=None if channel == Channel.DRAFT else _new_receipt(),
        channel=channel,
        is_late=channel != Channel.DRAFT and now > respondent.stage.closes_at,
        submitted_at=now,
    )
    session.add(submission)
    session.flush()
    return submission


def _new_receipt() -> str:
    letters = "".join(secrets.choice(RECEIPT) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def note_shown(session: Session, respondent: Respondent, step: Step, name: str, form: str) -> None:
    """Record which frozen result the expert had on screen when answering this page, which reasons first."""
    assert step.wording is not None
    before = results.previous_round(session, respondent.stage)
    result = results.newest_result(session, before) if before else None
    if before is None or result is None or results.name_of(before, result) != name:
        return
    known = session.scalar(
        select(FeedbackShown.id).where(
            FeedbackShown.expert_id == respondent.expert.id,
            FeedbackShown.stage_id == respondent.stage.id,
            FeedbackShown.measure_version_id == step.wording.version.id,
            FeedbackShown.result_id == result.id,
            FeedbackShown.form == form,
        )
    )
    if known is None:
        feedback = feedback_for(session, respondent, step.wording)
        session.add(
            FeedbackShown(
                consultation_id=respondent.consultation.id,
                expert_id=respondent.expert.id,
                stage_id=respondent.stage.id,
                measure_version_id=step.wording.version.id,
                result_id=result.id,
                form=form,
                reasons=shown_first(feedback) if feedback is not None else None,
                shown_at=utc_now(),
            )
        )
        session.flush()
