"""Comments and proposals: what may be fed back, in which words, and what became of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.canonical import digest
from consult.clock import utc_now
from consult.definition.consultation import Definition
from consult.definition.question import Group
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import (
    Answer,
    Comment,
    Consultation,
    Expert,
    Measure,
    MeasureFate,
    Proposal,
    Release,
    Result,
    Stage,
    Submission,
    VariableRow,
)
from consult.services import journal, measures
from consult.services.definitions import definition_of
from consult.services.measures import Wording
from consult.services.tallies import counted

NAMED_BAND = 5
"""A band is named beside a reason only where it holds at least so many ratings."""


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
    """Comments of closed and open rounds, in an order that says nothing about people."""
    query = (
        select(Comment, Stage.key, Measure.key)
        .join(Submission, Submission.id == Comment.submission_id)
        .join(Stage, Stage.id == Submission.stage_id)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(Comment.consultation_id == consultation.id)
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
    return sorted(found, key=lambda item: (item.stage, item.measure, _scramble(item.text)))


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
    words = {key: text.strip() for key, text in (texts or {}).items() if text.strip()}
    comment.moderation = "accepted"
    comment.moderated = words or {comment.language: comment.text}
    comment.reason = None
    journal.record(session, consultation.id, actor, "accept comment", paraphrased=bool(words))
    session.flush()


def withhold_comment(
    session: Session, consultation: Consultation, comment_id: int, *, reason: str, actor: str
) -> None:
    """Keep a comment from being fed back; the reason stays with it."""
    if not reason.strip():
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
    return sorted(found, key=lambda item: (item.fate != "waiting", _scramble(item.text)))


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
    proposal = session.scalar(
        select(Proposal).where(
            Proposal.id == proposal_id, Proposal.consultation_id == consultation.id
        )
    )
    if proposal is None:
        raise NotFound("there is no such proposal")
    if proposal.fate != "waiting":
        raise NotPossible(f"this proposal was {proposal.fate} before")
    return proposal


def merge_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, into: Wording, *,
    reason: str, actor: str,
) -> None:  # fmt: skip
    """Say that a proposal is contained in a measure; the measure's wording stays."""
    if not reason.strip():
        raise ReasonNeeded("say why it is contained in that measure")
    proposal.fate, proposal.measure_id, proposal.reason = "merged", into.measure.id, reason.strip()
    journal.record(session, consultation.id, actor, "merge proposal", into=into.key)
    session.flush()


def withhold_proposal(
    session: Session, consultation: Consultation, proposal: Proposal, *, reason: str, actor: str
) -> None:
    """Leave a proposal out, with a reason its author can read."""
    if not reason.strip():
        raise ReasonNeeded("say why this proposal is left out: its author will read it")
    proposal.fate, proposal.reason = "withheld", reason.strip()
    journal.record(session, consultation.id, actor, "withhold proposal")
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


def release_texts(session: Session, stage: Stage) -> Release | None:
    """Release reasons and fates of a frozen round, once, when the next round opens."""
    result = session.scalar(
        select(Result).where(Result.stage_id == stage.id).order_by(Result.number.desc()).limit(1)
    )
    if result is None:
        return None
    known = session.scalar(
        select(Release).where(Release.result_id == result.id, Release.kind == "texts")
    )
    if known is not None:
        return known
    definition = definition_of(session, stage.consultation_id)
    content = {
        "reasons": _released_reasons(session, stage, definition),
        "fates": _released_fates(session, stage),
    }
    release = Release(
        consultation_id=stage.consultation_id,
        result_id=result.id,
        kind="texts",
        number=1,
        digest=digest(content),
        content=content,
        released_at=utc_now(),
    )
    session.add(release)
    session.flush()
    return release


