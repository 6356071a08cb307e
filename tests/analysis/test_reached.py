"""No statistic without a door: each is reached from the registry, a result, a figure or a page."""

import ast
from collections.abc import Iterator, Mapping, Set

from tests.sources import CODE, Module, modules

HOME = "analysis.statistics"
Name = tuple[str, str]
"""A module and a name in it."""


def _imported(module: Module, known: Set[str]) -> dict[str, Name]:
    """What names of other modules are called here; of a whole module the name is empty."""
    names: dict[str, Name] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names[alias.asname or alias.name] = (whole, "") if whole in known else (node.module, alias.name)
    return names


def _used(module: Module, imported: Mapping[str, Name], node: ast.AST) -> Iterator[Name]:
    """The names, with their modules, that stand below a node."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield imported.get(part.id, (module.name, part.id))
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            there, name = imported.get(part.value.id, ("", "-"))
            if not name:
                yield there, part.attr


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def unreached(folders: tuple[Module, ...]) -> list[Name]:
    """Public functions of statistics that nothing outside leads to."""
    known = {module.name for module in modules(*CODE)}
    arrows: dict[Name, set[Name]] = {}
    waiting: list[Name] = []
    functions: list[Name] = []
    for module in folders:
        imported = _imported(module, known)
        for node in module.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if not module.name.startswith(f"{HOME}."):
                waiting += _used(module, imported, node)
                continue
            for name in _defined(node):
                arrows.setdefault((module.name, name), set()).update(_used(module, imported, node))
                if isinstance(node, ast.FunctionDef) and not name.startswith("_"):
                    functions.append((module.name, name))
    seen: set[Name] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += arrows.get(name, ())
    return [name for name in functions if name not in seen]


def test_every_statistic_is_reached() -> None:
    assert unreached(modules(*CODE)) == []


def test_one_that_nothing_leads_to_is_found() -> None:
    """Without the registry most are not reached."""
    rest = tuple(module for module in modules(*CODE) if not module.name.startswith("analysis.registry"))
    lost = unreached(rest)
    assert ("analysis.statistics.dip", "dip") in lost and len(lost) > 100
    assert ("analysis.statistics.descriptive", "median") not in lost
