"""What a panel's counts allow to be said: codes for words, read from a result, never stored in one.

A frozen outcome has two residual categories, ``middling`` and ``still_moving``, and a class made of
them is no finding. Here each code has a rule of its own, in integers, so that no word claims what
nobody rated: the panel is ``divided`` only where both sides have people, and moved only where
somebody measured it.
"""

from collections.abc import Mapping

from analysis.model.criterion import CriterionResult
from analysis.protocol.protocol import DissentRule, Share

READINGS = (
    "agreed",
    "nearly_in",
    "leaning_in",
    "divided",
    "uncertain",
    "leaning_out",
    "nearly_out",
    "not_prioritised",
    "still_moving",
    "stability_unknown",
    "no_verdict",
    "not_judged",
)
CLASS_READINGS = (
    "act_now",
    "prepare_hard",
    "prepare_open",
    *(code for code in READINGS if code not in ("agreed", "not_prioritised")),
    "low_priority",
)
_NEARLY = 10  # one rating in so many may be missing where a panel is said to agree nearly


def is_divided(low: int, high: int, n: int, share: Share) -> bool:
    """Whether both sides hold at least ``share`` of the n ratings, and neither is empty.

    The protocol's own share, a third unless it says otherwise, after the RAND/UCLA manual (Fitch
    et al. 2001), where a panel disagrees if each outer third of the scale holds about a third of
    the ratings. A wide spread with one side empty (IPRAS may call it disagreement) is no division.
    """
    part, whole = share
    return min(low, high) > 0 and whole * min(low, high) >= part * n


def leaning(low: int, high: int, n: int, short: tuple[int | None, int | None], share: Share) -> str:
    """Where ratings without a verdict lie: divided, nearly at one, leaning to a side, uncertain.

    ``short``: how many ratings are missing to ``in`` and to ``out``. Nearly: at most one rating
    in ten, or a single one. Leaning: at least half on that side.
    """
    if is_divided(low, high, n, share):
        return "divided"
    few = max(1, n // _NEARLY)
    near = [missing is not None and missing <= few for missing in short]
    if near[0] is not near[1]:
        return "nearly_in" if near[0] else "nearly_out"
    if 2 * max(low, high) < n or low == high:
        return "uncertain"
    return "leaning_in" if high > low else "leaning_out"


def reading(block: CriterionResult, rule: DissentRule) -> str:
    """One of ``READINGS`` for a measure under one criterion, frozen or released."""
    verdict, state = block.verdict, block.stability.state
    if verdict.verdict == "not_judged":
        return "not_judged"
    if state != "stable":
        return "still_moving" if state == "moving" else "stability_unknown"
    if verdict.verdict != "none":
        return "agreed" if verdict.verdict == "in" else "not_prioritised"
    shares = block.shares or {}
    if any(band not in shares for band in rule.bands):
        return "no_verdict"
    low, high = (shares[band].count for band in (rule.bands[0], rule.bands[-1]))
    short = (verdict.numbers.to_in, verdict.numbers.to_out)
    return leaning(low, high, block.n, short, rule.each_band)


def measure_class(
    criteria: Mapping[str, CriterionResult], deciding: str, sorting: str | None, rule: DissentRule
) -> str:
    """One of ``CLASS_READINGS`` for a measure by its criteria; ``sorting`` may be missing there."""
    other = criteria.get(sorting) if sorting is not None else None
    return class_reading(reading(criteria[deciding], rule), None if other is None else reading(other, rule))


def class_reading(deciding: str, sorting: str | None) -> str:
    """One of ``CLASS_READINGS``: the deciding criterion's reading, sorted by the other's.

    ``prepare_open``: agreed on the deciding criterion, nothing agreed on the other; what can be
    said of it is the other's own reading.
    """
    if deciding == "not_prioritised":
        return "low_priority"
    if deciding != "agreed":
        return deciding
    if sorting in (None, "agreed"):
        return "act_now"
    return "prepare_hard" if sorting == "not_prioritised" else "prepare_open"
