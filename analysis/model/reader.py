"""The one place that reads frozen results by their keys: from JSON to ``analysis.model.stage``.

What is stored is never changed and never migrated. Its ``format`` says how to read it; what has
none is format 1. A format that comes later gets a reader of its own beside this one.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from analysis.model.figures import Block, Part, parts_of
from analysis.model.stage import Priority, ReleasedStage, Stage, StageResult

FORMATS = (1,)
REASON = "_reason"


class Unread(NamedTuple):
    """A value of JSON of which nothing is known yet, and where it stands."""

    value: object
    place: str

    def fault(self, words: str) -> ValueError:
        """What is wrong with it, with its place."""
        return ValueError(f"{self.place}: {words}")

    def members(self) -> "dict[str, Unread]":
        """The values of an object by key. Raises ValueError where it is none."""
        if not isinstance(self.value, Mapping):
            raise self.fault(f"{type(self.value).__name__} instead of an object")
        return {key: Unread(item, f"{self.place}.{key}") for key, item in self.value.items()}

    def items(self) -> "list[Unread]":
        """The values of a list. Raises ValueError where it is none."""
        if not isinstance(self.value, list | tuple):
            raise self.fault(f"{type(self.value).__name__} instead of a list")
        return [Unread(item, f"{self.place}[{position}]") for position, item in enumerate(self.value)]


B = TypeVar("B", bound=Block)
E = TypeVar("E", bound=StrEnum)
K = TypeVar("K")
T = TypeVar("T")
Read = Callable[[Unread], T]
"""Reads a value of JSON; ValueError names its place."""


def read_stage(content: Mapping[str, object]) -> StageResult:
    """A frozen result, whole. Raises ValueError where it is not one."""
    return _block(StageResult)(_of_format(Unread(content, "result")))


def read_frozen(content: Mapping[str, object]) -> Stage:
    """A frozen result, whole or as released: a package tells no more of a stage without rows."""
    return read_stage(content) if "hidden" in content else read_release(content)


def read_priorities(content: Mapping[str, object]) -> tuple[Priority, ...]:
    """Only the order of picks of a frozen result: a page of an expert needs no more of it."""
    rows = _of_format(Unread(content, "")).members().get("priorities")
    return () if rows is None or rows.value is None else _list_of(_block(Priority))(rows)


def read_release(content: Mapping[str, object]) -> ReleasedStage:
    """What was released of a frozen result. Raises ValueError where it is not one."""
    return _block(ReleasedStage)(_of_format(Unread(content, "release")))


def _of_format(content: Unread) -> Unread:
    number = content.members().get("format", Unread(1, "")).value
    if number not in FORMATS:
        raise ValueError(f"result of format {number!r}; this version reads {FORMATS}")
    return content


def read(block: type[B], value: object, place: str = "") -> B:
    """One block from its JSON object. Raises ValueError on a missing, unknown or wrong key."""
    return _block(block)(Unread(value, place))


def _block(block: type[B]) -> Read[B]:
    readers = _readers(block)
    parts = {part.key: part for part in parts_of(block)}

    def read_block(given: Unread) -> B:
        found = given.members()
        missing = [key for key, part in parts.items() if not part.is_optional and key not in found]
        if missing:
            raise given.fault(f"without {', '.join(missing)}")
        reasons = {key.removesuffix(REASON): found.pop(key) for key in list(found) if _is_reason(key, parts)}
        unknown = next((key for key in found if key not in parts), None)
        if unknown is not None:
            raise given.fault(f"unknown key '{unknown}'")
        return block(
            **{parts[key].name: readers[key](item) for key, item in found.items()},  # type: ignore[arg-type]
            reasons={key: None if item.value is None else str(item.value) for key, item in reasons.items()},
            nulls=frozenset(
                key
                for key, item in found.items()
                if item.value is None and parts[key].is_optional and key not in reasons
            ),
        )

    return read_block


def _is_reason(key: str, parts: Mapping[str, Part]) -> bool:
    return key not in parts and key.endswith(REASON) and key.removesuffix(REASON) in parts


_READERS: dict[type[Block], Mapping[str, Read[object]]] = {}
"""Readers that were built, by model."""


def _readers(block: type[Block]) -> Mapping[str, Read[object]]:
    """How each key of a block is read."""
    if block not in _READERS:
        hints = get_type_hints(block)
        _READERS[block] = {part.key: _reader_of(hints[part.name]) for part in parts_of(block)}
    return _READERS[block]


@cache
def _reader_of(kind: object) -> Read[object]:
    """How values of one type are read: built once from the type."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(_reader_of(next(part for part in parts if part is not NoneType)))
    if origin is Literal:
        return _one_of(parts)
    if origin is tuple:
        return _list_of(_reader_of(parts[0])) if parts[-1] is Ellipsis else _row([_reader_of(part) for part in parts])
    if origin is not None:
        return _by_key(*(_reader_of(part) for part in parts))
    if kind is object:
        return lambda given: given.value
    assert isinstance(kind, type)
    if issubclass(kind, Block):
        return _block(kind)
    if issubclass(kind, StrEnum):
        return _word(kind)
    return _plain(kind)


def _optional(reader: Read[T]) -> Read[T | None]:
    return lambda given: None if given.value is None else reader(given)


def _list_of(reader: Read[T]) -> Read[tuple[T, ...]]:
    return lambda given: tuple(reader(item) for item in given.items())


def _row(readers: Sequence[Read[T]]) -> Read[tuple[T, ...]]:
    def read_row(given: Unread) -> tuple[T, ...]:
        items = given.items()
        if len(items) != len(readers):
            raise given.fault(f"{len(items)} items instead of {len(readers)}")
        return tuple(reader(item) for reader, item in zip(readers, items, strict=True))

    return read_row


def _by_key(keys: Read[K], reader: Read[T]) -> Read[dict[K, T]]:
    return lambda given: {keys(Unread(name, given.place)): reader(item) for name, item in given.members().items()}


def _word(kind: type[E]) -> Read[E]:
    known = {str(word): word for word in kind}

    def read_word(given: Unread) -> E:
        if not isinstance(given.value, str) or given.value not in known:
            raise given.fault(f"{given.value!r} is not one of {', '.join(known)}")
        return known[given.value]

    return read_word


def _one_of(known: tuple[T, ...]) -> Read[T]:
    def read_known(given: Unread) -> T:
        found = next((one for one in known if one == given.value), None)
        if found is None:
            raise given.fault(f"{given.value!r} is not one of {known}")
        return found

    return read_known


def _plain(kind: type[T]) -> Read[T]:
    """A number, a truth or words, taken as it stands."""
    kinds = (int, float) if kind is float else (kind,)

    def read_plain(given: Unread) -> T:
        value = given.value
        if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
            raise given.fault(f"{value!r} is no {kind.__name__}")
        return cast(T, value)  # a float may be an int in JSON

    return read_plain
