"""Comments and proposals: what may be fed back, in which words, and what became of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.text import stripped
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import (
    Comment,
    Consultation,
    Expert,
    Measure,
    Proposal,
    Release,
    Result,
    Stage,
    Submission,
)
from consult.services import erasures, journal, ordering, reasons
from consult.services.measures import Wording
from consult.services.reasons import Reason
from consult.services.tallies import counted_at_close


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the facilitator sees it: never whose."""

    handle: str
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
    """Comments of frozen stages, in an order that says nothing about people.

    While a stage is open its comments stay unseen: one more just after somebody submitted would
    say whose it is. Only those are here that counted at the close, and they stay when a writer
    leaves: one less just then would say it too. Where somebody's were erased, the whole stage's
    stay unseen (`erasures.thinned`).
    """
    seeds = _shown_stages(session, consultation)
    query = (
        select(Comment, Stage.id, Stage.key, Measure.key)
        .join(Submission, Submission.id == Comment.submission_id)
        .join(Stage, Stage.id == Submission.stage_id)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(
            Comment.consultation_id == consultation.id,
            Submission.stage_id.in_(seeds),
            Submission.id.in_(counted_at_close()),
        )
    )
    if state is not None:
        query = query.where(Comment.moderation == state)
    found = sorted(
        session.execute(query).all(),
        key=lambda row: (row[2], row[3], ordering.place(seeds[row[1]], row[0].handle)),
    )
    return [
        CommentView(
            comment.handle, stage, measure, comment.kind, comment.text, comment.language,
            comment.moderation, comment.moderated, comment.reason,
        )
        for comment, _, stage, measure in found
    ]  # fmt: skip


def _shown_stages(session: Session, consultation: Consultation) -> dict[int, str]:
    """The seed of every stage whose comments may be seen, by the stage's id."""
    thinned = erasures.thinned(session, consultation.id)
    return {
        stage: seed
        for stage, seed in ordering.seeds(session, consultation).items()
        if stage not in thinned
    }


def accept_comment(
    session: Session,
    consultation: Consultation,
    handle: str,
    *,
    actor: str,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Let a comment be fed back, in its own words or in those given per language."""
    comment = _comment(session, consultation, handle)
    words = {key: words for key, text in (texts or {}).items() if (words := stripped(text))}
    comment.moderation = "accepted"
    comment.moderated = words or {comment.language: comment.text}
    comment.reason = None
    journal.record(session, consultation.id, actor, "accept comment", paraphrased=bool(words))
    session.flush()


def withhold_comment(
    session: Session, consultation: Consultation, handle: str, *, reason: str, actor: str
) -> None:
    """Keep a comment from being fed back; the reason stays with it."""
    if not stripped(reason):
        raise ReasonNeeded("say why this comment is withheld")
    comment = _comment(session, consultation, handle)
    comment.moderation, comment.reason = "withheld", reason.strip()
    journal.record(session, consultation.id, actor, "withhold comment")
    session.flush()


def _comment(session: Session, consultation: Consultation, handle: str) -> Comment:
    comment = session.scalar(
        select(Comment)
        .join(Submission, Submission.id == Comment.submission_id)
        .where(
            Comment.handle == handle,
            Comment.consultation_id == consultation.id,
            Submission.stage_id.in_(_shown_stages(session, consultation)),
        )
    )
    if comment is None:
        raise NotFound(f"there is no comment '{handle}' in a closed stage")
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
    """Proposals of frozen stages, waiting ones first; else the order says nothing of people."""
    seeds = ordering.seeds(session, consultation)
    found = session.scalars(
        select(Proposal).where(
            Proposal.consultation_id == consultation.id, Proposal.stage_id.in_(seeds)
        )
    ).all()
    return sorted(
        found,
        key=lambda item: (
            item.fate != "waiting", ordering.place(seeds[item.stage_id], item.handle)
        ),
    )  # fmt: skip


def proposals_of(session: Session, expert: Expert) -> list[tuple[Proposal, str | None]]:
    """An expert's own proposals, each with the key of the measure it became or is part of."""
    rows = session.execute(
        select(Proposal, Measure.key)
        .outerjoin(Measure, Measure.id == Proposal.measure_id)
        .where(Proposal.consultation_id == expert.consultation_id, Proposal.expert_id == expert.id)
        .order_by(Proposal.id)
    )
    return [(proposal, key) for proposal, key in rows]


def find_proposal(session: Session, consultation: Consultation, handle: str) -> Proposal:
    """One proposal still to be decided. Raises NotFound, NotPossible."""
    proposal = proposal_of(session, consultation, handle)
    if proposal.fate != "waiting":
        raise NotPossible(f"this proposal was {proposal.fate} before")
    return proposal


def proposal_of(session: Session, consultation: Consultation, handle: str) -> Proposal:
    """One proposal of a frozen stage, whatever became of it. Raises NotFound."""
    proposal = session.scalar(
        select(Proposal).where(
            Proposal.handle == handle,
            Proposal.consultation_id == consultation.id,
            Proposal.stage_id.in_(ordering.seeds(session, consultation)),
        )
    )
    if proposal is None:
        raise NotFound(f"there is no proposal '{handle}'")
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


def scramble(text: str) -> str:
    """A sorting key that is the same for the same words and says nothing about people."""
    return hashlib.sha256(text.encode()).hexdigest()
