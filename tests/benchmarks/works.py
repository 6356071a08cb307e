"""What is measured: each piece of work, ours and others', on a panel of any size.

A maker prepares the input in the form its program takes (not timed) and returns the work.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.result.blocks import band_shares, centre, ipras_result
from analysis.result.panel_agreement import coefficients
from analysis.result.stage import stage_result
from analysis.result.stage_input import MeasureInput, PanelSums, StageInput
from analysis.statistics import bootstrap, concordance, intraclass, krippendorff
from analysis.statistics.descriptive import deviation, mean, modes
from analysis.statistics.ordinal import agreement, consensus
from analysis.tables.pairs import PairTable
from analysis.tables.panels import CrossProducts, UnitTable
from analysis.tables.ranks import RankSums
from tests.benchmarks.measuring import Work
from tests.benchmarks.panels import MISSING, NINE, PROTOCOL, K, codes, floats

Maker = Callable[[int, int], Work]
REPLICATES = 1_000


def floor(experts: int, measures: int) -> Work:
    """The least that can be done: numpy counts every code once."""
    found = codes(experts, measures)
    return lambda: [np.bincount(row, minlength=16) for row in found]


def item_statistics(table: UnitTable) -> list[dict[str, Any]]:
    """Everything about each measure's histogram that a report says."""
    found = []
    for measure in range(len(table.cells)):
        counts = table.histogram(measure).counts
        result = centre(counts, NINE, 7) | band_shares(counts, NINE)
        result |= {"mean": mean(counts, 1), "sd": deviation(counts), "modes": modes(counts, 1)}
        result |= {"a": agreement(counts), "cns": consensus(counts)}
        found.append(result | {"ipras": ipras_result(counts, NINE, 2)})
    return found


def items_and_alphas(experts: int, measures: int) -> Work:
    """All item statistics, three alphas, AC1, AC2 and Fleiss' kappa, from codes."""
    found = codes(experts, measures)

    def work() -> Any:
        table = UnitTable.from_codes(found, K)
        return item_statistics(table), coefficients(table)

    return work


def whole_report(experts: int, measures: int) -> Work:
    """Two rounds, from codes to the frozen result: items, pairs, verdicts, robustness, W, ICC."""
    earlier, later = codes(experts, measures, seed=2), codes(experts, measures)

    def work() -> Any:
        table = UnitTable.from_codes(later, K)
        sums = PanelSums(RankSums.from_codes(later, K), CrossProducts.from_codes(later, K, products=False))
        given = tuple(
            MeasureInput(
                f"M{place}",
                {"importance": table.histogram(place)},
                {"importance": PairTable.from_codes(earlier[place], later[place], K)},
                rounds_rated=2,
            )
            for place in range(measures)
        )
        taken = {"submitted": experts}
        return stage_result(PROTOCOL, StageInput("2", "round", 2, taken, measures=given, sums={"importance": sums}))

    return work


def one_alpha(experts: int, measures: int) -> Work:
    units = UnitTable.from_codes(codes(experts, measures), K).units
    return lambda: krippendorff.alpha(units, "ordinal")


def krippendorff_counts(experts: int, measures: int) -> Work:
    import krippendorff as peer

    units = UnitTable.from_codes(codes(experts, measures), K).units.astype(np.int64)
    return lambda: peer.alpha(value_counts=units, level_of_measurement="ordinal")


def krippendorff_rows(experts: int, measures: int) -> Work:
    import krippendorff as peer

    rows = floats(codes(experts, measures)).T
    return lambda: peer.alpha(reliability_data=rows, level_of_measurement="ordinal")


def irrcac_ac2(experts: int, measures: int) -> Work:
    from irrCAC.raw import CAC
    from pandas import DataFrame

    frame = DataFrame(floats(codes(experts, measures)))
    return lambda: CAC(frame, weights="ordinal").gwet()


def statsmodels_fleiss(experts: int, measures: int) -> Work:
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    complete = codes(experts, measures, 0.0)
    return lambda: fleiss_kappa(aggregate_raters(complete)[0])


def our_w(experts: int, measures: int) -> Work:
    """W, chi-square and its p, from codes in which an expert in a thousand has left one out."""
    found = codes(experts, measures, 0.0).copy()
    found[0, ::1000] = MISSING
    return lambda: concordance.friedman(RankSums.from_codes(found, K))


def scipy_friedman(experts: int, measures: int) -> Work:
    from scipy.stats import friedmanchisquare

    complete = codes(experts, measures, 0.0)
    return lambda: friedmanchisquare(*complete)


def _long(experts: int, measures: int) -> Any:
    from pandas import DataFrame

    complete = codes(experts, measures, 0.0)
    item, expert = np.indices(complete.shape)
    return DataFrame({"item": item.ravel(), "expert": expert.ravel(), "rating": complete.ravel() + 1.0})


def pingouin_friedman(experts: int, measures: int) -> Work:
    import pingouin

    long = _long(experts, measures)
    return lambda: pingouin.friedman(long, dv="rating", within="item", subject="expert")


def our_icc(experts: int, measures: int) -> Work:
    complete = codes(experts, measures, 0.0)

    def work() -> Any:
        sums = CrossProducts.from_codes(complete, K, products=False)
        return [intraclass.intraclass(sums, form) for form in ("ICC1", "ICC2", "ICC2k", "ICC3k")]

    return work


def pingouin_icc(experts: int, measures: int) -> Work:
    import pingouin

    long = _long(experts, measures)
    return lambda: pingouin.intraclass_corr(long, "item", "expert", "rating")


def our_bootstrap(experts: int, measures: int) -> Work:
    table = UnitTable.from_codes(codes(experts, measures, 0.0), K)
    counts = [table.histogram(place).counts for place in range(measures)]
    return lambda: [
        bootstrap.bootstrap_interval(one, bootstrap.medians(1), method="percentile", replicates=REPLICATES)
        for one in counts
    ]


def scipy_bootstrap(experts: int, measures: int) -> Work:
    from scipy.stats import bootstrap as peer

    rows = codes(experts, measures, 0.0) + 1.0
    return lambda: peer(
        (rows,),
        np.median,
        axis=1,
        n_resamples=REPLICATES,
        method="percentile",
        vectorized=True,
        batch=max(1, 10_000_000 // rows.size),
        rng=np.random.default_rng(1),
    )


WORKS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        floor,
        items_and_alphas,
        whole_report,
        one_alpha,
        krippendorff_counts,
        krippendorff_rows,
        irrcac_ac2,
        statsmodels_fleiss,
        our_w,
        scipy_friedman,
        pingouin_friedman,
        our_icc,
        pingouin_icc,
        our_bootstrap,
        scipy_bootstrap,
    )
}


def made(name: str, experts: int, measures: int) -> Work:
    """The work of that name; warnings of others are theirs."""
    work = WORKS[name](experts, measures)

    def quiet() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()

    return quiet
