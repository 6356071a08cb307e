"""One measure under one criterion: consensus and stability as two answers, then the outcome."""

from dataclasses import dataclass
from fractions import Fraction

from analysis.model.criterion import (
    Case,
    CriterionResult,
    KeptInList,
    Sensitivity,
    StabilityNumbers,
    StabilityResult,
    VerdictResult,
)
from analysis.protocol.protocol import NO_ANSWER, Protocol, Scale, StabilityRule
from analysis.protocol.states import Outcome, StabilityState, Verdict, VerdictChange, Without
from analysis.result.blocks import (
    WILSON,
    band_shares,
    centre,
    half,
    ipras_result,
    points,
    scale_ends,
    undefined,
    wilcoxon_result,
)
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


def stability_result(
    rule: StabilityRule, scale: Scale, table: PairTable | None, rounds_rated: int, kept_in_list: int = 0
) -> StabilityResult:
    """Stable, moving or not assessed, by the registered rule; tests beside it for the annex.

    Codes: ``stable``; not assessed ``rated_once``, ``not_pairable``, ``too_few_pairs``, and
    ``kept_in_list`` where more than a third of the pairs are ratings kept from a list of one line
    each (``kept_in_list`` counts them): a rating that was hardly looked at cannot show that it is
    stable. Moving ``share_within``, ``median_shift``, ``net_change`` (the first that fails;
    ``codes`` has all).
    """
    if table is None:
        return _not_paired("rated_once" if rounds_rated <= 1 else "not_pairable")
    both, n = table.both, table.n
    twice, net = twice_median_shift(both), net_change(both, scale.bands, scale.lo)
    close = within(both, rule.within)
    shift = half(twice, NO_PAIRS)
    change = Value(None, NO_PAIRS) if net is None else Value(float(net))
    codes = _moving_codes(rule, n, close, twice, net) or ["stable"]
    if codes == ["stable"] and MOST_IN_LIST * kept_in_list > n:
        codes = ["kept_in_list"]
    tested, weighted = wilcoxon_result(table_moves(both)), kappa(both, "quadratic")
    return StabilityResult(
        state=_STATES.get(codes[0], StabilityState.MOVING),
        code=codes[0],
        codes=tuple(codes),
        numbers=StabilityNumbers(
            pairs=n,
            unchanged=unchanged(both),
            within_one=close,
            median_shift=shift.value,
            net_change=change.value,
            reasons=undefined(median_shift=shift, net_change=change),
        ),
        wilcoxon=tested.test,
        kappa_quadratic=weighted.value,
        reasons=tested.reasons() | undefined(kappa_quadratic=weighted),
    )


MOST_IN_LIST = 3
"""At most one pair in so many may have been kept from a list."""
_STATES = {
    "stable": StabilityState.STABLE,
    "too_few_pairs": StabilityState.NOT_ASSESSED,
    "kept_in_list": StabilityState.NOT_ASSESSED,
}
"""What a code says of stability; every other says that ratings move."""


def _not_paired(code: str) -> StabilityResult:
    return StabilityResult(
        state=StabilityState.NOT_ASSESSED,
        code=code,
        codes=(code,),
        numbers=None,
        wilcoxon=None,
        kappa_quadratic=None,
        reasons={"wilcoxon": NO_PAIRS, "kappa_quadratic": NO_PAIRS},
    )


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


def _verdict(here: Round, scale: Scale, table: Histogram) -> VerdictResult:
    rule, quantiles = here.protocol.consensus, here.protocol.quantiles
    return judge(rule, scale, quantiles, table, here.respondents, here.number)


def sensitivity_result(
    here: Round, scale: Scale, table: Histogram, pairs: PairTable | None, carried: Histogram | None
) -> Sensitivity:
    """Does leaving matter? Those absent now put lowest, highest, or where they last stood."""
    stands = _verdict(here, scale, table).verdict
    last = None if carried is None else _case(here, scale, carried, carried.n - table.n, stands)
    if pairs is None:
        return Sensitivity(leavers=None, worst=None, best=None, last_value_carried=last, reasons={"leavers": NO_PAIRS})
    gone, delta = int(pairs.dropouts.sum()), cliff_delta(pairs.dropouts, pairs.both.sum(axis=1))
    worst, best = (
        _case(here, scale, Histogram(counts, table.no_answer), gone, stands)
        for counts in worst_and_best(table.counts, gone)
    )
    return Sensitivity(
        leavers=gone,
        stayers=pairs.n,
        newcomers=int(pairs.newcomers.sum()),
        cliff_delta=delta.value,
        worst=worst,
        best=best,
        last_value_carried=last,
        reasons=undefined(cliff_delta=delta),
    )


