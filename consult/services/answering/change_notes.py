"""What played a part in changing a rating or in keeping it: asked where one changed, and of as many who stayed.

Which of the two it is follows from the former rating and the one now, when the stage is submitted. Of
measures whose rating stayed it is asked only as often as ratings changed before, in the expert's own
order: who keeps everything is never asked.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from analysis.protocol.states import WhyChanged
from consult.definition.asked import first, given
from consult.models import ChangeNote, Submission
from consult.services.answering import past
from consult.services.answering.rating_questions import WHY
from consult.services.answering.responding import Respondent
from consult.services.measures.measures import Wording
from consult.services.rounds import pairing


class TypedNote(NamedTuple):
    """What was named for one measure."""

    measure_id: int
    has_changed: bool
    named: tuple[str, ...]


def typed_notes(session: Session, respondent: Respondent) -> Iterator[TypedNote]:
    """What was named, of measures that were rated before and now."""
    changed = _changes(session, respondent)
    for wording in respondent.wordings:
        named = tuple(code for code in given(respondent.typed, f"{wording.key}.{WHY}") if code in set(WhyChanged))
        if named and (has_changed := changed.get(wording.key)) is not None:
            yield TypedNote(wording.measure.id, has_changed, tuple(sorted(named)))


def write_change_notes(session: Session, respondent: Respondent, submission: Submission) -> None:
    """Keep what was named with the submission."""
    for note in typed_notes(session, respondent):
        session.add(
            ChangeNote(
                consultation_id=respondent.consultation.id,
                submission_id=submission.id,
                measure_id=note.measure_id,
                has_changed=note.has_changed,
                named=list(note.named),
            )
        )


def asks_who_stays(session: Session, respondent: Respondent, wording: Wording) -> bool:
    """Whether it is this expert's turn to say why a rating stayed, should this one stay."""
    changed, owed = _changes(session, respondent), 0
    for one in respondent.ordered_wordings():
        if one.key == wording.key:
            return owed > 0
        if changed.get(one.key) is True:
            owed += 1
        elif changed.get(one.key) is False and owed:
            owed -= 1
    return False


def _changes(session: Session, respondent: Respondent) -> dict[str, bool]:
    """By measure, whether a rating changed since the round before; only where all can be compared."""
    content = respondent.definition.measures
    if content is None or not content.why_changed or (before := respondent.before(session)) is None:
        return {}
    found = {}
    for wording in respondent.wordings:
        then = before.wordings.get(wording.key)
        names = [f"{wording.key}.{criterion.key}" for criterion in content.criteria]
        pairs = [(past.as_typed(before.stored.get(name)), first(respondent.typed, name)) for name in names]
        is_comparable = then is not None and pairing.is_pairable(session, then, wording)
        if is_comparable and all(was and now for was, now in pairs):
            found[wording.key] = any(was != now for was, now in pairs)
    return found
