"""Releasing: the reasons and fates of a frozen round, once, when the next round opens."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from analysis.canonical import digest
from consult.clock import utc_now
from consult.definition.consultation import Definition
from consult.definition.scale import Band
from consult.fates import Fate
from consult.models import (
    Answer,
    Comment,
    Measure,
    MeasureFate,
    Release,
    ReleaseKind,
    Result,
    Stage,
    Submission,
    VariableRow,
)
from consult.optional_uses import OptionalUse
from consult.released_texts import Words
from consult.services.access.objections import objectors
from consult.services.definitions import definition_of
from consult.services.measures import erasures, measures
from consult.services.measures.moderation import scramble
from consult.services.submissions import counted_when_closed

FORMAT = 3
"""1, without a number: what the program noted of a fate was a sentence in `reason`.
2: a reason was given for a measure, and its side was that of the criterion that decides."""
N = TypeVar("N", int, int | None)
NAMED_BAND = 5
"""A band is named beside a reason only where it holds at least so many ratings."""


def release_texts(session: Session, stage: Stage) -> Release | None:
    """Release reasons and fates of a frozen round, once, when the next round opens."""
    result = session.scalar(select(Result).where(Result.stage_id == stage.id).order_by(Result.number.desc()).limit(1))
    if result is None:
        return None
    known = session.scalar(select(Release).where(Release.result_id == result.id, Release.kind == ReleaseKind.TEXTS))
    if known is not None:
        return known
    definition = definition_of(session, stage.consultation_id)
    is_thinned = stage.id in erasures.thinned(session, stage.consultation_id)
    content = {
        "format": FORMAT,
        "reasons": {} if is_thinned else _released_reasons(session, stage, definition),
        "remarks": {} if is_thinned else _released_remarks(session, stage, definition),
        "fates": _released_fates(session, stage),
    }
    return add_release(session, result, ReleaseKind.TEXTS, content)


def add_release(session: Session, result: Result, kind: ReleaseKind, content: Mapping[str, object]) -> Release:
    """Release what is said of a result, once and for good, with the digest over it."""
    release = Release(
        consultation_id=result.consultation_id,
        result_id=result.id,
        kind=kind,
        number=1,
        digest=digest(content),
        content=dict(content),
        released_at=utc_now(),
    )
    session.add(release)
    session.flush()
    return release


class ReleasedFate(TypedDict):
    """What became of a measure, and why: by a code with its facts, or in a person's words."""

    fate: str
    code: str | None
    facts: dict[str, Any]
    reason: str | None
    into: str | None


Sides = dict[str, list[Words]]
"""Reasons by side: `high`, `low`, `other`."""


def _released_reasons(session: Session, stage: Stage, definition: Definition) -> dict[str, dict[str, Sides]]:
    """Accepted reasons by measure, criterion and band, as many from the highest as from the lowest.

    Selection rule: the order of the SHA-256 of the words, unrelated to who wrote them. Below the
    floor of answers nothing is shown; a band with fewer than five ratings is not named. After an
    erasure nothing is: whoever moderated would see whose reason is missing.
    """
    assert definition.measures is not None
    limit = definition.protocol.feedback.reasons_each_side
    found: dict[str, dict[str, Sides]] = {}
    for criterion in definition.measures.criteria:
        bands = definition.scales[criterion.scale].bands
        for measure, ratings, accepted in _reasons_by_measure(session, stage, criterion.key):
            if len(ratings) < definition.protocol.disclosure.reasons:
                continue
            by_band: dict[str, list[Words]] = {band.key: [] for band in bands}
            unrated: list[Words] = []
            for words, rating in accepted:
                inside = [band.key for band in bands if rating is not None and band.start <= rating <= band.end]
                (by_band[inside[0]] if inside else unrated).append(words)
            found.setdefault(measure, {})[criterion.key] = _balanced(by_band, unrated, ratings, bands, limit)
    return dict(sorted(found.items()))


def _released_remarks(session: Session, stage: Stage, definition: Definition) -> dict[str, list[Words]]:
    """Accepted remarks on measures as a whole, where enough rated; they speak for no side."""
    assert definition.measures is not None
    limit = definition.protocol.feedback.reasons_each_side
    said = _accepted(session, stage, None)
    enough = definition.protocol.disclosure.reasons
    return {
        key: [words for words, _submission in _once(said[key])][:limit]
        for key, ratings in sorted(_ratings(session, stage, definition.measures.deciding.key).items())
        if key in said and len(ratings) >= enough
    }


