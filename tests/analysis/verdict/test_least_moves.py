"""The fewest moves: against every number of ratings before a band, and what the search costs."""

from itertools import pairwise

import numpy as np
import pytest

from analysis.protocol.protocol import (
    Band,
    Clause,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    Scale,
    ShareClause,
)
from analysis.verdict import least_moves as moves
from analysis.verdict.clauses import Between, ClauseContext, condition
from analysis.verdict.least_moves import is_possible, least_moves
from tests.analysis.consultation import NINE
from tests.analysis.panels import random_clauses, random_panel


@pytest.mark.parametrize(
    "clauses",
    [
        (IqrClause("<=", 3),),
        (DisagreementClause(True),),
        (MedianClause(">=", 14), IqrClause("<=", 2), DisagreementClause()),
        (ShareClause("middle", ">=", 1, 2), IqrClause("<=", 2)),
    ],
)
def test_a_panel_of_millions_costs_what_a_small_one_does(clauses: tuple[Clause, ...]) -> None:
    counts = np.asarray([3, 1, 2, 4, 1, 2, 5, 3, 4], np.int64)
    bench = ClauseContext(NINE, Quantiles(1, 1), 0)  # type 1: no weights that depend on n
    small, large = (
        least_moves([condition(one, int(of.sum()), bench) for one in clauses], of)
        for of in (counts * 40, counts * 40_000)
    )
    assert large.tried <= 1.1 * small.tried
    assert small.moves is not None and large.moves is not None
    assert abs(large.moves - 1000 * small.moves) <= 2000, "a multiple, but for ratings at the edge"


