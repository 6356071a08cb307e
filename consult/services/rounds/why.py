"""What people say played a part in changing ratings or keeping them, pooled over the measures of a round."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.protocol.states import WhyChanged
from analysis.result.stage_input import WhyInput
from consult.models import ChangeNote, Stage, Submission
from consult.services import submissions


def why_input(session: Session, stage: Stage, at: datetime | None = None) -> WhyInput | None:
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
    counts = {
        kind: Counter(WhyChanged(code) for named in said.values() for code in named) for kind, said in people.items()
    }
    return WhyInput(
        changed=len(people[True]),
        changed_named={code: counts[True][code] for code in WhyChanged},
        stayed=len(people[False]),
        stayed_named={code: counts[False][code] for code in WhyChanged},
    )
