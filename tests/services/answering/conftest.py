"""An expert at the questionnaire with every type of question."""

import pytest

from tests.services.answering.filling import opened
from tests.services.conftest import MakeWorld, World
from tests.services.samples import every_type


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return opened(make_world(2, definition=every_type()), "first-look")
