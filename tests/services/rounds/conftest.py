"""Nine experts before their rounds."""

import pytest

from tests.services.conftest import MakeWorld, World
from tests.services.playing import play
from tests.services.samples import every_type, three_rounds


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Nine experts before the first of three rounds."""
    return make_world(9, definition=three_rounds())


@pytest.fixture
def panel_of_ten(make_world: MakeWorld) -> World:
    world = make_world(10, definition=every_type())
    play(
        world.session, world.definition, world.consultation, world.experts, world.stage("first-look"), text="Sunflowers"
    )
    return world
