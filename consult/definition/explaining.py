"""Pydantic's complaints about a folder, turned into plain lines with file and line."""

import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from consult.definition.consultation import Definition
from consult.definition.question import Source as QuestionSource
from consult.definition.reading import Place, Source
from consult.definition.scale import Condition, Option
from consult.errors import FileProblem

PATTERNS = {
    r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$": 'write a local time like "2020-07-02 11:00"',
    r"^\d{4}-\d{2}-\d{2}$": 'write a day like "2020-07-02"',
    r"^\d{4}(-\d{2}(-\d{2})?)?$": 'write a year, month or day like "2020", "2020-07", "2020-07-02"',
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "use small letters, digits and single hyphens, like town-library",
    r"^[a-z][a-z0-9_]*$": "use small letters, digits and _, beginning with a letter",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "write an e-mail address like office@example.org",
}

KINDS = {
    "int": "a whole number",
    "bool": "true or false",
    "list": "a list (lines that begin with '- ', or words in [ ])",
    "mapping": "a block of 'key: value' lines",
    "string": "a plain text or word",
}

WRONG_KIND = {
    "int_parsing": "int",
    "int_from_float": "int",
    "int_type": "int",
    "int_parsing_size": "int",
    "bool_parsing": "bool",
    "bool_type": "bool",
    "tuple_type": "list",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "string_type": "string",
}

BLOCKS: dict[type, str] = {
    QuestionSource: "write a list in place, or a source like {list: name-of-the-list}",
    Option: "write {key: …, label: …}",
    Condition: "write something like {question: …, is: …}",
}
"""How to mend what should be a block, where there is more to say than that."""

LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def explain(error: ValidationError, raw: Any, source: Source) -> Iterator[FileProblem]:
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


def _follows(
    detail: ErrorDetails, place: Place, details: Sequence[ErrorDetails], faulty: set[Place]
) -> bool:
    """Whether a complaint only follows from a mistake that is reported already."""
    kind, loc = detail["type"], detail["loc"]
    named = (*place, str(loc[-1])) if kind == "missing" else place
    if any(named[: len(known)] == known for known in faulty):
        return True
    if kind == "value_error":
        return any(known[: len(place)] == place for known in faulty)
    if kind == "too_short":
        return any(len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc
                   for other in details)  # fmt: skip
    if kind == "missing":
        return any(
            other["type"] == "extra_forbidden"
            and other["loc"][:-1] == loc[:-1]
            and _nearest_key(other["loc"]) == loc[-1]
            for other in details
        )
    return False


def place_of(loc: tuple[Any, ...], raw: Any, *, tagged: bool = False) -> Place:
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
        elif (
            isinstance(here, dict)
            and str(part) in here
            and not (tagged and _is_tag(loc, position, here))
        ):
            here = here[str(part)]
            place.append(str(part))
    return tuple(place)


def _is_tag(loc: tuple[Any, ...], position: int, here: dict[str, Any]) -> bool:
    """Whether this part names the type of a question rather than one of its keys."""
    in_list = position >= 2 and loc[position - 2] in ("questions", "fields")
    return in_list and isinstance(loc[position - 1], int) and here.get("type") == loc[position]


def _words(detail: ErrorDetails, place: Place) -> tuple[str, str]:
    """What is wrong and how to mend it."""
    kind, context, loc = detail["type"], detail.get("ctx", {}), detail["loc"]
    name, shown = _name(loc), _shown(detail["input"])
    if kind == "missing":
        return _missing(loc, name)
    if kind == "extra_forbidden":
        return _unknown_key(loc)
    if kind == "value_error":
        return str(context["error"]), ""
    if kind in WRONG_KIND:
        return _wrong_kind(detail, kind, name, shown)
    if kind == "literal_error":
        return f"{name} cannot be {shown}", _choices(str(detail["input"]), context["expected"])
    if kind == "union_tag_not_found":
        return "the question has no type", "add a line 'type: …', for instance 'type: single'"
    if kind == "union_tag_invalid":
        tag = str(context["tag"])
        return f"there is no question type '{tag}'", _choices(tag, context["expected_tags"])
    return _limits(kind, context, name, shown, str(detail["msg"]))


