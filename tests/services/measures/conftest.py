"""Consultations whose measures change and whose comments are moderated."""

import pytest

from consult import clock
from consult.services.running import stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.samples import three_rounds


@pytest.fixture
def few(make_world: MakeWorld) -> World:
    return make_world(3, definition=three_rounds())


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """The first of three rounds is open."""
    world = make_world(9, definition=three_rounds())
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return world
