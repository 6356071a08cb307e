"""What changed since an expert answered the round before: measures settled or reworded, and what became of theirs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.fates import Fate
from consult.models import Comment, Measure, Stage, Submission
from consult.released_texts import NOTHING, SIDES, MeasureTexts, fates_by_measure
from consult.services.answering import past
from consult.services.answering.responding import Respondent
from consult.services.measures import proposals
from consult.services.measures.measures import Wording
from consult.services.rounds import results


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new to one expert in a round.

    `reasons`: measures whose own reason stands among those shown. `proposals`: measures that the
    own proposals became.
    """

    settled: int
    reworded: int
    added: int
    reasons: Sequence[Wording]
    proposals: Sequence[Wording]

    @property
    def is_anything(self) -> bool:
        """Whether there is something to say."""
        return bool(self.settled or self.reworded or self.added or self.reasons or self.proposals)


def changes_since(session: Session, respondent: Respondent) -> Changes | None:
    """What became of the round before this one; None in the first, and before its texts were released."""
    before = results.previous_round(session, respondent.stage)
    content = results.released_texts(session, before) if before is not None else None
    if before is None or content is None:
        return None
    fates = Counter(fates_by_measure(content).values())
    here = {wording.key: wording for wording in respondent.wordings}
    own = {key for proposal, key in proposals.proposals_of(session, respondent.expert) if proposal.fate == "accepted"}
    return Changes(
        settled=fates[Fate.SETTLED],
        reworded=fates[Fate.REWORDED],
        added=fates[Fate.ADDED],
        reasons=[here[key] for key in _shown(session, respondent, before) if key in here],
        proposals=[here[key] for key in here if key in own],
    )


def _shown(session: Session, respondent: Respondent, before: Stage) -> list[str]:
    """The measures for which a reason of this expert stands among those released."""
    released = results.released_reasons(session, before)
    rows = session.execute(
        select(Measure.key, Comment)
        .join(Measure, Measure.id == Comment.measure_id)
        .join(Submission, Submission.id == Comment.submission_id)
        .where(
            Submission.consultation_id == respondent.consultation.id,
            Submission.expert_id == respondent.expert.id,
            Submission.stage_id == before.id,
            Submission.id.in_(past.newest_submissions(respondent.expert)),
            Comment.kind == "reason",
            Comment.moderation == "accepted",
        )
        .order_by(Measure.position)
    )
    return list(dict.fromkeys(key for key, comment in rows if _is_released(comment, released.get(key, NOTHING))))


def _is_released(comment: Comment, texts: MeasureTexts) -> bool:
    if comment.criterion is None:
        return comment.moderated in texts.remarks
    said = texts.of(comment.criterion)
    return any(comment.moderated in said.of(side) for side in SIDES)
