"""What an expert sees of the round before: frozen numbers, released reasons, the own rating."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import ceil, floor
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.model.criterion import CriterionResult
from analysis.model.stage import MeasureResult, ReleasedStage
from analysis.protocol.protocol import NO_OPINIONS
from consult.fates import Fate
from consult.models import Comment, Submission
from consult.released_texts import NOTHING, SIDES, MeasureTexts, SidedReasons, Words
from consult.services.answering import past
from consult.services.answering.feedback_types import CriterionFeedback, Feedback
from consult.services.answering.responding import Respondent
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.services.rounds import pairing, results
from consult.services.rounds.listed import SHORT_LIST


def feedback_for(session: Session, respondent: Respondent, wording: Wording) -> Feedback | None:
    """Feedback on one measure; None in the first round and for a measure new in this one. Read once."""
    if wording.key not in respondent.feedback:
        respondent.feedback[wording.key] = _find_feedback(session, respondent, wording)
    return respondent.feedback[wording.key]


def _find_feedback(session: Session, respondent: Respondent, wording: Wording) -> Feedback | None:
    known_before = respondent.before(session)
    rule = respondent.definition.protocol.feedback
    if known_before is None or (respondent.stage.round_number or 0) < rule.from_round:
        return None
    before, stored = known_before.stage, known_before.stored
    result = results.newest_result(session, before)
    numbers = results.released_numbers(session, before)
    if result is None or numbers is None or wording.key not in numbers.measures:
        return None
    former = known_before.wordings[wording.key]
    content = respondent.definition.measures
    own = {item.key: stored.get(f"{wording.key}.{item.key}") for item in (content.criteria if content else ())}
    released = numbers.measures[wording.key].criteria
    said = results.released_reasons(session, before).get(wording.key, NOTHING)
    explained = _explained(session, respondent, wording)
    return Feedback(
        result=results.name_of(before, result),
        form=form_for(respondent),
        criteria={
            name: CriterionFeedback(
                **_figures(released[name]),
                own=known.value if known else None,
                own_words=known.state if known and known.state in NO_OPINIONS else None,
                reasons=_drawn(respondent, wording.key, name, said),
                is_explained=bool(explained & {name, None}),
            )
            for name, known in own.items()
            if name in released
        },
        remarks=_shuffled(_chance(respondent, wording.key), said.remarks),
        former=former if former.version.id != wording.version.id else None,
        is_pairable=pairing.is_pairable(session, former, wording),
        groups=_group_medians(numbers, wording.key) if rule.groups else {},
    )


def is_new(session: Session, respondent: Respondent, wording: Wording) -> bool:
    """Whether a measure came in after the round before."""
    before = respondent.before(session)
    return before is not None and wording.key not in before.wordings


def form_for(respondent: Respondent) -> str:
    """The form of feedback on a measure's page; with a short list, what comes in full has bars."""
    declared = declared_form(respondent)
    return "bars_on_scale" if declared == SHORT_LIST else declared


def declared_form(respondent: Respondent) -> str:
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


class Figures(TypedDict):
    """What the panel rated, as far as it was released."""

    n: int | None
    median: float | None
    q1: float | None
    q3: float | None
    counts: Sequence[int] | None


def _figures(released: CriterionResult) -> Figures:
    return {"n": released.n, "median": released.median, "q1": released.q1, "q3": released.q3, "counts": released.counts}


def _chance(respondent: Respondent, *of: str) -> random.Random:
    return random.Random(":".join((respondent.expert.pseudonym, respondent.stage.key, *of)))


def _shuffled(chance: random.Random, reasons: Sequence[Words]) -> list[Words]:
    order = list(reasons)
    chance.shuffle(order)
    return order


def _drawn(respondent: Respondent, measure: str, criterion: str, said: MeasureTexts) -> SidedReasons:
    """Released reasons in an order of this expert's own: the first of a side is drawn by lot."""
    chance = _chance(respondent, measure, criterion)
    return SidedReasons(**{side: _shuffled(chance, said.of(criterion).of(side)) for side in SIDES})


def shown_first(feedback: Feedback) -> dict[str, dict[str, str]]:
    """Which reason stood first, by criterion and side: the start of the SHA-256 of its words."""
    return {
        name: {
            side: hashlib.sha256(str(sorted(reasons[0].items())).encode()).hexdigest()[:12]
            for side in SIDES
            if side != "other" and (reasons := one.reasons.of(side))
        }
        for name, one in feedback.criteria.items()
    }


def _explained(session: Session, respondent: Respondent, wording: Wording) -> set[str | None]:
    """The criteria this expert gave a reason for in an earlier round; None for all of them together."""
    return set(
        session.scalars(
            select(Comment.criterion)
            .join(Submission, Submission.id == Comment.submission_id)
            .where(
                Submission.consultation_id == respondent.consultation.id,
                Submission.expert_id == respondent.expert.id,
                Submission.stage_id != respondent.stage.id,
                Submission.id.in_(past.newest_submissions(respondent.expert)),
                Comment.measure_id == wording.measure.id,
                Comment.kind == "reason",
            )
        )
    )


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


class AskedBecause(StrEnum):
    """Why a reason is asked for."""

    MOVED = "moved"
    """The rating lies in another band than the own one before."""
    DIFFERS = "differs"
    """It lies in another band than the median, or more than one point outside the middle half."""


def asks_reason(feedback: Feedback | None, name: str, rating: int, bands: list[range]) -> frozenset[AskedBecause]:
    """Why a reason is asked for a rating; nothing where none is, nor for one kept and explained before.

    A median half-way between two bands lies in both. Ratings of a wording that was changed in
    substance are no measure for this one.
    """
    one = feedback.criteria.get(name) if feedback and feedback.is_pairable else None
    if one is None or (rating == one.own and one.is_explained):
        return frozenset()
    band = _band(rating, bands)
    beside = {band}
    if one.median is not None:
        beside = {_band(edge(one.median), bands) for edge in (floor, ceil)}
    is_outside = (one.q1 is not None and rating < one.q1 - 1) or (one.q3 is not None and rating > one.q3 + 1)
    has_moved = one.own is not None and _band(one.own, bands) != band
    found = {AskedBecause.DIFFERS: band not in beside or is_outside, AskedBecause.MOVED: has_moved}
    return frozenset(why for why, holds in found.items() if holds)


def _band(rating: int, bands: list[range]) -> int | None:
    return next((number for number, band in enumerate(bands) if rating in band), None)
