"""What people say played a part in changing ratings or keeping them, pooled over the measures of a round."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.model.stage import WhyCounts, WhyResult
from analysis.protocol.states import WhyChanged
from consult.models import ChangeNote, Stage, Submission
from consult.services import submissions


def why_given(session: Session, stage: Stage, at: datetime | None = None) -> WhyResult | None:
    """How many people named what at least once, of changed and of kept ratings; None where nobody did."""
    rows = session.execute(
        select(Submission.expert_id, ChangeNote.has_changed, ChangeNote.named)
        .join(Submission, Submission.id == ChangeNote.submission_id)
        .where(ChangeNote.consultation_id == stage.consultation_id, Submission.id.in_(submissions.counted(stage, at)))
    )
    people: dict[bool, dict[int, set[str]]] = {True: {}, False: {}}
    for expert, has_changed, named in rows:
        people[has_changed].setdefault(expert, set()).update(named)
    if not any(people.values()):
        return None
    return WhyResult(changed=_counted(people[True]), stayed=_counted(people[False]))


def _counted(people: Mapping[int, set[str]]) -> WhyCounts:
    counts = Counter(code for named in people.values() for code in named)
    return WhyCounts(people=len(people), named={code: counts[code] for code in WhyChanged})
