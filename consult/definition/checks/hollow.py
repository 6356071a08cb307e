"""Consensus clauses that decide nothing beside the others, found by trying every small panel."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from analysis.protocol.protocol import Clause, MedianClause, ShareClause
from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding
from consult.definition.checks.rating import clause_sets
from consult.definition.scale import Scale

LARGEST = 25
"""Panels of up to this many raters are tried."""

Panel = tuple[int, ...]


def hollow_clauses(content: Content) -> Iterator[Finding]:
    """Warns of a clause that can never fail where the others hold, or of a set that never holds.

    Shares and medians are decided from the counts in the bands of the deciding criterion's
    scale; clauses on the middle half or on disagreement are left out.
    """
    definition = content.definition
    deciding = (
        [item for item in definition.measures.criteria if item.decides]
        if (definition.measures)
        else []
    )
    scale = definition.scales.get(deciding[0].scale) if deciding else None
    if scale is None or not scale.bands:
        return
    smallest = definition.protocol.consensus.minimum_n
    for place, texts in clause_sets(definition.protocol.consensus):
        built = [clause.build() for clause in texts]
        known = [at for at, clause in enumerate(built) if _is_decidable(clause, scale)]
        if len(known) < len(built) and len(known) < 2:
            continue
        panels = _panels(len(scale.bands), smallest, max(LARGEST, smallest))
        if not any(all(_holds(built[at], panel, scale) for at in known) for panel in panels):
            message = (
                f"no panel of {smallest} to {max(LARGEST, smallest)} can ever meet these clauses"
            )
            yield Finding(place, message, "check the bands and shares")
            continue
        for at in known if len(known) > 1 else ():
            rest = [built[other] for other in known if other != at]
            if not _can_fail(built[at], rest, panels, scale):
                message = "this clause can never fail where the others hold"
                yield Finding((*place, at), message, "it decides nothing; delete or tighten it")


def _is_decidable(clause: Clause, scale: Scale) -> bool:
    if isinstance(clause, ShareClause):
        return any(band.key == clause.band for band in scale.bands)
    return isinstance(clause, MedianClause)


def _can_fail(
    clause: Clause, rest: Sequence[Clause], panels: Sequence[Panel], scale: Scale
) -> bool:
    return any(
        not _holds(clause, panel, scale, strictly=True)
        for panel in panels
        if all(_holds(other, panel, scale) for other in rest)
    )


def _holds(clause: Clause, panel: Panel, scale: Scale, *, strictly: bool = False) -> bool:
    """Whether a clause holds for some ratings with these band counts; `strictly`: for all."""
    if isinstance(clause, ShareClause):
        at = next(at for at, band in enumerate(scale.bands) if band.key == clause.band)
        left, right = clause.den * panel[at], clause.num * sum(panel)
        return left >= right if clause.op == ">=" else left < right
    assert isinstance(clause, MedianClause)
    lowest = strictly == (clause.op == ">=")
    twice = _twice_median(panel, scale, lowest=lowest)
    return twice >= clause.twice if clause.op == ">=" else twice <= clause.twice


def _twice_median(panel: Panel, scale: Scale, *, lowest: bool) -> int:
    """Twice the least (or greatest) median that ratings with these counts in the bands can have."""
    total = sum(panel)
    middle = [(total - 1) // 2, total // 2]
    return sum(_point(panel, scale, at, lowest=lowest) for at in middle)


def _point(panel: Panel, scale: Scale, position: int, *, lowest: bool) -> int:
    for count, band in zip(panel, scale.bands, strict=True):
        if position < count:
            return band.start if lowest else band.end
        position -= count
    raise IndexError(position)


@lru_cache(maxsize=4)
def _panels(bands: int, smallest: int, largest: int) -> tuple[Panel, ...]:
    """All ways in which `smallest` to `largest` raters can fall into the bands."""
    return tuple(panel for size in range(smallest, largest + 1) for panel in _splits(size, bands))


def _splits(size: int, parts: int) -> Iterator[Panel]:
    if parts == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for rest in _splits(size - first, parts - 1):
            yield (first, *rest)
