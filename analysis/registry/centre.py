"""Where the ratings of one item stand and how they spread."""

from collections.abc import Iterator

import numpy as np

from analysis.registry.entry import Figure, Statistic, number, word
from analysis.registry.given import OneMeasure
from analysis.statistics.bootstrap import bootstrap_interval, means, medians, shares
from analysis.statistics.descriptive import (
    deviation,
    extremes,
    hinges,
    interquartile_range,
    mean,
    mean_deviation,
    median,
    median_deviation,
    modes,
    net_agreement,
    normal_median_deviation,
    quartiles,
    share_near_median,
    variance,
    variation,
)

HINGES = ("minimum", "lower hinge", "median", "upper hinge", "maximum")


def _quartiles(given: OneMeasure) -> Iterator[Figure]:
    lo, kind = given.scale.lo, given.protocol.quantiles.quartile_type
    yield number("median", median(given.counts, lo))
    pair = quartiles(given.counts, kind, lo) or (None, None)
    yield number(f"first quartile, type {kind}", pair[0])
    yield number(f"third quartile, type {kind}", pair[1])
    yield number(f"interquartile range, type {kind}", interquartile_range(given.counts, kind))
    five = hinges(given.counts, lo) or (None,) * len(HINGES)
    for name, value in zip(HINGES, five, strict=True):
        if name.endswith("hinge"):
            yield number(name, value)
    ends = extremes(given.counts, lo) or (None, None)
    yield number("minimum", ends[0])
    yield number("maximum", ends[1])


def _mean(given: OneMeasure) -> Iterator[Figure]:
    yield number("mean", mean(given.counts, given.scale.lo))
    yield number("SD", deviation(given.counts))
    yield number("variance", variance(given.counts))


def _variation(given: OneMeasure) -> Iterator[Figure]:
    yield number("coefficient of variation", variation(given.counts, given.scale.lo))


def _modes(given: OneMeasure) -> Iterator[Figure]:
    yield word("modes", ", ".join(map(str, modes(given.counts, given.scale.lo))))


def _mad(given: OneMeasure) -> Iterator[Figure]:
    yield number("MAD, raw", median_deviation(given.counts))
    yield number("MAD, normal-scaled", normal_median_deviation(given.counts))
    yield number("mean deviation from the median", mean_deviation(given.counts))


def _near(given: OneMeasure) -> Iterator[Figure]:
    yield number("share within one point of the median", share_near_median(given.counts))
    if given.ends is not None:
        low, high = given.ends
        of = f"{high.key} - {low.key}"
        yield number("net agreement", net_agreement(given.within(high), given.within(low), given.n), of)


def _bootstrap(given: OneMeasure) -> Iterator[Figure]:
    lo = given.scale.lo
    seen = given.counts[np.newaxis] if given.n else None
    wanted = [("mean", "", means(lo)), ("median", "", medians(lo))]
    if given.ends is not None:
        high = given.ends[1]
        wanted.append(("share", high.key, shares(high.lo - lo, high.hi - lo)))
    for name, of, statistic in wanted:
        value = None if seen is None else float(statistic(seen)[0])
        for method in ("percentile", "bca"):
            found = bootstrap_interval(given.counts, statistic, method=method)
            figure = number(f"{name}, {method}", value, of, found)
            yield figure if figure.reason else figure._replace(reason=found.reason, method=method)


CENTRE: tuple[Statistic[OneMeasure], ...] = (
    Statistic(
        "quartiles",
        "median, quartiles, hinges",
        "where the middle of the panel stands",
        "never round x.5; never without the quantile type",
        "Hyndman & Fan 1996; Tukey 1977",
        _quartiles,
    ),
    Statistic(
        "mean",
        "mean, SD, variance",
        "centre and spread on an interval scale",
        "as the main figure of an ordinal scale",
        "—",
        _mean,
    ),
    Statistic(
        "variation",
        "coefficient of variation",
        "has spread relative to the mean changed?",
        "across scales that start elsewhere",
        "English & Keran 1976",
        _variation,
    ),
    Statistic("modes", "modes", "which points were most chosen", "alone: all ties are listed", "—", _modes),
    Statistic(
        "mad",
        "MAD, mean deviation from the median",
        "spread that outliers cannot move",
        "mixing raw and normal-scaled MAD",
        "Hampel 1974",
        _mad,
    ),
    Statistic(
        "near-median",
        "share near the median, net agreement",
        "graded closeness; for minus against",
        "as the rule, if not said before; one point is near on few-point scales only",
        "—",
        _near,
    ),
    Statistic(
        "bootstrap",
        "bootstrap of one measure, percentile and BCa",
        "interval of a mean, a median or a share",
        "fewer than ten answers: prefer the posterior; BCa of a median that cannot move",
        "Efron 1979, 1987",
        _bootstrap,
        True,
    ),
)
