"""Proposals of experts: what became of them, and in which words readers see them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.text import stripped
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import Consultation, Expert, Measure, Proposal
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Decided, Named
from consult.services import journal, ordering
from consult.services.measures import reasons
from consult.services.measures.measures import Wording
from consult.services.measures.reasons import Reason


def proposals(session: Session, consultation: Consultation) -> list[Proposal]:
    """Proposals of frozen stages, waiting ones first; else the order says nothing of people."""
    seeds = ordering.seeds(session, consultation)
    found = session.scalars(
        select(Proposal).where(Proposal.consultation_id == consultation.id, Proposal.stage_id.in_(seeds))
    ).all()
    return sorted(found, key=lambda item: (item.fate != "waiting", ordering.place(seeds[item.stage_id], item.handle)))


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
        raise NotPossible(Refusal(Code.PROPOSAL_IS_DECIDED, Decided(proposal.fate)))
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
        raise NotFound(Refusal(Code.NO_SUCH_PROPOSAL, Named(handle)))
    return proposal


def merge_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, into: Wording, *, reason: Reason, actor: str
) -> None:
    """Say that a proposal is contained in a measure; the measure's wording stays."""
    if not reasons.is_said(reason):
        raise ReasonNeeded(Refusal(Code.MERGING_NEEDS_REASON))
    proposal.fate, proposal.measure_id = "merged", into.measure.id
    reasons.note(proposal, reason)
    journal.record(session, consultation.id, actor, "merge proposal", into=into.key)
    session.flush()


def withhold_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, *, reason: Reason, actor: str
) -> None:
    """Leave a proposal out, with a reason its author can read."""
    if not reasons.is_said(reason):
        raise ReasonNeeded(Refusal(Code.LEAVING_OUT_NEEDS_REASON))
    proposal.fate = "withheld"
    reasons.note(proposal, reason)
    journal.record(session, consultation.id, actor, "withhold proposal")
    session.flush()


def entitle_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, titles: Mapping[str, str], *, actor: str
) -> None:
    """Say a proposal's title for readers, by language; the writer's own words stay with it.

    A briefing lists what was not rated. Raises NotPossible without any words.
    """
    words = {language: words for language, text in titles.items() if (words := stripped(text))}
    if not words:
        raise NotPossible(Refusal(Code.TITLE_NEEDS_WORDS))
    proposal.title_in = words
    journal.record(session, consultation.id, actor, "entitle proposal")
    session.flush()
