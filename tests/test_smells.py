"""Tests that could not fail: without an assertion, or with all of them where perhaps nothing comes."""

import ast
from collections.abc import Iterator
from textwrap import dedent

from tests.sources import Module, modules

ALLOWED: dict[str, str] = {}
"""By `module.test`: which constant it goes through, where the sweep cannot see that it is one."""
PASSING_ON = frozenset({"dict", "enumerate", "list", "map", "pairwise", "product", "reversed", "set", "sorted", "zip"})
"""What gives as many as it is given, or none only where it is given none."""
RAISING = ("check_schema", "fail", "raises", "run_machine", "run_state_machine_as_test", "validate", "warns")
"""What other libraries raise by when something does not hold."""
VIEWS = frozenset({"items", "keys", "values"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _tests(module: Module) -> Iterator[Function]:
    for node in module.tree.body:
        if isinstance(node, Function) and node.name.startswith("test_"):
            yield node


def _called(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
    return ""


def _asserts(node: ast.AST, asserting: frozenset[str]) -> bool:
    """Whether this statement or expression by itself can fail a test."""
    return isinstance(node, ast.Assert | ast.Raise) or _called(node) in asserting


def _asserting(trees: list[ast.Module]) -> frozenset[str]:
    """Functions that fail a test: pytest's, those that assert, and those that call one of these."""
    bodies: dict[str, list[list[ast.AST]]] = {}
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)):
        bodies.setdefault(node.name, []).append([inner for inner in ast.walk(node) if inner is not node])
    found = frozenset(RAISING)
    while True:
        wider = found | {
            name
            for name, namesakes in bodies.items()
            if all(any(_asserts(node, found) for node in inside) for inside in namesakes)
        }
        if wider == found:
            return found
        found = frozenset(wider)


def _is_constant(node: ast.AST, local: set[str]) -> bool:
    """Whether a loop over this has at least one turn, as far as its text says."""
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return any(not isinstance(part, ast.Starred) or _is_constant(part.value, local) for part in parts)
        case ast.Dict(keys=keys):
            return bool(keys)
        case ast.Constant(value=value):
            return isinstance(value, str | bytes) and bool(value)
        case ast.Name(id=name):
            return name.isupper() or name in local
        case ast.Attribute(attr=name):
            return name.isupper()
        case ast.BinOp(left=left, right=right):
            return _is_constant(left, local) or _is_constant(right, local)
        case ast.Call(func=ast.Name(id="range"), args=limits):
            return all(isinstance(limit, ast.Constant | ast.UnaryOp) for limit in limits)
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in VIEWS:
            return _is_constant(value, local)
        case ast.Call(func=ast.Name(id=name), args=args) if name in PASSING_ON and args:
            return all(_is_constant(one, local) for one in args if not isinstance(one, ast.Lambda)) or (
                name == "map" and all(_is_constant(one, local) for one in args[1:])
            )
    return False


def _is_certain(body: list[ast.stmt], asserting: frozenset[str], local: set[str]) -> bool:
    """Whether one assertion at least is reached whatever the loops and conditions are over."""
    for statement in body:
        match statement:
            case ast.For(iter=over, body=inside):
                if _is_constant(over, local) and _is_certain(inside, asserting, local):
                    return True
            case ast.If(body=inside, orelse=otherwise):
                if otherwise and all(_is_certain(part, asserting, local) for part in (inside, otherwise)):
                    return True
            case ast.While() | ast.FunctionDef() | ast.ClassDef():
                continue
            case ast.With(items=items, body=inside):
                if any(_any_asserts(item, asserting) for item in items) or _is_certain(inside, asserting, local):
                    return True
            case ast.Try(body=inside, handlers=handlers, orelse=otherwise, finalbody=last):
                parts = (inside + otherwise, *(handler.body for handler in handlers))
                if _is_certain(last, asserting, local) or all(_is_certain(part, asserting, local) for part in parts):
                    return True
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_constant(value, local):
                local.add(name)
            case _:
                if _any_asserts(statement, asserting):
                    return True
    return False


def _any_asserts(node: ast.AST, asserting: frozenset[str]) -> bool:
    return any(_asserts(inner, asserting) for inner in ast.walk(node))


def _perhaps_vacuous() -> Iterator[str]:
    found = modules("tests")
    asserting = _asserting([module.tree for module in found])
    for module in found:
        for test in _tests(module):
            if not _is_certain(test.body, asserting, set()):
                yield f"{module.name}.{test.name}"


def test_every_test_reaches_an_assertion() -> None:
    """One in a loop that may have no turn, or under a condition, is none: say first that there is something."""
    assert sorted(set(_perhaps_vacuous()) ^ set(ALLOWED)) == []


def test_the_sweep_tells_tests_that_can_fail_from_others() -> None:
    def is_certain(text: str) -> bool:
        tree = ast.parse(dedent(text))
        return _is_certain(tree.body, _asserting([tree]), set())

    assert is_certain("assert x")
    assert is_certain("for one in (1, 2):\n    assert one")
    assert is_certain("NAMED = ['a']\nfor one in sorted(NAMED):\n    assert one")
    assert is_certain("with pytest.raises(ValueError):\n    f()")
    assert is_certain("def check(x):\n    assert x\ncheck(1)")
    assert is_certain("if x:\n    assert y\nelse:\n    assert z")
    assert not is_certain("f(x)")
    assert not is_certain("for one in f():\n    assert one")
    assert not is_certain("if x:\n    assert y")
    assert not is_certain("for one in (*f(), *g()):\n    assert one")
    assert not is_certain("def check(x):\n    assert x")
    assert not is_certain("while f():\n    assert x")
