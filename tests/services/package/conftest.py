"""Two consultations half way; nothing of them is changed by these tests."""

from collections.abc import Iterator

import pytest

from tests.services import playing
from tests.services.conftest import World, town_library
from tests.services.files.reading import TEXT, guarded


@pytest.fixture(scope="package")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.kept(town_library(), tmp_path_factory.mktemp("packed"), TEXT) as world:
        yield world


@pytest.fixture(scope="package")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.kept(guarded(), tmp_path_factory.mktemp("careful"), TEXT) as world:
        yield world
