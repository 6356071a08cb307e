"""Canonical JSON: the one way in which numbers become bytes, and bytes become a digest."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

SIGNIFICANT_DIGITS = 12


def rounded(value: float) -> float | None:
    """Return ``value`` with 12 significant digits; None for a number JSON cannot hold.

    Twelve digits survive the last-bit differences between processors and library versions.
    """
    if not math.isfinite(value):
        return None
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0


def plain(value: Any) -> Any:
    """Return ``value`` made of dicts with string keys, lists, str, int, float, bool and None.

    Raises TypeError for anything else (a time, a set, an object): what has no canonical form
    has no place in a frozen result.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # numpy scalars and arrays, without importing numpy here
        return plain(value.tolist())
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys of a canonical object are strings, not {type(key).__name__}")
    return key


def canonical_json(obj: Any) -> str:
    """Return ``obj`` as JSON with sorted keys, no spaces and floats of 12 significant digits."""
    return json.dumps(plain(obj), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(obj: Any) -> str:
    """Return the SHA-256 of ``canonical_json(obj)`` as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(obj).encode()).hexdigest()
