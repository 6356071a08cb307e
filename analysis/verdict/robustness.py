"""Would the verdict stand if one expert, the quantile type, the threshold or the doubt moved?

Everything here is a function of one histogram and the rule, so it tells no more about people than
the histogram does.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

import numpy as np

from analysis.model.criterion import LeaveOneOut, QuantileTypes, Robustness, ThresholdRun
from analysis.model.file import Doubt
from analysis.protocol.protocol import (
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    Quantiles,
    RoundClauses,
    Scale,
    ShareClause,
)
from analysis.protocol.states import Verdict
from analysis.statistics.appropriateness import ipras
from analysis.statistics.descriptive import interquartile_range
from analysis.statistics.value import TOO_LARGE
from analysis.tables.histograms import Counts, Histogram
from analysis.verdict.chance import by_chance, posterior
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import raw_verdict

SWEEP = range(60, 91)  # percent
NO_THRESHOLD = "no_threshold"


def leave_one_out(
    rule: ConsensusRule, context: ClauseContext, counts: Counts, needed: int, round_number: int | None
) -> LeaveOneOut:
    """How many experts there are whose leaving would change the verdict, and to what.

    ``needed``: ratings below which there is no verdict. ``verdicts``: experts by the verdict that
    would stand without them.
    """
    n = int(counts.sum())
    stands = raw_verdict(rule, counts, context, round_number)
    found: dict[Verdict, int] = {}
    for code in np.flatnonzero(counts).tolist():
        left = counts.copy()
        left[code] -= 1
        without = Verdict.NOT_JUDGED
        if n - 1 >= needed:
            without = raw_verdict(rule, left, context, round_number)
        found[without] = found.get(without, 0) + int(counts[code])
    return LeaveOneOut(verdicts=found, flips=n - found.get(stands, 0))


def by_quantile_type(
    rule: ConsensusRule, context: ClauseContext, counts: Counts, round_number: int | None
) -> QuantileTypes:
    """Verdict, interquartile range and IPRAS disagreement under each of the nine quantile types.

    ``matters`` is whether the rule has a clause that depends on the type at all.
    """
    clauses = [clause for side in rule.clauses(round_number) for clause in side]
    scale = context.scale
    verdicts, spreads, camps = [], [], []
    for kind in range(1, 10):
        other = ClauseContext(scale, Quantiles(kind, kind), context.withheld)
        verdicts.append(raw_verdict(rule, counts, other, round_number))
        spread = interquartile_range(counts, kind)
        spreads.append(None if spread is None else float(spread))
        camps.append(ipras(counts, scale.lo, scale.hi, kind).disagreement)
    return QuantileTypes(
        verdicts=tuple(verdicts),
        flips=len(set(verdicts)) > 1,
        matters=any(isinstance(c, IqrClause | DisagreementClause) for c in clauses),
        iqr=tuple(spreads),
        disagreement=tuple(camps),
    )


def _at(clauses: tuple[Clause, ...], threshold: Fraction) -> tuple[Clause, ...]:
    def moved(clause: Clause) -> Clause:
        if isinstance(clause, ShareClause) and clause.op == ">=":
            return replace(clause, num=threshold.numerator, den=threshold.denominator)
        return clause

    return tuple(moved(clause) for clause in clauses)


def with_threshold(rule: ConsensusRule, threshold: Fraction) -> ConsensusRule:
    """The rule with every 'at least this share' put to ``threshold``."""
    return replace(
        rule,
        into=_at(rule.into, threshold),
        out=_at(rule.out, threshold),
        rounds=tuple(RoundClauses(own.round, _at(own.into, threshold), _at(own.out, threshold)) for own in rule.rounds),
    )


def threshold_sweep(
    rule: ConsensusRule, context: ClauseContext, counts: Counts, round_number: int | None
) -> tuple[ThresholdRun, ...] | None:
    """Verdict at each threshold from 60 to 90 %, as runs of equal verdicts.

    None if the rule has no clause of the kind 'at least this share'.
    """
    clauses = [clause for side in rule.clauses(round_number) for clause in side]
    if not any(isinstance(c, ShareClause) and c.op == ">=" for c in clauses):
        return None
    found = [
        (percent, raw_verdict(with_threshold(rule, Fraction(percent, 100)), counts, context, round_number))
        for percent in SWEEP
    ]
    runs = [(verdict, [p for p, _ in run]) for verdict, run in groupby(found, key=lambda at: at[1])]
    return tuple(ThresholdRun(start=own[0], end=own[-1], verdict=verdict) for verdict, own in runs)


def robustness_result(
    rule: ConsensusRule, scale: Scale, quantiles: Quantiles, table: Histogram, needed: int, round_number: int | None
) -> Robustness | None:
    """All of it for one measure under one criterion; None where nothing was rated.

    Nothing here is drawn at random, so it can be frozen. Beside it stand in the result: the
    verdict with no-opinions counted in (``verdict``), and last value carried, best and worst case
    (``sensitivity``).
    """
    if table.n == 0:
        return None
    bench, counts = _bench(rule, scale, quantiles, table), table.counts
    sweep = threshold_sweep(rule, bench, counts, round_number)
    chance = by_chance(rule, scale, quantiles, table.n, round_number, drawn=False)
    undefined = {"thresholds": NO_THRESHOLD} if sweep is None else {}
    return Robustness(
        leave_one_out=leave_one_out(rule, bench, counts, needed, round_number),
        quantile_types=by_quantile_type(rule, bench, counts, round_number),
        thresholds=sweep,
        chance=chance,
        reasons=undefined if chance is not None else {**undefined, "chance": TOO_LARGE},
    )


def doubt_result(
    rule: ConsensusRule, scale: Scale, quantiles: Quantiles, table: Histogram, round_number: int | None
) -> Doubt | None:
    """What needs random draws: chance alone for any rule and size, and how sure the verdict is."""
    if table.n == 0:
        return None
    bench = _bench(rule, scale, quantiles, table)
    stands = raw_verdict(rule, table.counts, bench, round_number)
    return Doubt(
        chance=by_chance(rule, scale, quantiles, table.n, round_number),
        posterior=posterior(rule, bench, table.counts, round_number, stands),
    )


def _bench(rule: ConsensusRule, scale: Scale, quantiles: Quantiles, table: Histogram) -> ClauseContext:
    withheld = table.answered - table.n if rule.denominator == "answered" else 0
    return ClauseContext(scale, quantiles, withheld)


Judge = Callable[[Histogram], Verdict]


class GroupVerdicts(NamedTuple):
    """The verdict in each group, and that of the rule that every group must agree."""

    verdicts: dict[str, Verdict]
    all_groups: Verdict


def group_verdicts(groups: dict[str, Histogram], judged: Judge) -> GroupVerdicts:
    """The verdict in each group, and of the rule that every group must agree.

    ``all_groups``: ``in`` (or ``out``) if every group says so, ``not_judged`` if a group could
    not be judged, else ``none`` (COMET's 'in each stakeholder group').
    """
    verdicts = {group: judged(table) for group, table in groups.items()}
    said = set(verdicts.values())
    together = Verdict.NONE
    if Verdict.NOT_JUDGED in said or not said:
        together = Verdict.NOT_JUDGED
    elif len(said) == 1:
        together = said.pop()
    return GroupVerdicts(verdicts, together)
