"""JSON Schemas made from the types of a result: every key that a model has, and no other."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from analysis.model.figures import Block, parts_of
from analysis.model.reader import REASON
from analysis.schemas.words import TEXT, Node, by_key, ref

_PLAIN: Mapping[object, Node] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    object: {},
}


def definitions(*blocks: type[Block]) -> dict[str, Node]:
    """The schemas of these models and of all they are made of, by the name of the model."""
    found: dict[str, Node] = {}
    waiting = list(blocks)
    while waiting:
        block = waiting.pop()
        if block.__name__ not in found:
            found[block.__name__] = schema_of(block)
            waiting += _parts(*get_type_hints(block).values())
    return dict(sorted(found.items()))


def _parts(*kinds: object) -> list[type[Block]]:
    found: list[type[Block]] = []
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Block):
            found.append(kind)
        else:
            found += _parts(*get_args(kind))
    return found


def schema_of(block: type[Block]) -> Node:
    """One model as an object; models within it are named, not repeated.

    An undefined figure is null and ``<key>_reason`` says why.
    """
    hints = get_type_hints(block)
    properties: dict[str, Node] = {}
    required: list[str] = []
    for part in parts_of(block):
        node = node_of(hints[part.name])
        properties[part.key] = {**node, "description": part.about} if part.about else node
        if not part.is_optional:
            required.append(part.key)
    return {
        "type": "object",
        "description": (block.__doc__ or "").partition("\n")[0],
        "properties": properties,
        "patternProperties": {f"^({'|'.join(properties)}){REASON}$": TEXT},
        "required": required,
        "additionalProperties": False,
    }


def node_of(kind: object) -> Node:
    """The schema of one type of a field."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _nullable(node_of(next(part for part in parts if part is not NoneType)))
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is tuple:
        return {"type": "array", "items": node_of(parts[0])} if parts[-1] is Ellipsis else _row(map(node_of, parts))
    if origin is not None:
        key, item = parts
        return _by_word(key, node_of(item)) if issubclass(key, StrEnum) else by_key(node_of(item))
    if kind in _PLAIN:
        return _PLAIN[kind]
    assert isinstance(kind, type)
    if issubclass(kind, StrEnum):
        return {"enum": [word.value for word in kind]}
    return ref(kind.__name__)


def _nullable(node: Node) -> Node:
    known = node.get("type")
    if isinstance(known, str):
        return {**node, "type": [known, "null"]}
    if "enum" in node:
        return {**node, "enum": [*node["enum"], None]}
    return {"anyOf": [node, {"type": "null"}]}


def _row(nodes: Iterable[Node]) -> Node:
    each = list(nodes)
    return {"type": "array", "prefixItems": each, "minItems": len(each), "maxItems": len(each)}


def _by_word(words: type[StrEnum], node: Node) -> Node:
    known = {word.value: node for word in words}
    return {"type": "object", "properties": known, "additionalProperties": False}
