"""Small changes to a base folder, written as fixtures: what is replaced, what must be said."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FIXTURES = Path(__file__).parent / "fixtures"
BASE = FIXTURES / "base"


def cases(kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name of the rule and one case, for every fixture of a kind (`valid` or `invalid`)."""
    for path in sorted((FIXTURES / kind).glob("*.yaml")):
        for case in YAML(typ="safe", pure=True).load(path):
            yield path.stem, case


def changed(case: Mapping[str, Any], folder: Path) -> Path:
    """The base folder with a case's changes, in a fresh folder."""
    shutil.copytree(BASE, folder)
    for change in (case, *case.get("and", ())):
        if "remove" in change:
            (folder / change["remove"]).unlink()
        elif "add" in change:
            (folder / change["add"]).write_text(change["text"], "utf-8")
        else:
            path = folder / change["file"]
            text = path.read_text("utf-8")
            assert text.count(change["replace"]) == 1, f"{change['replace']!r} must stand once"
            path.write_text(text.replace(change["replace"], change["with"]), "utf-8")
    return folder


def place(case: Mapping[str, Any], folder: Path) -> tuple[str, set[int]]:
    """File and possible lines of `at`, which is written `file: how the line begins`."""
    file, _, start = case["at"].partition(": ")
    lines = (folder / file).read_text("utf-8").splitlines()
    found = {number for number, line in enumerate(lines, 1) if line.strip().startswith(start)}
    assert found, f"no line of {file} begins with {start!r}"
    return file, found
