"""A seeded sample of the mutants that Cosmic Ray makes of a room."""

import difflib
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

from tests.mutants.rooms import Change, Room, modules_of
from tests.sources import ROOT

LEFT_OUT = {
    "core/VariableInserter": "takes the names of variables, which differ from module to module",
    "core/VariableReplacer": "the same",
    "core/ReplaceComparisonOperator_Eq_Is": "small numbers and short texts are one object in CPython, by accident",
    "core/ReplaceComparisonOperator_NotEq_IsNot": "the same",
    "core/ReplaceComparisonOperator_Is_Eq": "of None, True and False both say the same",
    "core/ReplaceComparisonOperator_IsNot_NotEq": "the same",
}
"""Operators of Cosmic Ray that say nothing here, and why."""
ORDERS = ("_Lt", "_LtE", "_Gt", "_GtE")
"""Comparisons by order, which of codes like "stable" is an accident of the alphabet."""
GUARDS = frozenset({"frozen", "slots", "strict"})
"""Arguments that only stop code which is wrong already: of `zip`, and of a dataclass."""
TYPE_AT = {"annassign": 1, "tfpdef": 2}
"""By kind of annotated node in parso's tree, which of its children is the type."""
Node = Any
"""A node of a parso tree; parso's types name no common base that mypy knows."""


class Mutant(NamedTuple):
    """A module written otherwise in one place."""

    module: Path
    operator: str
    source: str
    mutated: str

    @property
    def change(self) -> Change:
        """The first line that goes and the first that comes instead; empty where none does."""
        lines = list(difflib.unified_diff(self.source.splitlines(), self.mutated.splitlines(), lineterm="", n=0))[2:]
        gone, come = (
            next((line[1:].strip() for line in lines if line[0] == sign and line[1:].strip()), "") for sign in "-+"
        )
        return Change(self.module, gone, come)

    def diff(self) -> str:
        """The change as a unified diff, with its operator."""
        name = str(self.module)
        lines = difflib.unified_diff(
            self.source.splitlines(), self.mutated.splitlines(), name, self.operator, lineterm="", n=1
        )
        return "\n".join(lines)


class _Place(NamedTuple):
    """Where a module can be mutated, and by what: operators, each with its occurrence."""

    module: Path
    at: tuple[int, int]
    ways: tuple[tuple[str, int], ...]


def drawn(room: Room, seed: int) -> Iterator[Mutant]:
    """The room's mutants in an order of the seed: one at each place, then a second one, and so on.

    Every place is as likely, however many operators fit it; a text that two of them make comes
    once.
    """
    chance = random.Random(f"{room.folder}:{seed}")
    places = [place for module in modules_of(room) for place in _places(module)]
    ways = {place: chance.sample(place.ways, len(place.ways)) for place in places}
    seen: set[tuple[Path, str]] = set()
    while ways:
        for place in chance.sample(list(ways), len(ways)):
            name, occurrence = ways[place].pop()
            if not ways[place]:
                del ways[place]
            source = (ROOT / place.module).read_text(encoding="utf-8")
            mutated = mutate_code(source, get_operator(name)(), occurrence)
            if mutated is not None and (place.module, mutated) not in seen:
                seen.add((place.module, mutated))
                yield Mutant(place.module, name, source, mutated)


def _places(module: Path) -> list[_Place]:
    nodes = list(ast_nodes(get_ast((ROOT / module).read_text(encoding="utf-8"))))
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for name in sorted(set(operator_names()) - set(LEFT_OUT)):
        for occurrence, (node, at) in enumerate(_positions(get_operator(name), nodes)):
            is_void = _is_annotation(node) or _is_guard(node) or (name.endswith(ORDERS) and _compares_text(node))
            if not is_void:
                found.setdefault(at, []).append((name, occurrence))
    return [_Place(module, at, tuple(ways)) for at, ways in sorted(found.items())]


def _positions(make: Callable[[], Operator], nodes: list[Node]) -> Iterator[tuple[Node, tuple[int, int]]]:
    """Every place of an operator, in the order in which Cosmic Ray counts them."""
    operator = make()
    for node in nodes:
        for start, _ in operator.mutation_positions(node):
            yield node, start


def _compares_text(node: Node) -> bool:
    comparison = node if node.type == "comparison" else node.parent
    return any(leaf.type == "string" for leaf in comparison.children)


def _is_guard(node: Node) -> bool:
    return (
        node.parent is not None
        and node.parent.type == "argument"
        and getattr(node.parent.children[0], "value", "") in GUARDS
    )


def _is_annotation(node: Node) -> bool:
    """Whether a node stands in a type: no test runs those."""
    above, below = node.parent, node
    while above is not None:
        if above.type in TYPE_AT and below is above.children[TYPE_AT[above.type]]:
            return True
        if above.type == "funcdef" and below is above.annotation:
            return True
        above, below = above.parent, above
    return False
