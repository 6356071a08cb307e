"""Whether groups of experts rate one item differently."""

from collections.abc import Iterator

from analysis.registry.entry import Figure, Statistic, number, test
from analysis.registry.given import Groups
from analysis.statistics.descriptive import size
from analysis.statistics.mann_whitney import cliff_delta, mann_whitney, mann_whitney_exact
from analysis.statistics.multiplicity import holm
from analysis.statistics.spread import fligner_killeen, levene
from analysis.statistics.subgroups import epsilon_squared, eta_squared, hedges_g, kruskal_wallis, pairwise_p
from analysis.statistics.uncertainty import newcombe_difference
from analysis.statistics.value import NO_DATA, Value


def _two(given: Groups) -> Iterator[Figure]:
    for pair, first, second in given.pairs():
        yield test("Mann-Whitney", mann_whitney(first, second), pair)
        yield test("Mann-Whitney, exact", mann_whitney_exact(first, second), pair)
        yield number("Cliff's delta", cliff_delta(first, second), pair)
        yield number("Hedges' g", hedges_g(first, second), pair)


def _several(given: Groups) -> Iterator[Figure]:
    found = kruskal_wallis(given.counts)
    yield test("Kruskal-Wallis", found)
    n = float(sum(map(size, given.counts)))
    nothing = Value(None, found.reason or NO_DATA)
    h = found.statistic
    yield number("epsilon squared", nothing if h is None else epsilon_squared(h, n))
    yield number("eta squared", nothing if h is None else eta_squared(h, len(given.counts), n))
    tested = [(name, p) for name, p in _by_pair(given) if p is not None]
    for (name, _), p in zip(tested, holm([p for _, p in tested]), strict=True):
        yield Figure("Mann-Whitney, Holm over the pairs of groups", p=p, method="normal", of=name)


def _by_pair(given: Groups) -> Iterator[tuple[str, float | None]]:
    """Every two groups with their p, in the order of ``pairwise_p``."""
    names = [f"{one} / {other}" for place, one in enumerate(given.names) for other in given.names[place + 1 :]]
    return zip(names, pairwise_p(given.counts), strict=True)


def _spread(given: Groups) -> Iterator[Figure]:
    yield test("Levene", levene(given.counts, "mean"))
    yield test("Brown-Forsythe", levene(given.counts, "median"))
    yield test("Fligner-Killeen", fligner_killeen(given.counts))


def _difference(given: Groups) -> Iterator[Figure]:
    lo = given.scale.lo
    for band in given.scale.bands:
        for pair, first, second in given.pairs():
            x1, x2 = (int(counts[band.lo - lo : band.hi - lo + 1].sum()) for counts in (first, second))
            n1, n2 = int(size(first)), int(size(second))
            ends = newcombe_difference(x1, n1, x2, n2)
            yield number(f"difference of shares, {band.key}", x1 / n1 - x2 / n2, pair, ends)


GROUPS: tuple[Statistic[Groups], ...] = (
    Statistic(
        "share-difference",
        "difference of two shares",
        "how far apart two groups are",
        "overlapping groups",
        "Newcombe 1998, method 10",
        _difference,
    ),
    Statistic(
        "mann-whitney",
        "Mann-Whitney, Cliff δ, Hedges g",
        "do two groups differ, how much",
        "groups below the disclosure floor",
        "Mann & Whitney 1947; Cliff 1993; Hedges 1981",
        _two,
    ),
    Statistic(
        "kruskal-wallis",
        "Kruskal-Wallis, ε², η²",
        "do several groups differ",
        "groups below the disclosure floor",
        "Kruskal & Wallis 1952",
        _several,
    ),
    Statistic(
        "group-spread",
        "Levene, Brown-Forsythe, Fligner-Killeen",
        "do groups differ in spread",
        "paired rounds",
        "Levene 1960; Brown & Forsythe 1974; Fligner & Killeen 1976",
        _spread,
    ),
)
