"""Wall-clock times and moments: exactly one moment for a time, or a refusal, in every zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.definition.clocks import NoSuchTime, comes_twice, moment_in

NAMES = sorted(available_timezones() - {"localtime"})
ZONES = st.sampled_from(NAMES).map(ZoneInfo)
MINUTES = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(
    lambda found: found.replace(second=0, microsecond=0)
)


def moments_shown(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """By trying every quarter of an hour: the moments at which clocks there show a time."""
    found = set()
    for quarter in range(-27 * 4, 27 * 4 + 1):
        moment = local.replace(tzinfo=UTC) + timedelta(minutes=15 * quarter)
        if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local:
            found.add(moment)
    return sorted(found)


@st.composite
def changes(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """A time within three hours of a change of some zone's clocks."""
    zone = draw(ZONES)
    day = draw(MINUTES).replace(tzinfo=UTC)
    before = day.astimezone(zone).utcoffset()
    for _ in range(400):
        day += timedelta(days=1)
        if day.astimezone(zone).utcoffset() != before:
            break
    near = draw(st.integers(-60 * 27, 60 * 3))
    return (day.astimezone(zone) + timedelta(minutes=near)).replace(tzinfo=None, fold=0), zone


def quarter(local: datetime) -> datetime:
    return local.replace(minute=local.minute // 15 * 15)


@given(st.one_of(changes(), st.tuples(MINUTES, ZONES)))
def test_a_time_is_one_moment_or_refused(case: tuple[datetime, ZoneInfo]) -> None:
    local, zone = quarter(case[0]), case[1]
    shown = moments_shown(local, zone)
    if len(shown) == 1:
        assert moment_in(local, zone) == shown[0]
        assert not comes_twice(shown[0], zone)
        return
    with pytest.raises(NoSuchTime, match="comes twice" if shown else "does not exist"):
        moment_in(local, zone)
    assert all(comes_twice(moment, zone) for moment in shown)


@pytest.mark.parametrize(
    ("local", "zone", "says"),
    [
        ("2026-03-29 03:30", "Europe/Riga", "does not exist in Europe/Riga: clocks are put forw"),
        ("2026-10-25 03:30", "Europe/Riga", "comes twice in Europe/Riga: clocks are put back"),
        ("2011-12-30 12:00", "Pacific/Apia", "does not exist"),
        ("2026-04-05 01:45", "Australia/Lord_Howe", "comes twice"),
        ("0001-01-01 00:00", "Europe/Riga", "is out of reach"),
    ],
)
def test_what_is_refused_is_said(local: str, zone: str, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        moment_in(datetime.strptime(local, "%Y-%m-%d %H:%M"), ZoneInfo(zone))
