"""Golden statistics of a panel over several measures, of rankings and of opinion groups."""

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.statistics import (
    agreement,
    concordance,
    conger,
    friedman_tests,
    intraclass,
    kemeny,
    krippendorff,
    opinions,
    ranking,
    stability,
    top,
)
from analysis.tables.panels import Preferences
from analysis.tables.ranks import RankSums
from tests.analysis.cases import Case
from tests.analysis.shapes import Compute, ends


def _coefficient(
    function: Callable[..., agreement.Coefficient], part: str = "value", kind: str = "identity", observed: bool = False
) -> Compute:
    def compute(case: Case) -> Any:
        units = agreement.observed_categories(case.units) if observed else case.units
        if observed and kind != "identity":
            held = np.flatnonzero(case.units.sum(axis=0))
            w = observed_weights(held, kind)
        else:
            w = agreement.weights(units.shape[1], kind)
        return getattr(function(units, w), part)

    return compute


def observed_weights(held: Any, kind: str) -> Any:
    """Weights on the categories used, by their points (ordinal: by their order)."""
    if held.size < 2 or kind == "ordinal":
        return agreement.weights(held.size, kind)
    away = np.abs(held[:, None] - held[None, :]).astype(float)
    away = away**2 if kind == "quadratic" else away
    return 1 - away / away.max()


def _anonymous(units: Any) -> Any:
    """Rows of a table printed without names of raters (Fleiss 1971): ordered within each measure."""
    return np.asarray([np.repeat(np.arange(row.size), row.astype(int)) for row in units], dtype=float).T


def _alpha(kind: str, part: str = "value") -> Compute:
    return lambda case: getattr(krippendorff.alpha(case.units, kind, case.lo), part)


AGREEMENT: dict[str, Compute] = {
    **{f"kripp_alpha_{k}": _alpha(k) for k in ("nominal", "ordinal", "interval", "ratio")},
    "kripp_se": _alpha("nominal", "error"),
    "AC1": _coefficient(agreement.gwet),
    "AC1_se": _coefficient(agreement.gwet, "error"),
    "AC1_pe": _coefficient(agreement.gwet, "chance"),
    "AC1_full_scale": _coefficient(agreement.gwet),
    "AC1_full_scale_se": _coefficient(agreement.gwet, "error"),
    "AC1_observed_categories": _coefficient(agreement.gwet, observed=True),
    "fleiss": _coefficient(agreement.fleiss),
    "fleiss_se": _coefficient(agreement.fleiss, "error"),
    "fleiss_pe": _coefficient(agreement.fleiss, "chance"),
    "scott_pi": _coefficient(agreement.fleiss),
    "brennan_prediger": _coefficient(agreement.brennan_prediger),
    "brennan_prediger_se": _coefficient(agreement.brennan_prediger, "error"),
    "brennan_prediger_full_scale": _coefficient(agreement.brennan_prediger),
    "brennan_prediger_observed_categories": _coefficient(agreement.brennan_prediger, observed=True),
    "conger_kappa": lambda case: conger.conger(case.matrix, case.lo, case.hi),
    "fleiss_exact_conger": lambda case: conger.conger(_anonymous(case.units), 0, case.units.shape[1] - 1),
    "percent_agreement": lambda case: agreement.percent_agreement(case.units),
    "percent_pairwise_agreement": lambda case: agreement.percent_agreement(case.units),
    "_irr_kappam_fleiss_listwise": lambda case: (
        agreement.fleiss(case.units[case.units.sum(axis=1) == case.matrix.shape[0]]).value
    ),
    "cohen_kappa": lambda case: stability.kappa(case.table, "unweighted"),
    "weighted_kappa": lambda case: stability.weighted_kappa(
        case.table, np.asarray(case.inputs["disagreement_weights"], dtype=float)
    ),
}
for _kind in ("linear", "quadratic", "ordinal"):
    AGREEMENT |= {
        f"AC2_{_kind}_full_scale": _coefficient(agreement.gwet, kind=_kind),
        f"AC2_{_kind}_observed_categories": _coefficient(agreement.gwet, kind=_kind, observed=True),
        f"fleiss_{_kind}": _coefficient(agreement.fleiss, kind=_kind),
        f"brennan_prediger_{_kind}_full_scale": _coefficient(agreement.brennan_prediger, kind=_kind),
        f"brennan_prediger_{_kind}_observed_categories": _coefficient(
            agreement.brennan_prediger, kind=_kind, observed=True
        ),
    }


