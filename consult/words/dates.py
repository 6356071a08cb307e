"""Dates for readers, in their language and with the offset from UTC."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from consult.definition.clocks import comes_twice
from consult.definition.text import PLACEHOLDER
from consult.words.locales import locale_of

Windows = dict[str, tuple[datetime, datetime]]
"""Opening and closing moment (UTC) of each stage by key."""


def written(moment: datetime, form: str, language: str) -> str:
    """A local moment as `date`, `time` or `datetime`, by the convention of the reader's language."""
    locale = locale_of(language)
    date = format_date(moment, format="long", locale=locale)
    time = format_time(moment, format="short", locale=locale)
    return {"date": date, "time": time}.get(form, f"{date}, {time}")


def offset(moment: datetime) -> str:
    """The offset from UTC, such as `UTC+3`."""
    delta = moment.utcoffset()
    minutes = int(delta.total_seconds() // 60) if delta is not None else 0
    sign = "+" if minutes >= 0 else "\u2212"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def written_in(moment: datetime, zone: str, language: str) -> str:
    """A moment in a zone, with the zone's city and offset: `28 June 2020, 23:59 (Riga, UTC+3)`."""
    local = moment.astimezone(ZoneInfo(zone))
    city = get_timezone_location(ZoneInfo(zone), locale=language.replace("-", "_"), return_city=True)
    return f"{written(local, 'datetime', language)} ({city}, {offset(local)})"


def fill_dates(text: str, windows: Windows, zone: str, language: str) -> str:
    """The text with its placeholders (`{date event.opens}`) filled from the schedule."""
    if "{" not in text:
        return text

    def fill(match: "re.Match[str]") -> str:
        form, stage, end = match.groups()
        if stage not in windows:
            return match.group()
        moment = windows[stage][0 if end == "opens" else 1]
        local = moment.astimezone(ZoneInfo(zone))
        words = written(local, form, language)
        # Where the clocks show this time twice, it is said which of the two is meant.
        is_clear = form == "date" or not comes_twice(moment, ZoneInfo(zone))
        return words if is_clear else f"{words} ({offset(local)})"

    return PLACEHOLDER.sub(fill, text)
