"""Words for a value that does not fit where it stands in a file."""

import difflib
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from consult.definition.consultation import Definition
from consult.definition.question import OptionSource
from consult.definition.scale import Condition, Option

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

LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def missing_words(loc: tuple[int | str, ...], name: str) -> tuple[str, str]:
    if isinstance(loc[-1], int):
        return f"{name} is missing", f"write at least {loc[-1] + 1} entries"
    return f"{name} is missing", f"add a line '{loc[-1]}: …'"


def choice_words(written: str, expected: object) -> str:
    known = str(expected).replace(" or ", ", ").replace("'", "").split(", ")
    near = difflib.get_close_matches(written, known, 1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"write one of: {', '.join(known)}" if len(known) > 1 else f"write {known[0]}"


def limit_words(kind: str, context: Mapping[str, Any], name: str, shown: str, msg: str) -> tuple[str, str]:
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


def wrong_kind(detail: ErrorDetails, kind: str, name: str, shown: str) -> tuple[str, str]:
    loc = detail["loc"]
    if loc and loc[-1] == "[key]":
        return f"{name} must be a whole number, as a key of '{loc[-3]}'", "write a number"
    found = annotation_at(loc)
    if is_text(found):
        fix = "write plain text, or one text for each language like {en: …, ru: …}"
        return f"{name} is a text for readers but {shown} is written", fix
    fix = BLOCKS.get(found, "") if isinstance(found, type) else ""
    return f"{name} must be {KINDS[WRONG_KIND[kind]]}, not {shown}", fix


BLOCKS: dict[type, str] = {
    OptionSource: "write a list in place, or a source like {list: name-of-the-list}",
    Option: "write {key: …, label: …}",
    Condition: "write something like {question: …, is: …}",
}
"""How to fix what should be a block, where there is more to say than that."""


def model_at(loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    found = annotation_at(loc)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def is_text(annotation: Any) -> bool:
    return get_origin(annotation) is dict and get_args(annotation) == (str, str)


def annotation_at(loc: tuple[int | str, ...]) -> Any:
    """The declared type at a location of the models, without Optional and Annotated."""
    here: Any = Definition
    for part in loc:
        here = step_into(here, part)
    return here


def step_into(here: Any, part: Any) -> Any:
    if isinstance(here, type) and issubclass(here, BaseModel):
        for name, field in here.model_fields.items():
            if part in (name, field.alias):
                return bare(field.annotation)
        return None
    if get_origin(here) is tuple:
        return bare(get_args(here)[0])
    if get_origin(here) is dict:
        return bare(get_args(here)[1])
    if get_origin(here) in (Union, types.UnionType):
        return next((m for m in get_args(here) if tag_of(m) == part), None)
    return None


def tag_of(model: Any) -> str | None:
    field = model.model_fields.get("type")
    return get_args(field.annotation)[0] if field else None


def bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        if len(options) == 1:
            return bare(options[0])
    return annotation