def _icc(form: str, part: str) -> Compute:
    def compute(case: Case) -> Any:
        found = intraclass.intraclass(case.matrix, form)
        return ends(found.interval) if part == "interval" else getattr(found, part)

    return compute


ICC: dict[str, Compute] = {
    f"{form}{suffix}": _icc(form, part)
    for form in ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
    for suffix, part in (("", "value"), ("_F", "f"), ("_ci95", "interval"))
}
ICC["ICC2k_ci95_shrout_fleiss"] = lambda case: ends(intraclass.spearman_brown_limits(case.matrix))


def _sums(function: Callable[..., Any], part: str | None = None) -> Compute:
    def compute(case: Case) -> Any:
        found = function(concordance.rank_sums(case.ranked))
        return found if part is None else getattr(found, part)

    return compute


def _mean_ranks(case: Case) -> Any:
    if "matrix" in case.inputs:
        return concordance.rank_sums(case.ranked).mean_ranks()
    items = case.inputs["items"]
    return dict(zip(items, RankSums.from_codes(case.ranks, len(items)).mean_ranks(), strict=True))


CONCORDANCE: dict[str, Compute] = {
    "W_tie_corrected": _sums(concordance.kendall_w),
    "W_no_tie_correction": _sums(lambda sums: concordance.kendall_w(sums, False)),
    "chi2": _sums(concordance.friedman, "statistic"),
    "chi2_df": _sums(concordance.friedman, "df"),
    "p_chi2": _sums(concordance.friedman, "p"),
    "F": _sums(friedman_tests.w_f_test, "statistic"),
    "p_F": _sums(friedman_tests.w_f_test, "p"),
    "friedman_chi2": _sums(concordance.friedman, "statistic"),
    "friedman_p": _sums(concordance.friedman, "p"),
    "mean_rank": _mean_ranks,
    "mean_pairwise_spearman": lambda case: friedman_tests.mean_spearman(case.ranked),
    "p_permutation_exact": lambda case: friedman_tests.exact_permutation_p(case.ranked),
}


def _preferences(case: Case) -> Any:
    """A better place is a higher rating."""
    last = len(case.inputs["items"]) - 1
    return Preferences.from_codes(last - case.ranks, last + 1).table


def _kemeny(case: Case) -> kemeny.Kemeny:
    return kemeny.kemeny(_preferences(case))


def _distances(case: Case) -> dict[str, float]:
    items, table = case.inputs["items"], _preferences(case)
    wanted = case.content["expected"]["distance"]
    return {word: kemeny.kemeny_distance([items.index(letter) for letter in word], table) for word in wanted}


def _top_k(k: int) -> Compute:
    return lambda case: top.top_probabilities(case.matrix, k)


RANKING: dict[str, Compute] = {
    "borda": lambda case: dict(zip(case.inputs["items"], ranking.borda(_preferences(case)), strict=True)),
    "kemeny_distance": lambda case: _kemeny(case).distance,
    "kemeny_agreement_score": lambda case: _kemeny(case).agreement,
    "kemeny_optimal_rankings": lambda case: sorted(
        [case.inputs["items"][i] for i in order] for order in _kemeny(case).orders
    ),
    "distance": _distances,
    **{f"p_top{k}_mean_tiesplit": _top_k(k) for k in range(1, 10)},
}


def _z(case: Case) -> float:
    given = case.inputs
    if "succ" in given:
        return opinions.one_proportion_z(given["succ"], given["n"])
    return opinions.two_proportion_z(given["succ_in"], given["succ_out"], given["n_in"], given["n_out"])


def _votes(case: Case) -> opinions.Votes:
    votes = np.asarray(case.inputs["votes"], dtype=float)
    return opinions.votes_by_group(votes, np.asarray(case.inputs["labels"]))


def _opinions(function: Callable[..., Any]) -> Compute:
    return lambda case: np.asarray(function(_votes(case))).tolist()


OPINIONS: dict[str, Compute] = {
    "z": _z,
    "N_votes": lambda case: _votes(case).cast.tolist(),
    "N_agree_disagree": lambda case: _votes(case).sides.tolist(),
    "P_agree_disagree": _opinions(opinions.side_shares),
    "repness": _opinions(opinions.representativeness),
    "P_test": _opinions(opinions.side_tests),
    "repness_test": _opinions(opinions.representativeness_tests),
    "group_aware_consensus": _opinions(opinions.group_aware_consensus),
}
