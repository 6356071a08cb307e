"""What an expert sees of the round before: frozen numbers, released reasons, the own rating."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

from sqlalchemy.orm import Session

from analysis.model.criterion import CriterionResult
from analysis.model.stage import MeasureResult, ReleasedStage
from consult.fates import Fate
from consult.models import Stage
from consult.services.answering import past
from consult.services.answering.responding import Respondent
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.services.rounds import pairing, results


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """The panel's ratings of one measure under one criterion, in the round before."""

    n: int | None
    median: float | None
    q1: float | None
    q3: float | None
    counts: Sequence[int] | None
    own: int | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything shown beside one measure; `result`: the name of the frozen result it is of."""

    result: str
    form: str
    criteria: Mapping[str, CriterionFeedback]
    reasons: Mapping[str, list[Mapping[str, str]]]
    former: Wording | None
    is_pairable: bool
    groups: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)


def feedback_for(session: Session, respondent: Respondent, wording: Wording) -> Feedback | None:
    """Feedback on one measure; None in the first round and for a measure new in this one."""
    before = results.previous_round(session, respondent.stage)
    rule = respondent.definition.protocol.feedback
    if before is None or (respondent.stage.round_number or 0) < rule.from_round:
        return None
    result = results.newest_result(session, before)
    numbers = results.released_numbers(session, before)
    if result is None or numbers is None or wording.key not in numbers.measures:
        return None
    former = next(item for item in measures.wordings_in_stage(session, before) if item.key == wording.key)
    stored = past.stored_answers(session, respondent.expert, before)
    own = {name: stored.get(f"{wording.key}.{name}") for name in _criteria(respondent)}
    released = numbers.measures[wording.key].criteria
    return Feedback(
        result=results.name_of(before, result),
        form=form_for(respondent),
        criteria={
            name: _criterion(released[name], known.value if known else None)
            for name, known in own.items()
            if name in released
        },
        reasons=_reasons(session, respondent, before, wording.key),
        former=former if former.version.id != wording.version.id else None,
        is_pairable=pairing.is_pairable(session, former, wording),
        groups=_group_medians(numbers, wording.key) if rule.groups else {},
    )


def is_new(session: Session, respondent: Respondent, wording: Wording) -> bool:
    """Whether a measure came in after the round before."""
    before = results.previous_round(session, respondent.stage)
    if before is None:
        return False
    return all(item.key != wording.key for item in measures.wordings_in_stage(session, before))


def form_for(respondent: Respondent) -> str:
    """The form of feedback of this expert in this round, drawn by lot if the protocol says so."""
    rule = respondent.definition.protocol.feedback
    if rule.randomise:
        lot = random.Random(f"{respondent.expert.pseudonym}:{respondent.consultation.slug}:form")
        return lot.choice(rule.randomise)
    return rule.build().form_in(respondent.stage.round_number or 0)


def _group_medians(numbers: ReleasedStage, measure: str) -> dict[str, dict[str, float | None]]:
    """Released medians by criterion and reporting group; empty where a group is withheld."""
    found: dict[str, dict[str, float | None]] = {}
    for group, variables in numbers.groups.items():
        for key, block in variables.items():
            name, _, criterion = key.partition(".")
            if name == measure and block.median is not None:
                found.setdefault(criterion, {})[group] = block.median
    return found


def _criteria(respondent: Respondent) -> list[str]:
    content = respondent.definition.measures
    return [criterion.key for criterion in content.criteria] if content else []


def _criterion(released: CriterionResult, own: int | None) -> CriterionFeedback:
    return CriterionFeedback(
        n=released.n, median=released.median, q1=released.q1, q3=released.q3, counts=released.counts, own=own
    )


def _reasons(session: Session, respondent: Respondent, before: Stage, key: str) -> dict[str, list[Mapping[str, str]]]:
    """Released reasons in an order of this expert's own."""
    texts = results.released_texts(session, before)
    sides = (texts or {"reasons": {}})["reasons"].get(key, {})
    chance = random.Random(f"{respondent.expert.pseudonym}:{respondent.stage.key}:{key}")
    shuffled = {}
    for side, reasons in sides.items():
        order = list(reasons)
        chance.shuffle(order)
        shuffled[side] = order
    return shuffled


def settled_measures(session: Session, respondent: Respondent) -> list[tuple[Wording, MeasureResult]]:
    """Measures settled before this round, each with its released numbers."""
    found = []
    fates = measures.newest_fates(session, respondent.consultation.id)
    by_round: dict[int, Mapping[str, MeasureResult]] = {}
    stage = results.previous_round(session, respondent.stage)
    while stage is not None:
        shown = results.released_numbers(session, stage)
        by_round[stage.id] = shown.measures if shown is not None else {}
        stage = results.previous_round(session, stage)
    for wording in measures.newest_wordings(session, respondent.consultation.id):
        fate = fates.get(wording.measure.id)
        if fate is not None and fate.fate == Fate.SETTLED and fate.stage_id in by_round:
            numbers = by_round[fate.stage_id].get(wording.key)
            if numbers is not None:
                found.append((wording, numbers))
    return found


def asks_reason(feedback: Feedback | None, name: str, rating: int, bands: list[range]) -> bool:
    """Whether a reason is asked: another band than the median, more than one point outside the
    middle half, or moved across a band since the round before.

    A median half-way between two bands lies in both. Ratings of a wording that was changed in
    substance are no measure for this one.
    """
    one = feedback.criteria.get(name) if feedback and feedback.is_pairable else None
    if one is None:
        return False
    band = _band(rating, bands)
    beside = {band}
    if one.median is not None:
        beside = {_band(edge(one.median), bands) for edge in (floor, ceil)}
    is_outside = (one.q1 is not None and rating < one.q1 - 1) or (one.q3 is not None and rating > one.q3 + 1)
    has_moved = one.own is not None and _band(one.own, bands) != band
    return band not in beside or is_outside or has_moved


def _band(rating: int, bands: list[range]) -> int | None:
    return next((number for number, band in enumerate(bands) if rating in band), None)
