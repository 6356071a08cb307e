"""When a clause holds: against the statistics it names, reckoned panel by panel in fractions."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.protocol.protocol import (
    Clause,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    ShareClause,
    presets,
)
from analysis.statistics.appropriateness import ipras
from analysis.statistics.descriptive import interquartile_range, twice_median
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import Between, ClauseContext, clause_holds, condition, holds, opposite
from analysis.verdict.consensus import raw_verdict
from analysis.verdict.least_moves import least_moves
from analysis.verdict.many_panels import verdict_codes
from tests.analysis.consultation import NINE
from tests.analysis.panels import every, random_bench, random_clauses

CLAUSES: list[Clause] = [
    ShareClause("high", ">=", 3, 4),
    ShareClause("low", "<", 3, 20),
    MedianClause(">=", 13),
    MedianClause("<=", 9),
    IqrClause("<=", 3),
    IqrClause(">=", 7, 2),
    DisagreementClause(True),
    DisagreementClause(False),
]
COMPARED = {">=": Fraction.__ge__, "<=": Fraction.__le__, "<": Fraction.__lt__}


def reckoned(clause: Clause, counts: Counts, context: ClauseContext) -> bool:
    """The clause by its own words, from the published definitions of its statistic."""
    scale = context.scale
    if isinstance(clause, DisagreementClause):
        found = ipras(counts, scale.lo, scale.hi, context.quantiles.ipras_type)
        return found.disagreement is clause.present
    if isinstance(clause, ShareClause):
        band = scale.named_band(clause.band)
        inside = sum(counts[point - scale.lo] for point in range(band.lo, band.hi + 1))
        share = Fraction(int(inside), int(counts.sum()) + context.withheld)
        return COMPARED[clause.op](share, Fraction(clause.num, clause.den))
    if isinstance(clause, MedianClause):
        return COMPARED[clause.op](Fraction(twice_median(counts, scale.lo) or 0, 2), Fraction(clause.twice, 2))
    spread = interquartile_range(counts, context.quantiles.quartile_type)
    assert spread is not None
    return COMPARED[clause.op](spread, Fraction(clause.num, clause.den))


@settings(deadline=None)
@given(
    st.integers(1, 26).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 8), min_size=n, max_size=n), min_size=1, max_size=5)
    ),
    st.integers(1, 9),
    st.integers(0, 4),
)
def test_many_panels_at_once_and_one_are_judged_by_the_statistics(
    ratings: list[list[int]], kind: int, withheld: int
) -> None:
    tables = np.asarray([np.bincount(own, minlength=9) for own in ratings])
    bench = ClauseContext(NINE, Quantiles(kind, kind), withheld)
    for clause in CLAUSES:
        one_by_one = [reckoned(clause, table, bench) for table in tables]
        assert holds(clause, tables, bench).tolist() == one_by_one
        assert [clause_holds(clause, table, bench) for table in tables] == one_by_one
    for rule in presets().values():
        codes = verdict_codes(rule, tables, bench, None).tolist()
        for table, code in zip(tables, codes, strict=True):
            sides = rule.clauses(None)
            into, out = (all(reckoned(one, table, bench) for one in side) for side in sides)
            assert code == (1 if into else -1 if out else 0)
            assert raw_verdict(rule, table, bench, None) == ("none", "in", "out")[code]


def test_any_clause_on_any_scale_is_judged_by_the_statistics() -> None:
    chance, judged = np.random.default_rng(20), 0
    for _ in range(150):
        k, n = int(chance.integers(2, 7)), int(chance.integers(1, 7))
        bench, tables = random_bench(chance, k), every(n, k)
        for clause in random_clauses(chance, bench):
            found = holds(clause, tables, bench).tolist()
            assert found == [reckoned(clause, table, bench) for table in tables]
            judged += len(found)
    assert judged > 10_000


def test_the_opposite_holds_exactly_where_a_clause_does_not() -> None:
    """Asked of the search of panels: nothing is to be moved exactly where a condition is met."""
    chance, judged = np.random.default_rng(21), {True: 0, False: 0}
    for _ in range(60):
        k, n = int(chance.integers(2, 5)), int(chance.integers(1, 6))
        bench = random_bench(chance, k)
        for clause in random_clauses(chance, bench):
            asked = condition(clause, n, bench)
            for table in every(n, k):
                met = least_moves([asked], table).moves == 0
                assert met is reckoned(clause, table, bench)
                assert (least_moves([opposite(asked, n)], table).moves == 0) is not met
                judged[met] += 1
    assert min(judged.values()) > 300


def test_nobody_meets_no_clause() -> None:
    nobody, bench = np.zeros(9, np.int64), ClauseContext(NINE, Quantiles(), 3)
    assert not any(clause_holds(clause, nobody, bench) for clause in CLAUSES)


def test_a_share_is_a_number_of_ratings() -> None:
    """75 % of 20 are 15; of 20 and 2 without an opinion 17; below 15 % of 20 are two at most."""
    bench = ClauseContext(NINE, Quantiles(), 0)
    assert condition(CLAUSES[0], 20, bench) == Between(6, 8, 15, 20)
    assert condition(CLAUSES[0], 20, ClauseContext(NINE, Quantiles(), 2)) == Between(6, 8, 17, 20)
    assert condition(CLAUSES[1], 20, bench) == Between(0, 2, 0, 2)
    assert opposite(condition(CLAUSES[1], 20, bench), 20) == Between(0, 2, 3, 20)
