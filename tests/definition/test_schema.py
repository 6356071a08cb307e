"""The schema for editors takes what the loader takes, and refuses plain slips."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from consult.definition.reading import FolderSource, read_yaml
from consult.definition.schema import schema
from tests.definition.overlays import BASE
from tests.definition.test_questionnaires_sweep import FOLDERS

FILES = [path for folder in (BASE, *FOLDERS) for path in sorted(folder.glob("*.yaml"))]
SCHEMA = schema()


def _kind(name: str) -> str:
    return name if name in SCHEMA["$defs"] else "questionnaire"


def _validator(kind: str) -> Draft202012Validator:
    chosen = {"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}
    return Draft202012Validator(chosen)


def _typed(path: Path) -> Any:
    """The file as an editor reads it: numbers are numbers."""
    data = YAML(typ="safe", pure=True).load(path)
    return json.loads(json.dumps(data, default=str))


def _names(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=_names)
def test_files_that_load_are_accepted(path: Path) -> None:
    as_text = read_yaml(path.read_text("utf-8"), path.name, (), FolderSource())
    for data in (_typed(path), as_text):
        errors = list(_validator(_kind(path.name)).iter_errors(data))
        assert [error.message for error in errors] == []
        assert Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("before.yaml", "text: Where do you live?", "txt: Where do you live?"),
        ("before.yaml", "type: rank", "type: ranc"),
        ("before.yaml", "disclosure: never", "disclosure: secret"),
        ("before.yaml", "title: Before\n", ""),
        ("before.yaml", "text: What do you hope for?", "text: [What, do]"),
        ("before.yaml", "{list: aspects}", "{list: [aspects]}"),
        ("lists.yaml", "no_answer: [dont_know]", "no_answer: dont_know"),
        ("lists.yaml", "{key: S1, label:", "{key: S1, name:"),
        ("consultation.yaml", "slug: small-garden\n", ""),
        ("consultation.yaml", "slug: small-garden\n", "slug: small-garden\nlists: {}\n"),
        ("consultation.yaml", "kind: event", "kind: meeting"),
        ("measures.yaml", "decides: true", "decide: true"),
    ],
)
def test_slips_are_refused(name: str, old: str, new: str, tmp_path: Path) -> None:
    text = (BASE / name).read_text("utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert not _validator(_kind(name)).is_valid(_typed(path))
    assert not Draft202012Validator(SCHEMA).is_valid(_typed(path))


def test_no_part_is_left_over() -> None:
    """Every definition of the schema is reachable from a file."""
    written = json.dumps(SCHEMA)
    assert len(SCHEMA["$defs"]) > 10
    for name in SCHEMA["$defs"]:
        assert f'"#/$defs/{name}"' in written
