"""Many tests at once: adjusted p-values, in the order given."""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Floats


def bonferroni(p: Sequence[float]) -> list[float]:
    """p times the number of tests (Bonferroni 1936). [0.01, 0.04]: [0.02, 0.08]."""
    return [min(1.0, float(each) * len(p)) for each in p]


def _stepwise(p: Sequence[float], factors: Floats, step_down: bool) -> list[float]:
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * factors
    run = np.maximum.accumulate(scaled) if step_down else np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(run)
    adjusted[order] = np.minimum(1.0, run)
    return [float(each) for each in adjusted]


def holm(p: Sequence[float]) -> list[float]:
    """Step-down family-wise adjustment (Holm 1979). [0.01, 0.04]: [0.02, 0.04]."""
    m = len(p)
    return _stepwise(p, m - np.arange(m, dtype=np.float64), True)


def hochberg(p: Sequence[float]) -> list[float]:
    """Step-up family-wise adjustment (Hochberg 1988); for independent tests."""
    m = len(p)
    return _stepwise(p, m - np.arange(m, dtype=np.float64), False)


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """False discovery rate (Benjamini and Hochberg 1995). [0.01, 0.04]: [0.02, 0.04]."""
    m = len(p)
    return _stepwise(p, m / np.arange(1, m + 1, dtype=np.float64), False)


def benjamini_yekutieli(p: Sequence[float]) -> list[float]:
    """False discovery rate under any dependence (Benjamini and Yekutieli 2001)."""
    m = len(p)
    ranks = np.arange(1, m + 1, dtype=np.float64)
    return _stepwise(p, m * float((1 / ranks).sum()) / ranks, False)