@pytest.mark.parametrize("k", [9, 21, 51, 101])
def test_a_search_costs_no_more_than_the_stated_polynomial(k: int) -> None:
    """One line: points x sums of it x values of ``free``, of each number of ranks."""
    bench, n = ClauseContext(Scale("fine", 1, k), Quantiles(), 0), 60
    asked = condition(IqrClause("<=", k // 8), n, bench)
    counts = random_panel(np.random.default_rng(k), n, k)
    line = asked.lines[0] if isinstance(asked, moves.Lines) else None
    assert line is not None
    ranks = len(line.terms)
    sums = sum(abs(weight) for _, weight in line.terms) * (k - 1) + 2
    assert k < least_moves([asked], counts).tried <= k * (ranks + 1) ** 2 * sums * 2 * (ranks + 1) * k


def test_every_number_of_ratings_before_a_band_gives_nothing_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands that touch no end of the scale: the numbers tried are enough, for many raters too."""
    chance = np.random.default_rng(18)
    cases = []
    while len(cases) < 250:
        k = int(chance.integers(7, 12))
        edges = np.sort(chance.choice(np.arange(1, k), chance.integers(2, 6), replace=False))
        pairs = enumerate(pairwise(edges.tolist()))
        bands = tuple(Band(f"b{at}", first, last - 1) for at, (first, last) in pairs)
        kinds = Quantiles(*chance.integers(1, 10, 2).tolist())
        bench, n = ClauseContext(Scale("s", 0, k - 1, bands), kinds, 0), int(chance.integers(10, 50))
        clauses = random_clauses(chance, bench, 5)
        asked = [condition(one, n, bench) for one in clauses]
        if {type(one) for one in asked} == {moves.Between, moves.Lines}:
            cases.append((asked, random_panel(chance, n, k)))
    found = [least_moves(asked, counts).moves for asked, counts in cases]
    assert sum(one is not None and one > 0 for one in found) > 80
    monkeypatch.setattr(moves._Search, "starts", lambda search, band: np.arange(search.n + 1))
    assert [least_moves(asked, counts).moves for asked, counts in cases] == found


@pytest.mark.parametrize(
    ("counts", "band", "clauses", "fewest"),
    [
        # Two thirds of 17 at 3 to 7 are 12, there are 8; with four 0s at 3 the ninth is a 3.
        ([9, 0, 0, 0, 5, 1, 2, 0, 0, 0], Band("b", 3, 7), (ShareClause("b", ">=", 2, 3), MedianClause("<=", 7)), 4),
        # 80 % of 24 at 3 to 5 are 20, there are 6; the 14 that come make the median 3.
        ([0, 0, 18, 1, 5, 0, 0, 0], Band("b", 3, 5), (ShareClause("b", ">=", 4, 5), MedianClause(">=", 5)), 14),
        # 20 of 38 at 0 or 1, at most 7 of them at 1: 13 at 0, where nobody is.
        ([0, 9, 1, 0, 0, 1, 0, 18, 0, 9], Band("b", 1, 2), (ShareClause("b", "<", 1, 5), MedianClause("<=", 2)), 13),
    ],
)
def test_a_band_that_touches_no_end_beside_a_median(
    counts: list[int], band: Band, clauses: tuple[Clause, ...], fewest: int
) -> None:
    bench, n = ClauseContext(Scale("s", 0, len(counts) - 1, (band,)), Quantiles(), 0), sum(counts)
    asked = [condition(one, n, bench) for one in clauses]
    assert least_moves(asked, np.asarray(counts, np.int64)).moves == fewest


@pytest.mark.parametrize(
    ("bands", "counts", "n", "moves"),
    [
        ([Between(0, 2, 2, 9)], [0, 0, 0, 5, 0, 4], 9, 2),  # two must come in
        ([Between(0, 2, 0, 1)], [2, 1, 0, 5, 0, 1], 9, 2),  # two of three must go
        ([Between(0, 1, 3, 9), Between(2, 3, 0, 1)], [1, 0, 3, 2, 3, 0], 9, 4),  # four go, two where two lack
        ([Between(0, 1, 5, 9), Between(2, 3, 5, 9)], [3, 3, 3, 0, 0, 0], 9, None),  # ten of nine
        ([Between(0, 2, 0, 3), Between(3, 5, 0, 5)], [3, 0, 0, 5, 0, 1], 9, None),  # room for eight of nine
        ([Between(0, 2, 0, 4), Between(3, 5, 0, 5)], [3, 0, 0, 5, 0, 1], 9, 1),
        ([Between(0, 2, 0, 3), Between(3, 4, 0, 5)], [3, 0, 0, 5, 0, 1], 9, 0),  # one point is in no band
        ([Between(0, 2, 4, 9), Between(0, 2, 0, 3)], [3, 0, 0, 5, 0, 1], 9, None),  # both of one band
        ([Between(0, 2, 10, 9)], [9, 0, 0, 0, 0, 0], 9, None),
        ([], [9, 0, 0, 0, 0, 0], 9, 0),
        ([Between(0, 2, 0, 0)], [0, 0, 0, 0, 0, 0], 0, None),  # nobody rated
    ],
)
def test_bands_alone_by_counting(bands: list[Between], counts: list[int], n: int, moves: int | None) -> None:
    assert sum(counts) == n
    assert least_moves(bands, np.asarray(counts, np.int64)).moves == moves


def test_any_panel_that_meets_the_conditions_is_made_of_new_ratings() -> None:
    median = condition(MedianClause(">=", 14), 9, ClauseContext(NINE, Quantiles(), 0))
    assert is_possible([median], 9, 9).moves == 9
    assert is_possible([median, Between(0, 5, 5, 9)], 9, 9).moves is None, "five of nine below a median of seven"
    assert is_possible([Between(0, 5, 0, 4)], 9, 9) == (9, 1)
    assert is_possible([Between(0, 5, 10, 9)], 9, 9) == (None, 0)


def test_the_same_band_twice_is_one_condition() -> None:
    """At least three and at most four of nine, beside a median."""
    median = condition(MedianClause("<=", 18), 9, ClauseContext(NINE, Quantiles(), 0))
    twice = [Between(2, 4, 3, 9), Between(2, 4, 0, 4), median]
    for inside, fewest in ((0, 3), (2, 1), (3, 0), (4, 0), (6, 2)):
        counts = np.asarray([0, 0, inside, 0, 0, 0, 0, 0, 9 - inside], np.int64)
        assert least_moves(twice, counts).moves == fewest
