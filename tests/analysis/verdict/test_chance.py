"""Chance and doubt: against arithmetic, and every panel counted."""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb

import numpy as np
import pytest
from scipy.stats import beta, betabinom, binom, multinomial

from analysis.model.criterion import Chances
from analysis.protocol.protocol import Band, ConsensusRule, Quantiles, RoundClauses, Scale, ShareClause, presets
from analysis.protocol.states import Verdict
from analysis.statistics.uncertainty import share_at_least
from analysis.verdict.chance import by_chance, posterior, seed
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.consensus import raw_verdict
from tests.analysis.consultation import NINE, histogram

TYPES = Quantiles()


def of_all(found: Chances) -> float:
    """The three chances together; none of them is withheld."""
    assert found.into is not None and found.out is not None and found.none is not None
    return found.into + found.out + found.none


def test_chance_of_a_share_is_the_binomial_tail() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 3, 4),))
    for n in (4, 10, 21):
        least = -(-3 * n // 4)
        tail = sum(comb(n, x) * 2 ** (n - x) for x in range(least, n + 1)) / 3**n
        found = by_chance(rule, NINE, TYPES, n, None)
        assert found is not None and found.draws is None
        assert (found.into, found.out) == pytest.approx((tail, tail))
        assert of_all(found) == pytest.approx(1)


def test_chance_of_any_rule_by_counting_every_panel() -> None:
    """Five raters on nine points: all 59,049 sequences."""
    rule = replace(presets()["rand-ucla"], minimum_n=1)
    bench = ClauseContext(NINE, TYPES, 0)
    said = {"in": 0, "out": 0, "none": 0}
    ways: dict[tuple[int, ...], str] = {}
    for ratings in combinations_with_replacement(range(9), 5):
        ways[ratings] = raw_verdict(rule, np.bincount(ratings, minlength=9), bench, None)
    for ratings in product(range(9), repeat=5):
        said[ways[tuple(sorted(ratings))]] += 1
    found = by_chance(rule, NINE, TYPES, 5, None)
    assert found is not None
    for verdict, count in said.items():
        assert {"in": found.into, "out": found.out, "none": found.none}[verdict] == pytest.approx(count / 9**5)


def test_drawn_chance_is_near_the_exact_one_and_repeats() -> None:
    """631 raters fall into three bands in too many ways: a third of them in one band is a binomial tail."""
    third = (ShareClause("high", ">=", 1, 3),), (ShareClause("low", ">=", 1, 2),)
    rule = ConsensusRule(*third, rounds=(RoundClauses(2, *third),))
    drawn = by_chance(rule, NINE, TYPES, 631, None)
    assert drawn is not None and drawn.draws == 20_000
    # three standard errors of 20,000 draws
    assert drawn.into == pytest.approx(float(binom.sf(210, 631, 1 / 3)), abs=0.0106)
    assert by_chance(rule, NINE, TYPES, 631, 2) == drawn, "drawn again for the same clauses of a round"
    assert by_chance(rule, NINE, TYPES, 631, None, drawn=False) is None
    assert by_chance(rule, NINE, TYPES, 0, None) is None


def test_posterior_of_a_share_is_the_beta_tail() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 1, 1),))
    counts = histogram(*[8] * 16, *[5] * 4).counts
    found = posterior(rule, ClauseContext(NINE, TYPES, 0), counts, None, Verdict.IN)
    # Dirichlet(1/9 each) on three points of nine is Beta(16 + 1/3, 4 + 2/3) on their share.
    exact = float(beta.sf(0.75, 16 + 1 / 3, 4 + 2 / 3))
    assert found.population[Verdict.IN] == pytest.approx(exact, abs=0.02)
    uniform = share_at_least(16, 20, 0.75).value
    assert uniform is not None and abs(exact - uniform) < 0.1
    assert found.flips == pytest.approx(1 - found.another_panel[Verdict.IN])
    assert found == posterior(rule, ClauseContext(NINE, TYPES, 0), counts, None, Verdict.IN)


UNEVEN = Scale("uneven", 0, 8, (Band("low", 0, 1), Band("high", 8, 8)))
"""Two points of nine are low, one is high, and six are in no band."""


@pytest.mark.parametrize("n", [1, 7, 40])
def test_chance_goes_by_how_many_points_a_band_has(n: int) -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 1, 5),), (ShareClause("low", ">=", 1, 2),), minimum_n=1)
    found = by_chance(rule, UNEVEN, TYPES, n, None)
    said = {"in": 0.0, "out": 0.0}
    for high in range(n + 1):
        for low in range(n - high + 1):
            likely = float(multinomial.pmf([high, low, n - high - low], n, [1 / 9, 2 / 9, 6 / 9]))
            if 5 * high >= n:
                said["in"] += likely
            elif 2 * low >= n:
                said["out"] += likely
    assert found is not None and (found.into, found.out) == pytest.approx((said["in"], said["out"]))
    assert (found.n, found.draws) == (n, None)


