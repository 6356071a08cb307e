"""A JSON Schema of a folder's files, for editors that complete and check while one types.

The models are the only source. An editor's own YAML reader types scalars (`1`, `true`, `NO`)
where `consult` keeps what was typed; the schema therefore takes numbers and truth values where
the models say text, and texts where they say numbers.
"""

from typing import Any

from consult.definition.consultation import Definition

SCALAR = ["string", "number", "boolean"]
IN_LISTS = ("lists", "scales", "sources")
ELSEWHERE = (*IN_LISTS, "measures", "questionnaires")

Node = dict[str, Any]


def schema() -> Node:
    """One schema for all files: what a file may be, and each kind under `$defs`."""
    whole: Node = _widened(Definition.model_json_schema(by_alias=True))
    parts: Node = whole.pop("$defs")
    properties = whole["properties"]
    kinds = {
        "consultation.yaml": {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: properties[key] for key in properties if key not in ELSEWHERE},
            "required": whole["required"],
        },
        "lists.yaml": {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: properties[key] for key in IN_LISTS},
        },
        "measures.yaml": parts.pop("Measures"),
        "questionnaire": parts.pop("Questionnaire"),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of a consultation's folder",
        "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds],
        "$defs": {**parts, **kinds},
    }


def _widened(node: Any) -> Any:
    """The models' schema with everything a file may write instead of the models' own form."""
    if isinstance(node, list):
        return [_widened(item) for item in node]
    if not isinstance(node, dict):
        return node
    if _is_text(node):
        return {"anyOf": [{"type": SCALAR}, {"type": "object", **_values({"type": SCALAR})}]}
    if _is_share(node):
        return {"type": ["string", "number"]}
    if node.get("$ref") == "#/$defs/OptionSource":
        options = {"type": "array", "items": {"$ref": "#/$defs/Option"}}
        return {"anyOf": [{"$ref": "#/$defs/OptionSource"}, options]}
    return _scalar(_without_null({key: _inner(key, value) for key, value in node.items()}))


def _inner(key: str, value: Any) -> Any:
    """Names of properties are not schema words, so each is widened by itself."""
    if key in ("properties", "$defs"):
        return {name: _widened(part) for name, part in value.items()}
    return value if key in ("default", "discriminator", "required") else _widened(value)


def _is_text(node: Node) -> bool:
    return node.get("type") == "object" and node.get("additionalProperties") == {"type": "string"}


def _is_share(node: Node) -> bool:
    items = node.get("prefixItems", [])
    return len(items) == 2 and all(item.get("type") == "integer" for item in items)


def _values(inner: Node) -> Node:
    return {"additionalProperties": inner}


def _without_null(node: Node) -> Node:
    """A key without a value is refused in files, so null is no choice."""
    node.pop("default", None)
    node.pop("title", None)
    choices = [choice for choice in node.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del node["anyOf"]
        return {**node, **choices[0]}
    return node


def _scalar(node: Node) -> Node:
    """Text takes what an editor reads as a number; a number takes digits in quotes."""
    if "const" in node:
        return {"enum": _readings(node["const"])}
    if "enum" in node:
        return {**node, "type": SCALAR, "enum": [v for word in node["enum"] for v in _readings(word)]}
    if node.get("type") == "string":
        return {**node, "type": SCALAR}
    if node.get("type") in ("integer", "boolean"):
        return {**node, "type": [node["type"], "string"]}
    return node


def _readings(word: Any) -> list[Any]:
    """A word and what an editor may take it for."""
    return [word, int(word)] if isinstance(word, str) and word.isdigit() else [word]
