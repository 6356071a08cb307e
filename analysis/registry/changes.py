"""What became of one item between two rounds, of the experts who rated it in both."""

from collections.abc import Iterator

import numpy as np

from analysis.registry.entry import Figure, Statistic, number, test
from analysis.registry.given import TwoRounds
from analysis.statistics.change import sign_test, table_moves, wilcoxon
from analysis.statistics.homogeneity import (
    bhapkar,
    bowker,
    bowker_pairs,
    group_stability,
    individual_stability,
    mcnemar,
    ordinal_shift,
    stuart_maxwell,
)
from analysis.statistics.stability import mean_shift, net_change, share_unchanged, share_within, twice_median_shift
from analysis.statistics.value import NO_PAIRS, SCALE_TOO_SHORT
from analysis.tables.histograms import Counts


def _unchanged(given: TwoRounds) -> Iterator[Figure]:
    both = given.table.both
    yield number("pairs", given.table.n)
    yield number("share unchanged", share_unchanged(both))
    yield number("share within one point", share_within(both))
    yield number("mean shift", mean_shift(both))
    twice = twice_median_shift(both)
    yield number("median shift", None if twice is None else twice / 2, why=NO_PAIRS)


def _net(given: TwoRounds) -> Iterator[Figure]:
    both, scale = given.table.both, given.scale
    yield number("net change, points", net_change(both), why=NO_PAIRS)
    if scale.bands:
        yield number("net change, bands", net_change(both, scale.bands, scale.lo), why=NO_PAIRS)


def _wilcoxon(given: TwoRounds) -> Iterator[Figure]:
    moves = table_moves(given.table.both)
    yield test("Wilcoxon", wilcoxon(moves))
    yield test("Wilcoxon, Pratt's zeros", wilcoxon(moves, pratt=True))
    yield test("sign test", sign_test(moves))


def _high_or_not(given: TwoRounds) -> Counts | None:
    """Below the highest band and in it, earlier by later, 2 x 2."""
    if len(given.scale.bands) < 2:
        return None
    cut = given.scale.bands[-1].lo - given.scale.lo
    halves = np.stack([np.arange(given.scale.k) < cut, np.arange(given.scale.k) >= cut]).astype(np.int64)
    return np.asarray(halves @ given.table.both @ halves.T)


def _margins(given: TwoRounds) -> Iterator[Figure]:
    table = _high_or_not(given)
    if table is None:
        yield number("McNemar", None, why=SCALE_TOO_SHORT)
    else:
        key = given.scale.bands[-1].key
        for method in ("chi2", "corrected", "exact", "mid"):
            yield test("McNemar", mcnemar(table, method), key)
    yield test("Stuart-Maxwell", stuart_maxwell(given.table.both))
    yield test("Bhapkar", bhapkar(given.table.both))
    yield test("ordinal shift", ordinal_shift(given.table.both))


def _bowker(given: TwoRounds) -> Iterator[Figure]:
    yield test("Bowker", bowker(given.table.both))
    yield number("pairs of points in use", bowker_pairs(given.table.both))


def _chi_square(given: TwoRounds) -> Iterator[Figure]:
    yield test("individual stability", individual_stability(given.table.both))
    yield test("group stability", group_stability(given.table.both))


CHANGES: tuple[Statistic[TwoRounds], ...] = (
    Statistic(
        "unchanged",
        "unchanged, within one, shift",
        "how many kept their rating: read it first",
        "within one point on fine scales",
        "Holey et al. 2007",
        _unchanged,
    ),
    Statistic(
        "net-change",
        "net change",
        "did the distribution move",
        "alone: swapping places is invisible",
        "Scheibe et al. 1975",
        _net,
    ),
    Statistic(
        "wilcoxon",
        "Wilcoxon, sign test",
        "did ratings move one way",
        "as proof of stability: not significant is not stable",
        "Wilcoxon 1945; Pratt 1959",
        _wilcoxon,
    ),
    Statistic(
        "margins",
        "McNemar, Stuart-Maxwell, Bhapkar, ordinal shift",
        "did the margins move",
        "sparse tables, but for the ordinal shift",
        "McNemar 1947; Stuart 1955; Bhapkar 1966; Agresti 2002",
        _margins,
    ),
    Statistic(
        "bowker", "Bowker", "is movement symmetric", "with df of all pairs on sparse tables", "Bowker 1948", _bowker
    ),
    Statistic(
        "chi-square",
        "χ² individual, χ² group",
        "stability, in opposite directions",
        "expected counts below 5 (`chi2_sparse`)",
        "Chaffin & Talley 1980; Dajani et al. 1979",
        _chi_square,
    ),
)
