"""Which items come first, and whether the panel falls into camps over all of them."""

from collections.abc import Iterator

import numpy as np

from analysis.registry.entry import Figure, Statistic, number, span, word
from analysis.registry.given import Preferred, Rows
from analysis.statistics.groups import Groups, opinion_groups
from analysis.statistics.kemeny import kemeny
from analysis.statistics.opinions import (
    Votes,
    group_aware_consensus,
    representativeness,
    representativeness_tests,
    side_tests,
    votes_by_group,
)
from analysis.statistics.ranking import borda, bradley_terry, copeland
from analysis.statistics.top import (
    higher_probabilities,
    mean_rank_intervals,
    top_probabilities,
    top_share_probabilities,
)
from analysis.statistics.value import INFINITE, N_BELOW_MINIMUM, SCALE_TOO_SHORT

SIDES = ("for", "against")


def _positions(given: Preferred) -> Iterator[Figure]:
    for name, scores in (("Borda", borda(given.table)), ("Copeland", copeland(given.table))):
        for item, score in zip(given.items, scores, strict=True):
            yield number(name, score, item)


def _kemeny(given: Preferred) -> Iterator[Figure]:
    found = kemeny(given.table)
    yield number("distance", found.distance)
    yield number("agreement score", found.agreement)
    yield number("bound of the distance", found.bound)
    yield number("optimal orders", len(found.orders)) if found.complete else word("optimal orders", "not all known")
    yield word("an optimal order", ", ".join(given.items[place] for place in found.orders[0]))


def _bradley_terry(given: Preferred) -> Iterator[Figure]:
    found = bradley_terry(given.table)
    strengths: list[float | None] = [None] * len(given.items) if found is None else [*found]
    for item, strength in zip(given.items, strengths, strict=True):
        yield number("strength", strength, item, why=INFINITE)


def _places(given: Rows) -> Iterator[Figure]:
    rows, picks = given.complete, given.picks
    if len(rows) < 2:
        yield number(f"P(among the first {picks}), by mean", None, why=N_BELOW_MINIMUM)
        return
    for item, chance in zip(given.items, top_probabilities(rows, picks), strict=True):
        yield number(f"P(among the first {picks}), by mean", chance, item)
    for item, ends in zip(given.items, mean_rank_intervals(rows), strict=True):
        yield span("place", ends, item)
    if given.scale.bands:
        high, matrix = given.scale.bands[-1], given.matrix
        votes = np.where(np.isnan(matrix), np.nan, (matrix >= high.lo).astype(np.float64))
        for item, chance in zip(given.items, top_share_probabilities(votes, picks), strict=True):
            yield number(f"P(among the first {picks}), by share of {high.key}", chance, item)


def _above(given: Rows) -> Iterator[Figure]:
    rows = given.complete
    if len(rows) < 2:
        yield number("P(higher mean)", None, why=N_BELOW_MINIMUM)
        return
    table = higher_probabilities(rows)
    for second, other in enumerate(given.items):
        for first in range(second):
            yield number("P(higher mean)", table[first][second], f"{given.items[first]} / {other}")


def _camps(given: Rows) -> Iterator[Figure]:
    bands = given.scale.bands
    if len(bands) < 2:
        yield number("groups", None, why=SCALE_TOO_SHORT)
        return
    matrix = given.matrix
    votes = np.where(matrix <= bands[0].hi, -1.0, np.where(matrix >= bands[-1].lo, 1.0, 0.0))
    votes[np.isnan(matrix)] = np.nan
    found = opinion_groups(votes)
    for k, score in found.silhouette.items():
        yield number("silhouette", score, f"{k} groups")
    if found.labels is None:
        yield number("groups", None, why=found.reason or N_BELOW_MINIMUM)
        return
    yield number("groups", found.number)
    yield number("stability, mean adjusted Rand index", found.stability)
    in_group = found.labels >= 0
    yield from _apart(given, found, votes_by_group(votes[in_group], found.labels[in_group]))


def _apart(given: Rows, found: Groups, cast: Votes) -> Iterator[Figure]:
    """What sets groups apart, what unites them: sides first, then groups, then items."""
    by_group = (
        ("representativeness", representativeness(cast)),
        ("z of the side in the group", side_tests(cast)),
        ("z against everybody else", representativeness_tests(cast)),
    )
    together = group_aware_consensus(cast)
    for place, side in enumerate(SIDES):
        for column, item in enumerate(given.items):
            yield number(f"group-aware consensus {side}", float(together[place, column]), item)
            for group in range(found.number):
                for name, values in by_group:
                    of = f"{item}, group {group + 1}"
                    yield number(f"{name} {side}", float(values[place, group, column]), of)


PREFERRED: tuple[Statistic[Preferred], ...] = (
    Statistic(
        "borda",
        "Borda, Copeland",
        "an order from rankings",
        "where a cycle exists, Borda alone",
        "Borda 1781; Copeland 1951",
        _positions,
    ),
    Statistic(
        "kemeny",
        "Kemeny, all optima",
        "the order that contradicts fewest votes",
        "a knot of more than 15 measures in cycles (then a bound is given)",
        "Kemeny 1959; Truchon 1998; Fagin et al. 2004",
        _kemeny,
    ),
    Statistic(
        "bradley-terry",
        "Bradley-Terry",
        "strengths behind pairwise choices",
        "where one measure never loses",
        "Bradley & Terry 1952; Hunter 2004",
        _bradley_terry,
    ),
)
PLACES: tuple[Statistic[Rows], ...] = (
    Statistic(
        "places",
        "P(in the first k), place interval",
        "how sure is a place among the first",
        "quoting a rank without it",
        "Efron 1979",
        _places,
        True,
    ),
    Statistic(
        "above",
        "P(i above j)",
        "how sure is it that one measure is rated higher than another",
        "as a test of each pair: there are many",
        "Efron 1979",
        _above,
        True,
    ),
    Statistic(
        "opinion-groups",
        "groups of opinion: PCA, k-means, silhouette, stability, representativeness, group-aware consensus",
        "does the panel fall into camps over all measures, what sets them apart, what unites them",
        "panels of 25 rarely support groups; silhouette below 0.5",
        "Polis (Small et al. 2021); Rousseeuw 1987; Hubert & Arabie 1985",
        _camps,
        True,
    ),
)