def _name(loc: tuple[Any, ...]) -> str:
    """The place in words: its key, or that it is an entry of a list."""
    words = [str(part) for part in loc if isinstance(part, str) and part != "[key]"]
    if loc and isinstance(loc[-1], int) and words:
        return f"an entry of '{words[-1]}'"
    return f"'{words[-1]}'" if words else "the file"


def _missing(loc: tuple[Any, ...], name: str) -> tuple[str, str]:
    if isinstance(loc[-1], int):
        return f"{name} is missing", f"write at least {loc[-1] + 1} entries"
    return f"{name} is missing", f"add a line '{loc[-1]}: …'"


def _choices(written: str, expected: object) -> str:
    known = str(expected).replace(" or ", ", ").replace("'", "").split(", ")
    near = difflib.get_close_matches(written, known, 1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"write one of: {', '.join(known)}" if len(known) > 1 else f"write {known[0]}"


def _limits(
    kind: str, context: Mapping[str, Any], name: str, shown: str, msg: str
) -> tuple[str, str]:
    if kind in LIMITS:
        key, words = LIMITS[kind]
        return f"{name} cannot be {shown}", f"it must be {words} {context[key]}"
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        return f"{name} cannot be {shown}", PATTERNS.get(pattern, f"it must match {pattern}")
    if kind == "string_too_long":
        return f"{name} is too long", f"use at most {context['max_length']} characters"
    if kind == "too_short":
        return f"{name} has too few entries", f"write at least {context['min_length']}"
    if kind in ("too_long", "missing_argument", "unexpected_positional_argument"):
        return f"{name} has too many entries", f"write at most {context.get('max_length', 'one')}"
    return f"{name}: {msg[:1].lower()}{msg[1:]}", ""


def _wrong_kind(detail: ErrorDetails, kind: str, name: str, shown: str) -> tuple[str, str]:
    loc = detail["loc"]
    if loc and loc[-1] == "[key]":
        return f"{name} must be a whole number, as a key of '{loc[-3]}'", "write a number"
    found = _annotation_at(loc)
    if _is_text(found):
        mend = "write plain text, or one text for each language like {en: …, ru: …}"
        return f"{name} is a text for readers but {shown} is written", mend
    mend = BLOCKS.get(found, "") if isinstance(found, type) else ""
    return f"{name} must be {KINDS[WRONG_KIND[kind]]}, not {shown}", mend


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a block of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return f"'{text if len(text) <= 40 else text[:40] + '…'}'"


def _unknown_key(loc: tuple[Any, ...]) -> tuple[str, str]:
    near = _nearest_key(loc)
    if near:
        return f"'{loc[-1]}' is not a known key here", f"did you mean '{near}'?"
    model = _model_at(loc[:-1])
    words = f"known here: {', '.join(_keys(model))}" if model else "delete it"
    return f"'{loc[-1]}' is not a known key here", words


def _nearest_key(loc: tuple[Any, ...]) -> str | None:
    model = _model_at(loc[:-1])
    near = difflib.get_close_matches(str(loc[-1]), _keys(model) if model else (), 1, 0.6)
    return near[0] if near else None


def _keys(model: type[BaseModel]) -> list[str]:
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _model_at(loc: tuple[Any, ...]) -> type[BaseModel] | None:
    found = _annotation_at(loc)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _is_text(annotation: Any) -> bool:
    return get_origin(annotation) is dict and get_args(annotation) == (str, str)


def _annotation_at(loc: tuple[Any, ...]) -> Any:
    """The declared type at a location of the models, without Optional and Annotated."""
    here: Any = Definition
    for part in loc:
        here = _step(here, part)
    return here


def _step(here: Any, part: Any) -> Any:
    if isinstance(here, type) and issubclass(here, BaseModel):
        for name, field in here.model_fields.items():
            if part in (name, field.alias):
                return _bare(field.annotation)
        return None
    if get_origin(here) is tuple:
        return _bare(get_args(here)[0])
    if get_origin(here) is dict:
        return _bare(get_args(here)[1])
    if get_origin(here) in (Union, types.UnionType):
        return next((m for m in get_args(here) if _tag(m) == part), None)
    return None


def _tag(model: Any) -> str | None:
    field = model.model_fields.get("type")
    return get_args(field.annotation)[0] if field else None


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        if len(options) == 1:
            return _bare(options[0])
    return annotation
