"""From a wall-clock time of a zone to a moment: only where there is exactly one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import AtTime, InZone


class NoSuchTime(ValueError):
    """A wall-clock time that the clocks of a zone leave out or show twice.

    Its text is for who mends a folder; `refusal` says the same to everybody else.
    """

    def __init__(self, words: str, refusal: Refusal) -> None:
        super().__init__(words)
        self.refusal = refusal


def moment_in(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clocks of a zone show a time. Raises NoSuchTime."""
    shown = f"{local:%Y-%m-%d %H:%M}"
    placed = InZone(shown, zone.key)
    try:
        first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        refusal = Refusal(Code.TIME_OUT_OF_REACH, AtTime(shown))
        raise NoSuchTime(f"'{shown}' is out of reach", refusal) from None
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != local:
        words = f"'{shown}' does not exist in {zone.key}: clocks are put forward then"
        raise NoSuchTime(words, Refusal(Code.TIME_LEFT_OUT, placed))
    if first != second:
        words = f"'{shown}' comes twice in {zone.key}: clocks are put back then"
        raise NoSuchTime(words, Refusal(Code.TIME_TWICE, placed))
    return first


def comes_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of a zone show this moment's time at another moment too."""
    local = moment.astimezone(zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
