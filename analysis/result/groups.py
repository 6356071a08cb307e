"""Groups of the panel against each other, and those who left against those who stayed.

Frozen under ``hidden``: small groups could be recognised in it. P-values are adjusted over all
variables of the stage, by Holm (any error at all) and by Benjamini and Hochberg (share of errors).
"""

from collections.abc import Mapping
from typing import Any

from analysis.protocol.protocol import Protocol, Scale
from analysis.result.blocks import put, significance
from analysis.result.stage_input import MeasureInput, VariableTable
from analysis.statistics.attrition import leaving, share_bounds
from analysis.statistics.descriptive import CountsLike
from analysis.statistics.mann_whitney import cliff_delta, mann_whitney, mann_whitney_exact
from analysis.statistics.multiplicity import benjamini_hochberg, holm
from analysis.statistics.subgroups import epsilon_squared, kruskal_wallis
from analysis.statistics.uncertainty import newcombe_difference
from analysis.statistics.value import TOO_LARGE, Significance
from analysis.tables.histograms import Histogram
from analysis.verdict.consensus import band_count, judge
from analysis.verdict.robustness import group_verdicts

ByGroup = Mapping[str, tuple[VariableTable, ...]]


def adjust_p(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Write ``p_holm`` and ``p_bh`` into the ``test`` of each result of one family."""
    keys = [key for key in sorted(results) if results[key]["test"]["p"] is not None]
    tests = [results[key]["test"] for key in keys]
    p = [float(test["p"]) for test in tests]
    for test, one, other in zip(tests, holm(p), benjamini_hochberg(p), strict=True):
        test |= {"p_holm": one, "p_bh": other}


def subgroups_result(protocol: Protocol, by_group: ByGroup, round_number: int | None) -> dict[str, Any]:
    """Each variable on a scale that two groups or more answered: test, effect, verdicts."""
    tables: dict[str, dict[str, VariableTable]] = {}
    for group, variables in by_group.items():
        for variable in variables:
            if variable.scale is not None:
                tables.setdefault(variable.key, {})[group] = variable
    found = {
        key: _compared(protocol, groups, round_number) for key, groups in sorted(tables.items()) if len(groups) > 1
    }
    adjust_p(found)
    return found


def _compared(protocol: Protocol, groups: dict[str, VariableTable], round_number: int | None) -> dict[str, Any]:
    scale = next(iter(groups.values())).scale
    assert scale is not None
    counts = [variable.histogram.counts for variable in groups.values()]
    result: dict[str, Any] = {"groups": {g: v.histogram.n for g, v in groups.items()}}
    if len(counts) == 2:
        test = _exact_if_small(*counts)
        put(result, "cliff_delta", cliff_delta(*counts))
        result["share_difference"] = _difference(scale, *(v.histogram for v in groups.values()))
    else:
        test = kruskal_wallis(counts)
        total = float(sum(c.sum() for c in counts))
        if test.statistic is not None:
            put(result, "epsilon_squared", epsilon_squared(test.statistic, total))
    result["test"] = significance(test)
    if any(scale.key == criterion.scale for criterion in protocol.criteria):
        result |= group_verdicts(
            {group: variable.histogram for group, variable in groups.items()},
            lambda table: _group_verdict(protocol, scale, table, round_number),
        )
    return result


def _group_verdict(protocol: Protocol, scale: Scale, table: Histogram, round_number: int | None) -> str:
    """The rule in one group, whose respondents are those who answered it."""
    rule, quantiles = protocol.consensus, protocol.quantiles
    found = judge(rule, scale, quantiles, table, table.answered, round_number)
    return str(found["verdict"])


def _difference(scale: Scale, first: Histogram, second: Histogram) -> dict[str, Any] | None:
    """Share of the highest band in the first group minus that in the second (Newcombe 1998)."""
    if not scale.bands or not first.n or not second.n:
        return None
    band = scale.bands[-1].key
    one, two = (band_count(table.counts, scale, band) for table in (first, second))
    interval = newcombe_difference(one, first.n, two, second.n)
    return {"band": band, "value": one / first.n - two / second.n, "low": interval.low, "high": interval.high}


def attrition_result(protocol: Protocol, measures: tuple[MeasureInput, ...]) -> dict[str, Any]:
    """Per measure and criterion rated before: earlier ratings of leavers against stayers."""
    found: dict[str, Any] = {}
    for measure in measures:
        for key, table in (measure.previous or {}).items():
            scale = protocol.criterion_scale(key)
            gone = leaving(table, scale.lo)
            result: dict[str, Any] = {"leavers": gone.leavers, "stayers": gone.stayers}
            put(result, "cliff_delta", gone.delta)
            put(result, "median_leavers", gone.median_leavers)
            put(result, "median_stayers", gone.median_stayers)
            result["test"] = significance(_exact_if_small(table.dropouts, table.both.sum(axis=1)))
            result["bounds"] = {}
            now = measure.criteria[key]
            for band in scale.bands:
                held = band_count(now.counts, scale, band.key)
                ends = share_bounds(held, now.n, gone.leavers)
                result["bounds"][band.key] = None if isinstance(ends, str) else list(ends)
            found[f"{measure.key}.{key}"] = result
    adjust_p(found)
    return found


def _exact_if_small(first: CountsLike, second: CountsLike) -> Significance:
    test = mann_whitney_exact(first, second)
    return mann_whitney(first, second) if test.reason == TOO_LARGE else test
