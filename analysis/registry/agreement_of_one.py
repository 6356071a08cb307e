"""How alike the ratings of one item are, and what panels make of them."""

from collections.abc import Iterator

from analysis.registry.entry import Figure, Statistic, number
from analysis.registry.given import OneMeasure
from analysis.statistics.ordinal import (
    agreement,
    agreement_with,
    clustered_mode,
    clustered_pairwise_agreement,
    consensus,
    dissention,
    leik,
    leik_consensus,
    nominal_polarisation,
    pairwise_agreement,
    polarisation,
)
from analysis.statistics.ordinal_variation import (
    concentration,
    concentration_root,
    distance_squared,
    entropy,
    kvalseth,
    ordinal_variation,
    reardon,
)
from analysis.statistics.rwg import a_wg, largest_variance, mean_distance, median_distance, r_wg, uniform_variance
from analysis.statistics.value import N_BELOW_MINIMUM, SCALE_TOO_SHORT, Value

RAM = (1, 9)
"""The scale for which the RAND/UCLA method was made."""


def _van_der_eijk(given: OneMeasure) -> Iterator[Figure]:
    yield number("A", agreement(given.counts))
    yield number("polarisation (1 - A)/2", polarisation(given.counts))


def _cns(given: OneMeasure) -> Iterator[Figure]:
    yield number("Cns", consensus(given.counts))
    yield number("dissention", dissention(given.counts))
    yield number("agreement with a target", agreement_with(given.counts, given.scale.k - 1), str(given.scale.hi))


def _dispersion(given: OneMeasure) -> Iterator[Figure]:
    yield number("Leik D", leik(given.counts))
    yield number("Leik consensus 1 - D", leik_consensus(given.counts))
    yield number("l²", concentration(given.counts))
    yield number("l", concentration_root(given.counts))
    yield number("d²", distance_squared(given.counts))
    yield number("IOV", ordinal_variation(given.counts))
    yield number("COV", kvalseth(given.counts))
    yield number("Reardon", reardon(given.counts))


def _entropy(given: OneMeasure) -> Iterator[Figure]:
    yield number("entropy in bits", entropy(given.counts))
    yield number("4Σp²(1−p)", nominal_polarisation(given.counts))


def _pairwise(given: OneMeasure) -> Iterator[Figure]:
    yield number("pairwise agreement", pairwise_agreement(given.counts))


def _clustered(given: OneMeasure) -> Iterator[Figure]:
    bands, lo = given.scale.bands, given.scale.lo
    if not bands:
        yield number("clustered mode", None, why=SCALE_TOO_SHORT)
        return
    yield number("clustered mode", clustered_mode(given.counts, bands, lo))
    yield number("clustered pairwise agreement", clustered_pairwise_agreement(given.counts, bands, lo))


def _r_wg(given: OneMeasure) -> Iterator[Figure]:
    k = given.scale.k
    yield number("r_wg, uniform null", r_wg(given.counts, uniform_variance(k)))
    yield number("r_wg, uniform null, not truncated", r_wg(given.counts, uniform_variance(k), False))
    yield number("r*_wg, largest variance", r_wg(given.counts, largest_variance(k), False))
    yield number("a_wg", a_wg(given.counts, given.scale.lo))
    lonely = given.n == 1  # nobody to agree with
    for name, found in (("AD mean", mean_distance(given.counts)), ("AD median", median_distance(given.counts))):
        yield number(name, Value(None, N_BELOW_MINIMUM) if lonely else found)


AGREEMENT_OF_ONE: tuple[Statistic[OneMeasure], ...] = (
    Statistic(
        "van-der-eijk",
        "van der Eijk A",
        "agreement (1), spread (0) or polarisation (−1)",
        "fewer than 3 points",
        "van der Eijk 2001",
        _van_der_eijk,
    ),
    Statistic(
        "cns",
        "Cns, agreement with a target (the highest point)",
        "closeness of opinions",
        "as a test",
        "Tastle & Wierman 2006, 2007",
        _cns,
    ),
    Statistic(
        "dispersion",
        "Leik D, l², IOV, COV, Reardon",
        "ordinal dispersion in several dresses",
        "two of them as two findings",
        "Leik 1966; Blair & Lacy 2000; Berry & Mielke 1992; Kvalseth 1995; Reardon 2009",
        _dispersion,
    ),
    Statistic(
        "entropy",
        "entropy, 4Σp²(1−p)",
        "concentration, two camps, order ignored",
        "when order matters",
        "Shannon 1948; Montalvo & Reynal-Querol 2005",
        _entropy,
    ),
    Statistic(
        "pairwise",
        "pairwise agreement",
        "share of pairs choosing the same point",
        "on fine scales, where near is good enough",
        "Birko et al. 2015",
        _pairwise,
    ),
    Statistic(
        "clustered",
        "clustered mode, clustered pairwise agreement",
        "share in the fullest band, share of pairs choosing the same band",
        "on scales without named bands",
        "Birko et al. 2015",
        _clustered,
    ),
    Statistic(
        "r-wg",
        "r_wg, r*_wg, a_wg, AD",
        "variance against that of no agreement",
        "means near an end (a_wg undefined); small n",
        "James et al. 1984; Lindell & Brandt 1997; Brown & Hauenstein 2005; Burke et al. 1999",
        _r_wg,
    ),
)
