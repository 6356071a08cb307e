"""Whose clock: the expert's own where a declared attribute names it and it shows another time."""

from datetime import UTC, datetime

import pytest

from consult.definition.consultation import Definition
from consult.services.panel.zones import other_zone, zone_of
from tests.services.conftest import MakeWorld, World, reworked, town_library

SUMMER, AUTUMN = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 10, 28, 12, tzinfo=UTC)


def with_zones(**zones: str) -> Definition:
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["lists"]
    parts = [{**part, **({"zone": zones[part["key"]]} if part["key"] in zones else {})} for part in content["parts"]]
    return reworked(town_library(), lists={**content, "parts": parts})


@pytest.fixture
def abroad(make_world: MakeWorld) -> World:
    """The consultation keeps Halifax's clock; everybody is of the harbour, which keeps London's."""
    return make_world(1, definition=with_zones(harbour="Europe/London"))


def test_the_zone_of_the_chosen_option_is_the_experts(abroad: World) -> None:
    expert = abroad.experts[0]
    assert zone_of(abroad.consultation, abroad.definition, expert) == "Europe/London"
    assert other_zone(SUMMER, abroad.consultation, abroad.definition, expert) == "Europe/London"
    expert.attributes = {**expert.attributes, "part": "hill"}
    assert zone_of(abroad.consultation, abroad.definition, expert) == "America/Halifax"
    assert other_zone(SUMMER, abroad.consultation, abroad.definition, expert) is None


def test_nothing_is_said_twice_where_both_clocks_agree(make_world: MakeWorld) -> None:
    """London and Lisbon show the same time all year; Lagos does in summer alone."""
    for there, in_summer, in_autumn in (("Europe/Lisbon", None, None), ("Africa/Lagos", None, "Africa/Lagos")):
        definition = reworked(with_zones(harbour=there), zone="Europe/London")
        world = make_world(1, slug=there.lower().replace("/", "-"), definition=definition)
        found = [other_zone(now, world.consultation, definition, world.experts[0]) for now in (SUMMER, AUTUMN)]
        assert found == [in_summer, in_autumn]
