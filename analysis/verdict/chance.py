"""How often would this rule be met without any opinion behind it, and how sure is a verdict?

Draws are seeded from the numbers at hand: the same question always has the same answer.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import comb
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.canonical import digest
from analysis.model.criterion import Chances
from analysis.model.file import Posterior
from analysis.protocol.protocol import ConsensusRule, Quantiles, Scale, ShareClause
from analysis.protocol.states import Verdict
from analysis.tables.histograms import Counts
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.many_panels import panels, shares_of, verdict_codes

DRAWS = 20_000
PREDICTED = 4_000
_EXACT_PANELS = 200_000
_LARGE = 1_000_000  # voters that stand for a population when its shares are judged


def seed(*parts: str | int | Sequence[int]) -> int:
    """A seed that depends on these numbers and nothing else."""
    return int(digest(list(parts))[:16], 16)


def _cells(rule: ConsensusRule, scale: Scale, round_number: int | None) -> list[int] | None:
    """Cell of each point where only shares of bands matter, else None; few cells are exact."""
    clauses = [clause for side in rule.clauses(round_number) for clause in side]
    if not all(isinstance(clause, ShareClause) for clause in clauses):
        return None
    used = {clause.band for clause in clauses if isinstance(clause, ShareClause)}
    keys = [scale.band(code) for code in range(scale.k)]
    kinds = list(dict.fromkeys(key if key in used else None for key in keys))
    return [kinds.index(key if key in used else None) for key in keys]


def _log_multinomial(tables: Counts, shares: Floats) -> Floats:
    from scipy.special import gammaln, xlogy

    n = tables.sum(axis=1)
    logs = gammaln(n + 1) - gammaln(tables + 1).sum(axis=1) + xlogy(tables, shares).sum(axis=1)
    return np.asarray(np.exp(logs))


class _ByChance(NamedTuple):
    """Shares of each verdict, and how many panels were drawn for them; None: exact."""

    shares: Mapping[Verdict, float]
    draws: int | None


@lru_cache(maxsize=256)
def _by_chance(
    rule: ConsensusRule, scale: Scale, quantiles: Quantiles, n: int, round_number: int | None, drawn: bool
) -> _ByChance | None:
    bench = ClauseContext(scale, quantiles, 0)
    cells = _cells(rule, scale, round_number)
    count = scale.k if cells is None else max(cells) + 1
    if comb(n + count - 1, count - 1) <= _EXACT_PANELS:
        # One point of each cell stands for all of them: only the shares of bands are asked.
        places = cells or list(range(scale.k))
        first = [places.index(cell) for cell in range(count)]
        shares = np.bincount(places, minlength=count) / scale.k
        inner = panels(n, count)
        tables = np.zeros((len(inner), scale.k), np.int64)
        tables[:, first] = inner
        codes = verdict_codes(rule, tables, bench, round_number)
        return _ByChance(shares_of(codes, _log_multinomial(inner, shares)), None)
    if not drawn:
        return None
    generator = np.random.default_rng(seed("chance", scale.k, n))
    tables = generator.multinomial(n, np.full(scale.k, 1 / scale.k), size=DRAWS)
    codes = verdict_codes(rule, tables, bench, round_number)
    return _ByChance(shares_of(codes), DRAWS)


def by_chance(
    rule: ConsensusRule, scale: Scale, quantiles: Quantiles, n: int, round_number: int | None, drawn: bool = True
) -> Chances | None:
    """Probability of each verdict if n raters chose points at random, all points alike.

    Exact where the panels can be enumerated (rules of shares to some 600 raters, any rule to
    some ten on nine points), else by 20,000 draws if ``drawn``, and ``draws`` says so. No-opinions
    are not drawn. None without raters, or where it would have to be drawn.
    Example: at least 3/4 of four in one third, no other clause: 1/9 in, 1/9 out.
    """
    found = _by_chance(rule, scale, quantiles, n, round_number, drawn) if n else None
    if found is None:
        return None
    into, out, none = (found.shares[verdict] for verdict in (Verdict.IN, Verdict.OUT, Verdict.NONE))
    return Chances(into=into, out=out, none=none, n=n, draws=found.draws)


def posterior(
    rule: ConsensusRule, context: ClauseContext, counts: Counts, round_number: int | None, verdict: Verdict
) -> Posterior:
    """How sure is the verdict, under Dirichlet(1/k each), a prior that weighs one answer?

    ``population``: probability of each verdict among all such experts, their shares unknown
    (shares are judged as of a million voters). ``another_panel``: of each verdict in another panel
    of the same size drawn from them; ``flips``: that it differs from ``verdict``. By 4,000 draws.
    """
    n, k = int(counts.sum()), counts.size
    generator = np.random.default_rng(seed("posterior", counts.tolist(), context.withheld))
    shares = generator.dirichlet(counts + 1 / k, size=PREDICTED)
    crowd = np.floor(shares * _LARGE).astype(np.int64)
    crowd[np.arange(PREDICTED), shares.argmax(axis=1)] += _LARGE - crowd.sum(axis=1)
    wider = ClauseContext(context.scale, context.quantiles, context.withheld * _LARGE // n if n else 0)
    population = shares_of(verdict_codes(rule, crowd, wider, round_number))
    again = generator.multinomial(n, shares)
    predicted = shares_of(verdict_codes(rule, again, context, round_number))
    return Posterior(
        prior=1 / k,
        draws=PREDICTED,
        population=population,
        another_panel=predicted,
        flips=sum(share for name, share in predicted.items() if name != verdict),
    )
