"""What holds for a file of ratings where nobody declared it: the scale, its bands, the criteria."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from analysis.protocol.protocol import Band, Criterion, Protocol, Scale
from analysis.ratings_file.coded_ratings import BadRow, Ratings
from analysis.ratings_file.reading import read_ratings

DEFAULT_SCALE = Scale("nine", 1, 9, (Band("low", 1, 3), Band("middle", 4, 6), Band("high", 7, 9)))
RATING = "rating"
"""The criterion meant where neither the file nor a protocol names one."""


def in_thirds(scale: Scale) -> Scale:
    """A scale without bands gets a low, a middle and a high third (outer thirds rounded down)."""
    third = max(scale.k // 3, 1)
    if scale.bands:
        return scale
    ends = (("low", third), ("middle", scale.k - third), ("high", scale.k))
    bands, start = [], scale.lo
    for key, end in ends:
        if start < scale.lo + end:
            bands.append(Band(key, start, scale.lo + end - 1))
        start = scale.lo + end
    return replace(scale, bands=tuple(bands))


def with_criteria(protocol: Protocol, found: list[str]) -> Protocol:
    """A protocol without criteria gets those of the data, on ``scale_without_criteria``.

    ``importance`` decides if it is among them, else the first.
    """
    if protocol.criteria:
        return protocol
    scale = scale_without_criteria(protocol)
    deciding = "importance" if "importance" in found else found[0]
    criteria = tuple(Criterion(key, scale.key, key == deciding) for key in found)
    return replace(protocol, scales=(scale,), criteria=criteria)


def scale_without_criteria(protocol: Protocol) -> Scale:
    """The protocol's only scale if it names one, else 1 to 9 in thirds."""
    return protocol.scales[0] if protocol.scales else DEFAULT_SCALE


def coded(
    lines: Iterable[str],
    protocol: Protocol,
    refuse: Callable[[BadRow], None],
    progress: Callable[[int], None] | None = None,
    missing: Collection[str] = (),
    declared: Sequence[str] = (),
) -> Ratings:
    """``read_ratings`` by a protocol, with or without criteria. Raises HeaderInvalid.

    A row without a criterion is of the deciding one. Of the scales only those met are kept.
    """
    if protocol.criteria:
        deciding = protocol.deciding
        order = (deciding, *(one for one in protocol.criteria if one is not deciding))
        scales = {one.key: protocol.scale(one.scale) for one in order}
        return read_ratings(lines, scales, refuse, progress, None, missing, declared)
    default = scale_without_criteria(protocol)
    ratings = read_ratings(lines, {RATING: default}, refuse, progress, default, missing, declared)
    seen = {variable.criterion for variable in ratings.variables}
    ratings.scales = {key: scale for key, scale in ratings.scales.items() if key in seen}
    return ratings
