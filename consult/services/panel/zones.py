"""Whose clock: the consultation's zone and, where it shows another time, the expert's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from consult.definition.consultation import Definition
from consult.models import Consultation, Expert


def zone_of(consultation: Consultation, definition: Definition, expert: Expert) -> str:
    """The expert's zone, from a declared attribute whose list names zones; else the house's."""
    for attribute in definition.panel.attributes:
        value = expert.attributes.get(attribute.key)
        for option in definition.lists.get(attribute.list_, ()):
            if option.key == value and option.zone:
                return option.zone
    return consultation.zone


def other_zone(moment: datetime, consultation: Consultation, definition: Definition, expert: Expert) -> str | None:
    """The expert's zone if its clock differs from the consultation's at that moment, else None."""
    own = zone_of(consultation, definition, expert)
    here, there = (moment.astimezone(ZoneInfo(zone)) for zone in (consultation.zone, own))
    return own if here.utcoffset() != there.utcoffset() else None
