"""Words from which JSON Schemas are put together."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

Constant = str | int | bool | None
Node = TypedDict(
    "Node",
    {
        "$schema": str,
        "$defs": "Mapping[str, Node]",
        "$ref": str,
        "title": str,
        "description": str,
        "type": str | list[str],
        "enum": Sequence[Constant],
        "const": Constant,
        "minimum": int,
        "properties": "Mapping[str, Node]",
        "patternProperties": "Mapping[str, Node]",
        "required": list[str],
        "additionalProperties": "bool | Node",
        "items": "Node",
        "prefixItems": "Sequence[Node]",
        "minItems": int,
        "maxItems": int,
        "anyOf": "Sequence[Node]",
    },
    total=False,
)
"""One schema, of the words of JSON Schema (2020-12) those that are used here."""

WORD: Node = {"type": "string"}
COUNT: Node = {"type": "integer", "minimum": 0}
WHOLE: Node = {"type": ["integer", "null"]}
TRUTH: Node = {"type": ["boolean", "null"]}
TEXT: Node = {"type": ["string", "null"]}


def told(node: Node, words: str) -> Node:
    """The node with a description."""
    return {**node, "description": words}


def thing(
    optional: str = "", nullable: bool = False, reserved: Mapping[str, Node] | None = None, **properties: Node
) -> Node:
    """An object with exactly these keys, all required but those named in ``optional``.

    ``reserved``: keys that are words of Python. Siblings ``<name>_reason`` and ``suppressed`` are
    always allowed.
    """
    left = set(optional.split())
    properties |= reserved or {}
    return {
        "type": ["object", "null"] if nullable else "object",
        "properties": {**properties, "suppressed": {"type": "string"}},
        "patternProperties": {"_reason$": TEXT},
        "required": [name for name in properties if name not in left],
        "additionalProperties": False,
    }


def by_key(node: Node, nullable: bool = False) -> Node:
    """An object of any keys, each with such a value."""
    return {"type": ["object", "null"] if nullable else "object", "additionalProperties": node}


def ref(name: str) -> Node:
    """One of ``$defs``."""
    return {"$ref": f"#/$defs/{name}"}
