"""One histogram, or one pair table, described: the parts that every result is made of.

An undefined figure is None, and ``reasons`` say why.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from analysis.model.criterion import Ipras
from analysis.model.figures import Coefficient, ScaleEnds, Share, SignificanceTest, Tally, Wilcoxon
from analysis.model.stage import PairResult, VariableResult
from analysis.protocol.protocol import Protocol, Scale
from analysis.result.stage_input import PairInput, VariableTable
from analysis.statistics.agreement import Coefficient as Estimate
from analysis.statistics.appropriateness import IPRAS_MINIMUM, ipras
from analysis.statistics.change import Moves, table_moves, wilcoxon
from analysis.statistics.descriptive import mean, quartiles, twice_median
from analysis.statistics.multiplicity import holm
from analysis.statistics.stability import mean_shift, twice_median_shift
from analysis.statistics.uncertainty import normal_quantile, wilson
from analysis.statistics.value import NO_DATA, NO_PAIRS, Significance, Value
from analysis.tables.histograms import Counts, Histogram

WILSON = "wilson"


def undefined(**figures: Value) -> dict[str, str | None]:
    """Why figures are undefined, by key, of those that are."""
    return {key: figure.reason for key, figure in figures.items() if figure.value is None}


def half(twice: int | None, reason: str = NO_DATA) -> Value:
    """A median given twice, as a value."""
    return Value(None, reason) if twice is None else Value(twice / 2)


def share(count: int, n: int) -> Share:
    """A count of ``n`` with its share and Wilson 95 % interval."""
    interval = wilson(count, n)
    part = Value(count / n) if n else Value(None, NO_DATA)
    ends = None if interval.low is None or interval.high is None else (interval.low, interval.high)
    return Share(
        count=count,
        n=n,
        share=part.value,
        low=interval.low,
        high=interval.high,
        wilson=ends,
        reasons=undefined(share=part),
    )


def band_shares(counts: Counts, scale: Scale) -> dict[str, Share]:
    """Shares by band, of those who rated."""
    n = int(counts.sum())
    return {band.key: share(int(counts[band.lo - scale.lo : band.hi - scale.lo + 1].sum()), n) for band in scale.bands}


def tally(table: Histogram) -> Tally:
    """n, answered, counts by point and by state of not answering."""
    return Tally(n=table.n, answered=table.answered, counts=points(table), no_answer=table.states())


def points(table: Histogram) -> tuple[int, ...]:
    """Counts by point, or by label."""
    return tuple(table.counts.tolist())


class Centre(NamedTuple):
    """Median, quartiles and their distance."""

    median: Value
    q1: Value
    q3: Value
    iqr: Value

    def reasons(self) -> dict[str, str | None]:
        """Why they are undefined, where they are."""
        return undefined(**self._asdict())


def centre(counts: Counts, scale: Scale, quartile_type: int) -> Centre:
    """Median, and quartiles of Hyndman and Fan's type."""
    median, pair = half(twice_median(counts, scale.lo)), quartiles(counts, quartile_type, scale.lo)
    if pair is None:
        nothing = Value(None, NO_DATA)
        return Centre(median, nothing, nothing, nothing)
    return Centre(median, *(Value(float(figure)) for figure in (pair[0], pair[1], pair[1] - pair[0])))


def scale_ends(scale: Scale) -> ScaleEnds:
    """The key and the ends of a scale."""
    return ScaleEnds(key=scale.key, lo=scale.lo, hi=scale.hi)


def variable_result(protocol: Protocol, variable: VariableTable) -> VariableResult:
    """One variable of a questionnaire: tally, and what its level allows."""
    table, scale = variable.histogram, variable.scale
    found = VariableResult(
        n=table.n,
        answered=table.answered,
        counts=points(table),
        no_answer=table.states(),
        share_interval=WILSON,
        shares=None,
    )
    if scale is None:
        named = zip(variable.labels, points(table), strict=True)
        return replace(found, labels=variable.labels, shares={key: share(count, table.n) for key, count in named})
    kind = protocol.quantiles.quartile_type
    middle, average = centre(table.counts, scale, kind), mean(table.counts, scale.lo)
    return replace(
        found,
        scale=replace(scale_ends(scale), level=scale.level),
        quartile_type=kind,
        median=middle.median.value,
        q1=middle.q1.value,
        q3=middle.q3.value,
        iqr=middle.iqr.value,
        mean=average.value,
        reasons=middle.reasons() | undefined(mean=average),
        shares=band_shares(table.counts, scale),
    )


