"""What is mutated, how much of it, and which tests must notice."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.sources import ROOT

LEAST_KILLED = 0.85
"""Share of a room's mutants that its tests must kill, those judged equivalent left out."""


class Change(NamedTuple):
    """A line of a module written otherwise."""

    module: Path
    line: str
    mutant: str


class Room(NamedTuple):
    """A package, how many mutants of it are drawn, and two changes that show that killing works.

    ``bug`` must be killed, or the tests do not run on the mutant; ``same`` says the same in other
    words and must survive, or the tests fail by themselves.
    """

    folder: Path
    size: int
    bug: Change
    same: Change


def _room(folder: str, size: int, module: str, line: str, bug: str, same: str) -> Room:
    path = Path(folder, module)
    return Room(Path(folder), size, Change(path, line, bug), Change(path, line, same))


ROOMS = (
    _room("analysis/verdict", 200, "consensus.py", "if n < needed:", "if n > needed:", "if needed > n:"),
    _room(
        "analysis/disclosure",
        200,
        "floors.py",
        "if block.n < rule.distribution:",
        "if block.n > rule.distribution:",
        "if rule.distribution > block.n:",
    ),
    _room(
        "consult/services/rounds", 40, "pairing.py", "return not breaks", "return bool(breaks)", "return breaks == 0"
    ),
    _room("consult/services/answering", 40, "submitting.py", "if found:", "if not found:", "if len(found) > 0:"),
)


def files_for(module: Path) -> list[Path]:
    """The test files that must notice, relative to the project: the module's own, then its room's.

    ``tests/<room>/test_<module>.py``; ``consult`` is left out of the room's path.
    """
    room = Path("tests", *(part for part in module.parent.parts if part != "consult"))
    own = room / f"test_{module.stem}.py"
    others = sorted(path.relative_to(ROOT) for path in (ROOT / room).glob("test_*.py"))
    return [own, *(path for path in others if path != own)]


def written(change: Change) -> str:
    """The module with the change put in. Raises ValueError unless its line stands there once."""
    source = (ROOT / change.module).read_text(encoding="utf-8")
    if source.count(f" {change.line}\n") != 1:
        raise ValueError(f"{change.module} has not one line {change.line!r}")
    return source.replace(f" {change.line}\n", f" {change.mutant}\n")


def modules_of(room: Room) -> Iterator[Path]:
    """The room's modules, relative to the project."""
    for path in sorted((ROOT / room.folder).rglob("*.py")):
        if path.name != "__init__.py":
            yield path.relative_to(ROOT)
