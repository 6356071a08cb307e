"""From a protocol and tables to a verdict and its margin.

Nothing here knows a language: reasons are codes with numbers. Thresholds are compared in exact
integers and fractions.
"""

from dataclasses import replace

import numpy as np

from analysis.model.criterion import ClauseFacts, ClauseSides, CountedIn, VerdictNumbers, VerdictResult
from analysis.protocol.protocol import Clause, ConsensusRule, IqrClause, MedianClause, Quantiles, Scale, ShareClause
from analysis.protocol.states import Verdict
from analysis.tables.histograms import Counts, Histogram
from analysis.verdict.clauses import ClauseContext, clause_holds
from analysis.verdict.many_panels import VERDICTS, verdict_codes
from analysis.verdict.margins import Sides, margin

OUT_OF_REACH = "out_of_reach"
_TO_ANY = frozenset({"towards"})
_TO_EITHER = frozenset({"towards", "to_in", "to_out"})
"""What is told of a verdict, and of none, even where there is no such panel."""


def band_count(counts: Counts, scale: Scale, key: str) -> int:
    """How many rated inside the band of that key. Raises KeyError if the scale has none."""
    band = scale.named_band(key)
    return int(counts[band.lo - scale.lo : band.hi - scale.lo + 1].sum())


def _clause_facts(clause: Clause, counts: Counts, context: ClauseContext) -> ClauseFacts:
    holds = clause_holds(clause, counts, context)
    if isinstance(clause, ShareClause):
        return ClauseFacts(
            kind=clause.kind,
            holds=holds,
            band=clause.band,
            op=clause.op,
            limit=(clause.num, clause.den),
            count=band_count(counts, context.scale, clause.band),
            of=int(counts.sum()) + context.withheld,
        )
    if isinstance(clause, MedianClause):
        return ClauseFacts(kind=clause.kind, holds=holds, op=clause.op, limit=(clause.twice, 2))
    if isinstance(clause, IqrClause):
        return ClauseFacts(kind=clause.kind, holds=holds, op=clause.op, limit=(clause.num, clause.den))
    return ClauseFacts(kind=clause.kind, holds=holds, present=clause.present, method=clause.method)


def raw_verdict(rule: ConsensusRule, counts: Counts, context: ClauseContext, round_number: int | None) -> Verdict:
    """``in``, ``out`` or ``none`` without asking whether enough have rated."""
    codes = verdict_codes(rule, counts[np.newaxis], context, round_number)
    return VERDICTS[int(codes[0]) + 1]


def _none_code(facts: ClauseSides) -> str:
    if facts.into[0].holds:
        return "in_blocked"
    return "out_blocked" if facts.out[0].holds else "no_majority"


def judge(
    rule: ConsensusRule,
    scale: Scale,
    quantiles: Quantiles,
    table: Histogram,
    respondents: int,
    round_number: int | None,
) -> VerdictResult:
    """Verdict on one measure and criterion; ``respondents`` submitted the round.

    Codes: ``in``, ``out``, ``in_blocked`` and
    ``out_blocked`` (the first clause holds, another does not), ``no_majority``,
    ``too_few_ratings``, ``too_few_of_respondents``. ``margin`` is the least number of ratings that,
    moved anywhere on the scale, give another verdict; for ``none``, ``towards`` which.
    """
    withheld = table.answered - table.n
    bench = ClauseContext(scale, quantiles, withheld if rule.denominator == "answered" else 0)
    counts, n = table.counts, table.n
    sides = rule.clauses(round_number)
    share, of = rule.minimum_share
    needed = max(rule.minimum_n, -(-share * respondents // of))
    facts = _facts(sides, counts, bench)
    numbers = VerdictNumbers(
        n=n, respondents=respondents, needed=needed, withheld=withheld, denominator=rule.denominator, clauses=facts
    )
    if n < needed:
        few = "too_few_ratings" if n < rule.minimum_n else "too_few_of_respondents"
        return _not_judged(few, numbers)
    verdict = raw_verdict(rule, counts, bench, round_number)
    nearest = margin(verdict, sides, counts, bench)
    counted_in = raw_verdict(rule, counts, ClauseContext(scale, quantiles, withheld), round_number)
    return VerdictResult(
        verdict=verdict,
        margin=nearest.least,
        code=verdict.value if verdict != Verdict.NONE else _none_code(facts),
        numbers=replace(
            numbers,
            towards=nearest.towards,
            to_in=nearest.to_in,
            to_out=nearest.to_out,
            nulls=_TO_EITHER if verdict == Verdict.NONE else _TO_ANY,
        ),
        with_no_opinions=CountedIn(verdict=counted_in, flips=counted_in != verdict),
        reasons={"margin": OUT_OF_REACH} if nearest.least is None else {},
    )


def _facts(sides: Sides, counts: Counts, context: ClauseContext) -> ClauseSides:
    into, out = (tuple(_clause_facts(clause, counts, context) for clause in side) for side in sides)
    return ClauseSides(into=into, out=out)


def _not_judged(code: str, numbers: VerdictNumbers) -> VerdictResult:
    return VerdictResult(
        verdict=Verdict.NOT_JUDGED,
        margin=None,
        code=code,
        numbers=numbers,
        with_no_opinions=CountedIn(verdict=Verdict.NOT_JUDGED, flips=False),
        reasons={"margin": code},
    )
