"""Golden statistics of one histogram."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from analysis.statistics import (
    appropriateness,
    descriptive,
    dip,
    multinomial,
    ordinal,
    ordinal_variation,
    panel_rule,
    polarisation,
    rwg,
    uncertainty,
)
from analysis.statistics.value import Interval, Value
from tests.analysis.cases import Case
from tests.analysis.shapes import Compute, ends, from_lo, of_counts

DESCRIPTIVE: dict[str, Compute] = {
    "n": lambda case: descriptive.size(case.counts),
    "mean": from_lo(descriptive.mean),
    "var": of_counts(descriptive.variance),
    "sd": of_counts(descriptive.deviation),
    "sd_pop": of_counts(descriptive.deviation, 0),
    "cv": from_lo(descriptive.variation),
    "median": from_lo(descriptive.median),
    "mad_raw": of_counts(descriptive.median_deviation),
    "mad_normal": of_counts(descriptive.normal_median_deviation),
    "mean_abs_dev_median": of_counts(descriptive.mean_deviation),
    "min": lambda case: (descriptive.extremes(case.counts, case.lo) or (None, None))[0],
    "max": lambda case: (descriptive.extremes(case.counts, case.lo) or (None, None))[1],
    "modes": from_lo(descriptive.modes),
}


def _quantiles(kind: int) -> Compute:
    def compute(case: Case) -> Any:
        if set(case.content["expected"][f"type{kind}"]) >= {"ipr", "ipras"}:
            return _ipras(case, kind)
        points = {
            f"p{p}": descriptive.quantile(case.counts, Fraction(p, 100), kind, case.lo)
            for p in (10, 20, 25, 30, 50, 70, 75, 80, 90)
        }
        return points | {"iqr": descriptive.interquartile_range(case.counts, kind)}

    return compute


def _ipras(case: Case, kind: int) -> dict[str, Any]:
    found = appropriateness.ipras(case.counts, case.lo, case.hi, kind)
    return {
        "p30": found.p30,
        "p70": found.p70,
        "ipr": found.ipr,
        "iprcp": found.centre,
        "ai": found.asymmetry,
        "ipras": found.ipras,
        "di": found.disagreement_index,
        "disagreement": found.disagreement,
    }


def _hinges(case: Case) -> Any:
    names = ("min", "lower_hinge", "median", "upper_hinge", "max")
    found = descriptive.hinges(case.counts, case.lo)
    return dict(zip(names, found, strict=True)) if found else dict.fromkeys(names)


QUANTILES: dict[str, Compute] = {f"type{kind}": _quantiles(kind) for kind in range(1, 10)}
QUANTILES["tukey_hinges"] = _hinges
QUANTILES |= {f"iqr_type{kind}": of_counts(descriptive.interquartile_range, kind) for kind in range(1, 10)}


def _ram(name: str) -> Compute:
    return lambda case: _ipras(case, 2)[name]


def _third(place: int) -> Compute:
    def compute(case: Case) -> Any:
        found = panel_rule.thirds(case.counts)
        return None if found is None else found[place]

    return compute


def _share_of_third(place: int) -> Compute:
    def compute(case: Case) -> Any:
        found = panel_rule.thirds(case.counts)
        return None if not found or not sum(found) else found[place] / sum(found)

    return compute


def _classification(case: Case) -> Any:
    if case.content["expected"]["classification"] not in ("in", "out", "none", None):
        disagreement = bool(_ipras(case, 2)["disagreement"])
        return appropriateness.classify(case.counts, disagreement)
    return _comet(case)


def _comet(case: Case) -> Any:
    found = panel_rule.thirds(case.counts)
    if found is None:
        return None
    return appropriateness.share_rule(found[2], found[0], sum(found))


def _apmo(opinions_only: bool) -> Compute:
    return lambda case: appropriateness.average_majority([(a, d, u) for a, d, u in case.inputs["items"]], opinions_only)


RAM: dict[str, Compute] = {
    **{name: _ram(name) for name in ("p30", "p70", "ipr", "iprcp", "ai", "ipras", "di")},
    "disagreement": _ram("disagreement"),
    "low_third": _third(0),
    "mid_third": _third(1),
    "top_third": _third(2),
    "share_1_3": _share_of_third(0),
    "share_4_6": _share_of_third(1),
    "share_7_9": _share_of_third(2),
    "classification": _classification,
    "n_outside_median_region": lambda case: panel_rule.outside_median_region(case.counts, case.lo),
    "agreement_by_panel_table": lambda case: panel_rule.agrees_by_panel_rule(case.counts, case.lo),
    "disagreement_by_panel_table": of_counts(panel_rule.disagrees_by_panel_rule),
    "max_outside_for_agreement": lambda case: panel_rule.panel_rule(case.inputs["panel_size"]).agreement_at_most,
    "min_in_each_extreme_for_disagreement": lambda case: (
        panel_rule.panel_rule(case.inputs["panel_size"]).disagreement_at_least
    ),
    "apmo_percent_all_answers": _apmo(False),
    "apmo_percent_opinions_expressed": _apmo(True),
}

ORDINAL: dict[str, Compute] = {
    "van_der_eijk_A": of_counts(ordinal.agreement),
    "polarization": of_counts(ordinal.polarisation),
    "leik_D": of_counts(ordinal.leik),
    "leik_consensus": of_counts(ordinal.leik_consensus),
    "lsquared": of_counts(ordinal_variation.concentration),
    "l": of_counts(ordinal_variation.concentration_root),
    "dsquared": of_counts(ordinal_variation.distance_squared),
    "berry_mielke_iov": of_counts(ordinal_variation.ordinal_variation),
    "kvalseth_cov": of_counts(ordinal_variation.kvalseth),
    "reardon": of_counts(ordinal_variation.reardon),
    "mrq": of_counts(ordinal.nominal_polarisation),
    "shannon_entropy_bits": of_counts(ordinal_variation.entropy),
    "tastle_wierman_cns": of_counts(ordinal.consensus),
    "dissention": of_counts(ordinal.dissention),
    "pairwise_agreement": of_counts(ordinal.pairwise_agreement),
}


def _rwg(null: Callable[[int], float], truncated: bool) -> Compute:
    return lambda case: rwg.r_wg(case.counts, null(case.hi - case.lo + 1), truncated)


RWG: dict[str, Compute] = {
    "rwg_uniform_truncated": _rwg(rwg.uniform_variance, True),
    "rwg_uniform_untruncated": _rwg(rwg.uniform_variance, False),
    "rwg_star_max_dissensus": _rwg(rwg.largest_variance, False),
    "awg": from_lo(rwg.a_wg),
    "ad_mean": of_counts(rwg.mean_distance),
    "ad_median": of_counts(rwg.median_distance),
    "expected_uniform_var": lambda case: rwg.uniform_variance(case.hi - case.lo + 1),
    "max_var": lambda case: rwg.largest_variance(case.hi - case.lo + 1),
    "rwg_j_uniform": lambda case: rwg.r_wg_j(case.measures, rwg.uniform_variance(case.hi - case.lo + 1)),
    "rwg_j_slight_skew_var_1_34": lambda case: rwg.r_wg_j(case.measures, rwg.SLIGHT_SKEW_5),
    "r_star_wg_j_lindell_max": lambda case: rwg.r_star_wg_j(case.measures, rwg.largest_variance(case.hi - case.lo + 1)),
    "awg_j": lambda case: rwg.a_wg_j(case.measures, case.lo),
}


def _dip(case: Case) -> Value:
    if "ratings" in case.inputs:
        return dip.dip(case.inputs["ratings"])
    return dip.dip_of_counts(case.counts)


def _dip_p(case: Case) -> float | None:
    found = _dip(case).value
    n = len(case.inputs["ratings"]) if "ratings" in case.inputs else int(case.counts.sum())
    return None if found is None else dip.dip_p(found, n)


POLARISATION: dict[str, Compute] = {
    "skew_G1": of_counts(polarisation.skewness),
    "excess_kurtosis_G2": of_counts(polarisation.excess_kurtosis),
    "skew_g1": of_counts(polarisation.skewness, False),
    "excess_kurtosis_g2": of_counts(polarisation.excess_kurtosis, False),
    "bimodality_coefficient": of_counts(polarisation.bimodality),
    "bimodality_coefficient_population": of_counts(polarisation.population_bimodality),
    "dip": _dip,
    "dip_p": _dip_p,
}


def _top(case: Case) -> tuple[int, int]:
    if "x" in case.inputs:
        return case.inputs["x"], case.inputs["n"]
    boxes = case.inputs["top_boxes"]
    return int(case.counts[-boxes:].sum()), int(case.counts.sum())


def _share(function: Callable[..., Any], **more: Any) -> Compute:
    def compute(case: Case) -> Any:
        found = function(*_top(case), **more)
        return ends(found) if isinstance(found, Interval) else found

    return compute


PROPORTIONS: dict[str, Compute] = {
    "n_top": lambda case: _top(case)[0],
    "proportion": lambda case: _top(case)[0] / _top(case)[1],
    "wilson95": _share(uncertainty.wilson),
    "wilson_cc95": _share(uncertainty.wilson_corrected),
    "clopper_pearson95": _share(uncertainty.clopper_pearson),
    "jeffreys95_equal_tail": _share(uncertainty.jeffreys),
    **{
        f"p_true_ge_{percent:03}_{name}_prior": _share(uncertainty.share_at_least, t=percent / 100, prior=prior)
        for percent in range(1, 100)
        for name, prior in (("uniform", 1.0), ("jeffreys", 0.5))
    },
    "posterior_mean_probs_dirichlet1": of_counts(uncertainty.posterior_shares, 1.0),
    "posterior_mean_score_dirichlet1": lambda case: uncertainty.posterior_mean(case.counts, case.lo, 1.0),
    "p_median_ge": lambda case: {
        str(point): uncertainty.median_at_least(case.counts, point - case.lo).value
        for point in range(case.lo + 1, case.hi + 1)
    },
    "goodman95": lambda case: [ends(i) for i in multinomial.goodman(case.counts)],
    "sison_glaz95": lambda case: [ends(i) for i in multinomial.sison_glaz(case.counts)],
}
