"""Ratings that were kept from the short list: who kept them so, and what is left without them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.protocol.protocol import Scale
from analysis.result.stage_input import SetAside
from consult.models import FeedbackShown, Measure, MeasureVersion, Stage
from consult.services import submissions
from consult.services.rounds.aside import is_rated, paired, set_aside
from consult.services.submissions import Given

SHORT_LIST = "short_list"
"""The form of feedback in which a measure stood in the list, as the ledger holds it."""


def seen_in_list_only(session: Session, stage: Stage) -> dict[str, set[int]]:
    """By measure, the experts who kept it in the short list and never had its page on screen."""
    rows = session.execute(
        select(Measure.key, FeedbackShown.expert_id)
        .join(MeasureVersion, MeasureVersion.id == FeedbackShown.measure_version_id)
        .join(Measure, Measure.id == MeasureVersion.measure_id)
        .where(FeedbackShown.consultation_id == stage.consultation_id, FeedbackShown.stage_id == stage.id)
        .group_by(Measure.key, FeedbackShown.expert_id)
        .having(func.min(FeedbackShown.form) == SHORT_LIST, func.max(FeedbackShown.form) == SHORT_LIST)
    )
    found: dict[str, set[int]] = {}
    for measure, expert in rows:
        found.setdefault(measure, set()).add(expert)
    return found


def kept_in_list(
    session: Session, earlier: Stage, later: Stage, keys: Iterable[tuple[str, str, Scale]], at: datetime | None = None
) -> dict[str, SetAside]:
    """By variable, what is left of a round without the ratings kept from the list; only where any were.

    `keys`: pairs of variables of two rounds, `MEASURE.criterion`, with their scale.
    """
    listed = seen_in_list_only(session, later)
    wanted = [pair for pair in keys if pair[1].partition(".")[0] in listed]
    if not wanted:
        return {}
    first = submissions.by_expert(session, earlier, {pair[0] for pair in wanted}, at)
    second = submissions.by_expert(session, later, {pair[1] for pair in wanted}, at)
    found = {}
    for _earlier, key, scale in wanted:
        pairs = paired(first, second, key)
        kept = {expert for expert in listed[key.partition(".")[0]] if _is_kept(*pairs.get(expert, (None, None)))}
        if kept:
            found[key] = set_aside(pairs, kept, scale)
    return found


def _is_kept(then: Given | None, now: Given | None) -> bool:
    """Whether a rating is the same as in the round before; a no-answer is none."""
    return is_rated(now) and then == now
