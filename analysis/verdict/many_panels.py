"""Verdicts of many panels of one size at once: what chance, doubt and enumeration need.

Each row of ``tables`` is one panel's counts by point, int64[panels x k], every row with the same
sum.
"""

import math

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import ConsensusRule
from analysis.protocol.states import Verdict
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import ClauseContext, all_hold

VERDICTS = (Verdict.OUT, Verdict.NONE, Verdict.IN)  # what the codes -1, 0 and 1 of ``verdict_codes`` say


def verdict_codes(
    rule: ConsensusRule, tables: Counts, context: ClauseContext, round_number: int | None
) -> npt.NDArray[np.int8]:
    """1 ``in``, -1 ``out``, 0 ``none`` for each panel, without asking whether enough rated."""
    into, out = rule.clauses(round_number)
    codes = np.zeros(len(tables), dtype=np.int8)
    codes[all_hold(out, tables, context)] = -1
    codes[all_hold(into, tables, context)] = 1
    return codes


def shares_of(codes: npt.NDArray[np.int8], weights: npt.NDArray[np.float64] | None = None) -> dict[Verdict, float]:
    """Share of each verdict; ``weights`` (adding to 1) where panels are not equally likely."""
    found = {}
    for place, name in enumerate(VERDICTS):
        here = codes == place - 1
        held = float(here.mean()) if weights is None else math.fsum(weights[here].tolist())
        found[name] = min(1.0, held)
    return found


def panels(n: int, places: int) -> Counts:
    """Every way in which n raters fall into so many places, int64[C(n + places - 1, n) x places].

    Raters have no order.
    """
    rows = np.zeros((1, places), np.int64)
    left = np.full(1, n, np.int64)
    for place in range(places - 1):
        times = left + 1
        rows, left = np.repeat(rows, times, axis=0), np.repeat(left, times)
        starts = np.repeat(np.cumsum(times) - times, times)
        taken = np.arange(left.size) - starts
        rows[:, place] = taken
        left = left - taken
    rows[:, -1] = left
    return rows
