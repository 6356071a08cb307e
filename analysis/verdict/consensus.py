"""From a protocol and tables to a verdict and its margin.

Nothing here knows a language: reasons are codes with numbers. Thresholds are compared in exact
integers and fractions.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.protocol.protocol import Clause, ConsensusRule, IqrClause, MedianClause, Quantiles, Scale, ShareClause
from analysis.tables.histograms import Counts, Histogram
from analysis.verdict.clauses import Bench, clause_holds
from analysis.verdict.many_panels import VERDICTS, verdict_codes
from analysis.verdict.margins import margin

OUT_OF_REACH = "out_of_reach"


def band_count(counts: Counts, scale: Scale, key: str) -> int:
    """How many rated inside the band of that key. Raises KeyError if the scale has none."""
    band = scale.named_band(key)
    return int(counts[band.lo - scale.lo : band.hi - scale.lo + 1].sum())


def _clause_facts(clause: Clause, counts: Counts, bench: Bench) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": clause.kind, "holds": clause_holds(clause, counts, bench)}
    if isinstance(clause, ShareClause):
        facts |= {"band": clause.band, "op": clause.op, "limit": [clause.num, clause.den]}
        facts |= {"count": band_count(counts, bench.scale, clause.band)}
        facts |= {"of": int(counts.sum()) + bench.withheld}
    elif isinstance(clause, MedianClause):
        facts |= {"op": clause.op, "limit": [clause.twice, 2]}
    elif isinstance(clause, IqrClause):
        facts |= {"op": clause.op, "limit": [clause.num, clause.den]}
    else:
        facts |= {"present": clause.present, "method": clause.method}
    return facts


def raw_verdict(rule: ConsensusRule, counts: Counts, bench: Bench, round_number: int | None) -> str:
    """``in``, ``out`` or ``none`` without asking whether enough have rated."""
    codes = verdict_codes(rule, counts[np.newaxis], bench, round_number)
    return VERDICTS[int(codes[0]) + 1]


def _none_code(facts: Mapping[str, list[dict[str, Any]]]) -> str:
    if facts["in"][0]["holds"]:
        return "in_blocked"
    return "out_blocked" if facts["out"][0]["holds"] else "no_majority"


def judge(
    rule: ConsensusRule,
    scale: Scale,
    quantiles: Quantiles,
    table: Histogram,
    respondents: int,
    round_number: int | None,
) -> dict[str, Any]:
    """Verdict on one measure and criterion; ``respondents`` submitted the round.

    Codes: ``in``, ``out``, ``in_blocked`` and
    ``out_blocked`` (the first clause holds, another does not), ``no_majority``,
    ``too_few_ratings``, ``too_few_of_respondents``. ``margin`` is the least number of ratings that,
    moved anywhere on the scale, give another verdict; for ``none``, ``towards`` which.
    """
    withheld = table.answered - table.n
    bench = Bench(scale, quantiles, withheld if rule.denominator == "answered" else 0)
    counts, n = table.counts, table.n
    sides = rule.clauses(round_number)
    share, of = rule.minimum_share
    needed = max(rule.minimum_n, -(-share * respondents // of))
    facts = _facts(sides, counts, bench)
    numbers: dict[str, Any] = {"n": n, "respondents": respondents, "needed": needed}
    numbers |= {"withheld": withheld, "denominator": rule.denominator, "clauses": facts}
    if n < needed:
        few = "too_few_ratings" if n < rule.minimum_n else "too_few_of_respondents"
        return _not_judged(few, numbers)
    verdict = raw_verdict(rule, counts, bench, round_number)
    nearest = margin(verdict, sides, counts, bench)
    counted_in = raw_verdict(rule, counts, Bench(scale, quantiles, withheld), round_number)
    least = nearest.pop("margin")
    result = {
        "verdict": verdict,
        "margin": least,
        "code": verdict if verdict != "none" else _none_code(facts),
        "numbers": numbers | nearest,
        "with_no_opinions": {"verdict": counted_in, "flips": counted_in != verdict},
    }
    if least is None:
        result["margin_reason"] = OUT_OF_REACH
    return result


def _facts(
    sides: tuple[tuple[Clause, ...], tuple[Clause, ...]], counts: Counts, bench: Bench
) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [_clause_facts(clause, counts, bench) for clause in side]
        for name, side in zip(("in", "out"), sides, strict=True)
    }


def _not_judged(code: str, numbers: dict[str, Any]) -> dict[str, Any]:
    return {
        "verdict": "not_judged",
        "margin": None,
        "margin_reason": code,
        "code": code,
        "numbers": numbers,
        "with_no_opinions": {"verdict": "not_judged", "flips": False},
    }
