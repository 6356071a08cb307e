"""Clauses that decide nothing beside the others, and sides of a rule that no panel can meet.

The older draft of many a rule (75 % high, a median of at least 7, no disagreement) reads as three
conditions and is one: where three quarters rate high, the others cannot fail. A clause is redundant
if no panel meets the others and not it; that is searched for exactly (``least_moves``), not by
samples of panels.
"""

from collections.abc import Iterator

from analysis.model.file import RedundantClause
from analysis.protocol.protocol import Clause, ConsensusRule, Quantiles, Scale
from analysis.verdict.clauses import ClauseContext, condition, opposite
from analysis.verdict.least_moves import is_possible

LARGEST = 25
"""Raters in the largest panels looked at, unless the rule asks for more."""


def sizes(rule: ConsensusRule) -> range:
    """Numbers of raters for which the clauses are looked at."""
    return range(rule.minimum_n, max(LARGEST, rule.minimum_n) + 1)


def redundant_clauses(
    rule: ConsensusRule, scale: Scale, quantiles: Quantiles, raters: range | None = None
) -> tuple[RedundantClause, ...]:
    """Clauses that never fail where the others hold, and sides no panel of those sizes can meet.

    Every panel of each size in ``raters`` (by default ``sizes``) counts. A clause that stands alone
    is never redundant. Partial panels looked at for one size and one question: of the order of the
    points to the power of the lines of its clauses (``least_moves``), however many rate: a median
    and an IQR on 101 points are 101².
    """
    bench, numbers = ClauseContext(scale, quantiles, 0), raters or sizes(rule)
    sides: list[tuple[str, int | None, tuple[Clause, ...]]] = [("in", None, rule.into), ("out", None, rule.out)]
    for own in rule.rounds:
        sides += [("in", own.round, own.into), ("out", own.round, own.out)]
    return tuple(
        RedundantClause(side=side, round=number, at=at, kind=None if at is None else clauses[at].kind, panels=panels)
        for side, number, clauses in sides
        for at, panels in _of_side(clauses, bench, numbers)
    )


def _of_side(clauses: tuple[Clause, ...], context: ClauseContext, raters: range) -> Iterator[tuple[int | None, int]]:
    is_met, panels = _any_panel(clauses, None, context, raters)
    if not is_met:
        yield None, panels
        return
    for at in range(len(clauses)) if len(clauses) > 1 else ():
        can_fail, panels = _any_panel(clauses, at, context, raters)
        if not can_fail:
            yield at, panels


def _any_panel(
    clauses: tuple[Clause, ...], failing: int | None, context: ClauseContext, raters: range
) -> tuple[bool, int]:
    """Whether some panel meets every clause, but not the one at ``failing``; panels looked at."""
    panels = 0
    for n in raters:
        asked = [condition(clause, n, context) for clause in clauses]
        if failing is not None:
            asked[failing] = opposite(asked[failing], n)
        found = is_possible(asked, n, context.scale.k)
        panels += found.tried
        if found.moves is not None:
            return True, panels
    return False, panels
