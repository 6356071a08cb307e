"""Answers that are saved and never submitted: whether they count at the close, and counting them.

Only where the protocol declares it, only in rounds, only of pages that were pressed on from, only of
who rated at least half, and of nobody who said that they are not to count.
"""

from collections.abc import Iterator

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from consult.definition.answers import GAPS, answer_type, is_answered, problems
from consult.definition.asked import AskedQuestion, Inputs
from consult.definition.consultation import Definition
from consult.models import Channel, Consultation, Draft, Expert, Stage, Submission
from consult.services.answering.draft_marks import is_marked, mark
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.submitting import write_submission
from consult.services.panel.panel import newest_consent
from consult.services.rounds.saved import DO_NOT_COUNT, is_declared

KEY = "counted at the close"
"""The idempotency key of a submission made by the close: there is one of each expert and stage."""
LEAST_SHARE = 2
"""At least one rating asked for in so many must have been answered."""


def may_count(respondent: Respondent) -> bool:
    """Whether this expert lets saved answers count: yes, until they say no."""
    return not is_marked(respondent, DO_NOT_COUNT)


def choose(session: Session, respondent: Respondent, *, counts: bool) -> None:
    """Store whether saved answers are to count. Raises StageNotOpen, Withdrawn."""
    mark(session, respondent, DO_NOT_COUNT, is_said=not counts)


def count_at_close(session: Session, consultation: Consultation, definition: Definition, stage: Stage) -> int:
    """Make submissions of saved answers, in the transaction that closes the stage; returns how many."""
    if not is_declared(definition, stage):
        return 0
    counted = 0
    agreed = newest_consent(session, consultation.id)
    for expert in session.scalars(_who_only_saved(stage)).all():
        if not agreed.get(expert.id):
            continue
        respondent = find_respondent(session, consultation, definition, expert, stage)
        if not may_count(respondent):
            continue
        _keep_sent(respondent)
        if _is_half_rated(respondent):
            write_submission(session, respondent, KEY, Channel.DRAFT)
            counted += 1
    return counted


def _who_only_saved(stage: Stage) -> Select[Expert]:
    """Who sent pages of a stage and submitted nothing."""
    sent = exists().where(Draft.stage_id == stage.id, Draft.expert_id == Expert.id, Draft.is_sent)
    submitted = exists().where(Submission.stage_id == stage.id, Submission.expert_id == Expert.id)
    is_here = Expert.withdrawn_at.is_(None)
    return (
        select(Expert)
        .where(Expert.consultation_id == stage.consultation_id, is_here, sent, ~submitted)
        .order_by(Expert.id)
    )


def _keep_sent(respondent: Respondent) -> None:
    """Leave of the draft only what was sent, and of that only what is valid."""
    respondent.drafts = {name: draft for name, draft in respondent.drafts.items() if draft.is_sent}
    respondent.forget_steps()
    wrong = {name for item in _wrong(respondent, respondent.context().inputs) for name in answer_type(item).names(item)}
    respondent.drafts = {name: draft for name, draft in respondent.drafts.items() if name not in wrong}
    respondent.forget_steps()


def _wrong(respondent: Respondent, typed: Inputs) -> Iterator[AskedQuestion]:
    for step in respondent.steps():
        for item in step.asked:
            if any(problem.code not in GAPS for problem in problems(item, typed)):
                yield item


def _is_half_rated(respondent: Respondent) -> bool:
    typed = respondent.typed
    asked = [
        item for step in respondent.steps() if step.wording is not None for item in step.asked if item.type == "scale"
    ]
    return bool(asked) and LEAST_SHARE * sum(is_answered(item, typed) for item in asked) >= len(asked)
