"""A consultation's folder on disk, read whole, with every mistake reported at once."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from consult.definition.checks import find_problems, find_warnings
from consult.definition.checks.finding import Finding
from consult.definition.consultation import Definition
from consult.definition.explaining import explain, place_of
from consult.definition.folder import CONSULTATION, KNOWN, LISTS, MEASURES, files_of, join_questionnaire
from consult.definition.reading import FolderSource, Place, read_text, read_yaml
from consult.errors import DefinitionInvalid, FileProblem

IN_LISTS = ("lists", "scales", "sources")
ELSEWHERE = {
    **dict.fromkeys(IN_LISTS, LISTS),
    "measures": MEASURES,
    "questionnaires": "a file of its own for each questionnaire",
}


Check = Callable[[Definition], Iterator[Finding]]


def load(folder: Path) -> Definition:
    """The definition a folder holds.

    Raises DefinitionInvalid with all problems: first those of the files and of their form, and
    when there are none, those of the content (`consult.definition.checks`).
    """
    return load_with_warnings(folder)[0]


def load_with_warnings(folder: Path, *more: Check) -> tuple[Definition, list[FileProblem]]:
    """The definition and what is allowed but probably not meant. Raises as `load` does.

    `more`: checks beside those of `consult.definition.checks`, which know no statistics.
    """
    source = FolderSource()
    raw = _assemble(folder, source)
    definition = _validate(raw, source)
    if definition is not None and not source.problems:
        source.problems += _located(find_problems(definition), raw, source)
    if source.problems or definition is None:
        raise DefinitionInvalid(_sorted(source.problems))
    warnings = (find_warnings(definition), *(check(definition) for check in more))
    return definition, _sorted(_located(chain.from_iterable(warnings), raw, source))


def load_text(canonical: str) -> Definition:
    """The definition from its canonical JSON, as it is stored when published."""
    return Definition.model_validate_json(canonical)


def _located(findings: Iterable[Finding], raw: dict[str, Any], source: FolderSource) -> list[FileProblem]:
    """Findings on the definition, brought back to file and line."""
    located = []
    for finding in findings:
        file, line = source.where(place_of(finding.place, raw))
        located.append(FileProblem(file, line, finding.message, finding.fix))
    return located


def _sorted(problems: list[FileProblem]) -> list[FileProblem]:
    first = {name: position for position, name in enumerate(KNOWN)}
    return sorted(dict.fromkeys(problems), key=lambda item: (first.get(item.file, 9), item.file, item.line))


def _validate(raw: dict[str, Any], source: FolderSource) -> Definition | None:
    languages = raw.get("languages")
    first = languages[0] if isinstance(languages, list) and languages else "en"
    try:
        return Definition.model_validate(raw, context={"language": first})
    except ValidationError as error:
        source.problems.extend(explain(error, raw, source))
        return None


def _assemble(folder: Path, source: FolderSource) -> dict[str, Any]:
    """The raw data of all files as one dict, as the models expect it."""
    files = files_of(folder, source)
    raw: dict[str, Any] = {}
    if CONSULTATION not in files:
        fix = "every consultation has this file"
        source.problems.append(FileProblem(CONSULTATION, 1, "the file is missing", fix))
        source.unread.add(CONSULTATION)
    source.lines[()] = (CONSULTATION, 1)
    for name in sorted(files, key=lambda file: (file != CONSULTATION, file)):
        text = read_text(files[name], source, name)
        place = _place(name)
        data = read_yaml(text, name, place, source) if text is not None else None
        if data is None:
            source.unread.add(name)
        else:
            _join(raw, name, data, source)
    return raw


def _place(name: str) -> Place:
    if name in (CONSULTATION, LISTS):
        return ()
    return ("measures",) if name == MEASURES else ("questionnaires", name.removesuffix(".yaml"))


def _join(raw: dict[str, Any], name: str, data: dict[str, Any], source: FolderSource) -> None:
    """Put one file's data into the whole."""
    if name == MEASURES:
        raw["measures"] = data
    elif name in (CONSULTATION, LISTS):
        for key, value in data.items():
            misplaced = _misplaced_key(key, name)
            if misplaced is None:
                raw[key] = value
            else:
                line = source.lines[(key,)][1]
                source.problems.append(FileProblem(name, line, *misplaced))
    else:
        join_questionnaire(raw, name, data, source)


def _misplaced_key(key: str, name: str) -> tuple[str, str] | None:
    """What is wrong with a key that another file should hold, and how to fix it."""
    message = f"'{key}' does not belong into {name}"
    if name == CONSULTATION:
        return (message, f"write it in {ELSEWHERE[key]}") if key in ELSEWHERE else None
    if key in IN_LISTS:
        return None
    near = difflib.get_close_matches(key, IN_LISTS, 1)
    return message, f"did you mean '{near[0]}'?" if near else f"it holds {', '.join(IN_LISTS)}"
