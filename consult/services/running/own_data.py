"""Everything stored about one expert, for that expert."""

from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import (
    Answer,
    Base,
    ChangeNote,
    Comment,
    Consent,
    Contact,
    Draft,
    Expert,
    FeedbackShown,
    HeldForm,
    Invitation,
    Letter,
    LoginSession,
    Measure,
    MeasureVersion,
    Message,
    Objection,
    Proposal,
    SecretariatAnswer,
    Stage,
    Submission,
    VariableRow,
)
from consult.services.running.leaving import OfExpert, of_expert

Row = dict[str, Any]


class OwnData(TypedDict):
    """Everything stored about an expert, by kind; each row by column."""

    expert: Row
    contact: list[Row]
    consent: list[Row]
    objections: list[Row]
    drafts: list[Row]
    submissions: list[Row]
    proposals: list[Row]
    answers_to_the_secretariat: list[Row]
    shown: list[Row]
    links: list[Row]
    letters_by_these_links: list[Row]
    sessions: list[Row]
    held_forms: list[Row]
    mails: list[Row]


def own_data(session: Session, expert: Expert) -> OwnData:
    """Everything stored about an expert, as JSON values, by kind.

    Links and sessions are told by their times: only hashes of them are kept.
    """
    return {
        "expert": _told(expert, "code", "pseudonym", "language", "attributes", "reporting_group", "withdrawn_at"),
        "contact": _rows(session, Contact, expert, "name", "email", "reminders_stopped_at"),
        "consent": _rows(session, Consent, expert, "version", "text_hash", "is_given", "said_at"),
        "objections": _rows(session, Objection, expert, "use", "said_at"),
        "drafts": _drafts(session, expert),
        "submissions": _submissions(session, expert),
        "proposals": _rows(
            session, Proposal, expert, "title", "text", "language", "fate", "reason", "reason_in", "title_in"
        ),
        "answers_to_the_secretariat": _rows(session, SecretariatAnswer, expert, "question", "inputs", "given_at"),
        "shown": _shown(session, expert),
        "links": _rows(session, Invitation, expert, "purpose", "created_at", "expires_at", "used_at", "revoked_at"),
        "letters_by_these_links": _rows(session, Letter, expert, "kind", "written_at"),
        "sessions": _rows(session, LoginSession, expert, "created_at", "expires_at", "revoked_at"),
        "held_forms": _rows(session, HeldForm, expert, "content", "held_at", "expires_at"),
        "mails": _rows(
            session, Message, expert, "purpose", "stage_key", "number", "state", "subject", "queued_at", "sent_at"
        ),
    }


def _told(row: Base, *names: str) -> Row:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _rows(session: Session, table: type[OfExpert], expert: Expert, *names: str) -> list[Row]:
    found = session.scalars(select(table).where(*of_expert(table, expert)).order_by(table.id)).all()
    return [_told(row, *names) for row in found]


def _drafts(session: Session, expert: Expert) -> list[Row]:
    found = session.execute(
        select(Stage.key, Draft)
        .join(Stage, Stage.id == Draft.stage_id)
        .where(Stage.consultation_id == expert.consultation_id, Draft.expert_id == expert.id)  # by stage: as they lie
        .order_by(Stage.position, Draft.name)
    )
    return [{"stage": key, **_told(draft, "name", "values")} for key, draft in found]


def _submissions(session: Session, expert: Expert) -> list[Row]:
    """Every submission with its answers by variable and its comments."""
    found = session.execute(
        select(Stage.key, Submission)
        .join(Stage, Stage.id == Submission.stage_id)
        .where(*of_expert(Submission, expert))
        .order_by(Stage.position, Submission.number)
    )
    return [
        {
            "stage": key,
            **_told(submission, "number", "receipt", "channel", "is_late", "submitted_at"),
            "answers": _answers(session, submission),
            "comments": _comments(session, submission),
            "change_notes": _change_notes(session, submission),
        }
        for key, submission in found.all()
    ]


def _answers(session: Session, submission: Submission) -> list[Row]:
    found = session.execute(
        select(VariableRow.key, Answer)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(Answer.consultation_id == submission.consultation_id, Answer.submission_id == submission.id)
        .order_by(VariableRow.key)
    )
    return [{"variable": key, **_told(answer, "value", "text", "state")} for key, answer in found]


def _comments(session: Session, submission: Submission) -> list[Row]:
    return _of_measures(
        session, Comment, submission, "kind", "criterion", "text", "language", "moderation", "moderated"
    )


def _change_notes(session: Session, submission: Submission) -> list[Row]:
    """What they said played a part in changing a rating or keeping it."""
    return _of_measures(session, ChangeNote, submission, "has_changed", "named")


def _of_measures(
    session: Session, table: type[Comment] | type[ChangeNote], submission: Submission, *names: str
) -> list[Row]:
    """What a submission says of measures, each row with the measure's key."""
    found = session.execute(
        select(Measure.key, table)
        .join(Measure, Measure.id == table.measure_id)
        .where(table.consultation_id == submission.consultation_id, table.submission_id == submission.id)
        .order_by(Measure.key, table.id)
    )
    return [{"measure": key, **_told(row, *names)} for key, row in found]


def _shown(session: Session, expert: Expert) -> list[Row]:
    """Which results they were shown, with which measure."""
    found = session.execute(
        select(Stage.key, Measure.key, FeedbackShown)
        .join(Stage, Stage.id == FeedbackShown.stage_id)
        .join(MeasureVersion, MeasureVersion.id == FeedbackShown.measure_version_id)
        .join(Measure, Measure.id == MeasureVersion.measure_id)
        .where(*of_expert(FeedbackShown, expert))
        .order_by(FeedbackShown.id)
    )
    return [
        {"stage": stage, "measure": measure, **_told(seen, "form", "reasons", "shown_at")}
        for stage, measure, seen in found
    ]
