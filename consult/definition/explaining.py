"""Pydantic's complaints about a folder, turned into plain lines with file and line."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from consult.definition.reading import FolderSource, Place
from consult.definition.wrong_values import WRONG_KIND, choice_words, limit_words, missing_words, model_at, wrong_kind
from consult.errors import FileProblem


def explain(error: ValidationError, raw: Any, source: FolderSource) -> Iterator[FileProblem]:
    """One problem for each mistake; what only follows from another mistake is left out."""
    details = error.errors(include_url=False)
    seen: set[FileProblem] = set()
    for detail in details:
        place = place_of(detail["loc"], raw, tagged=True)
        file, line = source.where(place)
        if file in source.unread or _follows(detail, place, details, source.faulty):
            continue
        problem = FileProblem(file, line, *_words(detail, place))
        if problem not in seen:
            seen.add(problem)
            yield problem


def _follows(detail: ErrorDetails, place: Place, details: Sequence[ErrorDetails], faulty: set[Place]) -> bool:
    """Whether a complaint only follows from a mistake that is reported already."""
    kind, loc = detail["type"], detail["loc"]
    named = (*place, str(loc[-1])) if kind == "missing" else place
    if any(named[: len(known)] == known for known in faulty):
        return True
    if kind == "value_error":
        return any(known[: len(place)] == place for known in faulty)
    if kind == "too_short":
        return any(len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in details)
    if kind == "missing":
        return any(
            other["type"] == "extra_forbidden"
            and other["loc"][:-1] == loc[:-1]
            and _nearest_key(other["loc"]) == loc[-1]
            for other in details
        )
    return False


def place_of(loc: tuple[int | str, ...], raw: Any, *, tagged: bool = False) -> Place:
    """The place in the files that a model's location means.

    Parts that exist only in the models (the `options` that a plain list stands for, marks of
    keys and, in a `tagged` location, the types of questions) are left out.
    """
    place: list[str | int] = []
    here = raw
    for position, part in enumerate(loc):
        if isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            place.append(part)
        elif isinstance(here, dict) and str(part) in here and not (tagged and _is_tag(loc, position, here)):
            here = here[str(part)]
            place.append(str(part))
    return tuple(place)


def _is_tag(loc: tuple[int | str, ...], position: int, here: dict[str, Any]) -> bool:
    """Whether this part names the type of a question rather than one of its keys."""
    in_list = position >= 2 and loc[position - 2] in ("questions", "fields")
    return in_list and isinstance(loc[position - 1], int) and here.get("type") == loc[position]


def _words(detail: ErrorDetails, place: Place) -> tuple[str, str]:
    """What is wrong and how to fix it."""
    kind, context, loc = detail["type"], detail.get("ctx", {}), detail["loc"]
    name, shown = _name(loc), _shown(detail["input"])
    if kind == "missing":
        return missing_words(loc, name)
    if kind == "extra_forbidden":
        return _unknown_key(loc)
    if kind == "value_error":
        return str(context["error"]), ""
    if kind in WRONG_KIND:
        return wrong_kind(detail, kind, name, shown)
    if kind == "literal_error":
        return f"{name} cannot be {shown}", choice_words(str(detail["input"]), context["expected"])
    if kind == "union_tag_not_found":
        return "the question has no type", "add a line 'type: …', for instance 'type: single'"
    if kind == "union_tag_invalid":
        tag = str(context["tag"])
        return f"there is no question type '{tag}'", choice_words(tag, context["expected_tags"])
    return limit_words(kind, context, name, shown, str(detail["msg"]))


def _name(loc: tuple[int | str, ...]) -> str:
    """The place in words: its key, or that it is an entry of a list."""
    words = [str(part) for part in loc if isinstance(part, str) and part != "[key]"]
    if loc and isinstance(loc[-1], int) and words:
        return f"an entry of '{words[-1]}'"
    return f"'{words[-1]}'" if words else "the file"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a block of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return f"'{text if len(text) <= 40 else text[:40] + '…'}'"


def _unknown_key(loc: tuple[int | str, ...]) -> tuple[str, str]:
    near = _nearest_key(loc)
    if near:
        return f"'{loc[-1]}' is not a known key here", f"did you mean '{near}'?"
    model = model_at(loc[:-1])
    words = f"known here: {', '.join(_keys(model))}" if model else "delete it"
    return f"'{loc[-1]}' is not a known key here", words


def _nearest_key(loc: tuple[int | str, ...]) -> str | None:
    model = model_at(loc[:-1])
    near = difflib.get_close_matches(str(loc[-1]), _keys(model) if model else (), 1, 0.6)
    return near[0] if near else None


def _keys(model: type[BaseModel]) -> list[str]:
    return sorted(field.alias or name for name, field in model.model_fields.items())
