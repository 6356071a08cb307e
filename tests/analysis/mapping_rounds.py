"""Golden statistics of two rounds, and of groups."""

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.statistics import (
    association,
    change,
    descriptive,
    homogeneity,
    mann_whitney,
    multiplicity,
    spread,
    stability,
    subgroups,
)
from tests.analysis.cases import Case
from tests.analysis.shapes import Compute


def _moves(case: Case) -> change.Moves:
    if case.inputs.get("scale") is None and "r1" in case.inputs:
        differences = (b - a for a, b in zip(*case.pairs, strict=True))
        return change.moves_of((difference, 1) for difference in differences)
    return change.table_moves(case.table)


def _wilcoxon(part: str = "p", **more: Any) -> Compute:
    return lambda case: getattr(change.wilcoxon(_moves(case), **more), part)


def _joint(function: Callable[..., Any], part: str | None = None) -> Compute:
    def compute(case: Case) -> Any:
        found = function(case.joint)
        return found if part is None else getattr(found, part)

    return compute


def _cv(place: int) -> Compute:
    def compute(case: Case) -> Any:
        values = np.asarray(case.pairs[place], dtype=float)
        return float(values.std(ddof=1) / values.mean())

    def from_counts(case: Case) -> Any:
        if case.inputs.get("scale") is None:
            return compute(case)
        return descriptive.variation(case.table.sum(axis=1 - place), case.lo)

    return from_counts


def _cv_change(case: Case) -> Any:
    if case.inputs.get("scale") is None:
        return _cv(1)(case) - _cv(0)(case)
    return stability.variation_change(case.table, case.lo)


def _table(function: Callable[..., Any], part: str | None = None, *more: Any) -> Compute:
    def compute(case: Case) -> Any:
        found = function(case.table, *more)
        return found if part is None else getattr(found, part)

    return compute


def _absolute_z(case: Case) -> Any:
    z = homogeneity.ordinal_shift(case.table).statistic
    return None if z is None else abs(z)


PAIRED: dict[str, Compute] = {
    "n_paired": lambda case: len(case.pairs[0]) if "r1" in case.inputs else case.table.sum(),
    "sign_pos": lambda case: sum(_moves(case).up),
    "sign_neg": lambda case: sum(_moves(case).down),
    "sign_ties": lambda case: _moves(case).same,
    "sign_p": lambda case: change.sign_test(_moves(case)).p,
    "wilcoxon_V_plus": _wilcoxon("statistic"),
    "wilcoxon_n_nonzero": lambda case: _moves(case).moved,
    "wilcoxon_p_exact": _wilcoxon(exact=True),
    "wilcoxon_p_exact_two_sided": _wilcoxon(exact=True),
    "wilcoxon_p_normal": _wilcoxon(exact=False),
    "wilcoxon_p_normal_cc": _wilcoxon(exact=False, corrected=True),
    "wilcoxon_pratt_p_exact": _wilcoxon(pratt=True, exact=True),
    "wilcoxon_pratt_p_normal": _wilcoxon(pratt=True, exact=False),
    "wilcoxon_z": lambda case: change.wilcoxon_z(_moves(case)),
    "spearman_rho": _joint(association.spearman),
    "kendall_tau_b": _joint(association.kendall_tau_b),
    "pearson_r": _joint(association.pearson),
    "pitman_morgan_t": _joint(association.pitman_morgan, "statistic"),
    "pitman_morgan_p": _joint(association.pitman_morgan, "p"),
    "variance_ratio_r2_r1": _joint(association.variance_ratio),
    "cv_r1": _cv(0),
    "cv_r2": _cv(1),
    "cv_change": _cv_change,
    "pct_unchanged": _table(stability.share_unchanged),
    **{f"pct_within_{steps}": _table(stability.share_within, None, steps) for steps in range(1, 5)},
    "scheibe_net_change": _table(stability.net_change),
    "kappa": _table(stability.kappa, None, "unweighted"),
    "kappa_linear": _table(stability.kappa, None, "linear"),
    "kappa_quadratic": _table(stability.kappa, None, "quadratic"),
    "kappa_ase": _table(stability.kappa_error, None, "unweighted"),
    "kappa_quadratic_ase": _table(stability.kappa_error, None, "quadratic"),
    "lambda_r2_given_r1": _joint(association.predictability),
    "lambda_col_given_row": _joint(association.predictability),
    "gamma": _joint(association.goodman_kruskal_gamma),
    "chi2_individual": _table(homogeneity.individual_stability, "statistic"),
    "chi2_individual_df": _table(homogeneity.individual_stability, "df"),
    "chi2_individual_p": _table(homogeneity.individual_stability, "p"),
    "chi2_group": _table(homogeneity.group_stability, "statistic"),
    "chi2_group_df": _table(homogeneity.group_stability, "df"),
    "chi2_group_p": _table(homogeneity.group_stability, "p"),
    "stuart_maxwell": _table(homogeneity.stuart_maxwell, "statistic"),
    "stuart_maxwell_df": _table(homogeneity.stuart_maxwell, "df"),
    "stuart_maxwell_p": _table(homogeneity.stuart_maxwell, "p"),
    "bhapkar": _table(homogeneity.bhapkar, "statistic"),
    "bhapkar_df": _table(homogeneity.bhapkar, "df"),
    "bhapkar_p": _table(homogeneity.bhapkar, "p"),
    "bowker": _table(homogeneity.bowker, "statistic"),
    "bowker_df_informative_pairs": _table(homogeneity.bowker, "df"),
    "bowker_df_all_pairs": _table(homogeneity.bowker_pairs),
    "marginal_homogeneity_ordinal_absZ": _absolute_z,
    "marginal_homogeneity_ordinal_p": _table(homogeneity.ordinal_shift, "p"),
    "mcnemar_chi2": _table(homogeneity.mcnemar, "statistic"),
    "mcnemar_p": _table(homogeneity.mcnemar, "p"),
    "mcnemar_chi2_cc": _table(homogeneity.mcnemar, "statistic", "corrected"),
    "mcnemar_p_cc": _table(homogeneity.mcnemar, "p", "corrected"),
    "mcnemar_p_exact": _table(homogeneity.mcnemar, "p", "exact"),
}


