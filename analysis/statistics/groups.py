"""Are there groups of opinion? Experts projected on a plane and clustered (as in Polis).

Polis (Small et al. 2021): missing votes filled with the statement's mean, two principal
components, points of experts with few votes moved outwards by sqrt(statements / votes), k-means
with k from 2 to 5 (at most 2 + experts/12) by silhouette. What sets the groups apart stands in
``statistics.opinions``. Panels of 25 rarely support groups: read silhouette and stability first.
"""

from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats
from analysis.canonical import digest
from analysis.statistics.clusters import Labels, adjusted_rand, distances, k_means, silhouette
from analysis.statistics.value import N_BELOW_MINIMUM, NO_DATA, NO_VARIATION, TOO_LARGE, Value, undefined

LARGEST = 10_000  # experts; the silhouette compares each with each
MINIMUM = 6  # experts with at least one vote
MOST = 5  # groups
_DRAWS, _AGAIN = 100, 4


class Projection(NamedTuple):
    """``points`` m x 2 (NaN for who cast no vote), ``loadings`` 2 x statements, variances."""

    points: Floats
    loadings: Floats
    explained: Floats


class Groups(NamedTuple):
    """Labels 0, 1, ... (largest group first; -1 without a vote), or None and why.

    ``silhouette``: by number of groups; ``stability``: mean adjusted Rand index over panels drawn
    again, 1 if the same groups come back every time.
    """

    labels: Labels | None
    silhouette: dict[int, float]
    stability: Value
    points: Floats
    reason: str | None = None

    @property
    def number(self) -> int:
        """How many groups; 0 if there are none."""
        return 0 if self.labels is None else int(self.labels.max()) + 1


def project(votes: Floats) -> Projection:
    """Two principal components of experts x statements votes (NaN missing).

    A statement nobody voted on counts as 0. The sign of a component is the one that makes its
    largest loading positive. Ratings may stand for votes; centre them first.
    """
    cast = ~np.isnan(votes)
    sums, sizes = np.where(cast, votes, 0.0).sum(axis=0), cast.sum(axis=0)
    middle = np.divide(sums, sizes, out=np.zeros_like(sums), where=sizes > 0)
    present = cast.any(axis=1)
    filled = np.where(cast, votes, middle)[present]
    away = filled - filled.mean(axis=0) if len(filled) else filled
    width = min(2, *away.shape)
    loadings = np.zeros((2, votes.shape[1]))
    explained = np.zeros(2)
    if width:
        _, lengths, axes = np.linalg.svd(away, full_matrices=False)
        turn = np.sign(axes[np.arange(width), np.abs(axes[:width]).argmax(axis=1)])
        loadings[:width] = axes[:width] * turn[:, None]
        explained[:width] = lengths[:width] ** 2 / max(1, len(away) - 1)
    points = np.full((votes.shape[0], 2), np.nan)
    outwards = np.sqrt(votes.shape[1] / cast[present].sum(axis=1))
    points[present] = away @ loadings.T * outwards[:, None]
    return Projection(points, loadings, explained)


def _ordered(labels: Labels, centres: Floats) -> tuple[Labels, Floats]:
    """Largest group first; equal ones by their centres."""
    sizes = np.bincount(labels, minlength=len(centres))
    order = sorted(range(len(centres)), key=lambda g: (-sizes[g], *centres[g].round(9).tolist()))
    place = np.empty(len(centres), np.int64)
    place[order] = np.arange(len(centres))
    return place[labels], centres[order]


def _stability(points: Floats, labels: Labels, k: int, generator: np.random.Generator) -> Value:
    found = []
    for _ in range(_DRAWS):
        drawn = points[generator.integers(0, len(points), len(points))]
        if len(np.unique(drawn, axis=0)) < k:
            continue
        _, centres, _ = k_means(drawn, k, generator, _AGAIN)
        found.append(adjusted_rand(labels, distances(points, centres).argmin(axis=1)))
    return Value(float(np.mean(found))) if found else undefined(NO_VARIATION)


def opinion_groups(votes: Floats, stability: bool = True) -> Groups:
    """Groups of experts x statements votes (1, 0, -1, NaN), their number by silhouette.

    The same for any order of experts. Undefined (``n_below_minimum``) for fewer than six experts
    with a vote, ``no_variation`` if fewer than two points differ, ``too_large`` above 10,000.
    """
    points = project(votes).points
    present = ~np.isnan(points[:, 0])
    held = int(present.sum())
    if held < MINIMUM or held > LARGEST:
        reason = TOO_LARGE if held > LARGEST else N_BELOW_MINIMUM if held else NO_DATA
        return Groups(None, {}, undefined(reason), points, reason)
    # Rounded, so that the last bit of a sum in another order of people moves nothing.
    kept = np.round(points[present], 9)
    order = np.lexsort(kept.T[::-1])
    inside = kept[order]
    different = len(np.unique(inside, axis=0))
    if different < 2:
        return Groups(None, {}, undefined(NO_VARIATION), points, NO_VARIATION)
    generator = np.random.default_rng(int(digest(["groups", inside.tolist()])[:16], 16))
    scores, found = {}, {}
    for k in range(2, min(MOST, 2 + held // 12, different, held - 1) + 1):
        labels, centres, _ = k_means(inside, k, generator)
        scores[k] = silhouette(inside, labels).value or 0.0
        found[k] = _ordered(labels, centres)
    best = max(scores, key=lambda k: (round(scores[k], 12), -k))
    labels = found[best][0]
    again = _stability(inside, labels, best, generator) if stability else undefined(NO_DATA)
    everybody = np.full(votes.shape[0], -1, np.int64)
    everybody[np.flatnonzero(present)[order]] = labels
    return Groups(everybody, scores, again, points)
