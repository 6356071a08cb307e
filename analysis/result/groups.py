"""Groups of the panel against each other, and those who left against those who stayed.

Frozen under ``hidden``: small groups could be recognised in it. P-values are adjusted over all
variables of the stage, by Holm (any error at all) and by Benjamini and Hochberg (share of errors).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from analysis.model.panel import AttritionResult, ShareDifference, SubgroupResult
from analysis.protocol.protocol import Protocol, Scale
from analysis.protocol.states import Verdict
from analysis.result.blocks import significance, undefined
from analysis.result.stage_input import MeasureInput, VariableTable
from analysis.statistics.attrition import leaving, share_bounds
from analysis.statistics.descriptive import CountsLike
from analysis.statistics.mann_whitney import cliff_delta, mann_whitney, mann_whitney_exact
from analysis.statistics.multiplicity import benjamini_hochberg, holm
from analysis.statistics.subgroups import epsilon_squared, kruskal_wallis
from analysis.statistics.uncertainty import newcombe_difference
from analysis.statistics.value import TOO_LARGE, Significance
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.verdict.consensus import band_count, judge
from analysis.verdict.robustness import group_verdicts

R = TypeVar("R", SubgroupResult, AttritionResult)
ByGroup = Mapping[str, tuple[VariableTable, ...]]


def _adjusted(results: Mapping[str, R]) -> dict[str, R]:
    """The results of one family, ``p_holm`` and ``p_bh`` in the ``test`` of each that has a p."""
    keys = [key for key in sorted(results) if results[key].test.p is not None]
    p = [float(results[key].test.p or 0) for key in keys]
    adjusted = {
        key: replace(results[key], test=replace(results[key].test, p_holm=one, p_bh=other))
        for key, one, other in zip(keys, holm(p), benjamini_hochberg(p), strict=True)
    }
    return {key: adjusted.get(key, result) for key, result in results.items()}


def subgroups_result(protocol: Protocol, by_group: ByGroup, round_number: int | None) -> dict[str, SubgroupResult]:
    """Each variable on a scale that two groups or more answered: test, effect, verdicts."""
    tables: dict[str, dict[str, VariableTable]] = {}
    for group, variables in by_group.items():
        for variable in variables:
            if variable.scale is not None:
                tables.setdefault(variable.key, {})[group] = variable
    return _adjusted(
        {key: _compared(protocol, groups, round_number) for key, groups in sorted(tables.items()) if len(groups) > 1}
    )


def _compared(protocol: Protocol, groups: dict[str, VariableTable], round_number: int | None) -> SubgroupResult:
    scale = next(iter(groups.values())).scale
    assert scale is not None
    tables = {group: variable.histogram for group, variable in groups.items()}
    found = _two(scale, *tables.values()) if len(tables) == 2 else _several(list(tables.values()))
    found = replace(found, groups={group: table.n for group, table in tables.items()})
    if not any(scale.key == criterion.scale for criterion in protocol.criteria):
        return found
    verdicts = group_verdicts(tables, lambda table: _group_verdict(protocol, scale, table, round_number))
    return replace(found, verdicts=verdicts.verdicts, all_groups=verdicts.all_groups)


def _two(scale: Scale, first: Histogram, second: Histogram) -> SubgroupResult:
    delta = cliff_delta(first.counts, second.counts)
    return SubgroupResult(
        groups={},
        test=significance(_exact_if_small(first.counts, second.counts)),
        cliff_delta=delta.value,
        share_difference=_difference(scale, first, second),
        reasons=undefined(cliff_delta=delta),
        nulls=frozenset({"share_difference"}),
    )


def _several(tables: list[Histogram]) -> SubgroupResult:
    test = kruskal_wallis([table.counts for table in tables])
    found = SubgroupResult(groups={}, test=significance(test))
    if test.statistic is None:
        return found
    effect = epsilon_squared(test.statistic, float(sum(table.n for table in tables)))
    return replace(found, epsilon_squared=effect.value, reasons=undefined(epsilon_squared=effect))


def _group_verdict(protocol: Protocol, scale: Scale, table: Histogram, round_number: int | None) -> Verdict:
    """The rule in one group, whose respondents are those who answered it."""
    rule, quantiles = protocol.consensus, protocol.quantiles
    return judge(rule, scale, quantiles, table, table.answered, round_number).verdict


def _difference(scale: Scale, first: Histogram, second: Histogram) -> ShareDifference | None:
    """Share of the highest band in the first group minus that in the second (Newcombe 1998)."""
    if not scale.bands or not first.n or not second.n:
        return None
    band = scale.bands[-1].key
    one, two = (band_count(table.counts, scale, band) for table in (first, second))
    interval = newcombe_difference(one, first.n, two, second.n)
    value = one / first.n - two / second.n
    return ShareDifference(band=band, value=value, low=interval.low, high=interval.high)


def attrition_result(protocol: Protocol, measures: tuple[MeasureInput, ...]) -> dict[str, AttritionResult]:
    """Per measure and criterion rated before: earlier ratings of leavers against stayers."""
    return _adjusted(
        {
            f"{measure.key}.{key}": _attrition(protocol.criterion_scale(key), table, measure.criteria[key])
            for measure in measures
            for key, table in (measure.previous or {}).items()
        }
    )


def _attrition(scale: Scale, table: PairTable, now: Histogram) -> AttritionResult:
    gone = leaving(table, scale.lo)
    bounds: dict[str, tuple[float, float] | None] = {}
    for band in scale.bands:
        ends = share_bounds(band_count(now.counts, scale, band.key), now.n, gone.leavers)
        bounds[band.key] = None if isinstance(ends, str) else ends
    return AttritionResult(
        leavers=gone.leavers,
        stayers=gone.stayers,
        cliff_delta=gone.delta.value,
        median_leavers=gone.median_leavers.value,
        median_stayers=gone.median_stayers.value,
        test=significance(_exact_if_small(table.dropouts, table.both.sum(axis=1))),
        bounds=bounds,
        reasons=undefined(
            cliff_delta=gone.delta, median_leavers=gone.median_leavers, median_stayers=gone.median_stayers
        ),
    )


def _exact_if_small(first: CountsLike, second: CountsLike) -> Significance:
    test = mann_whitney_exact(first, second)
    return mann_whitney(first, second) if test.reason == TOO_LARGE else test
