"""From a protocol and tables to a verdict and its margin.

Nothing here knows a language: reasons are codes with numbers. Thresholds are compared in exact
integers and fractions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analysis.protocol.protocol import (
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    Scale,
    ShareClause,
)
from analysis.statistics.appropriateness import ipras
from analysis.statistics.descriptive import interquartile_range, twice_median
from analysis.statistics.value import TOO_LARGE
from analysis.tables.histograms import Counts, Histogram

OUT_OF_REACH = "out_of_reach"
SCAN_UP_TO = 10_000  # voters; rules that are not monotone are tried vote by vote up to here


@dataclass(frozen=True)
class Bench:
    """What a clause is judged on: the scale, the quantile types and votes that are no rating."""

    scale: Scale
    quantiles: Quantiles
    withheld: int  # no-opinions counted into the denominator of shares


def band_count(counts: Counts, scale: Scale, key: str) -> int:
    """How many rated inside the band of that key. Raises KeyError if the scale has none."""
    band = scale.named_band(key)
    return int(counts[band.lo - scale.lo : band.hi - scale.lo + 1].sum())


def _compare(left: int | Fraction, op: str, right: int | Fraction) -> bool:
    if op == "<":
        return left < right
    return left >= right if op == ">=" else left <= right


def clause_holds(clause: Clause, counts: Counts, bench: Bench) -> bool:
    """Whether the clause holds for these counts; False without ratings."""
    scale = bench.scale
    if int(counts.sum()) == 0:
        return False
    if isinstance(clause, ShareClause):
        votes = int(counts.sum()) + bench.withheld
        count = band_count(counts, scale, clause.band)
        return _compare(clause.den * count, clause.op, clause.num * votes)
    if isinstance(clause, MedianClause):
        twice = twice_median(counts, scale.lo)
        return twice is not None and _compare(twice, clause.op, clause.twice)
    if isinstance(clause, IqrClause):
        spread = interquartile_range(counts, bench.quantiles.quartile_type)
        return spread is not None and _compare(spread * clause.den, clause.op, clause.num)
    found = ipras(counts, scale.lo, scale.hi, bench.quantiles.ipras_type).disagreement
    return found is clause.present


def _all_hold(clauses: tuple[Clause, ...], counts: Counts, bench: Bench) -> bool:
    return all(clause_holds(clause, counts, bench) for clause in clauses)


def moved(counts: Counts, votes: int, up: bool) -> Counts:
    """``votes`` voters farthest from one end of the scale sent to that end (``up``: the top).

    The number of voters is kept. ``votes`` above their number sends all of them.
    """
    line = counts[::-1] if up else counts
    kept = line.copy()
    left = min(votes, int(line[1:].sum()))
    kept[0] += left
    for c in range(line.size - 1, 0, -1):
        taken = min(left, int(kept[c]))
        kept[c] -= taken
        left -= taken
    return kept[::-1] if up else kept


def _is_monotone(clauses: tuple[Clause, ...], scale: Scale, up: bool) -> bool:
    """Whether voters moving up (or down) can only ever make every clause hold, never fail."""
    for clause in clauses:
        if isinstance(clause, IqrClause | DisagreementClause):
            return False
        rises = clause.op == ">="
        if isinstance(clause, MedianClause):
            if rises is not up:
                return False
            continue
        band = scale.named_band(clause.band)
        at_end = band.hi == scale.hi if rises is up else band.lo == scale.lo
        if not at_end:
            return False
    return True


def least_votes(n: int, flipped: Callable[[int], bool], monotone: bool) -> int | None:
    """Least number of changed votes, 1 to n, for which ``flipped`` is true; None if none does.

    None too for a rule that is not monotone and more than ``SCAN_UP_TO`` voters.
    """
    if not monotone:
        if n > SCAN_UP_TO:
            return None
        return next((votes for votes in range(1, n + 1) if flipped(votes)), None)
    low, high = 1, n
    if n == 0 or not flipped(n):
        return None
    while low < high:
        middle = (low + high) // 2
        if flipped(middle):
            high = middle
        else:
            low = middle + 1
    return low


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
    into, out = rule.clauses(round_number)
    if _all_hold(into, counts, bench):
        return "in"
    return "out" if _all_hold(out, counts, bench) else "none"


def _margin(
    verdict: str, sides: tuple[tuple[Clause, ...], ...], counts: Counts, bench: Bench
) -> dict[str, Any]:
    n = int(counts.sum())
    into, out = sides
    scale = bench.scale
    calm = {"in": _is_monotone(into, scale, True), "out": _is_monotone(out, scale, False)}
    if verdict != "none":
        clauses = into if verdict == "in" else out
        up = verdict == "out"
        lost = least_votes(
            n, lambda t: not _all_hold(clauses, moved(counts, t, up), bench), calm[verdict]
        )
        return {"margin": lost, "towards": None}
    to_in = least_votes(n, lambda t: _all_hold(into, moved(counts, t, True), bench), calm["in"])
    to_out = least_votes(n, lambda t: _all_hold(out, moved(counts, t, False), bench), calm["out"])
    reachable = [votes for votes in (to_in, to_out) if votes is not None]
    margin = min(reachable, default=None)
    towards = None
    if margin is not None:
        towards = "either" if to_in == to_out else "in" if to_in == margin else "out"
    return {"margin": margin, "towards": towards, "to_in": to_in, "to_out": to_out}


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
    ``too_few_ratings``, ``too_few_of_respondents``. ``margin`` is the least number of voters who,
    moving to the end of the scale worst for the verdict, flip it; for ``none``, the least who
    moving to one end give a verdict, ``towards`` which.
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
    margin = _margin(verdict, sides, counts, bench)
    counted_in = raw_verdict(rule, counts, Bench(scale, quantiles, withheld), round_number)
    least = margin.pop("margin")
    result = {
        "verdict": verdict,
        "margin": least,
        "code": verdict if verdict != "none" else _none_code(facts),
        "numbers": numbers | margin,
        "with_no_opinions": {"verdict": counted_in, "flips": counted_in != verdict},
    }
    if least is None:
        result["margin_reason"] = OUT_OF_REACH if n <= SCAN_UP_TO else TOO_LARGE
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
