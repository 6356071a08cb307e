"""Comments of frozen stages as the facilitator sees them: never whose."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Comment, Consultation, Measure, Release, ReleaseKind, Result, Stage, Submission
from consult.services import ordering
from consult.services.measures import erasures, proposals
from consult.services.submissions import counted_when_closed


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the facilitator sees it: never whose."""

    handle: str
    stage: str
    measure: str
    kind: str
    criterion: str | None
    text: str
    language: str
    moderation: str
    moderated: Mapping[str, str] | None
    reason: str | None


def comments(session: Session, consultation: Consultation, state: str | None = None) -> list[CommentView]:
    """Comments of frozen stages, in an order that says nothing about people.

    While a stage is open its comments stay unseen: one more just after somebody submitted would
    say whose it is. Only those are here that counted at the close, and they stay when a writer
    leaves: one less just then would say it too. Where somebody's were erased, the whole stage's
    stay unseen (`erasures.thinned`).
    """
    seeds = shown_stages(session, consultation)
    query = (
        select(Comment, Stage.id, Stage.key, Measure.key)
        .join(Submission, Submission.id == Comment.submission_id)
        .join(Stage, Stage.id == Submission.stage_id)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(
            Comment.consultation_id == consultation.id,
            Submission.stage_id.in_(seeds),
            Submission.id.in_(counted_when_closed()),
        )
    )
    if state is not None:
        query = query.where(Comment.moderation == state)
    found = sorted(
        session.execute(query).all(), key=lambda row: (row[2], row[3], ordering.place(seeds[row[1]], row[0].handle))
    )
    return [
        CommentView(
            comment.handle,
            stage,
            measure,
            comment.kind,
            comment.criterion,
            comment.text,
            comment.language,
            comment.moderation,
            comment.moderated,
            comment.reason,
        )
        for comment, _, stage, measure in found
    ]


def shown_stages(session: Session, consultation: Consultation) -> dict[int, str]:
    """The seed of every stage whose comments may be seen, by the stage's id."""
    thinned = erasures.thinned(session, consultation.id)
    return {stage: seed for stage, seed in ordering.seeds(session, consultation).items() if stage not in thinned}


@dataclass(frozen=True, slots=True)
class Moderated:
    """A comment of a closed stage; `is_over` once the reasons of its round were released."""

    view: CommentView
    is_over: bool

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.view.moderation == "waiting" and not self.is_over


def closed_comments(session: Session, consultation: Consultation) -> list[Moderated]:
    """Comments of closed stages, and whether anything is still to be decided about them."""
    released = (
        select(Stage.key)
        .join(Result, Result.stage_id == Stage.id)
        .join(Release, Release.result_id == Result.id)
        .where(Stage.consultation_id == consultation.id, Release.kind == ReleaseKind.TEXTS)
    )
    over = set(session.scalars(released))
    return [Moderated(item, item.stage in over) for item in comments(session, consultation)]


def waiting(session: Session, consultation: Consultation) -> dict[str, int]:
    """How many comments and proposals of closed stages wait for a decision."""
    found = closed_comments(session, consultation)
    proposed = proposals.proposals(session, consultation)
    return {
        "comments": sum(comment.is_waiting for comment in found),
        "proposals": sum(proposal.fate == "waiting" for proposal in proposed),
    }