def ipras_result(counts: Counts, scale: Scale, kind: int) -> Ipras:
    """IPRAS with its percentile type; flagged below seven ratings."""
    found = ipras(counts, scale.lo, scale.hi, kind)
    figures = (found.p30, found.p70, found.ipr, found.ipras, found.disagreement_index)
    p30, p70, ipr, limit, index = (None if one is None else float(one) for one in figures)
    return Ipras(
        p30=p30,
        p70=p70,
        ipr=ipr,
        ipras=limit,
        index=index,
        disagreement=found.disagreement,
        quantile_type=kind,
        below_minimum=int(counts.sum()) < IPRAS_MINIMUM,
        reason=found.reason or None,
    )


class Tested(NamedTuple):
    """A signed-rank test, or None and why there is none."""

    test: Wilcoxon | None
    reason: str | None = None

    def reasons(self) -> dict[str, str | None]:
        """Why there is no test, where there is none."""
        return {"wilcoxon": self.reason} if self.test is None else {}


def wilcoxon_result(moves: Moves) -> Tested:
    """The signed-rank test of a change."""
    test = wilcoxon(moves)
    if test.statistic is None:
        return Tested(None, test.reason)
    return Tested(Wilcoxon(statistic=test.statistic, p=test.p, method=test.method))


def pair_result(given: PairInput) -> PairResult:
    """People up, same and down between two questionnaires; a change, never an effect."""
    both, lo = given.table.both, given.scale.lo
    moves = table_moves(both)
    tested = wilcoxon_result(moves)
    earlier = half(twice_median(both.sum(axis=1), lo), NO_PAIRS)
    later = half(twice_median(both.sum(axis=0), lo), NO_PAIRS)
    shift, average = half(twice_median_shift(both), NO_PAIRS), mean_shift(both)
    figures = undefined(median_earlier=earlier, median_later=later, median_shift=shift, mean_shift=average)
    return PairResult(
        earlier=given.earlier_key,
        label=given.label,
        scale=scale_ends(given.scale),
        n=given.table.n,
        up=sum(moves.up),
        same=moves.same,
        down=sum(moves.down),
        n_earlier_only=int(given.table.leavers.sum()),
        n_later_only=int(given.table.newcomers.sum()),
        wilcoxon=tested.test,
        median_earlier=earlier.value,
        median_later=later.value,
        median_shift=shift.value,
        mean_shift=average.value,
        reasons=tested.reasons() | figures,
    )


def coefficient(found: Estimate) -> Coefficient:
    """A coefficient of agreement with its error over measures and a 95 % interval."""
    low, high = None, None
    if found.value is not None and found.error is not None:
        width = normal_quantile(0.95) * found.error
        low, high = found.value - width, min(1.0, found.value + width)
    reasons = undefined(value=Value(found.value, found.reason))
    return Coefficient(error=found.error, value=found.value, low=low, high=high, reasons=reasons)


def significance(test: Significance) -> SignificanceTest:
    """A test; ``reason`` where its statistic or p is undefined."""
    return SignificanceTest(statistic=test.statistic, df=test.df, p=test.p, method=test.method, reason=test.reason)


def adjusted(tests: Mapping[str, Wilcoxon | None]) -> dict[str, Wilcoxon]:
    """The Wilcoxon tests of one family, those there are, with Holm-adjusted p-values (``p_holm``)."""
    family = [(key, test, test.p) for key, test in sorted(tests.items()) if test is not None and test.p is not None]
    each = zip(family, holm([p for _, _, p in family]), strict=True)
    return {key: replace(test, p_holm=p) for (key, test, _), p in each}
