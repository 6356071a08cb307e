"""YAML 1.2 files read strictly: every scalar stays text and keeps its file and line.

A country code `NO`, a version `1.10`, a date or a time are what was typed. Whatever makes YAML
surprising (anchors, tags, repeated keys, several documents) is refused in words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from consult.definition.text import PLACEHOLDER
from consult.definition.yaml_hints import QUOTE_IT, hint_for
from consult.errors import FileProblem

SEPARATORS = re.compile("[\x85\u2028\u2029]")
MAX_BYTES = 1_000_000
MAX_DEPTH = 20
Decorated = MappingStartEvent | SequenceStartEvent | ScalarEvent
"""What may bear a name or a tag."""

Place = tuple[str | int, ...]
"""Where something stands in the assembled data: keys and list positions."""


@dataclass
class FolderSource:
    """What the files said, where each piece stands, and what was wrong with the files."""

    lines: dict[Place, tuple[str, int]] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    faulty: set[Place] = field(default_factory=set)
    """Places already reported; what follows from them is not reported again."""
    unread: set[str] = field(default_factory=set)
    """Files that could not be read at all."""

    def where(self, place: Place) -> tuple[str, int]:
        """File and line of a place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, ("consultation.yaml", 1))


def read_text(path: Path, source: FolderSource, name: str) -> str | None:
    """The text of one file, or None when it cannot be used (the problem is noted)."""
    message, fix, line = "", "", 1
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) <= MAX_BYTES:
            return data.decode("utf-8-sig")
        message, fix = ("the file is larger than 1 MB", "split the questionnaire or shorten the list")
    except OSError as error:
        message, fix = f"the file cannot be read ({error.strerror})", "check its permissions"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message, fix = "the file is not UTF-8 text", "save it again with encoding UTF-8"
    source.problems.append(FileProblem(name, line, message, fix))
    return None


def read_yaml(text: str, name: str, place: Place, source: FolderSource) -> Any:
    """The data of one file as dicts, lists and strings; None when its syntax is broken.

    `place` is where the file's data will stand in the whole; lines are noted under it.
    """
    source.lines.setdefault(place, (name, 1))
    text = _plain_lines(text, name, source)
    try:
        return _Builder(name, source).build(text, place)
    except _Refused:
        pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message, fix, line = hint_for(error, text.splitlines(), mark.line if mark else 0)
        # An empty value on the line where the syntax breaks is the same mistake seen twice.
        source.problems = [known for known in source.problems if (known.file, known.line) != (name, line + 1)]
        source.problems.append(FileProblem(name, line + 1, message, fix))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = "there is an invisible control character in this line"
        source.problems.append(FileProblem(name, line, message, "type the line again"))
    except YAMLError as error:
        source.problems.append(FileProblem(name, 1, f"the file is not YAML ({error})"))
    return None


def _plain_lines(text: str, name: str, source: FolderSource) -> str:
    """The text with line feeds only, so that lines are counted as editors count them.

    Word processors leave separators that YAML takes for the end of a line and nobody sees.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for found in SEPARATORS.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        message = "there is an invisible line separator in this line"
        source.problems.append(FileProblem(name, line, message, "delete it or type the line again"))
    return SEPARATORS.sub(" ", text)


class _Refused(Exception):
    """The rest of the file is not worth reading; the problem has been noted."""


class _Builder:
    """Builds data from parser events; no node is ever shared, so no alias can multiply."""

    def __init__(self, name: str, source: FolderSource) -> None:
        self.name = name
        self.source = source

    def build(self, text: str, place: Place) -> Any:
        self.events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        documents = 0
        data: Any = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.note(event, "a second document begins here", "leave the line '---' out")
                    raise _Refused
            elif isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent):
                data = self.node(event, place, 0)
        if not isinstance(data, dict):
            fix = "write it as lines 'key: value' (with a space after the colon)"
            self.source.problems.append(FileProblem(self.name, 1, "the file has no keys", fix))
            raise _Refused
        return data

    def note(self, event: Event, message: str, fix: str) -> None:
        line = event.start_mark.line + 1
        self.source.problems.append(FileProblem(self.name, line, message, fix))

    def node(self, event: Any, place: Place, depth: int) -> Any:
        if depth > MAX_DEPTH:
            self.note(event, f"more than {MAX_DEPTH} levels deep", "close a bracket or indent less")
            raise _Refused
        if isinstance(event, AliasEvent):
            fix = "write the content out here, or put a text that starts with * in quotes"
            self.fault(event, place, f"'*{event.anchor}' refers to another place", fix)
            return ""
        self.refuse_decoration(event, place)
        if isinstance(event, MappingStartEvent):
            return self.mapping(place, depth)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(place, depth)
        return event.value

    def refuse_decoration(self, event: Decorated, place: Place) -> None:
        if event.anchor is not None:
            fix = "leave the name out, or put a text that starts with & in quotes"
            self.fault(event, place, f"'&{event.anchor}' names this place", fix)
        if event.tag is not None and event.tag != "!":
            fix = "leave it out, or put a text that starts with ! in quotes"
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.fault(event, place, f"the tag '{tag}' is not used here", fix)

    def fault(self, event: Event, place: Place, message: str, fix: str) -> None:
        self.note(event, message, fix)
        self.source.faulty.add(place)

    def sequence(self, place: Place, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            inner = (*place, len(items))
            self.source.lines[inner] = (self.name, event.start_mark.line + 1)
            value = self.node(event, inner, depth + 1)
            if _is_empty(event):
                self.fault(event, inner, "an item of the list is empty", "write it, or delete '-'")
            items.append(value)
        return items

    def mapping(self, place: Place, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent) or event.value == "":
                fix = "close the bracket, or begin the line with a word and a colon"
                message = "a bracket { is not closed, or a key is not a plain word"
                self.note(event, message, fix)
                raise _Refused
            key, line = event.value, event.start_mark.line + 1
            self.refuse_decoration(event, (*place, key))
            value = self.value(event, key, (*place, key), found, depth)
            if key not in found:
                found[key] = value
                self.source.lines[(*place, key)] = (self.name, line)
        return found

    def value(self, at: Any, key: str, inner: Place, found: dict[str, Any], depth: int) -> Any:
        known = self.source.lines.get(inner) if key in found else None
        if known is not None:
            message = f"'{key}' stands here a second time, first in line {known[1]}"
            self.note(at, message, "keep one of the two")
            inner = (*inner[:-1], f"{key} (again)")
        event = next(self.events)
        if _is_empty(event):
            self.fault(at, inner, *_empty_value(key))
            if known is None:
                self.source.lines[inner] = (self.name, at.start_mark.line + 1)
        return self.node(event, inner, depth + 1)


def _empty_value(key: str) -> tuple[str, str]:
    if PLACEHOLDER.fullmatch(f"{{{key}}}"):
        return "a text cannot begin with {", QUOTE_IT
    fix = "write a value, or delete the line; a text with a comma inside { } needs quotes"
    return f"nothing is written after '{key}:'", fix


def _is_empty(event: Event) -> bool:
    """An empty scalar, or the words YAML 1.2 has for nothing, written without quotes."""
    if not isinstance(event, ScalarEvent):
        return False
    nothing = event.style is None and event.value in ("~", "null", "Null", "NULL")
    return nothing or not event.value.strip()
