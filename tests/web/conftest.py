"""The town library at its three moments, a fresh copy for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.visiting import Library, open_library


@pytest.fixture
def first_look(tmp_path: Path) -> Iterator[Library]:
    """The questionnaire is open; nobody has answered."""
    with open_library(tmp_path, "first-look") as opened:
        yield opened


@pytest.fixture
def round_1(tmp_path: Path) -> Iterator[Library]:
    """Round 1 is open; nobody has rated."""
    with open_library(tmp_path, "round-1") as opened:
        yield opened


@pytest.fixture
def round_2(tmp_path: Path) -> Iterator[Library]:
    """Round 2 is open, with L2 and L3 reworded and a new measure; nobody has rated in it."""
    with open_library(tmp_path, "round-2") as opened:
        yield opened
