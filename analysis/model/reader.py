"""The one place that reads frozen results by their keys: from JSON to ``analysis.model.stage``.

What is stored is never changed and never migrated. Its ``format`` says how to read it; what has
none is format 1. A format that comes later gets a reader of its own beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from analysis.model.figures import Block
from analysis.model.stage import Priority, ReleasedStage, Stage, StageResult

B = TypeVar("B", bound=Block)
Read = Callable[[object, str], object]
"""Reads a value of JSON that stands at a place; ValueError names the place."""

FORMATS = (1,)
REASON = "_reason"


def read_stage(content: Mapping[str, object]) -> StageResult:
    """A frozen result, whole. Raises ValueError where it is not one."""
    _require_format(content)
    return read(StageResult, content, "result")


def read_frozen(content: Mapping[str, object]) -> Stage:
    """A frozen result, whole or as released: a package tells no more of a stage without rows."""
    return read_stage(content) if "hidden" in content else read_release(content)


def read_priorities(content: Mapping[str, object]) -> tuple[Priority, ...]:
    """Only the order of picks of a frozen result: a page of an expert needs no more of it."""
    _require_format(content)
    rows = content.get("priorities")
    return () if rows is None else tuple(read(Priority, row, "priorities") for row in _items(rows, "priorities"))


def read_release(content: Mapping[str, object]) -> ReleasedStage:
    """What was released of a frozen result. Raises ValueError where it is not one."""
    _require_format(content)
    return read(ReleasedStage, content, "release")


def _require_format(content: Mapping[str, object]) -> None:
    number = content.get("format", 1)
    if number not in FORMATS:
        raise ValueError(f"result of format {number!r}; this version reads {FORMATS}")


def read(block: type[B], value: object, place: str = "") -> B:
    """One block from its JSON object. Raises ValueError on a missing, unknown or wrong key."""
    found = _block(block)(value, place)
    assert isinstance(found, block)
    return found


def key_of(name: str, metadata: Mapping[str, str]) -> str:
    """The key in JSON of a field."""
    return metadata.get("key") or name


_BLOCKS: dict[type[Block], Read] = {}
"""Readers that were built, one per model."""


def _block(block: type[Block]) -> Read:
    if block not in _BLOCKS:
        _BLOCKS[block] = _built(block)
    return _BLOCKS[block]


def _built(block: type[Block]) -> Read:
    hints = get_type_hints(block)
    parts = {
        key_of(part.name, part.metadata): (part.name, reader_of(hints[part.name]))
        for part in fields(block)
        if part.name != "reasons"
    }
    required = [
        key_of(part.name, part.metadata)
        for part in fields(block)
        if part.default is MISSING and part.default_factory is MISSING
    ]

    def read_block(value: object, place: str) -> Block:
        found = _mapping(value, place)
        missing = [key for key in required if key not in found]
        if missing:
            raise ValueError(f"{place}: without {', '.join(missing)}")
        given: dict[str, object] = {}
        reasons: dict[str, str | None] = {}
        for key, item in found.items():
            stem = key.removesuffix(REASON)
            if key in parts:
                name, reader = parts[key]
                given[name] = reader(item, f"{place}.{key}")
            elif stem != key and stem in parts:
                reasons[stem] = None if item is None else str(item)
            else:
                raise ValueError(f"{place}: unknown key '{key}'")
        return block(**given, reasons=reasons)  # type: ignore[arg-type]

    return read_block


def _mapping(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place}: {type(value).__name__} instead of an object")
    return value


@cache
def reader_of(kind: object) -> Read:
    """How values of one type are read: built once from the type."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(next(part for part in parts if part is not NoneType))
    if origin is Literal:
        return _one_of(parts)
    if origin is tuple:
        return _list_of(parts[0]) if parts[-1] is Ellipsis else _row(parts)
    if origin is not None:
        return _by_key(*parts)
    if kind is object:
        return lambda value, place: value
    assert isinstance(kind, type)
    if issubclass(kind, Block):
        return lambda value, place: _block(kind)(value, place)
    if issubclass(kind, StrEnum):
        return _word(kind)
    return _plain(kind)


def _optional(kind: object) -> Read:
    reader = reader_of(kind)
    return lambda value, place: None if value is None else reader(value, place)


def _list_of(kind: object) -> Read:
    reader = reader_of(kind)

    def read_list(value: object, place: str) -> object:
        return tuple(reader(item, f"{place}[{position}]") for position, item in enumerate(_items(value, place)))

    return read_list


def _row(kinds: tuple[object, ...]) -> Read:
    readers = [reader_of(kind) for kind in kinds]

    def read_row(value: object, place: str) -> object:
        items = _items(value, place)
        if len(items) != len(readers):
            raise ValueError(f"{place}: {len(items)} items instead of {len(readers)}")
        return tuple(reader(item, place) for reader, item in zip(readers, items, strict=True))

    return read_row


def _items(value: object, place: str) -> list[object]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{place}: {type(value).__name__} instead of a list")
    return list(value)


def _by_key(key: object, kind: object) -> Read:
    keys, reader = reader_of(key), reader_of(kind)

    def read_mapping(value: object, place: str) -> object:
        return {keys(name, place): reader(item, f"{place}.{name}") for name, item in _mapping(value, place).items()}

    return read_mapping


def _word(kind: type[StrEnum]) -> Read:
    known = {str(word): word for word in kind}

    def read_word(value: object, place: str) -> object:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"{place}: {value!r} is not one of {', '.join(known)}")
        return known[value]

    return read_word


def _one_of(known: tuple[object, ...]) -> Read:
    def read_known(value: object, place: str) -> object:
        if value not in known:
            raise ValueError(f"{place}: {value!r} is not one of {known}")
        return value

    return read_known


def _plain(kind: type) -> Read:
    """A number, a truth or words, taken as it stands."""
    kinds = (int, float) if kind is float else (kind,)

    def read_plain(value: object, place: str) -> object:
        if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"{place}: {value!r} is no {kind.__name__}")
        return value

    return read_plain
