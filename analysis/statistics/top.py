"""How likely is a measure among the first k if the panel were drawn again? Needs rows."""

import math

import numpy as np
import numpy.typing as npt

from analysis.canonical import digest

Floats = npt.NDArray[np.float64]
_EXACT_DRAWS = 200_000
_DRAWS = 20_000


def _compositions(experts: int) -> npt.NDArray[np.int64]:
    """Every way in which n draws with replacement can fall on n experts."""
    rows = [[experts]]
    for places in range(2, experts + 1):
        del places
        rows = [[*row[:-1], first, row[-1] - first] for row in rows for first in range(row[-1] + 1)]
    return np.asarray(rows, dtype=np.int64)


def _draws(matrix: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    n = matrix.shape[0]
    if math.comb(2 * n - 1, n) <= _EXACT_DRAWS:
        times = _compositions(n)
        logs = np.asarray([math.lgamma(i + 1) for i in range(n + 1)])
        return times, np.exp(logs[n] - logs[times].sum(axis=1) - n * math.log(n))
    seed = int(digest(sorted(matrix.tolist()))[:16], 16)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_DRAWS)
    return times.astype(np.int64), np.full(_DRAWS, 1 / _DRAWS)


def top_probabilities(matrix: Floats, k: int) -> list[float]:
    """P(measure among the k highest means) under resampling of experts (Efron 1979).

    ``matrix`` is experts x measures, complete rows. Ties at place k share it evenly. Exact over
    all resamples up to ten experts, else 20,000 draws seeded from the sorted ratings: the same
    panel gives the same figures in any order. Empty without experts.
    """
    if matrix.shape[0] == 0:
        return []
    matrix = matrix[np.lexsort(matrix.T[::-1])]
    times, weights = _draws(matrix)
    sums = times @ matrix
    total = np.zeros(matrix.shape[1])
    cut = np.sort(sums, axis=1)[:, -min(k, sums.shape[1])][:, None]
    above, at = sums > cut + 1e-9, np.abs(sums - cut) <= 1e-9
    left = k - above.sum(axis=1)
    credit = above + at * np.minimum(1.0, left / at.sum(axis=1))[:, None]
    total = weights @ credit
    return [float(p) for p in total]
