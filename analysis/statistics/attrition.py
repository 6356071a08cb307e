"""Does it matter who left? From the pair table with its column of the absent.

Compare the earlier ratings of completers and non-completers (COMET Handbook 2017), and bound the
consensus share by putting all who left at either end. Inviting all in every round keeps more of
them (Boel et al. 2021).
"""

from typing import NamedTuple

from analysis.statistics.descriptive import median
from analysis.statistics.mann_whitney import cliff_delta, mann_whitney
from analysis.statistics.value import NO_DATA, Significance, Value
from analysis.tables.histograms import Counts
from analysis.tables.pairs import PairTable


class Leaving(NamedTuple):
    """Earlier ratings of those who left against those who stayed."""

    leavers: int
    stayers: int
    delta: Value
    test: Significance
    median_leavers: Value
    median_stayers: Value


def leaving(table: PairTable, lo: int) -> Leaving:
    """Cliff's delta (positive: leavers had rated higher) and Mann-Whitney, earlier round.

    Withheld opinions are not absence. Undefined figures if nobody left or nobody stayed.
    """
    gone, stayed = table.dropouts, table.both.sum(axis=1)
    return Leaving(
        int(gone.sum()),
        int(stayed.sum()),
        cliff_delta(gone, stayed),
        mann_whitney(gone, stayed),
        median(gone, lo),
        median(stayed, lo),
    )


def worst_and_best(counts: Counts, missing: int) -> tuple[Counts, Counts]:
    """The counts with everyone missing put at the bottom, and at the top."""
    low, high = counts.copy(), counts.copy()
    low[0] += missing
    high[-1] += missing
    return low, high


def share_bounds(in_band: int, n: int, missing: int) -> tuple[float, float] | str:
    """Smallest and largest share of a band had the missing rated; ``no_data`` for nobody at all.

    Example: 15 of 20 with 4 missing: 0.625 to 0.7917.
    """
    everybody = n + missing
    if everybody == 0:
        return NO_DATA
    return in_band / everybody, (in_band + missing) / everybody
