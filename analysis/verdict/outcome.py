"""Verdict and stability together: outcome, class for the briefing, settled or not."""

from analysis.protocol.protocol import DissentRule, Quantiles, Scale
from analysis.protocol.states import MeasureClass, Outcome, StabilityState, Verdict
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


def outcome(verdict: Verdict, stability: StabilityState, dissent: bool) -> Outcome:
    """Verdict and stability together; never one score.

    What was rated only once, or by too few twice, is not known to be stable: ``still_moving``.
    """
    if verdict == Verdict.NOT_JUDGED:
        return Outcome.NOT_JUDGED
    if stability != StabilityState.STABLE:
        return Outcome.STILL_MOVING
    if verdict == Verdict.IN:
        return Outcome.AGREED
    if verdict == Verdict.OUT:
        return Outcome.NOT_PRIORITISED
    return Outcome.STABLE_DISSENT if dissent else Outcome.MIDDLING


_CLASSES = {
    Outcome.NOT_PRIORITISED: MeasureClass.LOW_PRIORITY,
    Outcome.STABLE_DISSENT: MeasureClass.CONTESTED,
    Outcome.MIDDLING: MeasureClass.MIDDLING,
    Outcome.STILL_MOVING: MeasureClass.STILL_MOVING,
    Outcome.NOT_JUDGED: MeasureClass.NOT_JUDGED,
}


def measure_class(deciding: Outcome, sorting: Outcome | None) -> MeasureClass:
    """Class for the briefing: the deciding criterion's outcome, sorted by the other's.

    An agreed measure is ``act_now`` if the other criterion is agreed too (or there is none),
    ``prepare_hard`` if that is agreed to be hard, else ``prepare_disputed``.
    """
    if deciding != Outcome.AGREED:
        return _CLASSES[deciding]
    if sorting in (None, Outcome.AGREED):
        return MeasureClass.ACT_NOW
    return MeasureClass.PREPARE_HARD if sorting == Outcome.NOT_PRIORITISED else MeasureClass.PREPARE_DISPUTED


def is_settled(verdicts: list[Verdict], stabilities: list[StabilityState], round_number: int, first: int) -> bool:
    """Every criterion has a verdict in or out and is stable; never before round ``first``."""
    return (
        round_number >= first
        and bool(verdicts)
        and all(verdict in (Verdict.IN, Verdict.OUT) for verdict in verdicts)
        and all(state == StabilityState.STABLE for state in stabilities)
    )