def _case(here: Round, scale: Scale, table: Histogram, added: int, stands: Verdict) -> Case:
    wider = Round(here.protocol, here.number, here.respondents + max(0, added))
    verdict = _verdict(wider, scale, table).verdict
    return Case(n=table.n, verdict=verdict, flips=verdict != stands, shares=band_shares(table.counts, scale))


def _change(before: Verdict | None, verdict: Verdict) -> VerdictChange | None:
    """What became of the earlier verdict: kept, gained, lost or reversed."""
    if before is None:
        return None
    if before == verdict:
        return VerdictChange.KEPT
    decided = (Verdict.IN, Verdict.OUT)
    if before in decided:
        return VerdictChange.REVERSED if verdict in decided else VerdictChange.LOST
    return VerdictChange.GAINED if verdict in decided else VerdictChange.KEPT


def criterion_result(here: Round, measure: MeasureInput, key: str, carried: Histogram | None) -> CriterionResult:
    """All figures of one measure under one criterion. Raises ValueError if tables disagree."""
    protocol, scale = here.protocol, here.protocol.criterion_scale(key)
    table = measure.criteria[key]
    _require_fit(here, measure, key, scale)
    rule, quantiles, counts = protocol.consensus, protocol.quantiles, table.counts
    pairs = measure.previous.get(key) if measure.previous else None
    middle = centre(counts, scale, quantiles.quartile_type)
    a, cns = agreement(counts), consensus(counts)
    verdict = _verdict(here, scale, table)
    stability = stability_result(protocol.stability, scale, pairs, measure.rounds_rated, measure.kept(key))
    dissent = is_dissent(protocol.dissent, scale, quantiles, counts)
    found = outcome(verdict.verdict, stability.state, dissent)
    return CriterionResult(
        n=table.n,
        answered=table.answered,
        counts=points(table),
        no_answer=table.states(),
        respondents=here.respondents,
        scale=scale_ends(scale),
        quartile_type=quantiles.quartile_type,
        median=middle.median.value,
        q1=middle.q1.value,
        q3=middle.q3.value,
        iqr=middle.iqr.value,
        shares=band_shares(counts, scale),
        share_interval=WILSON,
        a=a.value,
        cns=cns.value,
        ipras=ipras_result(counts, scale, quantiles.ipras_type),
        verdict=verdict,
        robustness=robustness_result(rule, scale, quantiles, table, verdict.numbers.needed, here.number),
        stability=stability,
        dissent=dissent,
        outcome=found,
        outcome_reason=verdict.code if found == Outcome.NOT_JUDGED else stability.code,
        verdict_change=_change((measure.previous_verdicts or {}).get(key), verdict.verdict),
        sensitivity=sensitivity_result(here, scale, table, pairs, carried),
        kept_in_list=_without_list(here, scale, measure, key, verdict.verdict),
        reasons=middle.reasons() | undefined(a=a, cns=cns),
    )


def _without_list(here: Round, scale: Scale, measure: MeasureInput, key: str, stands: Verdict) -> KeptInList | None:
    """What is found without ratings kept from a list; None where nobody kept one so."""
    listed, pairs = (measure.kept_in_list or {}).get(key), (measure.previous or {}).get(key)
    if listed is None or not listed.kept or pairs is None:
        return None
    fewer = Round(here.protocol, here.number, here.respondents - listed.kept)
    verdict = _verdict(fewer, scale, listed.others).verdict
    rule = here.protocol.stability
    with_them, without = (
        stability_result(rule, scale, table, measure.rounds_rated).state for table in (pairs, listed.pairs)
    )
    return KeptInList(
        kept=listed.kept,
        verdict=Without.UNCHANGED if verdict == stands else Without.CHANGES,
        stability=Without.UNCHANGED if without == with_them else Without.CHANGES,
    )


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
