"""The shape of the ratings of one item: humps, camps, skew."""

from collections.abc import Iterator

from analysis.registry.entry import Figure, Statistic, number, truth, word
from analysis.registry.given import OneMeasure
from analysis.statistics.dip import dip_of_counts, dip_p
from analysis.statistics.polarisation import (
    bimodality,
    camps,
    dajani_level,
    excess_kurtosis,
    population_bimodality,
    skewness,
)

HINGES = ("minimum", "lower hinge", "median", "upper hinge", "maximum")


def _shape(given: OneMeasure) -> Iterator[Figure]:
    yield number("skewness G1", skewness(given.counts))
    yield number("skewness g1", skewness(given.counts, False))
    yield number("excess kurtosis G2", excess_kurtosis(given.counts))
    yield number("excess kurtosis g2", excess_kurtosis(given.counts, False))
    yield number("bimodality coefficient", bimodality(given.counts))
    yield number("bimodality coefficient, population", population_bimodality(given.counts))


def _dip(given: OneMeasure) -> Iterator[Figure]:
    found = dip_of_counts(given.counts)
    figure = number("dip", found)
    yield figure if found.value is None else figure._replace(p=dip_p(found.value, given.n), method="interpolated")


def _level(given: OneMeasure) -> Iterator[Figure]:
    yield word("level of agreement", dajani_level(given.counts))
    if given.ends is not None:
        low, high = given.ends
        found = camps(given.within(low), given.within(high), given.n)
        yield truth("two camps of a third each", None if found is None else found.split)


SHAPE: tuple[Statistic[OneMeasure], ...] = (
    Statistic(
        "level",
        "level of a stable measure, two camps",
        "consensus, majority, two camps, plurality, none",
        "before stability is tested",
        "Dajani et al. 1979",
        _level,
    ),
    Statistic(
        "shape",
        "skewness, kurtosis, bimodality",
        "shape",
        "alone: one dissenter of 25 scores 0.915",
        "Pfister et al. 2013",
        _shape,
    ),
    Statistic(
        "dip",
        "dip",
        "one hump or more, on 0–100 sliders",
        "on rating scales: ties alone make it significant; p is read off a simulated table, good to 0.01",
        "Hartigan & Hartigan 1985",
        _dip,
    ),
)
