"""How alike do the experts rate all measures of a criterion? Agreement is not consensus.

Alpha, AC2 and the rest are functions of the measures' histograms; W and the intraclass
correlation need sums over experts and cover those who rated every measure (``drop_experts``).
"""

from dataclasses import replace

from analysis.model.figures import Interval
from analysis.model.panel import FTest, Intraclass, KendallW, PanelAgreement
from analysis.protocol.protocol import Protocol, Scale
from analysis.result.blocks import coefficient, significance, undefined
from analysis.result.stage_input import PanelSums, StageInput
from analysis.statistics.agreement import fleiss, gwet, percent_agreement, weights
from analysis.statistics.appropriateness import average_majority
from analysis.statistics.concordance import friedman, kendall_w
from analysis.statistics.friedman_tests import w_f_test
from analysis.statistics.intraclass import intraclass
from analysis.statistics.krippendorff import alpha
from analysis.statistics.value import Value
from analysis.tables.histograms import Histogram
from analysis.tables.panels import UnitTable
from analysis.verdict.consensus import band_count

POLICY = "drop_experts"


def panel_result(protocol: Protocol, given: StageInput) -> dict[str, PanelAgreement]:
    """Per criterion rated for two measures or more: agreement of the whole panel."""
    found = {}
    for criterion in protocol.criteria:
        tables = [m.criteria[criterion.key] for m in given.measures if criterion.key in m.criteria]
        if len(tables) > 1:
            agreed = agreement_result(protocol.scale(criterion.scale), tables)
            sums = given.sums.get(criterion.key)
            if sums is not None:
                agreed = replace(agreed, kendall_w=_concordance(sums), intraclass=_intraclass(sums))
            found[criterion.key] = agreed
    return found


def agreement_result(scale: Scale, tables: list[Histogram]) -> PanelAgreement:
    """From histograms alone: chance-corrected agreement, and APMO both ways.

    APMO is None without a highest and a lowest band.
    """
    found = coefficients(UnitTable.from_histograms(tables, scale.k))
    if len(scale.bands) < 2:
        return replace(found, nulls=frozenset({"apmo", "apmo_opinions_only"}))
    every, opinions = _majority(scale, tables)
    reasons = {**found.reasons, **undefined(apmo=every, apmo_opinions_only=opinions)}
    return replace(found, apmo=every.value, apmo_opinions_only=opinions.value, reasons=reasons)


def coefficients(table: UnitTable) -> PanelAgreement:
    """Chance-corrected agreement on the declared scale; AC2 with ordinal weights."""
    units = table.units
    percent = percent_agreement(units)
    return PanelAgreement(
        measures=int(units.shape[0]),
        ratings=int(units.sum()),
        percent_agreement=percent.value,
        alpha_nominal=coefficient(alpha(units, "nominal")),
        alpha_ordinal=coefficient(alpha(units, "ordinal")),
        alpha_interval=coefficient(alpha(units, "interval")),
        ac1=coefficient(gwet(units)),
        ac2=coefficient(gwet(units, weights(table.k, "ordinal"))),
        fleiss=coefficient(fleiss(units)),
        reasons=undefined(percent_agreement=percent),
    )


def _majority(scale: Scale, tables: list[Histogram]) -> tuple[Value, Value]:
    """APMO of all ratings, and of opinions only."""
    low, high = scale.bands[0].key, scale.bands[-1].key
    counts = [(band_count(t.counts, scale, high), band_count(t.counts, scale, low), t.n) for t in tables]
    votes = [(agree, against, n - agree - against) for agree, against, n in counts]
    return average_majority(votes, False), average_majority(votes, True)


def _concordance(sums: PanelSums) -> KendallW:
    """Kendall's W of the experts who rated everything."""
    w, f = kendall_w(sums.ranks), w_f_test(sums.ranks)
    return KendallW(
        experts=sums.ranks.experts,
        policy=POLICY,
        value=w.value,
        friedman=significance(friedman(sums.ranks)),
        f=FTest(statistic=f.statistic, df1=f.df1, df2=f.df2, p=f.p),
        mean_ranks=tuple(sums.ranks.mean_ranks()),
        reasons=undefined(value=w),
    )


def _intraclass(sums: PanelSums) -> Intraclass:
    """Intraclass correlations of the experts who rated everything."""
    icc2, icc2k, icc3k = (_form(sums, form) for form in ("ICC2", "ICC2k", "ICC3k"))
    return Intraclass(experts=sums.products.experts, policy=POLICY, icc2=icc2, icc2k=icc2k, icc3k=icc3k)


def _form(sums: PanelSums, form: str) -> Interval:
    one = intraclass(sums.products, form)
    reasons = {} if one.reason is None else {"value": one.reason}
    return Interval(value=one.value, low=one.interval.low, high=one.interval.high, reasons=reasons)
