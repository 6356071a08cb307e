"""The JSON Schema of what ``ratings_file.document.file_result`` returns, whole or released.

Every object says all its keys. An undefined figure is null and ``<name>_reason`` says why; a
withheld one is null and ``suppressed`` says by which rule.
"""

from analysis.model.file import FileResult
from analysis.model.stage import ReleasedStage
from analysis.ratings_file.assumed import Assumed
from analysis.ratings_file.round_order import OrderBy
from analysis.schemas.models import definitions
from analysis.schemas.words import Node, ref


def results_schema() -> Node:
    """One schema of the whole document (JSON Schema 2020-12)."""
    known = definitions(FileResult, ReleasedStage)
    document = known.pop(FileResult.__name__)
    stages: Node = {"anyOf": [ref("StageResult"), ref("ReleasedStage")]}
    properties: dict[str, Node] = {
        **document["properties"],
        "protocol": {**document["properties"]["protocol"], "type": "object"},
        "round_order": {**document["properties"]["round_order"], "enum": list(OrderBy)},
        "assumed": {"type": "array", "items": {"enum": list(Assumed)}},
        "stages": {"type": "array", "items": stages},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of a file of ratings",
        **document,
        "description": "What `consult analyse FILE --json` prints.",
        "properties": properties,
        "$defs": known,
    }
