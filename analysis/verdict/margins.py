"""How many ratings a verdict is from another one: the fewest, moved anywhere on the scale."""

from typing import NamedTuple

from analysis.protocol.protocol import Clause
from analysis.protocol.states import Towards, Verdict
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import ClauseContext, Condition, condition, opposite
from analysis.verdict.least_moves import least_moves

Sides = tuple[tuple[Clause, ...], tuple[Clause, ...]]


class Margin(NamedTuple):
    """The fewest ratings to move for another verdict, and which one that is; of a ``none`` to either.

    A number is None where no panel of as many ratings has that verdict.
    """

    least: int | None
    towards: Towards | None = None
    to_in: int | None = None
    to_out: int | None = None


def margin(verdict: Verdict, sides: Sides, counts: Counts, context: ClauseContext) -> Margin:
    """How far a verdict is from another one.

    ``sides``: the clauses in and out; ``counts``: by point, int64[k], one rating at least.
    """
    n = int(counts.sum())
    into, out = (_asked(side, n, context) for side in sides)
    if verdict == "in":
        return Margin(_to_one_of((), into, counts))
    to_in = least_moves(into, counts).moves
    if verdict == "out":
        lost = _to_one_of((), out, counts)
        return Margin(_least(to_in, lost))
    to_out = least_moves(out, counts).moves
    if to_in is not None and to_out is not None and to_out >= to_in:
        to_out = _to_one_of(out, into, counts)  # where both sides hold the verdict is in
    least, towards = _least(to_in, to_out), None
    if least is not None:
        towards = Towards.EITHER if to_in == to_out else Towards.IN if to_in == least else Towards.OUT
    return Margin(least, towards, to_in, to_out)


def _asked(clauses: tuple[Clause, ...], n: int, context: ClauseContext) -> tuple[Condition, ...]:
    return tuple(condition(clause, n, context) for clause in clauses)


def _to_one_of(kept: tuple[Condition, ...], failing: tuple[Condition, ...], counts: Counts) -> int | None:
    """The fewest moves until one of ``failing`` fails and all of ``kept`` hold."""
    n = int(counts.sum())
    return _least(*(least_moves((*kept, opposite(one, n)), counts).moves for one in failing))


def _least(*moves: int | None) -> int | None:
    return min((one for one in moves if one is not None), default=None)
