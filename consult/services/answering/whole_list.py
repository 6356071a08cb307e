"""All measures of a round at once: what one rated, what the panel did, what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

from sqlalchemy.orm import Session

from consult.definition.asked import first
from consult.definition.scale import Scale
from consult.services.answering.feedback import form_for
from consult.services.answering.past import as_typed
from consult.services.answering.responding import Respondent, Step
from consult.services.rounds import results


@dataclass(frozen=True, slots=True)
class OwnAndPanel:
    """One criterion of one measure. `own`: as it is typed in this round, else the former rating (`is_former`).

    `median`: of the round before, where it was released. `differs`: the own rating lies in none of
    the bands that the median lies in; `former_differs`: so does the one of the round before.
    """

    own: str
    is_former: bool
    former: str
    median: float | None
    differs: bool
    former_differs: bool


@dataclass(frozen=True, slots=True)
class ListedMeasure:
    """A measure of the round; `is_open` while something of it is not answered."""

    step: Step
    criteria: Mapping[str, OwnAndPanel]
    is_open: bool
    is_new: bool

    @property
    def differs(self) -> bool:
        """Whether an own rating lies in another band than the panel's."""
        return any(one.differs for one in self.criteria.values())


def whole_list(session: Session, respondent: Respondent) -> list[ListedMeasure]:
    """Every measure of the round, in this expert's own order; by a fixed number of statements.

    What the panel rated is shown from the round that the protocol says, and in no form without numbers.
    """
    content = respondent.definition.measures
    if content is None:
        return []
    scales = {one.key: respondent.definition.scales[one.scale] for one in content.criteria}
    before = respondent.before(session)
    numbers = results.released_numbers(session, before.stage) if before is not None else None
    stored = before.stored if before is not None else {}
    former = before.wordings if before is not None else {}
    is_late_enough = (respondent.stage.round_number or 0) >= respondent.definition.protocol.feedback.from_round
    is_shown = is_late_enough and form_for(respondent) != "reasons"
    typed = respondent.typed
    found = []
    for step in (step for step in respondent.steps() if step.wording is not None):
        released = numbers.measures.get(step.key) if numbers is not None and is_shown else None
        criteria = {}
        for key, scale in scales.items():
            now = first(typed, f"{step.key}.{key}")
            then = as_typed(stored.get(f"{step.key}.{key}"))
            one = released.criteria.get(key) if released is not None else None
            median = one.median if one is not None else None
            criteria[key] = OwnAndPanel(
                own=now or then,
                is_former=bool(then) and not now,
                former=then,
                median=median,
                differs=_differs(now or then, median, scale),
                former_differs=_differs(then, median, scale),
            )
        is_open = any(not first(typed, f"{step.key}.{key}") for key in scales)
        found.append(ListedMeasure(step, criteria, is_open, is_new=bool(former) and step.key not in former))
    return found


def _differs(own: str, median: float | None, scale: Scale) -> bool:
    if median is None or not own.lstrip("-").isdigit():
        return False
    bands = {_band(edge, scale) for edge in (floor(median), ceil(median))}
    return _band(int(own), scale) not in bands


def _band(point: int, scale: Scale) -> str | None:
    return next((band.key for band in scale.bands if band.start <= point <= band.end), None)
