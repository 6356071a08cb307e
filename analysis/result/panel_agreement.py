"""How alike do the experts rate all measures of a criterion? Agreement is not consensus.

Alpha, AC2 and the rest are functions of the measures' histograms; W and the intraclass
correlation need sums over experts and cover those who rated every measure (``drop_experts``).
"""

from typing import Any

from analysis.protocol.protocol import Protocol, Scale
from analysis.result.blocks import coefficient, put, significance
from analysis.result.stage_input import PanelSums, StageInput
from analysis.statistics.agreement import fleiss, gwet, percent_agreement, weights
from analysis.statistics.appropriateness import average_majority
from analysis.statistics.concordance import friedman, kendall_w
from analysis.statistics.friedman_tests import w_f_test
from analysis.statistics.intraclass import intraclass
from analysis.statistics.krippendorff import alpha
from analysis.tables.histograms import Histogram
from analysis.tables.panels import UnitTable
from analysis.verdict.consensus import band_count


def panel_result(protocol: Protocol, given: StageInput) -> dict[str, Any]:
    """Per criterion rated for two measures or more: agreement of the whole panel."""
    found = {}
    for criterion in protocol.criteria:
        tables = [m.criteria[criterion.key] for m in given.measures if criterion.key in m.criteria]
        if len(tables) > 1:
            scale = protocol.scale(criterion.scale)
            found[criterion.key] = agreement_result(scale, tables)
            if criterion.key in given.sums:
                found[criterion.key] |= concordance_result(given.sums[criterion.key])
    return found


def agreement_result(scale: Scale, tables: list[Histogram]) -> dict[str, Any]:
    """From histograms alone: percent agreement, alpha, AC2, Fleiss' kappa, APMO."""
    table = UnitTable.from_histograms(tables, scale.k)
    return coefficients(table) | _majority(scale, tables)


def coefficients(table: UnitTable) -> dict[str, Any]:
    """Chance-corrected agreement on the declared scale, ordinal weights."""
    units = table.units
    w = weights(table.k, "ordinal")
    result: dict[str, Any] = {"measures": int(units.shape[0]), "ratings": int(units.sum())}
    put(result, "percent_agreement", percent_agreement(units))
    for kind in ("nominal", "ordinal", "interval"):
        result[f"alpha_{kind}"] = coefficient(alpha(units, kind))
    result["ac1"] = coefficient(gwet(units))
    result["ac2"] = coefficient(gwet(units, w))
    result["fleiss"] = coefficient(fleiss(units))
    return result


def _majority(scale: Scale, tables: list[Histogram]) -> dict[str, Any]:
    """APMO both ways; null without a highest and a lowest band."""
    result: dict[str, Any] = {"apmo": None, "apmo_opinions_only": None}
    if len(scale.bands) < 2:
        return result
    low, high = scale.bands[0].key, scale.bands[-1].key
    counts = [(band_count(t.counts, scale, high), band_count(t.counts, scale, low), t.n) for t in tables]
    votes = [(agree, against, n - agree - against) for agree, against, n in counts]
    put(result, "apmo", average_majority(votes, False))
    put(result, "apmo_opinions_only", average_majority(votes, True))
    return result


def concordance_result(sums: PanelSums) -> dict[str, Any]:
    """From sums over the experts who rated everything: Kendall's W and intraclass correlation."""
    w: dict[str, Any] = {"experts": sums.ranks.experts, "policy": "drop_experts"}
    put(w, "value", kendall_w(sums.ranks))
    w["friedman"] = significance(friedman(sums.ranks))
    f = w_f_test(sums.ranks)
    w["f"] = {"statistic": f.statistic, "df1": f.df1, "df2": f.df2, "p": f.p}
    w["mean_ranks"] = sums.ranks.mean_ranks()
    icc: dict[str, Any] = {"experts": sums.products.experts, "policy": "drop_experts"}
    for form in ("ICC2", "ICC2k", "ICC3k"):
        one = intraclass(sums.products, form)
        interval = one.interval
        icc[form] = {"value": one.value, "low": interval.low, "high": interval.high}
        if one.reason is not None:
            icc[form]["value_reason"] = one.reason
    return {"kendall_w": w, "intraclass": icc}
