"""P-values of one family adjusted for their number."""

from collections.abc import Callable, Mapping, Sequence

from analysis.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm

ADJUSTMENTS: Mapping[str, Callable[[Sequence[float]], list[float]]] = {
    "holm": holm,
    "hochberg": hochberg,
    "bonferroni": bonferroni,
    "bh": benjamini_hochberg,
    "by": benjamini_yekutieli,
}
"""By the name that may be asked for."""
USUAL = "holm"


def adjusted(p: Sequence[float | None], method: str = USUAL) -> list[float | None]:
    """The p-values of one family, adjusted; None stays None. Raises KeyError on another method.

    >>> adjusted([0.01, None, 0.04], "bonferroni")
    [0.02, None, 0.08]
    """
    places = [place for place, one in enumerate(p) if one is not None]
    found: list[float | None] = [None] * len(p)
    for place, one in zip(places, ADJUSTMENTS[method]([one for one in p if one is not None]), strict=True):
        found[place] = one
    return found
