"""Random rules and every panel, for what is held against trying everything."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from analysis.protocol.protocol import (
    Band,
    Clause,
    ConsensusRule,
    DisagreementClause,
    IqrClause,
    MedianClause,
    Quantiles,
    Scale,
    ShareClause,
)
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.many_panels import panels


@lru_cache(maxsize=64)
def every(n: int, k: int) -> Counts:
    """Every panel of n raters on k points."""
    return panels(n, k)


def random_bench(chance: np.random.Generator, k: int) -> ClauseContext:
    """A scale of k points in two to five bands, some points in none, and any quantile types."""
    edges = sorted({0, k, *chance.integers(1, k, chance.integers(1, 5)).tolist()})
    lo = int(chance.integers(-1, 2))
    bands = [
        Band(f"b{at}", lo + first, lo + last - 1)
        for at, (first, last) in enumerate(pairwise(edges))
        if chance.random() < 0.85 or len(edges) == 2
    ] or [Band("b0", lo, lo)]
    kinds = chance.integers(1, 10, 2).tolist()
    return ClauseContext(Scale("s", lo, lo + k - 1, tuple(bands)), Quantiles(*kinds), int(chance.integers(0, 2)))


def random_clauses(chance: np.random.Generator, context: ClauseContext, most: int = 3) -> tuple[Clause, ...]:
    """One to ``most`` clauses of any kind."""
    found = [_clause(chance, context) for _ in range(chance.integers(1, most + 1))]
    return tuple(found)


def _clause(chance: np.random.Generator, context: ClauseContext) -> Clause:
    scale, kind = context.scale, int(chance.integers(0, 5))
    if kind < 2:
        band = scale.bands[chance.integers(0, len(scale.bands))].key
        den = int(chance.integers(1, 7))
        return ShareClause(band, str(chance.choice((">=", "<"))), int(chance.integers(0, den + 1)), den)
    op = str(chance.choice((">=", "<=")))
    if kind == 2:
        return MedianClause(op, int(chance.integers(2 * scale.lo, 2 * scale.hi + 1)))
    if kind == 3:
        return IqrClause(op, int(chance.integers(0, 2 * scale.k)), int(chance.integers(1, 4)))
    return DisagreementClause(bool(chance.integers(0, 2)))


def random_rule(chance: np.random.Generator, context: ClauseContext) -> ConsensusRule:
    """A rule of one to three clauses a side."""
    sides: Sequence[tuple[Clause, ...]] = [random_clauses(chance, context) for _ in range(2)]
    return ConsensusRule(sides[0], sides[1], minimum_n=1)


def random_panel(chance: np.random.Generator, n: int, k: int) -> Counts:
    """Counts of n raters, drawn from shares that are often far apart."""
    return np.asarray(chance.multinomial(n, chance.dirichlet(np.full(k, 0.5))), np.int64)
