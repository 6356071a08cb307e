"""Results are read by attribute, and signatures say what they take: counted, and held."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache

from analysis.model.figures import Block, parts_of
from analysis.model.file import FileResult, ReleasedFile
from analysis.schemas.models import definitions
from tests.sources import Module, modules

COMMON = frozenset(
    [
        "analysis_version",
        "band",
        "bands",
        "class",
        "code",
        "count",
        "criterion",
        "digest",
        "earlier",
        "error",
        "experts",
        "figure",
        "format",
        "from",
        "hidden",
        "highest",
        "in",
        "key",
        "kind",
        "label",
        "labels",
        "measures",
        "method",
        "n",
        "number",
        "numbers",
        "of",
        "op",
        "out",
        "priorities",
        "protocol",
        "protocol_digest",
        "rank",
        "reason",
        "round",
        "round_order",
        "rounds",
        "scale",
        "settled",
        "side",
        "stage",
        "stages",
        "state",
        "test",
        "times",
        "to",
        "value",
    ]
)
"""Keys that results have, and other documents and rows of pages as well."""
OTHERS = {
    "analysis.protocol.protocol": (5, "a protocol"),
    "consult.definition.rules": (1, "a protocol"),
    "consult.fates": (1, "a fate as an older version told it"),
    "consult.released_texts": (2, "released texts, in every format they were written in"),
    "consult.services.package.comparing": (13, "two documents key by key, to name differences"),
    "consult.services.package.restoring": (1, "a package's list of variables"),
    "consult.services.package.verifying": (3, "a package, before it is known to be sound"),
    "consult.web.expert.submit": (1, "gaps by kind"),
    "consult.web.results.charting.lists": (1, "facts of a figure"),
    "consult.web.results.charting.one_round": (3, "facts of a figure"),
    "consult.web.results.charting.two_criteria": (1, "facts of a figure"),
    "consult.web.results.charts": (1, "facts of a figure"),
    "consult.web.results.rated": (2, "the order of a row"),
}
"""Modules that look such keys up in something else: how often, and in what."""


def _blocks() -> Iterator[type[Block]]:
    waiting = [Block]
    while waiting:
        block = waiting.pop()
        waiting += block.__subclasses__()
        yield block


def _keys() -> frozenset[str]:
    return frozenset(part.key for block in _blocks() for part in parts_of(block))


def _looked_up(node: ast.AST) -> str:
    """The constant key of `x["key"]` or of `x.get("key")`; empty for anything else."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Load()):
            return key
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
    return ""


def _lookups(module: Module) -> int:
    wanted = _keys() - COMMON
    return sum(_looked_up(node) in wanted for node in ast.walk(module.tree))


def test_results_are_not_looked_up_by_key() -> None:
    found = {module.name: number for module in modules("analysis", "consult") if (number := _lookups(module))}
    assert found == {name: number for name, (number, _why) in OTHERS.items()}


def test_a_block_has_no_keys() -> None:
    """So a lookup in one that the count above does not know is an error of types."""
    blocks = list(_blocks())
    assert len(blocks) > 10
    for block in blocks:
        assert not hasattr(block, "__getitem__") and not hasattr(block, "get"), block


def test_the_count_finds_what_it_looks_for() -> None:
    tree = ast.parse("a['verdict']; a.get('verdict', 1); a.get(verdict); a[0]; a['x'] = 1")
    assert [key for node in ast.walk(tree) if (key := _looked_up(node))] == ["verdict"] * 2
    assert "verdict" in _keys() - COMMON and _keys() >= COMMON


def test_every_model_has_its_schema() -> None:
    known = definitions(FileResult, ReleasedFile)
    assert {block.__name__ for block in _blocks()} - known.keys() == {"Block", "FileDocument", "Stage"}


LOOSE = frozenset({"Any", "object", "Json", "JsonValue"})
MOST_LOOSE = 5
"""Signatures of a hundred that may say `Any`, `object`, JSON of any shape, or a name for something
made of them."""


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str(text)):
                yield from _names(ast.parse(text, mode="eval"))


def _aliases(tree: ast.Module) -> dict[str, set[str]]:
    """Names for types that a module gives: `Row = dict[str, Any]`.

    One made of itself, as JSON of any shape is, says no more than `Any`.
    """
    found: dict[str, set[str]] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() | ast.BinOp() | ast.Name() as value):
                found[name] = set(_names(value))
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr() as value):
                if "TypeAlias" in _names(kind):
                    found[name] = set(_names(value))
    return {name: {"Any"} if name in made_of else made_of for name, made_of in found.items()}


def test_a_name_for_json_of_any_shape_is_loose() -> None:
    told = 'Row = dict[str, Any]; Data: TypeAlias = "str | list[Data]"; Tree = list["Tree"] | int; Line = list[str]'
    assert _aliases(ast.parse(told)) == {
        "Row": {"dict", "str", "Any"},
        "Data": {"Any"},
        "Tree": {"Any"},
        "Line": {"list", "str"},
    }


def _imported(module: Module) -> dict[str, tuple[str, str]]:
    """Names that a module takes from another: the module and the name there."""
    return {
        name.asname or name.name: (node.module or "", name.name)
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


@cache
def _is_loose(module: str, name: str) -> bool:
    if name in LOOSE:
        return True
    found = next((one for one in modules("analysis", "consult") if one.name == module), None)
    if found is None:
        return False
    if name in _imported(found):
        there, own = _imported(found)[name]
        return there != module and _is_loose(there, own)
    return any(one != name and _is_loose(module, one) for one in _aliases(found.tree).get(name, ()))


def _signatures(module: Module) -> Iterator[tuple[str, set[str]]]:
    """Every function with all names in its annotations."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            taken = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
            said = [one.annotation for one in taken if one is not None] + [node.returns]
            yield node.name, {name for one in said if one is not None for name in _names(one)}


def test_signatures_say_what_they_take() -> None:
    every, loose = 0, Counter[str]()
    for module in modules("analysis", "consult"):
        for _function, names in _signatures(module):
            every += 1
            loose[module.name] += any(_is_loose(module.name, name) for name in names)
    assert 100 * sum(loose.values()) <= MOST_LOOSE * every, f"{sum(loose.values())} of {every}: {loose.most_common(20)}"
