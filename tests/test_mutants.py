"""What `make mutants` goes by is there: rooms, their tests, and the changes judged to be none."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.judged import JUDGED
from tests.mutants.rooms import ROOMS, Change, Room, files_for, modules_of, written
from tests.sources import ROOT


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.folder.name)
def test_each_module_of_a_room_has_its_tests(room: Room) -> None:
    modules = list(modules_of(room))
    assert len(modules) > 2
    assert [module for module in modules if not (ROOT / files_for(module)[0]).exists()] == []


def test_a_modules_own_tests_come_first_and_then_its_rooms() -> None:
    found = files_for(Path("analysis/disclosure/floors.py"))
    assert found[0] == Path("tests/analysis/disclosure/test_floors.py")
    assert Path("tests/analysis/disclosure/test_ledger.py") in found[1:]
    assert len(set(found)) == len(found)
    services = files_for(Path("consult/services/rounds/stages.py"))
    assert services[0] == Path("tests/services/rounds/test_stages.py")


@pytest.mark.parametrize("change", [change for room in ROOMS for change in (room.bug, room.same)])
def test_what_shows_that_killing_works_can_be_put_in(change: Change) -> None:
    assert change.mutant in written(change)


def test_a_change_of_a_line_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="not one line"):
        written(Change(Path("analysis/verdict/outcome.py"), "if nobody knows:", "pass"))


def test_each_change_judged_to_be_none_is_of_a_line_that_stands() -> None:
    lines = {module: (ROOT / module).read_text(encoding="utf-8") for module in {one.module for one in JUDGED}}
    assert [one for one in JUDGED if one.line not in map(str.strip, lines[one.module].splitlines())] == []
    assert [one for one, why in JUDGED.items() if len(why) < 20 or one.line == one.mutant] == []


def test_tests_run_without_what_spreads_them_over_processes() -> None:
    """Those of mutants do."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:xdist", "tests/test_turns.py"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0 and "test_threads_take_turns" in found.stdout, found.stdout
