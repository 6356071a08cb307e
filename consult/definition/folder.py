"""The files of a folder: which may lie there, and joining them."""

import difflib
from pathlib import Path
from typing import Any

from consult.definition.reading import FolderSource
from consult.errors import DefinitionInvalid, FileProblem

CONSULTATION = "consultation.yaml"
LISTS = "lists.yaml"
MEASURES = "measures.yaml"
KNOWN = (CONSULTATION, LISTS, MEASURES)


def join_questionnaire(raw: dict[str, Any], name: str, data: dict[str, Any], source: FolderSource) -> None:
    """Take a file in as the questionnaire its name says."""
    key = name.removesuffix(".yaml")
    near = difflib.get_close_matches(name, KNOWN, 1, 0.8)
    if "sections" not in data and near:
        fix = f"did you mean {near[0]}? Any other name is read as a questionnaire"
        source.problems.append(FileProblem(name, 1, f"there is no file {name}", fix))
        return
    raw.setdefault("questionnaires", {})[key] = data
    if data.get("key", key) != key:
        line = source.where(("questionnaires", key, "key"))[1]
        message = f"the questionnaire '{data['key']}' stands in a file named {name}"
        fix = f"write 'key: {key}' or rename the file to {data['key']}.yaml"
        source.problems.append(FileProblem(name, line, message, fix))


def files_of(folder: Path, source: FolderSource) -> dict[str, Path]:
    """The folder's YAML files by name; anything else but notes and hidden files is refused."""
    if not folder.is_dir():
        raise DefinitionInvalid([FileProblem(str(folder), 1, "there is no such folder")])
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = path.name
        if name.startswith(".") or path.suffix == ".md":
            continue
        problem = _misplaced(path, folder)
        if problem is None:
            found[name] = path
        else:
            source.problems.append(FileProblem(name, 1, *problem))
    return found


def _misplaced(path: Path, folder: Path) -> tuple[str, str] | None:
    if not path.resolve().is_relative_to(folder.resolve()):
        return "the link leads out of the folder", "copy the file into the folder"
    if path.is_dir():
        return "a folder inside the folder is not read", "move it out"
    if not path.is_file():
        return "this is not a file that can be read", "move it out"
    if path.suffix == ".yml":
        return "the file's name ends in .yml", f"rename it to {path.stem}.yaml"
    if path.suffix != ".yaml":
        return "the file does not belong to a consultation", "move it out of the folder"
    return None
