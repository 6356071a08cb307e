"""How likely is a measure among the first k if the panel were drawn again? Needs rows."""

import math

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.canonical import digest
from analysis.statistics.value import Interval
from analysis.tables.panels import CrossProducts

_EXACT_DRAWS = 200_000
DRAWS = 20_000


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
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    return times.astype(np.int64), np.full(DRAWS, 1 / DRAWS)


def _credit(scores: Floats, k: int) -> Floats:
    """1 for each measure among the k highest of a draw; ties at place k share what is left."""
    cut = np.sort(scores, axis=1)[:, -min(k, scores.shape[1])][:, None]
    above, at = scores > cut + 1e-9, np.abs(scores - cut) <= 1e-9
    left = k - above.sum(axis=1)
    return np.asarray(above + at * np.minimum(1.0, left / at.sum(axis=1))[:, None])


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
    return [float(p) for p in weights @ _credit(sums, k)]


def top_share_probabilities(matrix: Floats, k: int) -> list[float]:
    """P(measure among the k highest shares) under resampling of experts, missing ratings allowed.

    ``matrix`` is experts x measures: 1, 0, or NaN where an expert did not rate the measure. A share
    is of those who rated it in that draw; where nobody did, the measure comes last. Exact or seeded
    as ``top_probabilities``, which it equals where nothing is missing.
    """
    if matrix.shape[0] == 0:
        return []
    codes = np.nan_to_num(matrix, nan=-1.0)
    codes = codes[np.lexsort(codes.T[::-1])]
    times, weights = _draws(codes)
    rated = times @ (codes >= 0)
    high = times @ np.maximum(codes, 0.0)
    shares = np.divide(high, rated, where=rated > 0, out=np.full(high.shape, -1.0))
    return [float(p) for p in weights @ _credit(shares, k)]


def top_of_sums(sums: CrossProducts, k: int) -> list[float]:
    """The same for large panels, from means and covariances: normal draws of the means.

    Central limit theorem: use from some hundred experts on. Seeded from the sums. Empty for fewer
    than two experts.
    """
    if sums.experts < 2:
        return []
    generator = np.random.default_rng(int(digest([sums.experts, sums.sums.tolist(), sums.products.tolist()])[:16], 16))
    spread = sums.covariance / sums.experts
    values, axes = np.linalg.eigh(spread)
    root = axes * np.sqrt(np.maximum(values, 0.0))
    drawn = sums.means + generator.standard_normal((DRAWS, sums.measures)) @ root.T
    return [float(p) for p in _credit(drawn, k).mean(axis=0)]


def mean_rank_intervals(matrix: Floats, level: float = 0.95) -> list[Interval]:
    """Percentile interval of each measure's place among the means, under resampling of experts.

    Place 1 is the highest mean; ties share the middle. Complete rows. Empty without experts.
    """
    if matrix.shape[0] == 0:
        return []
    matrix = matrix[np.lexsort(matrix.T[::-1])]
    times, weights = _draws(matrix)
    scores = np.round(times @ matrix, 9)
    found = []
    for measure in scores.T:
        higher = (scores > measure[:, None]).sum(axis=1)
        same = (scores == measure[:, None]).sum(axis=1)
        column = higher + (same + 1) / 2
        order = np.argsort(column, kind="stable")
        running = np.cumsum(weights[order])
        ends = (np.searchsorted(running, p - 1e-12) for p in ((1 - level) / 2, (1 + level) / 2))
        low, high = (float(column[order[min(int(end), order.size - 1)]]) for end in ends)
        found.append(Interval(low, high))
    return found


def higher_probabilities(matrix: Floats) -> list[list[float]]:
    """P(mean of i > mean of j) under resampling of experts, ties one half; 0.5 on the diagonal."""
    if matrix.shape[0] == 0:
        return []
    matrix = matrix[np.lexsort(matrix.T[::-1])]
    times, weights = _draws(matrix)
    scores = np.round(times @ matrix, 9)
    above = np.stack([weights @ (scores[:, [i]] > scores) for i in range(scores.shape[1])])
    same = np.stack([weights @ (scores[:, [i]] == scores) for i in range(scores.shape[1])])
    found: list[list[float]] = (above + same / 2).tolist()
    return found