def test_chance_of_one_band_is_a_binomial_tail_for_thousands() -> None:
    """Who is not in the band is all one: two cells."""
    rule = ConsensusRule((ShareClause("high", ">=", 7, 20),), (ShareClause("high", "<", 3, 10),))
    found = by_chance(rule, NINE, TYPES, 3000, None, drawn=False)
    assert found is not None
    assert found.into == pytest.approx(float(binom.sf(1049, 3000, 1 / 3)))
    assert found.out == pytest.approx(float(binom.cdf(899, 3000, 1 / 3)))


@pytest.mark.parametrize(("rule", "largest"), [(ConsensusRule(), 630), (presets()["rand-ucla"], 12)])
def test_chance_is_exact_up_to_two_hundred_thousand_panels(rule: ConsensusRule, largest: int) -> None:
    """630 raters fall into three bands in C(632, 2) = 199,396 ways, 12 on nine points in C(20, 8) = 125,970."""
    found = by_chance(rule, NINE, TYPES, largest, None, drawn=False)
    assert found is not None and of_all(found) == pytest.approx(1)
    assert by_chance(rule, NINE, TYPES, largest + 1, None, drawn=False) is None
    drawn = by_chance(rule, NINE, TYPES, largest + 1, None)
    assert drawn is not None and (drawn.n, drawn.draws) == (largest + 1, 20_000)
    assert drawn.into == pytest.approx(found.into, abs=0.01)


def test_a_seed_is_64_bits_of_its_numbers() -> None:
    known = {seed("chance", 9, n) for n in range(200)}
    assert len(known) == 200 and 2**63 < max(known) < 2**64
    assert seed("chance", 9, 7) == seed("chance", 9, 7) != seed("posterior", 9, 7)


@pytest.mark.parametrize(("high", "middle", "withheld"), [(16, 4, 0), (16, 4, 4), (1, 0, 0), (3, 0, 1)])
def test_doubt_is_the_beta_and_the_beta_binomial_tail(high: int, middle: int, withheld: int) -> None:
    """Three of nine points are high: Beta(high + 1/3, others + 2/3). No-opinions only widen the denominator."""
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 1, 1),))
    counts, n = histogram(*[8] * high, *[5] * middle).counts, high + middle
    found = posterior(rule, ClauseContext(NINE, TYPES, withheld), counts, None, Verdict.IN)
    a, b = high + 1 / 3, middle + 2 / 3
    needed = Fraction(3, 4) * Fraction(n + withheld, n)
    assert found.population[Verdict.IN] == pytest.approx(float(beta.sf(float(needed), a, b)), abs=0.025)
    tail = float(betabinom.sf(math.ceil(needed * n) - 1, n, a, b))
    assert found.another_panel[Verdict.IN] == pytest.approx(tail, abs=0.025)
    assert (found.prior, found.draws) == (1 / 9, 4000)
    assert found.flips == pytest.approx(1 - found.another_panel[Verdict.IN])
    assert sum(found.population.values()) == pytest.approx(1)


def test_what_everyone_rated_holds_of_the_whole_crowd() -> None:
    """All shares of a crowd add to all of it, so that a rule that asks for all in one band or another holds."""
    anyone = ConsensusRule((ShareClause("all", ">=", 1, 1),), (ShareClause("all", "<", 1, 1),), minimum_n=1)
    scale = Scale("one", 1, 9, (Band("all", 1, 9),))
    counts = histogram(1, 2, 3, 5, 5, 8, 9).counts
    found = posterior(anyone, ClauseContext(scale, TYPES, 0), counts, None, Verdict.IN)
    assert found.population == found.another_panel == {Verdict.IN: 1.0, Verdict.NONE: 0.0, Verdict.OUT: 0.0}
    assert found.flips == 0


def test_doubt_of_a_panel_that_nobody_rated_is_the_priors() -> None:
    rule = ConsensusRule((ShareClause("high", ">=", 3, 4),), (ShareClause("low", ">=", 1, 1),))
    found = posterior(rule, ClauseContext(NINE, TYPES, 2), histogram().counts, None, Verdict.NONE)
    assert found.population[Verdict.IN] == pytest.approx(float(beta.sf(0.75, 1 / 3, 2 / 3)), abs=0.025)