def _groups(function: Callable[..., Any], part: str | None = None, **more: Any) -> Compute:
    def compute(case: Case) -> Any:
        found = function(case.groups, **more)
        return found if part is None else getattr(found, part)

    return compute


def _two(function: Callable[..., Any], part: str | None = None, **more: Any) -> Compute:
    def compute(case: Case) -> Any:
        first, second = case.groups
        found = function(first, second, **more)
        return found if part is None else getattr(found, part)

    return compute


def _effect(case: Case, eta: bool) -> Any:
    h = subgroups.kruskal_wallis(case.groups).statistic
    n = float(sum(group.sum() for group in case.groups))
    if h is None:
        return None
    if eta:
        return subgroups.eta_squared(h, len(case.groups), n)
    return subgroups.epsilon_squared(h, n)


def _adjusted(function: Callable[..., list[float]]) -> Compute:
    return lambda case: function(case.inputs["p"] if "p" in case.inputs else subgroups.pairwise_p(case.groups))


def _rejected(function: Callable[..., list[float]], level: float) -> Compute:
    return lambda case: sum(p <= level for p in function(case.inputs["p"]))


SUBGROUPS: dict[str, Compute] = {
    "kruskal_H": _groups(subgroups.kruskal_wallis, "statistic"),
    "kruskal_df": _groups(subgroups.kruskal_wallis, "df"),
    "kruskal_p": _groups(subgroups.kruskal_wallis, "p"),
    "epsilon_squared": lambda case: _effect(case, False),
    "eta_squared_H": lambda case: _effect(case, True),
    "levene_mean_F": _groups(spread.levene, "statistic", centre="mean"),
    "levene_mean_p": _groups(spread.levene, "p", centre="mean"),
    "brown_forsythe_F": _groups(spread.levene, "statistic"),
    "brown_forsythe_p": _groups(spread.levene, "p"),
    "fligner_chi2": _groups(spread.fligner_killeen, "statistic"),
    "fligner_p": _groups(spread.fligner_killeen, "p"),
    "mann_whitney_U1": _two(mann_whitney.mann_whitney_u),
    "mann_whitney_p_normal": _two(mann_whitney.mann_whitney, "p"),
    "mann_whitney_p_normal_cc": _two(mann_whitney.mann_whitney, "p", corrected=True),
    "mann_whitney_p_exact": _two(mann_whitney.mann_whitney_exact, "p"),
    "cliffs_delta": _two(mann_whitney.cliff_delta),
    "hedges_g": _two(subgroups.hedges_g),
    "pairwise_mw_p_normal": _groups(subgroups.pairwise_p),
    "pairwise_holm": _adjusted(multiplicity.holm),
    "pairwise_bh": _adjusted(multiplicity.benjamini_hochberg),
    "pairwise_by": _adjusted(multiplicity.benjamini_yekutieli),
    "holm": _adjusted(multiplicity.holm),
    "bh": _adjusted(multiplicity.benjamini_hochberg),
    "by": _adjusted(multiplicity.benjamini_yekutieli),
    "bonferroni": _adjusted(multiplicity.bonferroni),
    "hochberg": _adjusted(multiplicity.hochberg),
}
for _name, _adjust in (
    ("holm", multiplicity.holm),
    ("hochberg", multiplicity.hochberg),
    ("bonferroni", multiplicity.bonferroni),
    ("bh", multiplicity.benjamini_hochberg),
    ("by", multiplicity.benjamini_yekutieli),
):
    SUBGROUPS |= {f"n_reject_{_name}_{percent:03}": _rejected(_adjust, percent / 100) for percent in (1, 5, 10)}
