"""How many agree on one item, and how sure that is."""

from collections.abc import Iterator

from analysis.protocol.protocol import ShareClause
from analysis.registry.entry import Figure, Statistic, number
from analysis.registry.given import OneMeasure, TwoCriteria
from analysis.statistics.multinomial import goodman, sison_glaz
from analysis.statistics.uncertainty import (
    clopper_pearson,
    jeffreys,
    median_at_least,
    posterior_mean,
    posterior_shares,
    quadrants,
    share_at_least,
    wilson,
    wilson_corrected,
)
from analysis.statistics.value import SCALE_TOO_SHORT


def _shares(given: OneMeasure) -> Iterator[Figure]:
    for band in given.scale.bands:
        count, n = given.within(band), given.n
        share = count / n if n else None
        yield number("share, Wilson", share, band.key, wilson(count, n))
        yield number("share, Wilson with continuity correction", share, band.key, wilson_corrected(count, n))


def _exact(given: OneMeasure) -> Iterator[Figure]:
    for band in given.scale.bands:
        count, n = given.within(band), given.n
        share = count / n if n else None
        yield number("share, Clopper-Pearson", share, band.key, clopper_pearson(count, n))
        yield number("share, Jeffreys", share, band.key, jeffreys(count, n))


def _simultaneous(given: OneMeasure) -> Iterator[Figure]:
    for method, found in (("Goodman", goodman(given.counts)), ("Sison-Glaz", sison_glaz(given.counts))):
        for place, interval in enumerate(found):
            share = int(given.counts[place]) / given.n if given.n else None
            yield number(f"share, {method}", share, str(given.scale.lo + place), interval)


def _posterior(given: OneMeasure) -> Iterator[Figure]:
    """Prior: one answer spread evenly over the points; of a share the uniform one."""
    prior, lo = 1 / given.scale.k, given.scale.lo
    for clause in given.protocol.consensus.into:
        if isinstance(clause, ShareClause):
            band = given.scale.named_band(clause.band)
            limit = clause.num / clause.den
            found = share_at_least(given.within(band), given.n, limit)
            yield number(f"P(share of {band.key} at least {100 * limit:g} %)", found)
    if given.ends is not None:
        high = given.ends[1]
        yield number(f"P(median at least {high.lo})", median_at_least(given.counts, high.lo - lo, prior))
    yield number("posterior mean", posterior_mean(given.counts, lo, prior))
    for place, share in enumerate(posterior_shares(given.counts, prior).tolist()):
        yield number("posterior share", share, str(lo + place))


def _quadrants(given: TwoCriteria) -> Iterator[Figure]:
    first, second = given.first, given.second
    if first.ends is None or second.ends is None:
        yield number("P(quadrant)", None, why=SCALE_TOO_SHORT)
        return
    cuts = (first.ends[1].lo - first.scale.lo, second.ends[1].lo - second.scale.lo)
    for key, chance in quadrants(first.counts, second.counts, cuts).items():
        yield number("P(quadrant)", chance, key.replace("_", " / "))


SHARES: tuple[Statistic[OneMeasure], ...] = (
    Statistic(
        "shares",
        "share in a band, Wilson interval",
        "how many agree, how sure is that",
        "as inference when the panel is the population",
        "Wilson 1927; Newcombe 1998",
        _shares,
    ),
    Statistic(
        "exact-shares",
        "Clopper-Pearson, Jeffreys",
        "how many agree, with an exact or a Bayesian interval",
        "to make an interval look narrower",
        "Clopper & Pearson 1934; Brown et al. 2001",
        _exact,
    ),
    Statistic(
        "simultaneous",
        "Goodman, Sison-Glaz",
        "intervals of all shares at once",
        "for a single share",
        "Goodman 1965; Sison & Glaz 1995",
        _simultaneous,
    ),
    Statistic(
        "posterior",
        "P(share ≥ t), P(median ≥ c)",
        "how likely the rule truly holds",
        "without stating the prior: uniform for a share, 1/k each for points",
        "Dirichlet-multinomial",
        _posterior,
    ),
)
QUADRANTS: tuple[Statistic[TwoCriteria], ...] = (
    Statistic(
        "quadrants",
        "P(quadrant) of two criteria",
        "important and feasible, how sure",
        "where the criteria are related: needs rows",
        "Dirichlet, independent",
        _quadrants,
    ),
)
