"""Leaving, erasing, seeing one's own data, and destroying the link between people and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import (
    Answer,
    Base,
    Comment,
    Consent,
    Consultation,
    Contact,
    Draft,
    Expert,
    HeldForm,
    Invitation,
    JournalEntry,
    Letter,
    LoginSession,
    Measure,
    MeasureVersion,
    Message,
    Proposal,
    SecretariatAnswer,
    Seen,
    Stage,
    Submission,
    VariableRow,
)
from consult.services import journal
from consult.services.access import lifetimes
from consult.services.definitions import definition_of
from consult.services.panel import importing

Row = dict[str, Any]

LINK = (HeldForm, SecretariatAnswer, LoginSession, Invitation, Message, Contact)
"""What ties a person to an expert's code."""
GIVEN = (Draft, Seen, Consent)
"""What an expert left behind, beside submissions."""
ERASE = "erase"


def withdraw(session: Session, expert: Expert, actor: str) -> None:
    """An expert leaves: links and sessions end, unsent mails go.

    The answers count no more from the next freeze on; what was frozen before stays, row files
    too. Leaving twice changes nothing. `actor` is a role or a member of staff, never the expert's
    name.
    """
    from consult.services.files import (
        keeping,  # the numbers load scipy: no expert's page needs them
    )

    if expert.withdrawn_at is not None:
        return
    keeping.keep_rows(session, session.get_one(Consultation, expert.consultation_id))
    expert.withdrawn_at = utc_now()
    session.flush()
    lifetimes.revoke_all(session, expert)
    journal.record(session, expert.consultation_id, actor, "withdraw", experts=1)


def erase(session: Session, expert: Expert, actor: str) -> None:
    """Delete everything known of an expert and everything they gave.

    What remains is an empty place in the panel, so that the number invited stays true: a code
    with a new pseudonym, without language, attributes and group. Proposals stay, and letters that
    others wrote, without the link back; frozen tables stay and can no longer be recomputed
    (`erased` tells how many times); row and text files of the stages this expert was counted in
    are withheld for good.

    On SQLite the bytes leave the file's journal at the next `PRAGMA wal_checkpoint(TRUNCATE)`.
    """
    withdraw(session, expert, actor)
    journal.lock(session, expert.consultation_id)
    submissions = select(Submission.id).where(*_of(Submission, expert))
    for inside in (Comment, Answer):
        _delete(session, inside, inside.submission_id.in_(submissions))
    for table in (Submission, *GIVEN, *LINK):
        _delete(session, table, *_of(table, expert))
    for linked in (Proposal, Letter):
        session.execute(
            update(linked)
            .where(*_of(linked, expert))
            .values(expert_id=None)
            .execution_options(synchronize_session=False)
        )
    expert.pseudonym = importing.new_pseudonym(session, expert.consultation_id)
    expert.language, expert.attributes, expert.reporting_group = "", {}, None
    session.flush()
    session.expire_all()
    journal.record(session, expert.consultation_id, actor, ERASE, erased=1)


def erased(session: Session, consultation_id: int) -> int:
    """How many experts of a consultation were erased."""
    return (
        session.scalar(
            select(func.count()).where(
                JournalEntry.consultation_id == consultation_id, JournalEntry.act == ERASE
            )
        )
        or 0
    )


def forget_panel(session: Session, consultation: Consultation, actor: str) -> int:
    """Destroy the link between people and answers for good; returns how many contacts went.

    Names, addresses, answers to the secretariat (their drafts too), letters, links, sessions and
    mails go in one act; answers stay, under codes that lead to nobody. Nobody gets in afterwards.
    """
    journal.lock(session, consultation.id)
    found = session.scalar(
        select(func.count()).where(Contact.consultation_id == consultation.id)
    )  # fmt: skip
    for table in (*LINK, Letter):
        _delete(session, table, table.consultation_id == consultation.id)
    for question in definition_of(session, consultation.id).questions.values():
        if question.recipient == "secretariat":
            typed = (Draft.name == question.key) | Draft.name.startswith(
                f"{question.key}.", autoescape=True
            )
            _delete(session, Draft, Draft.consultation_id == consultation.id, typed)
    session.expire_all()
    journal.record(session, consultation.id, actor, "forget panel", experts=found or 0)
    return found or 0


def _of(table: Any, expert: Expert) -> tuple[Any, Any]:
    """The rows of one expert, in their consultation."""
    return table.consultation_id == expert.consultation_id, table.expert_id == expert.id


