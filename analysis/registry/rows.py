"""How alike experts rate all items of a criterion, where their rows are known."""

from collections.abc import Callable, Iterator

from analysis.arrays import Floats
from analysis.registry.entry import Figure, Statistic, number, span, test
from analysis.registry.given import Rows
from analysis.registry.panels import KINDS
from analysis.statistics.agreement import Coefficient, Units, gwet, units_of, weights
from analysis.statistics.bootstrap import over_experts
from analysis.statistics.concordance import complete, kendall_w, rank_sums
from analysis.statistics.conger import conger, light
from analysis.statistics.friedman_tests import exact_permutation_p, mean_spearman, permutation_p
from analysis.statistics.incomplete import skillings_mack
from analysis.statistics.intraclass import spearman_brown_limits
from analysis.statistics.krippendorff import alpha
from analysis.tables.incomplete import BlockSums

LIGHT_UP_TO = 200
"""Experts up to whom every two of them are looked at."""


def _of_rows(given: Rows) -> Iterator[Figure]:
    """W by drawing experts again, by chance, and where items instead of experts are dropped."""
    rows = given.complete
    drawn = over_experts(rows, lambda some: kendall_w(rank_sums(some)).value)
    yield number("Kendall's W, experts drawn again", kendall_w(rank_sums(rows)), interval=drawn)
    yield number("mean Spearman correlation", mean_spearman(rows))
    for name, found in (("exact", exact_permutation_p(rows)), ("drawn", permutation_p(rows))):
        yield Figure("permutation test of W", p=found.value, method=name, reason=found.reason)
    items = complete(given.matrix, "drop_items")
    yield number("items that everybody rated", items.shape[1])
    yield number("Kendall's W of these items", kendall_w(rank_sums(items)))


def _skillings_mack(given: Rows) -> Iterator[Figure]:
    yield test("Skillings-Mack", skillings_mack(BlockSums.from_codes(given.codes, given.scale.k)))


def _shrout_fleiss(given: Rows) -> Iterator[Figure]:
    yield span("ICC2k, Shrout and Fleiss's interval", spearman_brown_limits(given.complete))


def _by_expert(given: Rows) -> Iterator[Figure]:
    matrix, lo, hi = given.matrix, given.scale.lo, given.scale.hi
    few = len(matrix) <= LIGHT_UP_TO
    for kind in KINDS:
        yield number(f"Conger kappa, {kind} weights", conger(matrix, lo, hi, kind))
        if few:
            yield number(f"Light kappa, {kind} weights", light(matrix, lo, hi, kind))


def _experts_drawn(given: Rows) -> Iterator[Figure]:
    """Coefficients of agreement with intervals over experts instead of items."""
    matrix, lo, hi = given.matrix, given.scale.lo, given.scale.hi
    w = weights(given.scale.k, "ordinal")

    def gwet_of(some: Units) -> Coefficient:
        return gwet(some, w)

    functions: dict[str, Callable[[Units], Coefficient]] = {"alpha, ordinal": alpha, "AC2, ordinal weights": gwet_of}
    for name, function in functions.items():

        def value(some: Floats, coefficient: Callable[[Units], Coefficient] = function) -> float | None:
            return coefficient(units_of(some, lo, hi)).value

        yield number(f"{name}, experts drawn again", value(matrix), interval=over_experts(matrix, value))


BY_ROWS: tuple[Statistic[Rows], ...] = (
    Statistic(
        "kendall-rows",
        "Kendall W with interval, permutation tests, mean Spearman",
        "do experts rank measures alike, how sure is that",
        "if one expert ties everything (mean Spearman)",
        "Spearman 1904; Efron 1979; Phipson & Smyth 2010",
        _of_rows,
        True,
    ),
    Statistic(
        "skillings-mack",
        "Skillings-Mack, Durbin",
        "do experts rank measures alike, where they rated some of them",
        "on the original's variance with ties: p far too large",
        "Skillings & Mack 1981; Durbin 1951",
        _skillings_mack,
    ),
    Statistic(
        "icc-limits",
        "ICC2k with Shrout and Fleiss's interval",
        "the other interval of ICC2k, as other programs print it",
        "beside that of McGraw and Wong as a second finding",
        "Shrout & Fleiss 1979",
        _shrout_fleiss,
    ),
    Statistic(
        "conger",
        "Conger κ, Light κ",
        "agreement beyond chance, chance from each expert's habits; mean Cohen κ of every two experts",
        "experts who rated little; Light: many experts with few common measures",
        "Conger 1980; Light 1971",
        _by_expert,
    ),
    Statistic(
        "agreement-of-experts",
        "α and AC2 with intervals over experts",
        "how sure is agreement, were other such experts asked",
        "for the question of other measures: there measures are drawn again",
        "Efron 1979; Gwet 2014",
        _experts_drawn,
        True,
    ),
)
