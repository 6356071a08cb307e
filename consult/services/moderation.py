"""Comments and proposals: what may be fed back, in which words, and what became of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from consult.definition.question import Group
from consult.definition.text import stripped
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import (
    Answer,
    Comment,
    Consultation,
    Expert,
    Measure,
    Proposal,
    Release,
    Result,
    Stage,
    Submission,
    VariableRow,
)
from consult.services import journal, reasons
from consult.services.definitions import definition_of
from consult.services.measures import Wording
from consult.services.reasons import Reason
from consult.services.tallies import counted


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the facilitator sees it: never whose."""

    id: int
    stage: str
    measure: str
    kind: str
    text: str
    language: str
    moderation: str
    moderated: Mapping[str, str] | None
    reason: str | None


def comments(
    session: Session, consultation: Consultation, state: str | None = None
) -> list[CommentView]:
    """Comments of closed and open rounds, in an order that says nothing about people.

    Only those that count: of the newest submission of each expert who is still here.
    """
    query = (
        select(Comment, Stage.key, Measure.key)
        .join(Submission, Submission.id == Comment.submission_id)
        .join(Stage, Stage.id == Submission.stage_id)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(Comment.consultation_id == consultation.id, _counts())
    )
    if state is not None:
        query = query.where(Comment.moderation == state)
    found = [
        CommentView(
            comment.id, stage, measure, comment.kind, comment.text, comment.language,
            comment.moderation, comment.moderated, comment.reason,
        )
        for comment, stage, measure in session.execute(query)
    ]  # fmt: skip
    return sorted(found, key=lambda item: (item.stage, item.measure, scramble(item.text)))


def _counts() -> ColumnElement[bool]:
    here = select(Expert.id).where(Expert.withdrawn_at.is_(None))
    return Comment.submission_id.in_(
        select(func.max(Submission.id))
        .where(Submission.expert_id.in_(here))
        .group_by(Submission.stage_id, Submission.expert_id)
    )


def accept_comment(
    session: Session,
    consultation: Consultation,
    comment_id: int,
    *,
    actor: str,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Let a comment be fed back, in its own words or in those given per language."""
    comment = _comment(session, consultation, comment_id)
    words = {key: words for key, text in (texts or {}).items() if (words := stripped(text))}
    comment.moderation = "accepted"
    comment.moderated = words or {comment.language: comment.text}
    comment.reason = None
    journal.record(session, consultation.id, actor, "accept comment", paraphrased=bool(words))
    session.flush()


def withhold_comment(
    session: Session, consultation: Consultation, comment_id: int, *, reason: str, actor: str
) -> None:
    """Keep a comment from being fed back; the reason stays with it."""
    if not stripped(reason):
        raise ReasonNeeded("say why this comment is withheld")
    comment = _comment(session, consultation, comment_id)
    comment.moderation, comment.reason = "withheld", reason.strip()
    journal.record(session, consultation.id, actor, "withhold comment")
    session.flush()


def _comment(session: Session, consultation: Consultation, comment_id: int) -> Comment:
    comment = session.scalar(
        select(Comment).where(Comment.id == comment_id, Comment.consultation_id == consultation.id)
    )
    if comment is None:
        raise NotFound("there is no such comment")
    released = session.scalar(
        select(Release.id)
        .join(Result, Result.id == Release.result_id)
        .join(Submission, Submission.stage_id == Result.stage_id)
        .where(Submission.id == comment.submission_id, Release.kind == "texts")
        .limit(1)
    )
    if released is not None:
        raise NotPossible("the reasons of this round were released; they cannot change any more")
    return comment


def proposals(session: Session, consultation: Consultation) -> list[Proposal]:
    """All proposals, waiting ones first, in an order that says nothing about people."""
    found = session.scalars(
        select(Proposal).where(Proposal.consultation_id == consultation.id)
    ).all()
    return sorted(found, key=lambda item: (item.fate != "waiting", scramble(item.text)))


def proposals_of(session: Session, expert: Expert) -> list[tuple[Proposal, str | None]]:
    """An expert's own proposals, each with the key of the measure it became or is part of."""
    rows = session.execute(
        select(Proposal, Measure.key)
        .outerjoin(Measure, Measure.id == Proposal.measure_id)
        .where(Proposal.consultation_id == expert.consultation_id, Proposal.expert_id == expert.id)
        .order_by(Proposal.id)
    )
    return [(proposal, key) for proposal, key in rows]


def find_proposal(session: Session, consultation: Consultation, proposal_id: int) -> Proposal:
    """One proposal still to be decided. Raises NotFound, NotPossible."""
    proposal = proposal_of(session, consultation, proposal_id)
    if proposal.fate != "waiting":
        raise NotPossible(f"this proposal was {proposal.fate} before")
    return proposal


def proposal_of(session: Session, consultation: Consultation, proposal_id: int) -> Proposal:
    """One proposal, whatever became of it. Raises NotFound."""
    proposal = session.scalar(
        select(Proposal).where(
            Proposal.id == proposal_id, Proposal.consultation_id == consultation.id
        )
    )
    if proposal is None:
        raise NotFound("there is no such proposal")
    return proposal


def merge_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, into: Wording, *,
    reason: Reason, actor: str,
) -> None:  # fmt: skip
    """Say that a proposal is contained in a measure; the measure's wording stays."""
    if not reasons.is_said(reason):
        raise ReasonNeeded("say why it is contained in that measure")
    proposal.fate, proposal.measure_id = "merged", into.measure.id
    reasons.note(proposal, reason)
    journal.record(session, consultation.id, actor, "merge proposal", into=into.key)
    session.flush()


