"""Every panel once, and the verdicts of many at once."""

from math import comb

import numpy as np

from analysis.protocol.protocol import ConsensusRule, Quantiles, ShareClause
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.many_panels import panels, shares_of, verdict_codes
from tests.analysis.consultation import NINE, histogram


def test_panels_are_all_of_them_once() -> None:
    found = {tuple(row) for row in panels(6, 4).tolist()}
    assert len(found) == comb(9, 3) == len(panels(6, 4))
    assert all(sum(row) == 6 for row in found)


def test_panels_stand_in_order() -> None:
    assert panels(2, 2).tolist() == [[0, 2], [1, 1], [2, 0]]
    assert panels(1, 3).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert panels(3, 1).tolist() == [[3]]
    assert panels(0, 2).tolist() == [[0, 0]]


def test_where_both_sides_hold_the_verdict_is_in() -> None:
    """Half high and half low meet a rule that asks for half on either side."""
    rule = ConsensusRule((ShareClause("high", ">=", 1, 2),), (ShareClause("low", ">=", 1, 2),))
    tables = np.asarray([histogram(*ratings).counts for ratings in ([8, 2], [8, 8], [2, 2], [5, 5])])
    assert verdict_codes(rule, tables, ClauseContext(NINE, Quantiles(), 0), None).tolist() == [1, 1, -1, 0]


def test_shares_of_verdicts_with_and_without_weights() -> None:
    codes = np.asarray([1, 1, 0, -1, 1], np.int8)
    assert shares_of(codes) == {"in": 3 / 5, "none": 1 / 5, "out": 1 / 5}
    weights = np.asarray([0.125, 0.125, 0.5, 0.25, 0.0])
    assert shares_of(codes, weights) == {"in": 0.25, "none": 0.5, "out": 0.25}
    assert shares_of(codes[:1], np.asarray([1 + 1e-9])) == {"in": 1.0, "none": 0.0, "out": 0.0}
