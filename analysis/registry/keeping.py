"""How far experts kept their place between two rounds, who stopped, and where opinions went."""

from collections.abc import Iterator

from analysis.registry.entry import Figure, Statistic, normal_interval, number, span, test
from analysis.registry.given import TwoRounds
from analysis.statistics.association import (
    goodman_kruskal_gamma,
    joint,
    kendall_tau_b,
    pearson,
    pitman_morgan,
    predictability,
    spearman,
    variance_ratio,
)
from analysis.statistics.attrition import leaving, share_bounds
from analysis.statistics.stability import conformity, kappa, kappa_error, variance_ratio_interval, variation_change
from analysis.statistics.value import NO_PAIRS, Interval


def _kappa(given: TwoRounds) -> Iterator[Figure]:
    for kind in ("unweighted", "linear", "quadratic"):
        found, error = kappa(given.table.both, kind), kappa_error(given.table.both, kind)
        ends = None if found.value is None else normal_interval(found.value, error.value)
        yield number(f"kappa, {kind}", found, interval=ends)


def _correlation(given: TwoRounds) -> Iterator[Figure]:
    pairs = joint(given.table.both)
    yield number("Pearson r", pearson(pairs))
    yield number("Spearman rho", spearman(pairs))
    yield number("Kendall tau-b", kendall_tau_b(pairs))
    yield number("gamma", goodman_kruskal_gamma(pairs))


def _lambda(given: TwoRounds) -> Iterator[Figure]:
    yield number("lambda, later given earlier", predictability(joint(given.table.both)))


def _convergence(given: TwoRounds) -> Iterator[Figure]:
    pairs = joint(given.table.both)
    ends = variance_ratio_interval(given.table.both)
    yield number("variance ratio, later to earlier", variance_ratio(pairs), interval=ends)
    yield test("Pitman-Morgan", pitman_morgan(pairs))
    yield number("change of the coefficient of variation", variation_change(given.table.both, given.scale.lo))


def _conformity(given: TwoRounds) -> Iterator[Figure]:
    if given.shown is None:
        yield number("conformity", None, why=NO_PAIRS)
        return
    found = conformity(given.table.both, given.shown, given.scale.lo)
    yield number("conformity", found, f"median {given.shown:g}")


def _leavers(given: TwoRounds) -> Iterator[Figure]:
    lo, earlier = given.scale.lo, given.table.earlier.counts
    found = leaving(given.table, lo)
    yield number("who stopped", found.leavers)
    yield number("who stayed", found.stayers)
    yield number("median of those who stopped", found.median_leavers)
    yield number("median of those who stayed", found.median_stayers)
    yield number("Cliff's delta", found.delta, "stopped / stayed")
    yield test("Mann-Whitney", found.test, "stopped / stayed")
    stayed = earlier - given.table.dropouts
    for band in given.scale.bands:
        inside = int(stayed[band.lo - lo : band.hi - lo + 1].sum())
        bounds = share_bounds(inside, int(stayed.sum()), found.leavers)
        known = Interval(None, None, bounds) if isinstance(bounds, str) else Interval(*bounds)
        yield span("bounds of the share", known, band.key)


KEEPING: tuple[Statistic[TwoRounds], ...] = (
    Statistic(
        "kappa",
        "Cohen κ, weighted κ",
        "agreement of a panel with itself",
        "against a cut-off; when a round is unanimous",
        "Cohen 1960, 1968; Fleiss et al. 1969",
        _kappa,
    ),
    Statistic(
        "correlation",
        "Pearson, Spearman, τ-b, γ",
        "do experts keep their place",
        "a constant round (undefined)",
        "Kendall 1945; Goodman & Kruskal 1954",
        _correlation,
    ),
    Statistic(
        "lambda",
        "λ",
        "does the earlier rating predict the later",
        "as agreement: all +1 gives 1",
        "Goodman & Kruskal 1954; Chaffin & Talley 1980",
        _lambda,
    ),
    Statistic(
        "convergence",
        "Pitman-Morgan, variance ratio with interval",
        "did opinions converge",
        "unpaired rounds",
        "Pitman 1939; Morgan 1939",
        _convergence,
        True,
    ),
    Statistic(
        "conformity",
        "conformity",
        "share of moves towards the median fed back",
        "as agreement: feedback itself pulls",
        "Barrios et al. 2021",
        _conformity,
    ),
    Statistic(
        "leavers",
        "leavers against stayers, bounds",
        "does it matter who left",
        "leavers below the floor: bounds only",
        "COMET Handbook 2017; Boel et al. 2021",
        _leavers,
    ),
)
