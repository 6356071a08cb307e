"""Verdict and stability together: outcome, class for the briefing, settled or not."""

from analysis.protocol.protocol import DissentRule, Quantiles, Scale
from analysis.statistics.appropriateness import ipras
from analysis.tables.histograms import Counts
from analysis.verdict.consensus import band_count


def is_dissent(rule: DissentRule, scale: Scale, quantiles: Quantiles, counts: Counts) -> bool:
    """A camp in each of the rule's bands, or IPRAS disagreement where the rule counts it."""
    n = int(counts.sum())
    if n == 0:
        return False
    share, of = rule.each_band
    if all(of * band_count(counts, scale, band) >= share * n for band in rule.bands):
        return True
    if not rule.counts_ipras(scale.lo, scale.hi):
        return False
    return bool(ipras(counts, scale.lo, scale.hi, quantiles.ipras_type).disagreement)


def outcome(verdict: str, stability: str, dissent: bool) -> str:
    """Verdict and stability together; never one score.

    What was rated only once, or by too few twice, is not known to be stable: ``still_moving``.
    """
    if verdict == "not_judged":
        return "not_judged"
    if stability != "stable":
        return "still_moving"
    if verdict == "in":
        return "agreed"
    if verdict == "out":
        return "not_prioritised"
    return "stable_dissent" if dissent else "middling"


_CLASSES = {
    "not_prioritised": "low_priority",
    "stable_dissent": "contested",
    "middling": "middling",
    "still_moving": "still_moving",
    "not_judged": "not_judged",
}


def measure_class(deciding: str, sorting: str | None) -> str:
    """Class for the briefing: the deciding criterion's outcome, sorted by the other's.

    An agreed measure is ``act_now`` if the other criterion is agreed too (or there is none),
    ``prepare_hard`` if that is agreed to be hard, else ``prepare_disputed``.
    """
    if deciding != "agreed":
        return _CLASSES[deciding]
    if sorting in (None, "agreed"):
        return "act_now"
    return "prepare_hard" if sorting == "not_prioritised" else "prepare_disputed"


def is_settled(verdicts: list[str], stabilities: list[str], round_number: int, first: int) -> bool:
    """Every criterion has a verdict in or out and is stable; never before round ``first``."""
    return (
        round_number >= first
        and bool(verdicts)
        and all(verdict in ("in", "out") for verdict in verdicts)
        and all(state == "stable" for state in stabilities)
    )
