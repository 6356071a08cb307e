"""Clusters of points: k-means, the silhouette, and how alike two groupings are."""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.statistics.value import NO_VARIATION, Value, undefined

Labels = npt.NDArray[np.int64]

_STARTS, _STEPS = 30, 300


def distances(points: Floats, centres: Floats) -> Floats:
    return np.asarray(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))


def _spread_start(points: Floats, k: int, generator: np.random.Generator) -> Floats:
    """First centres far apart with high probability (Arthur and Vassilvitskii 2007)."""
    centres = points[[int(generator.integers(len(points)))]]
    while len(centres) < k:
        nearest = distances(points, centres).min(axis=1)
        total = float(nearest.sum())
        chosen = generator.choice(len(points), p=nearest / total) if total > 0 else 0
        centres = np.vstack((centres, points[chosen]))
    return centres


def k_means(
    points: Floats, k: int, generator: np.random.Generator, starts: int = _STARTS
) -> tuple[Labels, Floats, float]:
    """Labels, centres and sum of squares of the best of several starts (Lloyd 1982)."""
    best: tuple[Labels, Floats, float] | None = None
    for _ in range(starts):
        centres = _spread_start(points, k, generator)
        for _ in range(_STEPS):
            away = distances(points, centres)
            labels = away.argmin(axis=1)
            held = [points[labels == group] for group in range(k)]
            moved = np.asarray([own.mean(axis=0) if len(own) else centres[g] for g, own in enumerate(held)])
            if np.array_equal(moved, centres):
                break
            centres = moved
        total = float(away.min(axis=1).sum())
        if best is None or total < best[2] - 1e-12:
            best = (labels, centres, total)
    assert best is not None
    return best


def silhouette(points: Floats, labels: Labels) -> Value:
    """Mean of (b - a) / max(a, b) over experts (Rousseeuw 1987): 1 far apart, 0 touching.

    a: mean distance within the own group; b: to the nearest other group; 0 for a group of one.
    Undefined for fewer than two groups.
    """
    kinds = np.unique(labels)
    if kinds.size < 2:
        return undefined(NO_VARIATION)
    member = (labels[:, None] == kinds[None, :]).astype(np.float64)
    sizes = member.sum(axis=0)
    own = np.searchsorted(kinds, labels)
    total = 0.0
    for start in range(0, len(points), 1000):
        part = slice(start, start + 1000)
        sums = np.sqrt(distances(points[part], points)) @ member
        rows, mine = np.arange(len(sums)), own[part]
        inside = sums[rows, mine] / np.maximum(sizes[mine] - 1, 1)
        others = sums / sizes
        others[rows, mine] = np.inf
        outside = others.min(axis=1)
        larger = np.maximum(inside, outside)
        scores = np.divide(outside - inside, larger, out=np.zeros_like(larger), where=larger > 0)
        total += float(np.where(sizes[mine] > 1, scores, 0.0).sum())
    return Value(total / len(points))


def adjusted_rand(first: Labels, second: Labels) -> float:
    """Agreement of two partitions beyond chance (Hubert and Arabie 1985); 1 if they are the same.

    Example: 0 0 1 1 2 2 and 0 0 1 2 2 2: 0.4444.
    """

    def pairs(counts: npt.NDArray[np.int64]) -> float:
        return float((counts * (counts - 1)).sum()) / 2

    _, one = np.unique(first, return_inverse=True)
    _, two = np.unique(second, return_inverse=True)
    table = np.zeros((one.max() + 1, two.max() + 1), np.int64)
    np.add.at(table, (one, two), 1)
    rows, columns, both = pairs(table.sum(axis=1)), pairs(table.sum(axis=0)), pairs(table)
    every = len(first) * (len(first) - 1) / 2
    expected = rows * columns / every if every else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)
