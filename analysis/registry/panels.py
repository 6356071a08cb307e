"""How alike the panel rates all items of a criterion."""

from collections.abc import Callable, Iterator

from analysis.registry.entry import Figure, Statistic, coefficient, number, test
from analysis.registry.given import Panel, Sums
from analysis.statistics.agreement import (
    Units,
    brennan_prediger,
    fleiss,
    gwet,
    observed_categories,
    percent_agreement,
    weights,
)
from analysis.statistics.appropriateness import average_majority
from analysis.statistics.bootstrap import over_units
from analysis.statistics.concordance import friedman, kendall_w
from analysis.statistics.content_validity import scale_validity, universal_validity
from analysis.statistics.friedman_tests import w_f_test
from analysis.statistics.intraclass import intraclass
from analysis.statistics.krippendorff import alpha
from analysis.statistics.rwg import SLIGHT_SKEW_5, a_wg_j, largest_variance, r_star_wg_j, r_wg_j, uniform_variance
from analysis.statistics.value import SCALE_TOO_SHORT

FORMS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
KINDS = ("identity", "linear", "quadratic", "ordinal")


def _majority(given: Panel) -> Iterator[Figure]:
    if len(given.scale.bands) < 2:
        yield number("APMO", None, why=SCALE_TOO_SHORT)
        return
    low, high = given.scale.bands[0], given.scale.bands[-1]
    sides = [(one.within(high), one.within(low), one.n) for one in given.measures]
    votes = [(agree, against, n - agree - against) for agree, against, n in sides]
    yield number("APMO in %, neutral counted", average_majority(votes, False))
    yield number("APMO in %, opinions only", average_majority(votes, True))


def _alpha(given: Panel) -> Iterator[Figure]:
    units, lo = given.units, given.scale.lo

    def of(kind: str) -> Callable[[Units], float | None]:
        return lambda drawn: alpha(drawn, kind, lo).value

    for kind in ("nominal", "ordinal", "interval", "ratio"):
        yield coefficient(f"alpha, {kind}", alpha(units, kind, lo), over_units(units, of(kind)))


def _gwet(given: Panel) -> Iterator[Figure]:
    yield number("percent agreement", percent_agreement(given.units))
    for kind in KINDS:
        w = weights(given.scale.k, kind)
        name = "AC1" if kind == "identity" else f"AC2, {kind} weights"
        yield coefficient(name, gwet(given.units, w))
        yield coefficient(f"Brennan-Prediger, {kind} weights", brennan_prediger(given.units, w))
    seen = observed_categories(given.units)
    yield coefficient("AC1 on the points used only, as other programs have it", gwet(seen))


def _fleiss(given: Panel) -> Iterator[Figure]:
    for kind in KINDS:
        yield coefficient(f"Fleiss kappa, {kind} weights", fleiss(given.units, weights(given.scale.k, kind)))


def _scale_validity(given: Panel) -> Iterator[Figure]:
    if len(given.scale.bands) < 2:
        yield number("S-CVI", None, why=SCALE_TOO_SHORT)
        return
    high = given.scale.bands[-1]
    items = [(one.within(high), one.n) for one in given.measures]
    yield number("S-CVI/Ave", scale_validity(items), high.key)
    yield number("S-CVI/UA", universal_validity(items), high.key)


def _r_wg_j(given: Panel) -> Iterator[Figure]:
    counts, k = [one.counts for one in given.measures], given.scale.k
    yield number("r_wg(J), uniform null", r_wg_j(counts, uniform_variance(k)))
    if k == 5:
        yield number("r_wg(J), slightly skewed null", r_wg_j(counts, SLIGHT_SKEW_5))
    yield number("r*_wg(J), largest variance", r_star_wg_j(counts, largest_variance(k)))
    yield number("a_wg(J)", a_wg_j(counts, given.scale.lo))


def _icc(given: Sums) -> Iterator[Figure]:
    yield number("experts who rated everything", given.sums.products.experts)
    for form in FORMS:
        found = intraclass(given.sums.products, form)
        figure = Figure(form, found.value, found.interval.low, found.interval.high, method="McGraw and Wong")
        yield figure if found.value is not None else Figure(form, reason=found.reason)


def _kendall(given: Sums) -> Iterator[Figure]:
    ranks = given.sums.ranks
    yield number("experts who rated everything", ranks.experts)
    yield number("Kendall's W", kendall_w(ranks))
    yield number("Kendall's W, not corrected for ties", kendall_w(ranks, False))
    yield test("Friedman", friedman(ranks))
    f = w_f_test(ranks)
    yield Figure("F of W", f.statistic, df=f.df1, p=f.p, method="F", reason=f.reason)
    for item, rank in zip(given.items, ranks.mean_ranks(), strict=False):
        yield number("mean rank", rank, item)


PANELS: tuple[Statistic[Panel], ...] = (
    Statistic(
        "apmo",
        "APMO",
        "average majority over all measures",
        "without saying whether neutral counts",
        "Kapoor 1987",
        _majority,
    ),
    Statistic(
        "alpha",
        "Krippendorff α",
        "agreement beyond chance, any metric, missing allowed",
        "alone where nearly all agree (0 at one dissent)",
        "Krippendorff 1970, 2011",
        _alpha,
        True,
    ),
    Statistic(
        "gwet",
        "AC1, AC2, Brennan-Prediger",
        "agreement beyond chance, steady where nearly all agree",
        "on observed instead of declared categories",
        "Gwet 2008, 2014; Brennan & Prediger 1981",
        _gwet,
    ),
    Statistic(
        "fleiss",
        "Fleiss κ, Scott π",
        "agreement beyond chance, chance from pooled shares",
        "without variation (undefined)",
        "Fleiss 1971; Scott 1955",
        _fleiss,
    ),
    Statistic(
        "scale-validity",
        "S-CVI/Ave, S-CVI/UA",
        "do experts find the items of a scale relevant (the highest band)",
        "the universal form on large panels: one dissent ends it",
        "Polit & Beck 2006",
        _scale_validity,
    ),
    Statistic(
        "r-wg-j",
        "r_wg(J), r*_wg(J), a_wg(J)",
        "within-group agreement over all measures",
        "measures that are not one construct",
        "James et al. 1984; Lindell et al. 1999; Brown & Hauenstein 2005",
        _r_wg_j,
    ),
)
SUMS: tuple[Statistic[Sums], ...] = (
    Statistic(
        "icc",
        "ICC 1, 2, 3 and of means",
        "reliability of one expert or of the panel's mean",
        "incomplete tables; ordinal scales with few points",
        "Shrout & Fleiss 1979; McGraw & Wong 1996",
        _icc,
    ),
    Statistic(
        "kendall",
        "Kendall W, Friedman, F",
        "do experts rank measures alike",
        "without tie correction; experts with different measures",
        "Kendall & Babington Smith 1939; Friedman 1937; Legendre 2005",
        _kendall,
    ),
)
