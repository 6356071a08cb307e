"""A panel that was invited, before its stages run."""

import pytest

from consult.config import Config
from tests.services.conftest import MakeWorld, World
from tests.services.mail.telling import make_invited


@pytest.fixture
def invited(make_world: MakeWorld, config: Config) -> World:
    """Five experts with links; the first has declined, the second has left."""
    return make_invited(make_world, config)
