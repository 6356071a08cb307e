"""The rule for panels of the RAND/UCLA appropriateness method."""

from typing import NamedTuple

import numpy as np

from analysis.statistics.descriptive import CountsLike, twice_median


class PanelRule(NamedTuple):
    """Votes allowed outside the median's region; votes needed in each extreme."""

    agreement_at_most: int
    disagreement_at_least: int


def panel_rule(n: int) -> PanelRule:
    """RAM's rule by panel size: floor((n-2)/3) and one more (Fitch et al. 2001, Table).

    n = 8 to 10: 2 and 3; 11 to 13: 3 and 4; 14 to 16: 4 and 5. Not a third of the panel:
    n = 10 needs 3, a third would be 4.
    """
    outside = max(0, (n - 2) // 3)
    return PanelRule(outside, outside + 1)


def thirds(counts: CountsLike) -> tuple[int, int, int] | None:
    """Answers in the low, middle and top third; None where k is not divisible by three."""
    cells = np.asarray(counts)
    if cells.size % 3:
        return None
    low, middle, top = cells.reshape(3, -1).sum(axis=1).tolist()
    return int(low), int(middle), int(top)


def third_of(twice: int, k: int, lo: int = 1) -> int | None:
    """Which third (0, 1, 2) holds a median given twice; None when it lies between two."""
    width = k // 3
    for third in range(3):
        if 2 * (lo + third * width) <= twice <= 2 * (lo + (third + 1) * width - 1):
            return third
    return None


def outside_median_region(counts: CountsLike, lo: int = 1) -> int | None:
    """Votes outside the third that holds the median; None if k % 3 or the median is between."""
    regions, twice = thirds(counts), twice_median(counts, lo)
    if regions is None or twice is None:
        return None
    third = third_of(twice, np.asarray(counts).size, lo)
    return None if third is None else sum(regions) - regions[third]


def agrees_by_panel_rule(counts: CountsLike, lo: int = 1) -> bool | None:
    """Whether no more vote outside the median's region than the panel size allows."""
    outside = outside_median_region(counts, lo)
    if outside is None:
        return None
    return outside <= panel_rule(int(np.sum(np.asarray(counts)))).agreement_at_most


def disagrees_by_panel_rule(counts: CountsLike) -> bool | None:
    """Whether each extreme third holds as many votes as the panel size asks."""
    regions = thirds(counts)
    if regions is None or sum(regions) == 0:
        return None
    needed = panel_rule(sum(regions)).disagreement_at_least
    return regions[0] >= needed and regions[2] >= needed