def _delete(session: Session, table: type[Base], *where: Any) -> None:
    statement = delete(table).where(*where)
    session.execute(statement.execution_options(synchronize_session=False))


def own_data(session: Session, expert: Expert) -> dict[str, Any]:
    """Everything stored about an expert, as JSON values, by kind.

    Links and sessions are told by their times: only hashes of them are kept.
    """
    return {
        "expert": _told(
            expert, "code", "pseudonym", "language", "attributes", "reporting_group",
            "withdrawn_at",
        ),
        "contact": _rows(session, Contact, expert, "name", "email", "reminders_stopped_at"),
        "consent": _rows(session, Consent, expert, "version", "text_hash", "is_given", "said_at"),
        "drafts": _drafts(session, expert),
        "submissions": _submissions(session, expert),
        "proposals": _rows(session, Proposal, expert, "title", "text", "language", "fate",
                           "reason", "reason_in", "title_in"),
        "answers_to_the_secretariat": _rows(
            session, SecretariatAnswer, expert, "question", "inputs", "given_at"
        ),
        "shown": _shown(session, expert),
        "links": _rows(session, Invitation, expert, "purpose", "created_at", "expires_at",
                       "used_at", "revoked_at"),
        "letters_by_these_links": _rows(session, Letter, expert, "kind", "written_at"),
        "sessions": _rows(
            session, LoginSession, expert, "created_at", "expires_at", "revoked_at"
        ),
        "held_forms": _rows(session, HeldForm, expert, "content", "held_at", "expires_at"),
        "mails": _rows(session, Message, expert, "purpose", "stage_key", "number", "state",
                       "subject", "queued_at", "sent_at"),
    }  # fmt: skip


def _told(row: object, *names: str) -> Row:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _rows(session: Session, table: Any, expert: Expert, *names: str) -> list[Row]:
    found: Sequence[Base] = session.scalars(
        select(table).where(*_of(table, expert)).order_by(table.id)
    ).all()
    return [_told(row, *names) for row in found]


def _drafts(session: Session, expert: Expert) -> list[Row]:
    found = session.execute(
        select(Stage.key, Draft)
        .join(Stage, Stage.id == Draft.stage_id)
        .where(*_of(Draft, expert))
        .order_by(Stage.position, Draft.name)
    )
    return [{"stage": key, **_told(draft, "name", "values")} for key, draft in found]


def _submissions(session: Session, expert: Expert) -> list[Row]:
    """Every submission with its answers by variable and its comments."""
    found = session.execute(
        select(Stage.key, Submission)
        .join(Stage, Stage.id == Submission.stage_id)
        .where(*_of(Submission, expert))
        .order_by(Stage.position, Submission.number)
    )
    return [
        {
            "stage": key,
            **_told(submission, "number", "receipt", "channel", "is_late", "submitted_at"),
            "answers": _answers(session, submission),
            "comments": _comments(session, submission),
        }
        for key, submission in found.all()
    ]


def _answers(session: Session, submission: Submission) -> list[Row]:
    found = session.execute(
        select(VariableRow.key, Answer)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(
            Answer.consultation_id == submission.consultation_id,
            Answer.submission_id == submission.id,
        )
        .order_by(VariableRow.key)
    )
    return [{"variable": key, **_told(answer, "value", "text", "state")} for key, answer in found]


def _comments(session: Session, submission: Submission) -> list[Row]:
    found = session.execute(
        select(Measure.key, Comment)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(
            Comment.consultation_id == submission.consultation_id,
            Comment.submission_id == submission.id,
        )
        .order_by(Measure.key, Comment.id)
    )
    return [
        {"measure": key, **_told(comment, "kind", "text", "language", "moderation", "moderated")}
        for key, comment in found
    ]


def _shown(session: Session, expert: Expert) -> list[Row]:
    """Which results they were shown, with which measure."""
    found = session.execute(
        select(Stage.key, Measure.key, Seen)
        .join(Stage, Stage.id == Seen.stage_id)
        .join(MeasureVersion, MeasureVersion.id == Seen.measure_version_id)
        .join(Measure, Measure.id == MeasureVersion.measure_id)
        .where(*_of(Seen, expert))
        .order_by(Seen.id)
    )
    return [
        {"stage": stage, "measure": measure, **_told(seen, "form", "shown_at")}
        for stage, measure, seen in found
    ]
