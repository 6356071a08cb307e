"""One measure under one criterion: consensus and stability as two answers, then the outcome."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analysis.protocol.protocol import NO_ANSWER, Protocol, Scale, StabilityRule
from analysis.protocol.states import Verdict
from analysis.result.blocks import band_shares, centre, half, ipras_result, put, tally, wilcoxon_result
from analysis.result.stage_input import MeasureInput
from analysis.statistics.attrition import worst_and_best
from analysis.statistics.change import table_moves
from analysis.statistics.mann_whitney import cliff_delta
from analysis.statistics.ordinal import agreement, consensus
from analysis.statistics.stability import kappa, net_change, twice_median_shift, unchanged, within
from analysis.statistics.value import NO_PAIRS, Value
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.verdict.consensus import judge
from analysis.verdict.outcome import is_dissent, outcome
from analysis.verdict.robustness import robustness_result


@dataclass(frozen=True)
class Round:
    """The round a criterion is judged in."""

    protocol: Protocol
    number: int | None
    respondents: int


def stability_result(rule: StabilityRule, scale: Scale, table: PairTable | None, rounds_rated: int) -> dict[str, Any]:
    """Stable, moving or not assessed, by the registered rule; tests beside it for the annex.

    Codes: ``stable``; not assessed ``rated_once``, ``not_pairable``, ``too_few_pairs``; moving
    ``share_within``, ``median_shift``, ``net_change`` (the first that fails; ``codes`` has all).
    """
    if table is None:
        code = "rated_once" if rounds_rated <= 1 else "not_pairable"
        return {
            "state": "not_assessed",
            "code": code,
            "codes": [code],
            "numbers": None,
            "wilcoxon": None,
            "wilcoxon_reason": NO_PAIRS,
            "kappa_quadratic": None,
            "kappa_quadratic_reason": NO_PAIRS,
        }
    both, n = table.both, table.n
    shift, net = twice_median_shift(both), net_change(both, scale.bands, scale.lo)
    close = within(both, rule.within)
    numbers: dict[str, Any] = {"pairs": n, "unchanged": unchanged(both), "within_one": close}
    put(numbers, "median_shift", half(shift, NO_PAIRS))
    put(numbers, "net_change", Value(None, NO_PAIRS) if net is None else Value(float(net)))
    codes = _moving_codes(rule, n, close, shift, net)
    state = "not_assessed" if codes == ["too_few_pairs"] else "moving" if codes else "stable"
    test, reason = wilcoxon_result(table_moves(both))
    result: dict[str, Any] = {
        "state": state,
        "code": codes[0] if codes else "stable",
        "codes": codes or ["stable"],
        "numbers": numbers,
        "wilcoxon": test,
    }
    if test is None:
        result["wilcoxon_reason"] = reason
    put(result, "kappa_quadratic", kappa(both, "quadratic"))
    return result


def _moving_codes(rule: StabilityRule, n: int, close: int, shift: int | None, net: Fraction | None) -> list[str]:
    if n < rule.minimum_pairs or shift is None or net is None:
        return ["too_few_pairs"]
    codes = []
    if close * rule.share_within[1] < rule.share_within[0] * n:
        codes.append("share_within")
    if abs(shift) * rule.median_shift[1] > 2 * rule.median_shift[0]:
        codes.append("median_shift")
    if net >= Fraction(*rule.net_band_change):
        codes.append("net_change")
    return codes


def _verdict(here: Round, scale: Scale, table: Histogram) -> dict[str, Any]:
    rule, quantiles = here.protocol.consensus, here.protocol.quantiles
    return judge(rule, scale, quantiles, table, here.respondents, here.number)


def sensitivity_result(
    here: Round, scale: Scale, table: Histogram, pairs: PairTable | None, carried: Histogram | None
) -> dict[str, Any]:
    """Does leaving matter? Those absent now put lowest, highest, or where they last stood."""
    stands = _verdict(here, scale, table)["verdict"]
    result: dict[str, Any] = {"leavers": None, "worst": None, "best": None}
    if pairs is None:
        result["leavers_reason"] = NO_PAIRS
    else:
        gone = int(pairs.dropouts.sum())
        result["leavers"] = gone
        result["stayers"] = pairs.n
        result["newcomers"] = int(pairs.newcomers.sum())
        put(result, "cliff_delta", cliff_delta(pairs.dropouts, pairs.both.sum(axis=1)))
        for name, counts in zip(("worst", "best"), worst_and_best(table.counts, gone), strict=True):
            result[name] = _case(here, scale, Histogram(counts, table.no_answer), gone, stands)
    result["last_value_carried"] = None
    if carried is not None:
        added = carried.n - table.n
        result["last_value_carried"] = _case(here, scale, carried, added, stands)
    return result


def _case(here: Round, scale: Scale, table: Histogram, added: int, stands: str) -> dict[str, Any]:
    wider = Round(here.protocol, here.number, here.respondents + max(0, added))
    verdict = _verdict(wider, scale, table)["verdict"]
    return {"n": table.n, "verdict": verdict, "flips": verdict != stands, "shares": band_shares(table.counts, scale)}


def _change(before: Verdict | None, verdict: str) -> str | None:
    """What became of the earlier verdict: kept, gained, lost or reversed."""
    if before is None:
        return None
    if before == verdict:
        return "kept"
    decided = ("in", "out")
    if before in decided:
        return "reversed" if verdict in decided else "lost"
    return "gained" if verdict in decided else "kept"


def criterion_result(here: Round, measure: MeasureInput, key: str, carried: Histogram | None) -> dict[str, Any]:
    """All figures of one measure under one criterion. Raises ValueError if tables disagree."""
    protocol, scale = here.protocol, here.protocol.criterion_scale(key)
    table = measure.criteria[key]
    _require_fit(here, measure, key, scale)
    pairs = measure.previous.get(key) if measure.previous else None
    counts = table.counts
    result = tally(table) | {"respondents": here.respondents}
    result |= {"scale": {"key": scale.key, "lo": scale.lo, "hi": scale.hi}}
    result |= centre(counts, scale, protocol.quantiles.quartile_type)
    result |= {"shares": band_shares(counts, scale), "share_interval": "wilson"}
    put(result, "a", agreement(counts))
    put(result, "cns", consensus(counts))
    result["ipras"] = ipras_result(counts, scale, protocol.quantiles.ipras_type)
    result["verdict"] = verdict = _verdict(here, scale, table)
    result["robustness"] = robustness_result(
        protocol.consensus, scale, protocol.quantiles, table, verdict["numbers"]["needed"], here.number
    )
    stability = stability_result(protocol.stability, scale, pairs, measure.rounds_rated)
    result["stability"] = stability
    dissent = is_dissent(protocol.dissent, scale, protocol.quantiles, counts)
    result["dissent"] = dissent
    result["outcome"] = outcome(verdict["verdict"], stability["state"], dissent)
    result["outcome_reason"] = verdict["code"] if result["outcome"] == "not_judged" else stability["code"]
    earlier = (measure.previous_verdicts or {}).get(key)
    result["verdict_change"] = _change(earlier, verdict["verdict"])
    result["sensitivity"] = sensitivity_result(here, scale, table, pairs, carried)
    return result


def _require_fit(here: Round, measure: MeasureInput, key: str, scale: Scale) -> None:
    table = measure.criteria[key]
    name = f"{measure.key}.{key}"
    if table.k != scale.k:
        raise ValueError(f"{name}: a histogram of {table.k} points on a scale of {scale.k}")
    pairs = measure.previous.get(key) if measure.previous else None
    if pairs is not None and pairs.k != scale.k:
        raise ValueError(f"{name}: pairs of {pairs.k} points on a scale of {scale.k}")
    seen = table.answered
    if seen > here.respondents:
        raise ValueError(f"{name}: {seen} answered, but {here.respondents} submitted")
    if len(table.no_answer) != len(NO_ANSWER):
        raise ValueError(f"{name}: states of not answering do not match")
