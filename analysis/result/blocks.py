"""One histogram, or one pair table, described as JSON-ready numbers.

An undefined figure is null, and a sibling key ``<name>_reason`` says why.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from analysis.protocol.protocol import Protocol, Scale
from analysis.result.stage_input import PairInput, VariableTable
from analysis.statistics.agreement import Coefficient
from analysis.statistics.appropriateness import IPRAS_MINIMUM, ipras
from analysis.statistics.change import Moves, table_moves, wilcoxon
from analysis.statistics.descriptive import mean, quartiles, twice_median
from analysis.statistics.multiplicity import holm
from analysis.statistics.stability import mean_shift, twice_median_shift
from analysis.statistics.uncertainty import normal_quantile, wilson
from analysis.statistics.value import NO_DATA, NO_PAIRS, Significance, Value
from analysis.tables.histograms import Counts, Histogram


def put(result: dict[str, Any], name: str, value: Value) -> None:
    """Store a statistic; if undefined, null and its reason beside it."""
    result[name] = value.value
    if value.value is None:
        result[f"{name}_reason"] = value.reason


def half(twice: int | None, reason: str = NO_DATA) -> Value:
    """A median given twice, as a value."""
    return Value(None, reason) if twice is None else Value(twice / 2)


def share(count: int, n: int) -> dict[str, Any]:
    """A count of ``n`` with its share and Wilson 95 % interval."""
    interval = wilson(count, n)
    result: dict[str, Any] = {"count": count, "n": n}
    put(result, "share", Value(count / n) if n else Value(None, NO_DATA))
    ends = None if interval.low is None else [interval.low, interval.high]
    return result | {"low": interval.low, "high": interval.high, "wilson": ends}


def band_shares(counts: Counts, scale: Scale) -> dict[str, Any]:
    """Shares by band, of those who rated."""
    n = int(counts.sum())
    return {band.key: share(int(counts[band.lo - scale.lo : band.hi - scale.lo + 1].sum()), n) for band in scale.bands}


def tally(table: Histogram) -> dict[str, Any]:
    """n, answered, counts by point and by state of not answering."""
    return {"n": table.n, "answered": table.answered, "counts": table.counts.tolist(), "no_answer": table.states()}


def centre(counts: Counts, scale: Scale, quartile_type: int) -> dict[str, Any]:
    """Median, quartiles with their type, and IQR."""
    result: dict[str, Any] = {"quartile_type": quartile_type}
    put(result, "median", half(twice_median(counts, scale.lo)))
    pair = quartiles(counts, quartile_type, scale.lo)
    for name, place in (("q1", 0), ("q3", 1)):
        put(result, name, Value(float(pair[place])) if pair else Value(None, NO_DATA))
    put(result, "iqr", Value(float(pair[1] - pair[0])) if pair else Value(None, NO_DATA))
    return result


def variable_result(protocol: Protocol, variable: VariableTable) -> dict[str, Any]:
    """One variable of a questionnaire: tally, and what its level allows."""
    counts, scale = variable.histogram.counts, variable.scale
    result = tally(variable.histogram) | {"share_interval": "wilson"}
    if scale is None:
        n = int(counts.sum())
        shares = {key: share(int(c), n) for key, c in zip(variable.labels, counts, strict=True)}
        return result | {"labels": list(variable.labels), "shares": shares}
    result |= {"scale": {"key": scale.key, "lo": scale.lo, "hi": scale.hi, "level": scale.level}}
    result |= centre(counts, scale, protocol.quantiles.quartile_type)
    put(result, "mean", mean(counts, scale.lo))
    return result | {"shares": band_shares(counts, scale)}


def ipras_result(counts: Counts, scale: Scale, kind: int) -> dict[str, Any]:
    """IPRAS with its percentile type; flagged below seven ratings."""
    found = ipras(counts, scale.lo, scale.hi, kind)
    index = found.disagreement_index
    numbers: dict[str, Fraction | None] = {
        "p30": found.p30,
        "p70": found.p70,
        "ipr": found.ipr,
        "ipras": found.ipras,
        "index": index,
    }
    result: dict[str, Any] = {k: None if v is None else float(v) for k, v in numbers.items()}
    result |= {"disagreement": found.disagreement, "quantile_type": kind}
    if found.reason:
        result["reason"] = found.reason
    return result | {"below_minimum": int(counts.sum()) < IPRAS_MINIMUM}


def wilcoxon_result(moves: Moves) -> tuple[dict[str, Any] | None, str | None]:
    """The signed-rank test as a dict, or None and the reason."""
    test = wilcoxon(moves)
    if test.statistic is None:
        return None, test.reason
    return {"statistic": test.statistic, "p": test.p, "method": test.method}, None


def pair_result(given: PairInput) -> dict[str, Any]:
    """People up, same and down between two questionnaires; a change, never an effect."""
    both, lo = given.table.both, given.scale.lo
    moves = table_moves(both)
    test, reason = wilcoxon_result(moves)
    result: dict[str, Any] = {
        "earlier": given.earlier_key,
        "label": given.label,
        "scale": {"key": given.scale.key, "lo": lo, "hi": given.scale.hi},
        "n": given.table.n,
        "up": sum(moves.up),
        "same": moves.same,
        "down": sum(moves.down),
        "n_earlier_only": int(given.table.leavers.sum()),
        "n_later_only": int(given.table.newcomers.sum()),
        "wilcoxon": test,
    }
    if test is None:
        result["wilcoxon_reason"] = reason
    put(result, "median_earlier", half(twice_median(both.sum(axis=1), lo), NO_PAIRS))
    put(result, "median_later", half(twice_median(both.sum(axis=0), lo), NO_PAIRS))
    put(result, "median_shift", half(twice_median_shift(both), NO_PAIRS))
    put(result, "mean_shift", mean_shift(both))
    return result


def coefficient(found: Coefficient) -> dict[str, Any]:
    """A coefficient of agreement with its error over measures and a 95 % interval."""
    result: dict[str, Any] = {"error": found.error, "low": None, "high": None}
    put(result, "value", Value(found.value, found.reason))
    if found.value is not None and found.error is not None:
        width = normal_quantile(0.95) * found.error
        result |= {"low": found.value - width, "high": min(1.0, found.value + width)}
    return result


def significance(test: Significance) -> dict[str, Any]:
    """A test as a dict; ``reason`` where its statistic or p is undefined."""
    result: dict[str, Any] = {"statistic": test.statistic, "df": test.df, "p": test.p}
    result["method"] = test.method
    return result if test.reason is None else result | {"reason": test.reason}


def adjust(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Write Holm-adjusted p-values (``p_holm``) into the Wilcoxon tests of one family."""
    tests = [results[key]["wilcoxon"] for key in sorted(results) if results[key]["wilcoxon"]]
    for test, p in zip(tests, holm([test["p"] for test in tests]), strict=True):
        test["p_holm"] = p
