"""The examples in the docstrings are true."""

from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    attrition,
    change,
    descriptive,
    homogeneity,
    mann_whitney,
    multiplicity,
    opinions,
    ordinal,
    ordinal_variation,
    panel_rule,
    polarisation,
    rwg,
    stability,
    uncertainty,
)

TEXTBOOK = [30, 40, 210, 130, 530, 50, 10]
UEBERSAX = np.asarray([[20, 10, 5], [3, 30, 15], [0, 5, 40]])


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (descriptive.mean([1, 0, 1], 1).value, 2),
        (descriptive.variance([1, 0, 1]).value, 2),
        (descriptive.variation([1, 0, 1], 1).value, 0.7071),
        (descriptive.median([1, 0, 0, 0, 0, 0, 1], 1).value, 4),
        (descriptive.median_deviation([1, 0, 1]).value, 1),
        (descriptive.mean_deviation([1, 0, 1]).value, 1),
        (ordinal.agreement(TEXTBOOK).value, 0.6113),
        (ordinal.consensus(TEXTBOOK).value, 0.7256876),
        (ordinal.leik(TEXTBOOK).value, 0.287),
        (ordinal_variation.entropy([1, 1]).value, 1),
        (ordinal.pairwise_agreement([2, 0]).value, 1),
        (ordinal.agreement_with([0, 3, 0], 1).value, 1),
        (polarisation.bimodality([1, 0, 0, 0, 0, 0, 0, 0, 24]).value, 0.915),
        (panel_rule.panel_rule(10), (2, 3)),
        (rwg.uniform_variance(5), 2),
        (rwg.largest_variance(5), 4),
        (uncertainty.wilson(15, 148)[:2], (0.0624, 0.1605)),
        (uncertainty.share_at_least(0, 0, 0.7).value, 0.3),
        (change.wilcoxon(change.moves_of([(1, 2), (2, 1)])).p, 0.25),
        (change.sign_test(change.moves_of([(1, 10), (-1, 1)])).p, 0.0117),
        (float(stability.net_change(np.asarray([[3, 1], [0, 0]])) or 0), 0.25),
        (homogeneity.stuart_maxwell(UEBERSAX)[:2], (13.7647, 2)),
        (homogeneity.mcnemar(np.asarray([[0, 150], [86, 0]])).statistic, 17.3559),
        (mann_whitney.cliff_delta([0, 1], [1, 0]).value, 1),
        (attrition.share_bounds(15, 20, 4), (0.625, 0.7917)),
        (multiplicity.bonferroni([0.01, 0.04]), [0.02, 0.08]),
        (multiplicity.holm([0.01, 0.04]), [0.02, 0.04]),
        (multiplicity.benjamini_hochberg([0.01, 0.04]), [0.02, 0.04]),
        (opinions.one_proportion_z(9, 10), 2.7136),
        (opinions.two_proportion_z(30, 10, 40, 60), 5.7930),
    ],
)
def test_docstring_example(found: Any, told: Any) -> None:
    assert found == pytest.approx(told, abs=5e-4)


def test_levels_of_agreement_of_a_stable_measure() -> None:
    levels = {
        "consensus": [0, 9, 0],
        "majority": [2, 7, 0],
        "bipolarity": [5, 0, 5],
        "plurality": [4, 3, 3],
        "disagreement": [3, 3, 3],
    }
    for level, counts in levels.items():
        assert polarisation.dajani_level(counts) == level
    assert polarisation.dajani_level([0, 0]) is None
    assert polarisation.camps(4, 4, 12) == (1 / 3, 1 / 3, True)
    assert polarisation.camps(3, 5, 12) == (0.25, 5 / 12, False)
