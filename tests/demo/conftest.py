"""The demonstration, played once for all tests that look at it. TEST_DEMOS=2 plays it twice, side by side."""

import os
from pathlib import Path
from tempfile import gettempdir

import pytest

from tests.demo.playing import ended, started, waited_for
from tests.sizes import size


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str]]:
    """Runs from nothing, side by side, each in an empty folder; by one of the processes of the tests only."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    (Path(gettempdir()) / f"consult-demonstrated-{run}").mkdir()
    folders = [tmp_path_factory.mktemp(f"run{number}") for number in range(size("DEMOS"))]
    begun = [started(folder, "demo", "--no-serve") for folder in folders]
    waited_for(folders[0] / "data/demo/new/consult.db")
    second = started(folders[0], "demo", "--no-serve")
    found = [(folder, ended(process)) for folder, process in zip(folders, begun, strict=True)]
    (folders[0] / "second.txt").write_text(ended(second))
    return found