def _balanced(
    by_band: dict[str, list[Words]], unrated: list[Words], ratings: Sequence[int], bands: Sequence[Band], limit: int
) -> Sides:
    low, high = bands[0], bands[-1]
    both = min(len(by_band[low.key]), len(by_band[high.key]))
    take = min(limit, both) if both else limit
    shown: Sides = {"low": [], "high": [], "other": []}
    for side, band in (("low", low), ("high", high)):
        named = sum(band.start <= rating <= band.end for rating in ratings) >= NAMED_BAND
        shown[side if named else "other"] += by_band[band.key][:take]
    middle = [words for band in bands[1:-1] for words in by_band[band.key]]
    shown["other"] = sorted(shown["other"] + (middle + unrated)[:limit], key=lambda words: scramble(str(words)))
    return shown


def _reasons_by_measure(
    session: Session, stage: Stage, criterion: str
) -> list[tuple[str, list[int], list[tuple[Words, int | None]]]]:
    ratings, said = _ratings(session, stage, criterion), _accepted(session, stage, criterion)
    return [
        (
            key,
            list(ratings[key].values()),
            _once([(words, ratings[key].get(submission)) for words, submission in said.get(key, ())]),
        )
        for key in sorted(ratings)
    ]


def _ratings(session: Session, stage: Stage, criterion: str) -> dict[str, dict[int, int]]:
    """Ratings under a criterion, by measure and submission."""
    rated = session.execute(
        select(VariableRow.key, Answer.submission_id, Answer.value)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(
            Answer.submission_id.in_(_counted(stage)),
            VariableRow.key.endswith(f".{criterion}", autoescape=True),
            Answer.measure_version_id.is_not(None),
            Answer.value.is_not(None),
        )
    )
    ratings: dict[str, dict[int, int]] = {}
    for key, submission_id, value in rated:
        ratings.setdefault(key.partition(".")[0], {})[submission_id] = value or 0
    return ratings


def _accepted(session: Session, stage: Stage, criterion: str | None) -> dict[str, list[tuple[Words, int]]]:
    """Accepted reasons for a criterion, or of measures as a whole: by measure, words and submission."""
    rows = session.execute(
        select(Measure.key, Comment.submission_id, Comment.moderated)
        .join(Measure, Measure.id == Comment.measure_id)
        .where(
            Comment.submission_id.in_(_counted(stage)),
            Comment.submission_id.not_in(_objected(stage)),
            Comment.kind == "reason",
            Comment.criterion.is_(None) if criterion is None else Comment.criterion == criterion,
            Comment.moderation == "accepted",
        )
    )
    said: dict[str, list[tuple[Words, int]]] = {}
    for key, submission_id, words in rows:
        said.setdefault(key, []).append((words or {}, submission_id))
    return said


def _counted(stage: Stage) -> Select[int]:
    return counted_when_closed().where(Submission.stage_id == stage.id)


def _objected(stage: Stage) -> Select[int]:
    """Submissions whose writers object to their reasons being released."""
    who = objectors(stage.consultation_id, OptionalUse.REASONS)
    return select(Submission.id).where(Submission.stage_id == stage.id, Submission.expert_id.in_(who))


def _once(said: Sequence[tuple[Words, N]]) -> list[tuple[Words, N]]:
    """Each wording once, in the order of its SHA-256."""
    by_words = {str(words): (words, number) for words, number in said}
    return [by_words[words] for words in sorted(by_words, key=scramble)]


def _released_fates(session: Session, stage: Stage) -> dict[str, ReleasedFate]:
    found: dict[str, ReleasedFate] = {}
    keys = {item.measure.id: item.key for item in measures.newest_wordings(session, stage.consultation_id)}
    rows = session.scalars(
        select(MeasureFate)
        .where(MeasureFate.consultation_id == stage.consultation_id, MeasureFate.stage_id == stage.id)
        .order_by(MeasureFate.id)
    )
    for fate in rows:
        if fate.fate == Fate.CARRIED and keys[fate.measure_id] in found:
            continue  # it was reworded or added, which says more than that it is rated again
        into = keys.get(fate.into_measure_id) if fate.into_measure_id else None
        found[keys[fate.measure_id]] = {
            "fate": fate.fate,
            "code": fate.code,
            "facts": fate.facts,
            "reason": fate.reason,
            "into": into,
        }
    return found
