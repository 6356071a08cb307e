"""One histogram in its round: the verdict by the registered rule, and whether ratings still move."""

from dataclasses import dataclass
from fractions import Fraction

from analysis.model.criterion import StabilityNumbers, StabilityResult, VerdictResult
from analysis.protocol.protocol import Protocol, Scale, StabilityRule
from analysis.protocol.states import StabilityState
from analysis.result.blocks import half, undefined, wilcoxon_result
from analysis.statistics.change import table_moves
from analysis.statistics.stability import kappa, net_change, twice_median_shift, unchanged, within
from analysis.statistics.value import NO_PAIRS, Value
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.verdict.consensus import judge


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


def verdict_of(here: Round, scale: Scale, table: Histogram) -> VerdictResult:
    """The verdict of one histogram by the rule of its round."""
    rule, quantiles = here.protocol.consensus, here.protocol.quantiles
    return judge(rule, scale, quantiles, table, here.respondents, here.number)