def _released_reasons(
    session: Session, stage: Stage, definition: Definition
) -> dict[str, dict[str, list[Any]]]:
    """Accepted reasons by measure and band, as many from the highest as from the lowest band.

    Selection rule: the order of the SHA-256 of the words, unrelated to who wrote them. Below the
    floor of answers nothing is shown; a band with fewer than five ratings is not named.
    """
    assert definition.measures is not None
    deciding = next(item for item in definition.measures.criteria if item.decides)
    bands = definition.scales[deciding.scale].bands
    limit = definition.protocol.feedback.reasons_each_side
    found = {}
    for measure, ratings, accepted in _reasons_by_measure(session, stage, deciding.key):
        if len(ratings) < definition.protocol.disclosure.reasons:
            continue
        by_band: dict[str, list[Any]] = {band.key: [] for band in bands}
        unrated: list[Any] = []
        for words, rating in accepted:
            inside = [band.key for band in bands if rating and band.start <= rating <= band.end]
            (by_band[inside[0]] if inside else unrated).append(words)
        found[measure] = _balanced(by_band, unrated, ratings, definition, deciding.scale, limit)
    return found


def _balanced(
    by_band: dict[str, list[Any]],
    unrated: list[Any],
    ratings: Sequence[int],
    definition: Definition,
    scale: str,
    limit: int,
) -> dict[str, list[Any]]:
    bands = definition.scales[scale].bands
    if not bands:
        return {"low": [], "high": [], "other": unrated[: 2 * limit]}
    low, high = bands[0], bands[-1]
    both = min(len(by_band[low.key]), len(by_band[high.key]))
    take = min(limit, both) if both else limit
    shown: dict[str, list[Any]] = {"low": [], "high": [], "other": []}
    for side, band in (("low", low), ("high", high)):
        named = sum(band.start <= rating <= band.end for rating in ratings) >= NAMED_BAND
        shown[side if named else "other"] += by_band[band.key][:take]
    middle = [words for band in bands[1:-1] for words in by_band[band.key]]
    shown["other"] = sorted(
        shown["other"] + (middle + unrated)[:limit], key=lambda words: _scramble(str(words))
    )
    return shown


def _reasons_by_measure(
    session: Session, stage: Stage, criterion: str
) -> list[tuple[str, list[int], list[tuple[Mapping[str, str], int | None]]]]:
    rated = session.execute(
        select(VariableRow.key, Answer.submission_id, Answer.value)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(
            Answer.submission_id.in_(counted(stage)),
            VariableRow.key.endswith(f".{criterion}"),
            Answer.value.is_not(None),
        )
    )
    ratings: dict[str, dict[int, int]] = {}
    for key, submission_id, value in rated:
        ratings.setdefault(key.partition(".")[0], {})[submission_id] = value or 0
    rows = session.execute(
        select(Measure.key, Comment.submission_id, Comment.moderated)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(
            Comment.submission_id.in_(counted(stage)),
            Comment.kind == "reason",
            Comment.moderation == "accepted",
        )
    )
    said: dict[str, list[tuple[Mapping[str, str], int | None]]] = {}
    for key, submission_id, words in rows:
        said.setdefault(key, []).append((words or {}, ratings.get(key, {}).get(submission_id)))
    return [
        (key, list(ratings.get(key, {}).values()),
         sorted(said.get(key, []), key=lambda item: _scramble(str(item[0]))))
        for key in sorted(ratings)
    ]  # fmt: skip


def _released_fates(session: Session, stage: Stage) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    keys = {item.measure.id: item.key for item in measures.newest_wordings(
        session, stage.consultation_id)}  # fmt: skip
    rows = session.scalars(
        select(MeasureFate)
        .where(MeasureFate.consultation_id == stage.consultation_id,
               MeasureFate.stage_id == stage.id)
        .order_by(MeasureFate.id)
    )  # fmt: skip
    for fate in rows:
        into = keys.get(fate.into_measure_id) if fate.into_measure_id else None
        found[keys[fate.measure_id]] = {"fate": fate.fate, "reason": fate.reason, "into": into}
    return found


def waiting(session: Session, consultation: Consultation) -> dict[str, int]:
    """How many comments and proposals wait for a decision."""
    return {
        "comments": session.scalar(
            select(func.count()).where(
                Comment.consultation_id == consultation.id, Comment.moderation == "waiting"
            )
        ) or 0,
        "proposals": session.scalar(
            select(func.count()).where(
                Proposal.consultation_id == consultation.id, Proposal.fate == "waiting"
            )
        ) or 0,
    }  # fmt: skip


def _scramble(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
