"""Moments as pages show them: consultation's zone, reader's zone, and the exact instant."""

from datetime import datetime
from zoneinfo import ZoneInfo

from consult.models import Expert
from consult.services.dates import written_in
from consult.web.access import ExpertPlace, Place


def zone_of(place: Place, expert: Expert) -> str:
    """The reader's own zone, from a declared attribute whose list names zones; else the house's."""
    for attribute in place.definition.panel.attributes:
        value = expert.attributes.get(attribute.key)
        for option in place.definition.lists.get(attribute.list_, ()):
            if option.key == value and option.zone:
                return option.zone
    return place.consultation.zone


def when(moment: datetime, place: Place) -> dict[str, str]:
    """A moment for the `when` macro; both zones when their clocks differ."""
    home = place.consultation.zone
    other = ""
    if isinstance(place, ExpertPlace):
        own = zone_of(place, place.expert)
        here, there = moment.astimezone(ZoneInfo(home)), moment.astimezone(ZoneInfo(own))
        if here.utcoffset() != there.utcoffset():
            other = written_in(moment, own, place.language)
    return {
        "iso": moment.isoformat(timespec="minutes"),
        "local": written_in(moment, home, place.language),
        "zone": "",
        "other": other,
    }