def withhold_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, *, reason: Reason, actor: str
) -> None:
    """Leave a proposal out, with a reason its author can read."""
    if not reasons.is_said(reason):
        raise ReasonNeeded("say why this proposal is left out: its author will read it")
    proposal.fate = "withheld"
    reasons.note(proposal, reason)
    journal.record(session, consultation.id, actor, "withhold proposal")
    session.flush()


def entitle_proposal(
    session: Session,
    consultation: Consultation,
    proposal: Proposal,
    titles: Mapping[str, str],
    *,
    actor: str,
) -> None:
    """Say a proposal's title for readers, by language; the writer's own words stay with it.

    A briefing lists what was not rated. Raises NotPossible without any words.
    """
    words = {language: words for language, text in titles.items() if (words := stripped(text))}
    if not words:
        raise NotPossible("a title needs words")
    proposal.title_in = words
    journal.record(session, consultation.id, actor, "entitle proposal")
    session.flush()


def collect_proposals(session: Session, consultation: Consultation, stage: Stage) -> int:
    """Copy proposals from the answers that count, when their stage closes; returns how many."""
    definition = definition_of(session, consultation.id)
    questionnaire = definition.questionnaire_of(stage.key)
    groups = [
        question
        for question in (questionnaire.questions() if questionnaire else ())
        if isinstance(question, Group) and question.proposal is not None
    ]
    count = 0
    for group in groups:
        for expert_id, language, title, text in _proposed(session, stage, group):
            session.add(
                Proposal(
                    consultation_id=consultation.id,
                    stage_id=stage.id,
                    expert_id=expert_id,
                    title=title,
                    text=text,
                    language=language,
                    fate="waiting",
                )
            )
            count += 1
    session.flush()
    return count


def _proposed(session: Session, stage: Stage, group: Group) -> list[tuple[int, str, str, str]]:
    assert group.proposal is not None
    rows = session.execute(
        select(Submission.expert_id, Expert.language, VariableRow.key, Answer.text)
        .join(Answer, Answer.submission_id == Submission.id)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .join(Expert, Expert.id == Submission.expert_id)
        .where(Submission.id.in_(counted(stage)), Answer.text.is_not(None))
        .order_by(Submission.expert_id)
    )
    texts: dict[tuple[int, str], dict[str, str]] = {}
    for expert_id, language, key, text in rows:
        texts.setdefault((expert_id, language), {})[key] = text or ""
    found = []
    for (expert_id, language), known in texts.items():
        for number in range(1, group.repeat.max + 1):
            title = known.get(f"{group.key}.{number}.{group.proposal.title}", "")
            words = known.get(f"{group.key}.{number}.{group.proposal.text}", "")
            if title or words:
                found.append((expert_id, language, title, words))
    return found


def waiting(session: Session, consultation: Consultation) -> dict[str, int]:
    """How many comments and proposals wait for a decision."""
    return {
        "comments": session.scalar(
            select(func.count()).where(
                Comment.consultation_id == consultation.id,
                Comment.moderation == "waiting",
                _counts(),
            )
        ) or 0,
        "proposals": session.scalar(
            select(func.count()).where(
                Proposal.consultation_id == consultation.id, Proposal.fate == "waiting"
            )
        ) or 0,
    }  # fmt: skip


def scramble(text: str) -> str:
    """A sorting key that is the same for the same words and says nothing about people."""
    return hashlib.sha256(text.encode()).hexdigest()
