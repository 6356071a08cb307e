"""From a wall-clock time of a zone to a moment: only where there is exactly one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """A wall-clock time that the clocks of a zone leave out or show twice."""


def moment_in(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clocks of a zone show a time. Raises NoSuchTime."""
    shown = f"'{local:%Y-%m-%d %H:%M}'"
    try:
        first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        raise NoSuchTime(f"{shown} is out of reach") from None
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != local:
        raise NoSuchTime(f"{shown} does not exist in {zone.key}: clocks are put forward then")
    if first != second:
        raise NoSuchTime(f"{shown} comes twice in {zone.key}: clocks are put back then")
    return first


def comes_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of a zone show this moment's time at another moment too."""
    local = moment.astimezone(zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
