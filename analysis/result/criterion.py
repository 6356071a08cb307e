"""One measure under one criterion: consensus and stability as two answers, then the outcome."""

from analysis.model.criterion import Case, CriterionResult, Sensitivity
from analysis.protocol.protocol import NO_ANSWER, Scale
from analysis.protocol.states import Outcome, Verdict, VerdictChange
from analysis.result.blocks import WILSON, band_shares, centre, ipras_result, points, scale_ends, undefined
from analysis.result.judging import Round, stability_result, verdict_of
from analysis.result.stage_input import MeasureInput
from analysis.result.without import without_list, without_saved
from analysis.statistics.attrition import worst_and_best
from analysis.statistics.mann_whitney import cliff_delta
from analysis.statistics.ordinal import agreement, consensus
from analysis.statistics.value import NO_PAIRS
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.verdict.outcome import is_dissent, outcome
from analysis.verdict.robustness import robustness_result


def sensitivity_result(
    here: Round, scale: Scale, table: Histogram, pairs: PairTable | None, carried: Histogram | None
) -> Sensitivity:
    """Does leaving matter? Those absent now put lowest, highest, or where they last stood."""
    stands = verdict_of(here, scale, table).verdict
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
    verdict = verdict_of(wider, scale, table).verdict
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
    verdict = verdict_of(here, scale, table)
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
        kept_in_list=without_list(here, scale, measure, key, verdict.verdict),
        counted_at_close=without_saved(here, scale, measure, key, verdict.verdict),
        reasons=middle.reasons() | undefined(a=a, cns=cns),
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
