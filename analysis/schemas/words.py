"""Words from which JSON Schemas are put together."""

from collections.abc import Mapping
from typing import Any

Node = dict[str, Any]

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
