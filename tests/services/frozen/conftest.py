"""A consultation half way; nothing of it is changed by these tests."""

from collections.abc import Iterator

import pytest

from tests.services import playing
from tests.services.conftest import World, town_library
from tests.services.files.reading import TEXT


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(town_library(), tmp_path_factory.mktemp("played"), TEXT) as world:
        yield world
