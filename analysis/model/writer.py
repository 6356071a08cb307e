"""The one place that writes results as JSON: what ``analysis.model.reader`` reads, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from analysis.canonical import canonical_json, digest, plain
from analysis.model.figures import Block, parts_of
from analysis.model.file import FileDocument
from analysis.model.reader import REASON, read

B = TypeVar("B", bound=Block)
F = TypeVar("F", bound=FileDocument)


def written(block: Block) -> dict[str, Any]:
    """A block as a JSON object, floats as they are; ``read`` gives the block again."""
    found = {part.key: _value(getattr(block, part.name)) for part in parts_of(type(block)) if block.has(part)}
    return found | {f"{key}{REASON}": reason for key, reason in block.reasons.items()}


def _value(value: Any) -> Any:
    match value:
        case Block():
            return written(value)
        case StrEnum():
            return value.value
        case Mapping():
            return {str(key): _value(item) for key, item in value.items()}
        case tuple() | list():
            return [_value(item) for item in value]
    return value


def stored(block: Block) -> str:
    """A block as the canonical JSON that is stored, and that its digest is over."""
    return canonical_json(written(block))


def digest_of(block: Block) -> str:
    """The SHA-256 of a block as it is stored, in hexadecimal digits."""
    return digest(written(block))


def settled(block: B) -> B:
    """A block as it is read when stored: floats of 12 significant digits, nothing of numpy."""
    return read(type(block), plain(written(block)))


def sealed(document: F) -> F:
    """A document with the digest over everything else in it."""
    rest = {key: part for key, part in written(document).items() if key != "digest"}
    return replace(document, digest=digest(rest))
