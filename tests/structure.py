"""`python -m tests.structure`: how the code is cut into rooms, modules and functions, in figures.

A room is a package or a module directly inside one of `HOUSES`; an arrow is a pair of rooms of
which one imports from the other; a room's floor is the longest way of arrows below it.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from statistics import median, quantiles
from typing import NamedTuple

from tests.sources import CODE, Module, modules

HOUSES = ("consult.services", "consult.web", "analysis")
"""What is divided into rooms of its own."""
Arrows = dict[str, set[str]]
"""What each imports."""


class House(NamedTuple):
    """A package by its rooms."""

    name: str
    rooms: int
    floors: int
    arrows: int


class Lengths(NamedTuple):
    """Lines of something: the median, the 95th percentile and the most."""

    median: float
    p95: float
    most: int


@cache
def imports() -> Arrows:
    """Each module of the project with those it imports, wherever in it that stands."""
    known = {module.name for module in modules(*CODE)}
    return {
        module.name: {
            target
            for node in ast.walk(module.tree)
            for target in _targets(node, known)
            if target in known and target != module.name
        }
        for module in modules(*CODE)
    }


def _targets(node: ast.AST, known: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            name = f"{node.module}.{alias.name}"
            yield name if name in known else node.module or ""


def rooms(house: str) -> Arrows:
    """The rooms of a package, each with those it imports from."""
    found: Arrows = {}
    for module, targets in imports().items():
        if here := _room(house, module):
            there = {_room(house, target) for target in targets} - {here, ""}
            found.setdefault(here, set()).update(there)
    return found


def _room(house: str, module: str) -> str:
    return module.removeprefix(f"{house}.").split(".")[0] if module.startswith(f"{house}.") else ""


def circle(arrows: Arrows) -> list[str]:
    """The first circle of arrows found; none is empty."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def floors(arrows: Arrows) -> dict[str, int]:
    """How deep each stands on others; 0 stands on nothing."""
    depth: dict[str, int] = {}
    for room in TopologicalSorter(arrows).static_order():
        depth[room] = 1 + max((depth[below] for below in arrows.get(room, ())), default=-1)
    return depth


def house(name: str) -> House:
    """The figures of a package."""
    arrows = rooms(name)
    return House(name, len(arrows), 1 + max(floors(arrows).values()), sum(map(len, arrows.values())))


def _is_history(module: Module) -> bool:
    """A migration is not split after the fact."""
    return module.name.startswith("migrations.")


def module_lines() -> Mapping[str, int]:
    """Lines of each module that is not empty, migrations left out."""
    return {module.name: len(module.lines) for module in modules(*CODE) if module.lines and not _is_history(module)}


def function_lines() -> list[int]:
    """Lines of each function from `def` to its end, migrations left out."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules(*CODE)
        if not _is_history(module)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def lengths(lines: list[int]) -> Lengths:
    """What a list of lengths comes to."""
    return Lengths(median(lines), quantiles(lines, n=20, method="inclusive")[-1], max(lines))


def main() -> None:
    """Print all figures."""
    for name in HOUSES:
        found = house(name)
        print(f"{name}: {found.rooms} rooms, {found.floors} floors, {found.arrows} arrows")
    print(f"circles of modules: {circle(imports()) or 'none'}")
    for words, lines in (("modules", list(module_lines().values())), ("functions", function_lines())):
        told = lengths(lines)
        print(f"{words}: {len(lines)}, lines median {told.median:g}, 95th percentile {told.p95:g}, most {told.most}")


if __name__ == "__main__":
    sys.exit(main())
